/**
 * What many numbers say together: proportions, medians, intervals, tests, fits.
 *
 * <p>Nothing in here knows what was measured.
 */
@NullMarked
package org.oomlab.statistics;

import org.jspecify.annotations.NullMarked;
