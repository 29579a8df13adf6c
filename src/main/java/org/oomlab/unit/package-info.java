/**
 * Quantities as people write them: {@code 4GiB}, {@code 150ms}, {@code 30 pages}.
 *
 * <p>Inside the simulator a size is a number of pages and a time a number of nanoseconds, both
 * {@code long}. This package is where text becomes such a number and where it becomes text again.
 * It may use nothing of ours, so that any package can speak of sizes and times without drawing in
 * more.
 */
@NullMarked
package org.oomlab.unit;

import org.jspecify.annotations.NullMarked;
