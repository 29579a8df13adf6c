/**
 * The command line and the interactive shell, which offer the same commands.
 *
 * <p>Here arguments become experiments and outcomes become exit codes. It may use every other
 * package, none of which may use it; picocli and JLine are used nowhere else. Data goes to standard
 * output and all else to standard error, and only {@code Oomlab} touches the process's own streams
 * or ends the process.
 */
@NullMarked
package org.oomlab.cli;

import org.jspecify.annotations.NullMarked;
