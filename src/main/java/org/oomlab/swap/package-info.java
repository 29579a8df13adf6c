/**
 * Where pages go that are swapped out, and what it takes to bring them back: block devices, which
 * serve one request after another, and zram, which is memory itself.
 *
 * <p>Nobody's pages are known here, only how many there are: {@code kernel} says whose.
 */
@NullMarked
package org.oomlab.swap;

import org.jspecify.annotations.NullMarked;
