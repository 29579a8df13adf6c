package org.oomlab.workload;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;

/**
 * A stretch of a process's address space. A process's list is in ascending order of addresses.
 *
 * @param name what steps may refer to, or null
 * @param kind what backs it
 * @param size resident pages at boot
 * @param locked VM_LOCKED, as by mlock() or mlockall()
 * @param notifier the mmu notifier that watches it
 * @param referenced for file pages: in use, so that reclaim cannot take them while they are mapped
 * @param dirty for file pages: must be written back before they can be reclaimed
 * @param huge backed by transparent huge pages
 * @param pageTables pages of page tables it needs at boot, or -1: one for every 512 pages
 * @param areas how many kernel VMAs it stands for; each costs a little to tear down
 * @param access how its process uses it while it computes, or null if it does not
 */
public record VmaSpec(
    @Nullable String name,
    Kind kind,
    Quantity size,
    boolean locked,
    Notifier notifier,
    boolean referenced,
    boolean dirty,
    boolean huge,
    long pageTables,
    long areas,
    @Nullable Access access)
    implements Serializable {

  /** A mapping that is not used any more once it is there. */
  public VmaSpec(
      @Nullable String name,
      Kind kind,
      Quantity size,
      boolean locked,
      Notifier notifier,
      boolean referenced,
      boolean dirty,
      boolean huge,
      long pageTables,
      long areas) {
    this(name, kind, size, locked, notifier, referenced, dirty, huge, pageTables, areas, null);
  }

  /** What backs a mapping, and so who may take it: the reaper, reclaim, or nobody. */
  public enum Kind {
    /** Private anonymous memory: heaps, stacks. */
    ANONYMOUS,
    /** A private file mapping, not written to. */
    FILE,
    /** A shared file mapping: never reaped. */
    SHARED_FILE,
    /** A file in tmpfs that outlives its users: never reaped, not freed by a kill. */
    SHMEM,
    /** MAP_SHARED and MAP_ANONYMOUS: never reaped, freed after the last user's exit_mm(). */
    SHARED_ANONYMOUS,
    /** Huge pages of the hugetlb pool. */
    HUGETLB,
    /** Device memory. */
    PFNMAP,
    /**
     * Pages that are accounted for elsewhere: another process has brought them in, or another
     * cgroup is charged for them. They count as resident and take no memory of their own, so that
     * the end of this process frees none of them.
     */
    BORROWED
  }

  /** The kind of mmu notifier that watches a mapping. */
  public enum Notifier {
    NONE,
    /** Never sleeps. */
    NON_BLOCKING,
    /** May sleep, and so refuses when asked not to. */
    BLOCKABLE
  }
}
