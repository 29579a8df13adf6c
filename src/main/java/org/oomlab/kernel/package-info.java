/**
 * The machine and what moves it: allocation, reclaim, the choice of a victim, the reaper, exit.
 *
 * <p>Nouns and verbs share one package so that the machine's fields need not be public: mechanisms
 * read and write them directly, and nobody else can. All that changes is in the machine and its
 * event queue, hence copying those two copies a run. It may use {@code engine}, {@code policy},
 * {@code workload}, {@code trace} and {@code unit}, of which policies and workloads are mere data.
 * It knows of no files, statistics or terminals, and given the same machine, policy and seed it
 * does the same thing every time.
 */
@NullMarked
package org.oomlab.kernel;

import org.jspecify.annotations.NullMarked;
