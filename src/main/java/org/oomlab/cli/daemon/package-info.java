/** The commands that read and write the configuration files of daemons in user space. */
@NullMarked
package org.oomlab.cli.daemon;

import org.jspecify.annotations.NullMarked;
