/**
 * What moves a machine: allocation, reclaim, the choice of a victim, the reaper, exit.
 *
 * <p>Begin with {@link org.oomlab.kernel.Kernel}. All that changes is in {@code state} and in the
 * queue of events, hence copying those two copies a run; mechanisms keep nothing. It may use {@code
 * engine}, {@code policy}, {@code workload}, {@code trace} and {@code unit}, of which policies and
 * workloads are mere data. It knows of no files, statistics or terminals, and given the same
 * machine, policy and seed it does the same thing every time.
 */
@NullMarked
package org.oomlab.kernel;

import org.jspecify.annotations.NullMarked;
