/**
 * A text as a tree whose nodes know where they stand, and what is wrong with it.
 *
 * <p>Readers walk it through {@link org.oomlab.yaml.tree.Value} and {@link
 * org.oomlab.yaml.tree.Fields}, which note a mistake and go on with something harmless. It knows
 * how YAML and JSON are written, and nothing of policies or workloads.
 */
@NullMarked
package org.oomlab.yaml.tree;

import org.jspecify.annotations.NullMarked;
