package org.oomlab.intake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.intake.Specs.Draftee;
import org.oomlab.unit.Span;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Step;
import org.oomlab.workload.Workload;

/**
 * A Linux machine as /proc shows it, and one process more that asks for all the memory there is.
 *
 * <p>Figures are read one after the other while everything goes on, so they need not add up; a
 * process that goes away meanwhile, or may not be read, is listed.
 */
public final class RunningMachine {
  private static final long UNKNOWN = OomReport.UNKNOWN;

  private final Path proc;
  private final Specs specs = new Specs();
  private final Map<Long, Draftee> byPid = new LinkedHashMap<>();
  private final MemoryCgroups cgroups;
  private final SortedMap<String, List<String>> comments = new TreeMap<>();
  private final List<String> unreadable = new ArrayList<>();

  /**
   * What was read.
   *
   * @param draft the machine
   * @param unreadable a line for each process that could not be read, or not wholly
   */
  public record Reading(Draft draft, List<String> unreadable) {}

  private RunningMachine(Path root) {
    proc = root.resolve("proc");
    cgroups = new MemoryCgroups(root.resolve("sys/fs/cgroup"));
  }

  /**
   * Reads a machine.
   *
   * @param root the root directory, under which are proc and sys
   * @param pids the processes to take, or none: all
   * @param name of the workload
   * @throws IOException if there is no proc file system, or no such process
   */
  public static Reading read(Path root, List<Long> pids, String name) throws IOException {
    return new RunningMachine(root).read(pids, name);
  }

  private Reading read(List<Long> pids, String name) throws IOException {
    Map<String, Long> meminfo = kilobytes(text(proc.resolve("meminfo")));
    if (!meminfo.containsKey("MemTotal")) {
      throw new IOException(proc.resolve("meminfo") + " has no MemTotal: is this Linux?");
    }
    for (long pid : pids.isEmpty() ? allPids() : new TreeSet<>(pids)) {
      process(pid, !pids.isEmpty());
    }
    if (byPid.isEmpty()) {
      throw new IOException("no process could be read: " + String.join("; ", unreadable));
    }
    MachineSpec machine = machine(meminfo);
    List<Draftee> all = new ArrayList<>(byPid.values());
    Draftee newcomer = new Draftee(specs.name("newcomer", UNKNOWN));
    long demand = machine.free() + Math.max(0, meminfo.getOrDefault("Cached", 0L)) / 4 + (64 << 8);
    newcomer.run = List.of(new Step.Touch(new Constant(demand), null));
    all.add(newcomer);
    say(
        "processes[" + (all.size() - 1) + "]",
        "not one of the machine's: it asks for all that is free or cached, and 64MiB more");
    say("", "Made by oomlab import proc.");
    unreadable.forEach(line -> say("", "Not read: " + line));
    String release = text(proc.resolve("sys/kernel/osrelease"));
    Workload workload =
        new Workload(
            name,
            "A running machine, and a newcomer that wants all its memory",
            "/proc" + (release == null ? "" : " of Linux " + release.strip()),
            "x86-64",
            300 * Span.SECOND,
            machine,
            cgroups.specs(all),
            List.of(),
            List.of(),
            all.stream().map(Draftee::spec).toList(),
            List.of(),
            null);
    return new Reading(new Draft(workload, comments), unreadable);
  }

  private void say(String path, String line) {
    comments.computeIfAbsent(path, key -> new ArrayList<>()).add(line);
  }

  private List<Long> allPids() throws IOException {
    TreeSet<Long> pids = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc)) {
      for (Path entry : entries) {
        long pid = Text.leading(String.valueOf(entry.getFileName()), 0);
        if (pid > 0 && String.valueOf(entry.getFileName()).matches("[0-9]+")) {
          pids.add(pid);
        }
      }
    }
    return new ArrayList<>(pids);
  }

  static @Nullable String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException | SecurityException e) {
      return null;
    }
  }

  /** Lines such as {@code VmRSS: 123 kB}. */
  private static Map<String, Long> kilobytes(@Nullable String text) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (String line : text == null ? new String[0] : text.split("\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        long number = Text.leading(line.substring(colon + 1).strip(), 0);
        if (number >= 0) {
          values.put(line.substring(0, colon), number);
        }
      }
    }
    return values;
  }

  private void process(long pid, boolean asked) throws IOException {
    Path folder = proc.resolve(Long.toString(pid));
    String status = text(folder.resolve("status"));
    if (status == null) {
      if (asked && !Files.exists(folder)) {
        throw new IOException("there is no process " + pid);
      }
      unreadable.add(pid + ": it went away or may not be read");
      return;
    }
    Map<String, Long> values = kilobytes(status);
    String comm = Text.between(status, "Name:", "\n");
    if (!values.containsKey("VmRSS") && !values.containsKey("VmSize")) {
      return; // A kernel thread or a zombie: it has no memory and is never chosen.
    }
    Draftee draftee = new Draftee(specs.name(comm, pid));
    draftee.init = pid == 1;
    draftee.root = values.getOrDefault("Uid", UNKNOWN) == 0;
    draftee.threads =
        (int) Math.max(1, Math.min(Slips.MOST_ROWS, values.getOrDefault("Threads", 1L)));
    draftee.anon = pages(values, "RssAnon", values.getOrDefault("VmRSS", 0L));
    draftee.file = pages(values, "RssFile", 0);
    draftee.shmem = pages(values, "RssShmem", 0);
    draftee.swap = pages(values, "VmSwap", 0);
    draftee.locked = pages(values, "VmLck", 0);
    draftee.tables = Math.max(0, pages(values, "VmPTE", 0) - 1);
    String adj = text(folder.resolve("oom_score_adj"));
    if (adj == null) {
      unreadable.add(pid + ": it went away while it was read");
      return;
    }
    Integer printed = VictimLine.signed(adj.strip(), 0);
    if (printed == null) {
      unreadable.add(pid + ": its oom_score_adj is no number from -1000 to 1000");
      return;
    }
    draftee.adj = printed;
    borrow(draftee, kilobytes(text(folder.resolve("smaps_rollup"))), pid);
    draftee.cgroup = cgroups.of(text(folder.resolve("cgroup")));
    Draftee parent = byPid.get(values.getOrDefault("PPid", UNKNOWN));
    draftee.parent = parent == null ? null : parent.name;
    byPid.put(pid, draftee);
  }

  private static long pages(Map<String, Long> values, String key, long otherwise) {
    return values.getOrDefault(key, otherwise) / 4;
  }

  /** What is shared counts for this process as far as its proportional share goes. */
  private void borrow(Draftee draftee, Map<String, Long> rollup, long pid) {
    Long rss = rollup.get("Rss");
    Long pss = rollup.get("Pss");
    if (rss == null || pss == null) {
      unreadable.add(pid + ": smaps_rollup may not be read, so its pages count as its own");
      return;
    }
    long shared = Math.max(0, rss - pss) / 4;
    long fromFile = Math.min(shared, draftee.file);
    long fromShmem = Math.min(shared - fromFile, draftee.shmem);
    long fromAnon = Math.min(shared - fromFile - fromShmem, draftee.anon);
    draftee.file -= fromFile;
    draftee.shmem -= fromShmem;
    draftee.anon -= fromAnon;
    draftee.borrowed = fromFile + fromShmem + fromAnon;
  }

  private MachineSpec machine(Map<String, Long> meminfo) {
    long memory = pages(meminfo, "MemTotal", 0);
    long free = pages(meminfo, "MemFree", 0);
    long swap = pages(meminfo, "SwapTotal", 0);
    long cache = pages(meminfo, "Cached", 0) + pages(meminfo, "Buffers", 0);
    long unmapped = Math.max(0, cache - pages(meminfo, "Shmem", 0) - pages(meminfo, "Mapped", 0));
    List<Draftee> all = new ArrayList<>(byPid.values());
    long tables = all.stream().mapToLong(d -> d.tables).sum();
    Footprints footprints =
        new Footprints(
            memory - free - tables,
            all.stream().mapToLong(d -> d.anon).sum(),
            all.stream().mapToLong(d -> d.file).sum(),
            all.stream().mapToLong(d -> d.shmem).sum());
    all.forEach(draftee -> draftee.share(footprints));
    long room = memory - free - all.stream().mapToLong(Draftee::takes).sum();
    swap = Math.max(swap, all.stream().mapToLong(d -> d.swap).sum());
    long[] marks = watermarks();
    say("machine.page_cache", "Cached and Buffers without Shmem and Mapped");
    MachineSpec bare =
        Specs.machine(
            memory,
            free,
            marks[0],
            marks[1],
            marks[2],
            0,
            swap,
            Runtime.getRuntime().availableProcessors());
    return new MachineSpec(
        bare.memory(),
        bare.free(),
        bare.min(),
        bare.low(),
        bare.high(),
        bare.watermarkScaleFactor(),
        bare.lowmemReserve(),
        bare.swap(),
        new Constant(Math.max(0, Math.min(unmapped, room))),
        bare.dirtyCache(),
        bare.writeback(),
        bare.cpus(),
        bare.hz());
  }

  /** The sums over all zones, in pages; -1 where zoneinfo cannot be read. */
  private long[] watermarks() {
    String text = text(proc.resolve("zoneinfo"));
    long[] sums = {UNKNOWN, UNKNOWN, UNKNOWN};
    String[] keys = {"min", "low", "high"};
    for (String line : text == null ? new String[0] : text.split("\n")) {
      String[] words = line.strip().split("\\s+");
      for (int i = 0; i < keys.length; i++) {
        // "high:" with a colon belongs to the per-CPU lists.
        if (words.length == 2 && words[0].equals(keys[i])) {
          sums[i] = Text.sum(sums[i], Text.leading(words[1], 0));
        }
      }
    }
    if (sums[0] >= 0) {
      say("machine.min", "the sums over all zones of zoneinfo");
    }
    return sums;
  }
}
