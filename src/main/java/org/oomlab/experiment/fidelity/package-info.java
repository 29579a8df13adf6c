/**
 * The model beside real kernels: how like what was observed it is, and costs fitted to it.
 *
 * <p>What is fitted on and what judges are kept apart.
 */
@NullMarked
package org.oomlab.experiment.fidelity;

import org.jspecify.annotations.NullMarked;
