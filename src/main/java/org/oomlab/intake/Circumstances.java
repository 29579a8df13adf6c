package org.oomlab.intake;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a report says beside what a workload is made of: where a verdict must be withheld, and where
 * the memory has gone, it shows here.
 *
 * @param host the machine, or empty
 * @param boot which boot of that machine in the log, from 0
 * @param lastLine where the report ends
 * @param seconds since boot when it began, or -1
 * @param chopped lines whose end a pager has cut off
 * @param others lines of the kernel within the report that say nothing of memory, such as a stack
 * @param counters the counters of Mem-Info by their names, in pages
 * @param zones more about the zones, in the order in which they were printed
 * @param cgroup the counters of the cgroup that was full by their names, in bytes
 * @param hugeTotalKb what the pools of huge pages hold, in kB, or UNKNOWN
 * @param hugeFreeKb of that, not in use
 * @param cmaPages pages set aside for CMA, or UNKNOWN
 * @param highmemPages pages of HighMem, or UNKNOWN
 * @param reaped what the reaper left of a process, anonymous memory in kB by its pid; UNKNOWN if it
 *     was unable to reap it
 * @param nodemask the nodes that would do, as printed, or empty
 * @param cpuset the cpuset of the task that asked, or empty
 * @param mems the nodes that its cpuset allows, as printed, or empty
 * @param before who was killed before in this boot, the latest last, as far as remembered
 * @param noCompaction whether the kernel was built without compaction
 */
public record Circumstances(
    String host,
    long boot,
    long lastLine,
    double seconds,
    int chopped,
    int others,
    SortedMap<String, Long> counters,
    List<ZonePart> zones,
    SortedMap<String, Long> cgroup,
    long hugeTotalKb,
    long hugeFreeKb,
    long cmaPages,
    long highmemPages,
    SortedMap<Long, Long> reaped,
    String nodemask,
    String cpuset,
    String mems,
    List<Earlier> before,
    boolean noCompaction) {

  public Circumstances {
    counters = copy(counters);
    zones = List.copyOf(zones);
    cgroup = copy(cgroup);
    reaped = copy(reaped);
    before = List.copyOf(before);
  }

  /**
   * Somebody who was killed in an earlier report.
   *
   * @param kill who
   * @param seconds since boot when its report began, or -1
   * @param time the same as the log writes it, or empty
   * @param unable whether the reaper was unable to reap it
   * @param heldKb memory that was its own and, by the later report, has no owner but is not free
   */
  public record Earlier(
      OomReport.Kill kill, double seconds, String time, boolean unable, long heldKb) {
    /** How long before a report, in seconds; -1 if the log does not tell. */
    public double secondsTo(OomReport report) {
      return report.secondsAfter(seconds, time);
    }

    /** What it had resident when it was killed, in kB. */
    public long sizeKb() {
      return Math.max(0, kill.anonKb()) + Math.max(0, kill.fileKb()) + Math.max(0, kill.shmemKb());
    }

    /** Whether a tenth or more of that was files' or shmem, which others may keep. */
    public boolean isShared() {
      return (Math.max(0, kill.fileKb()) + Math.max(0, kill.shmemKb())) * 10 > sizeKb();
    }
  }

  private static <K extends Comparable<K>> SortedMap<K, Long> copy(SortedMap<K, Long> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  /**
   * More about a zone.
   *
   * @param name such as {@code Node 0 DMA32}
   * @param freeCmaKb of its free memory, what only movable pages may use, in kB; 0 if unknown
   * @param pcpKb on the lists of processors, in kB; 0 if unknown
   * @param reserves pages that requests for higher zones must leave, by the zone; or empty
   * @param blocks free blocks by order, or empty
   */
  public record ZonePart(
      String name, long freeCmaKb, long pcpKb, List<Long> reserves, List<Long> blocks) {
    public ZonePart {
      reserves = List.copyOf(reserves);
      blocks = List.copyOf(blocks);
    }

    /** Free memory in blocks of an order or above, in kB, or UNKNOWN. */
    public long freeKb(int order, long pageKb) {
      if (blocks.isEmpty()) {
        return OomReport.UNKNOWN;
      }
      long kb = 0;
      for (int i = order; i < blocks.size(); i++) {
        kb += blocks.get(i) * (pageKb << i);
      }
      return kb;
    }
  }

  /** The same after other kills. */
  Circumstances after(List<Earlier> kills) {
    return new Circumstances(
        host,
        boot,
        lastLine,
        seconds,
        chopped,
        others,
        counters,
        zones,
        cgroup,
        hugeTotalKb,
        hugeFreeKb,
        cmaPages,
        highmemPages,
        reaped,
        nodemask,
        cpuset,
        mems,
        kills,
        noCompaction);
  }

  /** A counter of Mem-Info in pages, or UNKNOWN. */
  public long counter(String name) {
    return counters.getOrDefault(name, OomReport.UNKNOWN);
  }

  /** A counter of the cgroup in bytes, or UNKNOWN. */
  public long ofCgroup(String name) {
    return cgroup.getOrDefault(name, OomReport.UNKNOWN);
  }
}
