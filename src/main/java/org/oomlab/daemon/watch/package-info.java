/**
 * What the daemons do that kill in user space: when each looks, what it concludes from what it
 * sees, whom it kills and what it waits for. Nothing here knows of a kernel; {@link
 * org.oomlab.daemon.watch.Sight} and {@link org.oomlab.daemon.watch.Hands} are all it is given.
 */
@org.jspecify.annotations.NullMarked
package org.oomlab.daemon.watch;
