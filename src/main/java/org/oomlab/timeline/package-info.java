/**
 * An episode as a picture: who does what when, how much memory is free, and the moments that
 * decide. One model, drawn in several forms, by commands and in the debugger; and where two courses
 * of one episode part.
 */
@NullMarked
package org.oomlab.timeline;

import org.jspecify.annotations.NullMarked;
