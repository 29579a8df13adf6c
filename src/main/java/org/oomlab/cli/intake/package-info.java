/** The commands that read what machines wrote: logs of kernels, and {@code /proc}. */
@NullMarked
package org.oomlab.cli.intake;

import org.jspecify.annotations.NullMarked;
