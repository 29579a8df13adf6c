/**
 * What reclaim goes by when it chooses between page cache and anonymous memory, and what a page
 * that comes back says of it: formulas and counters of mm/vmscan.c and mm/workingset.c, without
 * anybody's pages. {@code kernel} has those, and does what is decided here.
 */
@NullMarked
package org.oomlab.reclaim;

import org.jspecify.annotations.NullMarked;
