/**
 * Policy, workload and cost files: from text to values and back, with the line of whatever is
 * wrong. Begin with {@link org.oomlab.yaml.Library}, which finds and reads them.
 *
 * <p>Being the only package to use a YAML parser or data binding, it can promise the same kind of
 * message for every mistake: file, line, what was found, what was perhaps meant. It may use {@code
 * policy}, {@code workload} and what those stand on. It does not run anything, so a file can be
 * checked without an experiment.
 *
 * <p>A file becomes a tree of {@link org.oomlab.yaml.tree.Node}s that know where they stand.
 * Readers walk the tree through {@link org.oomlab.yaml.tree.Value} and {@link
 * org.oomlab.yaml.tree.Fields}, which note what is wrong and go on with something harmless, so that
 * one look at the files finds every mistake in them. Only when all is read does a {@link
 * org.oomlab.yaml.tree.ProblemException} tell of them.
 */
@NullMarked
package org.oomlab.yaml;

import org.jspecify.annotations.NullMarked;
