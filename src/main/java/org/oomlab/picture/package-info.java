/**
 * Pictures: timelines and plots as SVG, PNG and HTML, and reports made of them. The only package
 * that knows java.awt and the libraries that draw; nothing that draws nothing loads it.
 *
 * <p>The font is our own, so that what is as wide as a text is so on every machine.
 */
@NullMarked
package org.oomlab.picture;

import org.jspecify.annotations.NullMarked;
