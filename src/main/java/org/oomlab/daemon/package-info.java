/**
 * The killers that live in user space, as data: which options each of them has, of which type, with
 * which default, where that default is written, and what a configuration says of them.
 *
 * <p>A daemon is one class here, with the table of its options; {@link org.oomlab.daemon.Daemons}
 * lists them. Everything else walks the tables: the {@code daemon:} block of a policy, the list of
 * facts, the paths of a sweep. How a daemon's own files are read and written is in {@code
 * daemon.file}, what it decides from what it sees in {@code daemon.watch}. Nothing here knows the
 * kernel model.
 */
@NullMarked
package org.oomlab.daemon;

import org.jspecify.annotations.NullMarked;
