/**
 * Handlers of an OOM that a program in the kernel would be: BPF OOM as R. Gushchin has posted it
 * (v3, January 2026). Data; what they do is the kernel's business.
 */
@NullMarked
package org.oomlab.handler;

import org.jspecify.annotations.NullMarked;
