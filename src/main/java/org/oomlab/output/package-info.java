/**
 * The one way out: text on its way to a terminal, and files on their way to a disk.
 *
 * <p>Whatever came from outside (a log, a document, the name of a file, an argument) is made {@link
 * org.oomlab.output.Printable} before anybody sees it. Whatever is to be a file is checked before
 * any work is done, belongs to one run at a time, and appears whole or not at all: {@link
 * org.oomlab.output.Target} and {@link org.oomlab.output.Output}. Nothing else in oomlab opens a
 * file to write to it.
 */
@NullMarked
package org.oomlab.output;

import org.jspecify.annotations.NullMarked;
