/**
 * Pressure stall information: how much time is lost because memory is short.
 *
 * <p>A chapter of its own, since it looks at tasks and processors alone and knows nothing of
 * memory: whoever runs a machine tells a {@link org.oomlab.pressure.PsiGroup} who runs and who
 * stalls, and asks it what the kernel's files would say. kernel/sched/psi.c.
 */
@NullMarked
package org.oomlab.pressure;

import org.jspecify.annotations.NullMarked;
