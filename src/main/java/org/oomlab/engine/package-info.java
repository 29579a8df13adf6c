/**
 * When things happen: pending events in order, the simulated clock, and streams of random numbers.
 *
 * <p>It knows that an event has a time, a kind and a subject, but not what any kind means; that is
 * the kernel's affair. So it may use {@code unit} and no more, and could drive some other
 * simulation as well. The same seed has to give the same run on every machine: neither the real
 * clock nor the order of a hash table nor a second thread has a place here.
 */
@NullMarked
package org.oomlab.engine;

import org.jspecify.annotations.NullMarked;
