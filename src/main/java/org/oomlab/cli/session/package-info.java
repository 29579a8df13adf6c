/**
 * What commands have at hand: where things are said, the options that many share, the one way out
 * to a file, progress, Ctrl-C, and mistakes of whoever typed.
 *
 * <p>It knows no command.
 */
@NullMarked
package org.oomlab.cli.session;

import org.jspecify.annotations.NullMarked;
