/**
 * Worlds that nobody thought of: made from nothing or by changing those we ship, run to see whether
 * a law breaks, and made small when one does.
 *
 * <p>A package of its own because nothing else may depend on it: it is for finding faults in what
 * is below it, {@code kernel} and {@code experiment}. It writes and reads no files; whoever uses it
 * says, with a predicate, which worlds a reader would accept. Chance comes from {@code engine}, so
 * that a world is known by two numbers on every machine.
 */
@NullMarked
package org.oomlab.worlds;

import org.jspecify.annotations.NullMarked;
