/**
 * Policy and workload files: from text to values and back, with the line of whatever is wrong.
 *
 * <p>Being the only package to use a YAML parser or data binding, it can promise the same kind of
 * message for every mistake: file, line, what was found, what was perhaps meant. It may use {@code
 * policy}, {@code workload} and what those stand on. It does not run anything, so a file can be
 * checked without an experiment.
 */
@NullMarked
package org.oomlab.yaml;

import org.jspecify.annotations.NullMarked;
