/** The commands that draw: timelines, what differs between two of them, plots and reports. */
@NullMarked
package org.oomlab.cli.picture;

import org.jspecify.annotations.NullMarked;
