/**
 * One episode, held still: to go forward and back in it, to look at everything, and to try what
 * would have been.
 *
 * <p>Begin with {@link org.oomlab.debug.Branch}: the course of an episode, of which any moment can
 * be had again. It keeps whole copies of the machine at a bounded number of moments and gets to the
 * others by running on from the nearest one before, which gives the same state to the bit, since
 * nothing but the seed and what was done by hand decides what happens. What is done by hand is a
 * {@link org.oomlab.debug.Deed}, and part of the course of its branch.
 *
 * <p>{@link org.oomlab.debug.Debugger} is where somebody stands in all of this, {@link
 * org.oomlab.debug.Verbs} what they can say, {@link org.oomlab.debug.Expression} how they say when
 * to stop, and {@link org.oomlab.debug.Views} what they see. It may use {@code report} and what
 * lies below, and knows neither terminals nor files.
 */
@NullMarked
package org.oomlab.debug;

import org.jspecify.annotations.NullMarked;
