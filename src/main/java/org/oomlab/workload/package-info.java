/**
 * What the processes of a machine are like and what they do with their lives, step by step.
 *
 * <p>A workload is immutable and boots as many machines as there are episodes. Its steps ask for
 * memory, locks and sleep as a program does, by system calls, and see nothing else of the kernel.
 * It may use {@code kernel} and what lies below that; where a workload was read from is none of its
 * business.
 */
@NullMarked
package org.oomlab.workload;

import org.jspecify.annotations.NullMarked;
