/**
 * What comes of a daemon that kills in user space, and what would have come without it: the kills
 * that nobody needed, and the freezes that some kill would have ended.
 */
@NullMarked
package org.oomlab.experiment.daemon;

import org.jspecify.annotations.NullMarked;
