/**
 * A machine, what runs on it and what that costs, as a workload file describes them; and what the
 * file claims will happen.
 *
 * <p>Immutable data, most of it distributions. What a step or a quantity means is decided by the
 * kernel that reads it, so this package may use {@code engine} (for distributions) and {@code unit}
 * and nothing else.
 */
@NullMarked
package org.oomlab.workload;

import org.jspecify.annotations.NullMarked;
