/**
 * From what a kernel log says to what came of it and why: who was killed, by which terms, where the
 * memory was, whether it had to be, and what would have avoided it.
 *
 * <p>Facts are those of {@code intake}, trials those of {@code experiment}. What neither can know
 * is said and not made up.
 */
@NullMarked
package org.oomlab.diagnosis;

import org.jspecify.annotations.NullMarked;
