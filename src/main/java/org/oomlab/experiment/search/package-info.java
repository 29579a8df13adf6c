/**
 * Looking for the values of knobs under which a policy does best.
 *
 * <p>First points spread over the space, then what evolves from the better ones, then a polish of
 * the best. The same seeds are used for every point.
 */
@NullMarked
package org.oomlab.experiment.search;

import org.jspecify.annotations.NullMarked;
