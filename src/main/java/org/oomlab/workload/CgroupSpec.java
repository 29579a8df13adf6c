package org.oomlab.workload;

import org.jspecify.annotations.Nullable;

/**
 * A memory cgroup.
 *
 * @param name what processes refer to
 * @param parent the cgroup it is in, or null for the root
 * @param limit memory.max in pages, or {@link Long#MAX_VALUE}
 * @param oomGroup memory.oom.group: to be killed as one
 * @param oomKillDisable version 1's memory.oom_control: wait rather than kill
 */
public record CgroupSpec(
    String name, @Nullable String parent, long limit, boolean oomGroup, boolean oomKillDisable) {}
