/**
 * Looks for a world in which a claim about policies does not hold.
 *
 * <p>{@link org.oomlab.refute.Proposition} is what is claimed, {@link org.oomlab.refute.Course} an
 * episode of a world, {@link org.oomlab.refute.Hunt} the search, which {@link
 * org.oomlab.refute.Elite} leads, {@link org.oomlab.refute.Cause} why two policies part, and {@link
 * org.oomlab.refute.Counterexample} what is found, made small. Worlds and the shrinker are those of
 * {@code worlds}; that the same is found whoever counts the processors is because worlds are looked
 * at in the order of their numbers.
 */
@NullMarked
package org.oomlab.refute;

import org.jspecify.annotations.NullMarked;
