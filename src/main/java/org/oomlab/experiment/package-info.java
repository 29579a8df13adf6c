/**
 * Episodes and what is learnt from many: counterfactuals, comparisons, sweeps.
 *
 * <p>It runs a workload under a policy, asks of every kill whether the machine would have come
 * through without it, and weighs one policy against another. It takes values and returns values:
 * files are read and results printed elsewhere, and so an experiment gives the same numbers from
 * the command line, from the shell and from a test.
 *
 * <p>What a workload claims is weighed in {@code claim}, the best knobs are looked for in {@code
 * search}, real kernels are set beside the model in {@code fidelity}, and what user-space killers
 * did is judged in {@code daemon}.
 */
@NullMarked
package org.oomlab.experiment;

import org.jspecify.annotations.NullMarked;
