package org.oomlab.workload;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;

/**
 * A process, or several alike.
 *
 * @param name its name; with {@code count} above 1, {@code name[0]}, {@code name[1]} and so on
 * @param count how many alike
 * @param oomScoreAdj -1000 to 1000
 * @param root has CAP_SYS_ADMIN
 * @param init is the global init: never eligible
 * @param kernelThread has no address space
 * @param oomOrigin has asked to be the first victim, as swapoff does
 * @param parent the process that forked it, or null
 * @param sharesMm the process whose address space it shares (vfork or CLONE_VM), or null
 * @param vfork it is a vfork child that has not called exec yet
 * @param cgroup its memory cgroup, or null
 * @param frozen the freezer that holds it at boot
 * @param start when its threads begin to run, nanoseconds after boot
 * @param memory its mappings at boot, in ascending order of addresses
 * @param swapped pages it has in swap
 * @param aio how long the last mmput() waits in exit_aio()
 * @param exe how long the last mmput() takes to drop the executable's file, after exit_mmap()
 * @param coreDumping it is writing a core dump, so its requests may not kill
 * @param workUnit nanoseconds of running that make one unit of work, for {@code work_lost}
 * @param checkpoint nanoseconds of running between two checkpoints, or {@code Span.FOREVER}
 * @param spread on how many processors its threads have run of late, so that parts of its counters
 *     of pages may lie there; 0 if its size is known exactly
 * @param threads its threads, the leader first
 */
public record ProcessSpec(
    String name,
    int count,
    int oomScoreAdj,
    boolean root,
    boolean init,
    boolean kernelThread,
    boolean oomOrigin,
    @Nullable String parent,
    @Nullable String sharesMm,
    boolean vfork,
    @Nullable String cgroup,
    Freezer frozen,
    Quantity start,
    List<VmaSpec> memory,
    Quantity swapped,
    Quantity aio,
    Quantity exe,
    boolean coreDumping,
    long workUnit,
    long checkpoint,
    int spread,
    List<ThreadSpec> threads)
    implements Serializable {

  public ProcessSpec {
    memory = List.copyOf(memory);
    threads = List.copyOf(threads);
  }

  /** The same with another oom_score_adj, other mappings and other threads. */
  public ProcessSpec with(int adj, List<VmaSpec> mappings, List<ThreadSpec> others) {
    return new ProcessSpec(
        name,
        count,
        adj,
        root,
        init,
        kernelThread,
        oomOrigin,
        parent,
        sharesMm,
        vfork,
        cgroup,
        frozen,
        start,
        mappings,
        swapped,
        aio,
        exe,
        coreDumping,
        workUnit,
        checkpoint,
        spread,
        others);
  }

  /** The two freezers of kernel/freezer.c and kernel/cgroup/freezer.c. */
  public enum Freezer {
    NONE,
    /** Power management and cgroup version 1: uninterruptible; SIGKILL waits for the thaw. */
    V1,
    /** cgroup version 2: a fatal signal ends it. */
    V2
  }
}
