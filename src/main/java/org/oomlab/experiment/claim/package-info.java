/**
 * What a workload claims of itself, and whether it holds.
 *
 * <p>A claim is read, run over its seeds, and comes back with what was found; a condition of the
 * same language is what {@code threshold} looks for the edge of.
 */
@NullMarked
package org.oomlab.experiment.claim;

import org.jspecify.annotations.NullMarked;
