package org.oomlab.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.oomlab.unit.Bytes;

/**
 * Where the memory of a machine, or of a cgroup, was: what the report tells of, and the rest, which
 * nobody owns that it tells of. In kB; the parts and the rest add up to the whole.
 *
 * @param ofCgroup whether it is that of a cgroup, against what it is charged for
 * @param totalKb the whole, or UNKNOWN
 * @param parts what it is made of, but for what is nothing
 * @param nobodyKb the rest; less than nothing where figures were printed at different moments
 */
public record Balance(boolean ofCgroup, long totalKb, List<Part> parts, long nobodyKb) {
  public Balance {
    parts = List.copyOf(parts);
  }

  /**
   * A part.
   *
   * @param what its name
   * @param kb how much
   * @param note what is to be said of it, or empty
   */
  public record Part(String what, long kb, String note) {}

  /** Whether the report tells how much there is and where at least some of it was. */
  public boolean isKnown() {
    return totalKb > 0 && parts.size() > 1;
  }

  /** The share of the whole that nobody owns, from 0 to 1. */
  public double nobody() {
    return isKnown() ? Math.max(0, nobodyKb) / (double) totalKb : 0;
  }

  /** What a report says. */
  public static Balance of(OomReport report) {
    return report.isMemcg() ? cgroup(report) : machine(report);
  }

  private static Balance machine(OomReport report) {
    OomReport.Memory memory = report.memory();
    Circumstances more = report.circumstances();
    long page = PageSize.of(report) / 1024;
    long managed = new ReportedMemory(memory, PageSize.of(report) / Bytes.PAGE).managed() * 4;
    List<Part> parts = new ArrayList<>();
    if (memory == null || managed <= 0) {
      return new Balance(false, OomReport.UNKNOWN, parts, 0);
    }
    long shmem = Math.max(0, memory.shmem());
    // shmem_add_to_page_cache() puts pages of tmpfs on the lists of anonymous ones.
    long anonymous = Math.max(0, memory.anonymous()) + Math.max(0, memory.unevictable()) - shmem;
    add(parts, "processes, anonymous", anonymous * page, locked(memory, page));
    long dirty = Text.sum(more.counter("dirty"), more.counter("writeback"));
    add(
        parts,
        "page cache",
        memory.file() * page,
        dirty > 0 ? human(dirty * page) + " of it dirty or being written back" : "");
    add(parts, "shared memory, tmpfs", shmem * page, "");
    add(parts, "slab, reclaimable", memory.slabReclaimable() * page, "");
    add(parts, "slab, unreclaimable", memory.slabUnreclaimable() * page, "");
    add(
        parts,
        "page tables",
        Text.sum(memory.pageTables(), more.counter("sec_pagetables")) * page,
        "");
    add(parts, "kernel stacks", more.counter("kernel_stack_kb"), "");
    add(
        parts,
        "huge pages, reserved",
        more.hugeTotalKb(),
        human(Math.max(0, more.hugeFreeKb())) + " of them not in use");
    add(parts, "lists of processors", more.counter("free_pcp") * page, "");
    long cma = more.counter("free_cma");
    add(parts, "free", memory.free() * page, cma > 0 ? human(cma * page) + " of it CMA" : "");
    return closed(false, managed, parts);
  }

  private static String locked(OomReport.Memory memory, long page) {
    return memory.unevictable() > 0
        ? human(memory.unevictable() * page) + " of it locked or otherwise unevictable"
        : "";
  }

  private static Balance cgroup(OomReport report) {
    OomReport.Cgroup cgroup = report.memcg();
    SortedMap<String, Long> stats = report.circumstances().cgroup();
    List<Part> parts = new ArrayList<>();
    long usage = cgroup == null ? OomReport.UNKNOWN : cgroup.usageKb();
    if (usage <= 0 || stats.isEmpty()) {
      return new Balance(true, usage, parts, 0);
    }
    long shmem = kb(stats, "shmem");
    long dirty =
        Text.sum(
            kb(stats, "file_dirty"),
            kb(stats, "file_writeback"),
            kb(stats, "dirty"),
            kb(stats, "writeback"));
    add(parts, "processes, anonymous", Math.max(kb(stats, "anon"), kb(stats, "rss")), "");
    long cache = Math.max(kb(stats, "file"), kb(stats, "cache")) - Math.max(0, shmem);
    add(
        parts,
        "page cache",
        cache,
        dirty > 0 ? human(dirty) + " of it dirty or being written back" : "");
    add(parts, "shared memory, tmpfs", shmem, "");
    add(parts, "slab", kb(stats, "slab"), "");
    add(parts, "kernel stacks", kb(stats, "kernel_stack"), "");
    add(parts, "page tables", kb(stats, "pagetables"), "");
    add(parts, "sockets", kb(stats, "sock"), "");
    add(parts, "per-CPU data", kb(stats, "percpu"), "");
    add(parts, "vmalloc", kb(stats, "vmalloc"), "");
    return closed(true, usage, parts);
  }

  private static long kb(SortedMap<String, Long> stats, String name) {
    Long bytes = stats.get(name);
    return bytes == null ? OomReport.UNKNOWN : bytes / 1024;
  }

  private static void add(List<Part> parts, String what, long kb, String note) {
    if (kb > 0) {
      parts.add(new Part(what, kb, note));
    }
  }

  private static Balance closed(boolean ofCgroup, long total, List<Part> parts) {
    long known = parts.stream().mapToLong(Part::kb).sum();
    return new Balance(ofCgroup, total, parts, total - known);
  }

  private static String human(long kb) {
    return Bytes.human(kb / 4);
  }
}
