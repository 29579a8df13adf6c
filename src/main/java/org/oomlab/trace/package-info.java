/**
 * What the simulated kernel announces while it runs, and the interface of those who listen.
 *
 * <p>An announcement is an enum constant and a few numbers, never an object made for the occasion,
 * so a run that nobody listens to pays next to nothing for it. It may use {@code unit} only. The
 * kernel thus never learns who listens, and a listener never gets hold of the machine.
 */
@NullMarked
package org.oomlab.trace;

import org.jspecify.annotations.NullMarked;
