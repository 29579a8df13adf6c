/**
 * Episodes and what is learnt from many: counterfactuals, comparisons, sweeps, statistics.
 *
 * <p>It runs a workload under a policy, asks of every kill whether the machine would have come
 * through without it, and weighs one policy against another. It may use {@code workload} and what
 * lies below, and is the only package to use Commons Math. It takes values and returns values:
 * files are read and results printed elsewhere, and so an experiment gives the same numbers from
 * the command line, from the shell and from a test.
 */
@NullMarked
package org.oomlab.experiment;

import org.jspecify.annotations.NullMarked;
