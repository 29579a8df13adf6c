package org.oomlab.intake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.unit.Span;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Step;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;

/** Makes parts of a workload in which most things are as they are by default. */
final class Specs {
  private static final long WRITEBACK_PAGES = 100 << 8;

  private final Set<String> names = new HashSet<>();

  /** The number that the last of several with one name has got. */
  private final Map<String, Integer> numbers = new HashMap<>();

  /** A name for a process that no other has: that of its program and its number. */
  String name(String comm, long pid) {
    String clean = clean(comm.isEmpty() ? "unnamed" : comm);
    String base = pid < 0 ? clean : clean + "-" + pid;
    String name = base;
    while (!names.add(name)) {
      name = base + "-" + numbers.merge(base, 2, (number, first) -> number + 1);
    }
    return name;
  }

  /** A name without what names in a workload must not have. */
  static String clean(String name) {
    String clean = name.replaceAll("[\\[\\];|\\p{Cntrl}\ufffd]", "_").strip();
    return clean.isEmpty() ? "_" : clean;
  }

  /** A mapping of so many pages. */
  static VmaSpec mapping(VmaSpec.Kind kind, long pages, long tables, boolean locked) {
    return new VmaSpec(
        null,
        kind,
        new Constant(pages),
        locked,
        VmaSpec.Notifier.NONE,
        kind == VmaSpec.Kind.FILE,
        false,
        false,
        tables,
        1);
  }

  /** A machine of which only memory is known; -1 leaves a figure to the kernel's formula. */
  static MachineSpec machine(
      long memory, long free, long min, long low, long high, long reserve, long swap, int cpus) {
    return new MachineSpec(
        memory,
        free,
        min,
        low,
        high,
        10,
        reserve,
        swap,
        new Constant(0),
        new Constant(0),
        new Constant(WRITEBACK_PAGES),
        cpus,
        250);
  }

  /** A process that is being described. */
  static final class Draftee {
    final String name;
    int adj;
    boolean root;
    boolean init;
    boolean kernelThread;
    boolean origin;
    @Nullable String parent;
    @Nullable String cgroup;
    long anon;
    long file;
    long shmem;
    long borrowed;
    long locked;
    long tables;
    long swap;
    int threads = 1;
    List<Step> run = List.of();

    Draftee(String name) {
      this.name = name;
    }

    long resident() {
      return anon + file + shmem + borrowed;
    }

    /** Leaves to others what they account for. */
    void share(Footprints footprints) {
      long fromFile = footprints.borrowedFile(file);
      long fromShmem = footprints.borrowedShmem(shmem);
      long fromAnon = footprints.borrowedAnonymous(anon);
      file -= fromFile;
      shmem -= fromShmem;
      anon -= fromAnon;
      borrowed += fromFile + fromShmem + fromAnon;
    }

    /** Pages it takes of the machine or of its cgroup. */
    long takes() {
      return anon + file + shmem + tables;
    }

    ProcessSpec spec() {
      List<ThreadSpec> all = new ArrayList<>();
      all.add(new ThreadSpec(name, 1, null, run));
      if (threads > 1) {
        all.add(new ThreadSpec(name + "/thread", threads - 1, null, List.of()));
      }
      return new ProcessSpec(
          name,
          1,
          adj,
          root,
          init,
          kernelThread,
          origin,
          parent,
          null,
          false,
          cgroup,
          ProcessSpec.Freezer.NONE,
          new Constant(0),
          memory(),
          new Constant(swap),
          new Constant(0),
          new Constant(0),
          false,
          Span.SECOND,
          Span.FOREVER,
          0,
          all);
    }

    /** Ascending addresses: what is shared below, the heap above. */
    private List<VmaSpec> memory() {
      List<VmaSpec> memory = new ArrayList<>();
      if (borrowed > 0) {
        memory.add(mapping(VmaSpec.Kind.BORROWED, borrowed, 0, false));
      }
      if (file > 0) {
        memory.add(mapping(VmaSpec.Kind.FILE, file, 0, false));
      }
      if (shmem > 0) {
        memory.add(mapping(VmaSpec.Kind.SHMEM, shmem, 0, false));
      }
      long lockedPages = Math.min(locked, anon);
      if (lockedPages > 0) {
        memory.add(mapping(VmaSpec.Kind.ANONYMOUS, lockedPages, 0, true));
      }
      if (anon > lockedPages || tables > 0) {
        memory.add(mapping(VmaSpec.Kind.ANONYMOUS, anon - lockedPages, tables, false));
      }
      return memory;
    }
  }
}
