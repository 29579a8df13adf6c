package org.oomlab.workload;

import java.io.Serializable;

/**
 * What a cgroup is held to, short of being killed; {@link Long#MAX_VALUE} is no limit.
 *
 * @param high memory.high in pages: beyond it whoever allocates is slowed down
 * @param swapMax memory.swap.max in pages
 * @param low memory.low in pages: reclaim spares so many while others have some
 */
public record SoftLimits(long high, long swapMax, long low) implements Serializable {
  /** No limit and no protection. */
  public static final SoftLimits NONE = new SoftLimits(Long.MAX_VALUE, Long.MAX_VALUE, 0);
}
