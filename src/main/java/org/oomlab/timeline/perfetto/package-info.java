/** Timelines as traces that Perfetto reads. */
@NullMarked
package org.oomlab.timeline.perfetto;

import org.jspecify.annotations.NullMarked;
