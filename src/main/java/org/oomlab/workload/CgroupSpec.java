package org.oomlab.workload;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A memory cgroup.
 *
 * @param name what processes refer to
 * @param parent the cgroup it is in, or null for the root
 * @param limit memory.max in pages, or {@link Long#MAX_VALUE}
 * @param oomGroup memory.oom.group: to be killed as one
 * @param oomKillDisable version 1's memory.oom_control: wait rather than kill
 * @param soft what slows it down or spares it, short of a kill
 */
public record CgroupSpec(
    String name,
    @Nullable String parent,
    long limit,
    boolean oomGroup,
    boolean oomKillDisable,
    SoftLimits soft)
    implements Serializable {
  /** A cgroup that is slowed down by nothing and spared by nobody. */
  public CgroupSpec(
      String name, @Nullable String parent, long limit, boolean oomGroup, boolean oomKillDisable) {
    this(name, parent, limit, oomGroup, oomKillDisable, SoftLimits.NONE);
  }
}
