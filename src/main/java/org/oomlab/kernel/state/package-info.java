/**
 * What a machine consists of, and what of it changes: tasks, address spaces, cgroups, locks,
 * processors, and the ledger of what has happened.
 *
 * <p>Plain fields that the mechanisms of {@code kernel} read and write. Public only because a
 * package is as much as fits one look; that nobody else touches them is held by a test. What comes
 * out of a run is told in {@link org.oomlab.kernel.state.Verdict}, {@link
 * org.oomlab.kernel.state.Ledger} and the types they name.
 */
@NullMarked
package org.oomlab.kernel.state;

import org.jspecify.annotations.NullMarked;
