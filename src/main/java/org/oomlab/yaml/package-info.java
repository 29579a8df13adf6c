/**
 * Reads policies, workloads and costs from YAML, and writes policies back.
 *
 * <p>A file becomes a tree of {@link org.oomlab.yaml.Node}s that know where they stand. Readers walk
 * the tree through {@link org.oomlab.yaml.Value} and {@link org.oomlab.yaml.Fields}, which note what
 * is wrong and go on with something harmless, so that one look at the files finds every mistake in
 * them. Only when all is read does a {@link org.oomlab.yaml.ProblemException} tell of them.
 */
@NullMarked
package org.oomlab.yaml;

import org.jspecify.annotations.NullMarked;
