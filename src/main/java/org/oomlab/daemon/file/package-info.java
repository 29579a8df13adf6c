/**
 * The daemons' own configuration files: what each of them means to its daemon, and how settings are
 * written so that the daemon has them.
 *
 * <p>A daemon's files are read and written by one class, an {@link
 * org.oomlab.daemon.file.DaemonFiles}. It does what the daemon does: what that ignores is ignored,
 * with a remark that quotes it; what it refuses is refused; what it takes in another sense is taken
 * in that sense. What they have in common, such as systemd's syntax of units, has a class of its
 * own. YAML and JSON come as {@link org.oomlab.daemon.file.Tree}s from whoever knows those formats.
 */
@NullMarked
package org.oomlab.daemon.file;

import org.jspecify.annotations.NullMarked;
