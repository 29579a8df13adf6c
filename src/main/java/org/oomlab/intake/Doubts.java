package org.oomlab.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.oomlab.intake.Circumstances.ZonePart;
import org.oomlab.intake.OomReport.Zone;
import org.oomlab.unit.Bytes;

/**
 * Why a report cannot tell whether its kill was needed: the decision hangs on what a kernel log
 * does not show, or on what the simulated kernel does not have. A simulation of it would say
 * "needed" all the same, for in a still picture nothing else can ever give memory back.
 */
public final class Doubts {
  /** Bits of gfp_mask that have been the same in all versions: include/linux/gfp_types.h. */
  private static final long GFP_HIGHMEM = 2;

  private static final long GFP_MOVABLE = 8;

  /** What reclaim leaves behind is a little of everything; more than this has a reason. */
  private static final double MUCH = 0.05;

  private static final long MUCH_KB = 32 << 10;

  /** Memory of no known owner that is too much for what a kernel does not count. */
  private static final double LEAKED = 0.25;

  /** A mean kernel takes a second for so much, even where everybody else is waiting. */
  private static final double TEARDOWN_KB_PER_SECOND = 1 << 20;

  private static final double SOON = 0.1;

  /** The longer horizon of extra kills. */
  public static final double PATIENCE = 10;

  private final OomReport report;
  private final long page;
  private final List<String> doubts = new ArrayList<>();

  private Doubts(OomReport report) {
    this.report = report;
    this.page = PageSize.of(report) / 1024;
  }

  /** All of them, the most telling first; none where the picture decides. */
  public static List<String> of(OomReport report) {
    List<String> all = new ArrayList<>(ofPicture(report));
    all.addAll(ofVictims(report));
    return all;
  }

  /** Those about the report as such, whoever was killed before. */
  public static List<String> ofPicture(OomReport report) {
    Doubts doubts = new Doubts(report);
    doubts.picture();
    doubts.request();
    if (report.isMemcg()) {
      doubts.cgroup();
    } else {
      doubts.machine();
    }
    return List.copyOf(doubts.doubts);
  }

  /** Those about earlier victims that have not given their memory back. */
  public static List<String> ofVictims(OomReport report) {
    Doubts doubts = new Doubts(report);
    doubts.victims();
    return List.copyOf(doubts.doubts);
  }

  private void say(String format, Object... values) {
    doubts.add(String.format(Locale.ROOT, format, values));
  }

  /** What is missing of the report itself. */
  private void picture() {
    if (report.tasks().isEmpty()) {
      say("the log has no table of tasks for it");
    }
    if (report.circumstances().chopped() > 0) {
      say(
          "the ends of %d of its lines are cut off, and with them names and oom_score_adj",
          report.circumstances().chopped());
    }
    if (report.unread() > 0) {
      say("%d rows of its table could not be read", report.unread());
    }
  }

  /** What was asked for, and whether there was some of another kind. */
  private void request() {
    OomReport.Header header = report.header();
    Integer order = header == null ? null : header.order();
    if (order == null && !report.isMemcg() && !report.tasks().isEmpty()) {
      say("the log does not say what was asked for, and how much of it in one piece");
    }
    if (order != null && order < 0) {
      say("somebody asked for a kill by hand (SysRq-f)");
    }
    if (order != null && order > 0) {
      long small = 0;
      for (ZonePart zone : report.circumstances().zones()) {
        small += Math.max(0, zone.freeKb(0, page) - zone.freeKb(order, page));
      }
      say(
          "the request was for %dkB in one piece (order %d)%s%s, and the model knows single pages"
              + " only",
          page << order,
          order,
          small > 0 ? ", " + human(small) + " was free in smaller pieces" : "",
          report.circumstances().noCompaction() ? ", this kernel has no compaction" : "");
    }
    String constraint = report.choice() == null ? "" : report.choice().constraint();
    boolean nodes =
        constraint.equals("CONSTRAINT_CPUSET") || constraint.equals("CONSTRAINT_MEMORY_POLICY");
    if (nodes) {
      boolean policy = constraint.equals("CONSTRAINT_MEMORY_POLICY");
      String mask = report.circumstances().nodemask();
      String which = mask.isEmpty() ? report.circumstances().mems() : mask;
      say(
          "only memory of %s would do (%s), and the model has one node%s",
          which.isEmpty() ? "certain nodes" : "node " + which,
          policy ? "memory policy" : "cpuset " + report.circumstances().cpuset(),
          elsewhere(which));
    }
  }

  /** What is free on other nodes than these. */
  private String elsewhere(String nodes) {
    OomReport.Memory memory = report.memory();
    long here = 0;
    long all = 0;
    for (Zone zone : memory == null ? List.<Zone>of() : memory.zones()) {
      all += zone.freeKb();
      here += isOn(zone.name(), nodes) ? zone.freeKb() : 0;
    }
    return all == 0
        ? ""
        : "; %s was free there, and %s elsewhere".formatted(human(here), human(all - here));
  }

  /** Whether a zone is of a node in a list such as {@code 0,2-3}. */
  private static boolean isOn(String zone, String nodes) {
    long node = zone.startsWith("Node ") ? Text.leading(zone, 5) : 0;
    for (String range : nodes.split(",")) {
      long first = Text.leading(range, 0);
      int dash = range.indexOf('-');
      long last = dash < 0 ? first : Text.leading(range, dash + 1);
      if (first >= 0 && node >= first && node <= last) {
        return true;
      }
    }
    return false;
  }

  private void machine() {
    OomReport.Memory memory = report.memory();
    if (memory == null) {
      say("the log does not tell what the memory of the machine was used for");
      return;
    }
    zones(memory);
    Balance balance = Balance.of(report);
    if (balance.nobody() > LEAKED) {
      say(
          "%s, %.0f%% of the memory, belong to no process, cache or slab that the report tells of",
          human(balance.nobodyKb()), 100 * balance.nobody());
    }
    long managed = Math.max(1, balance.totalKb());
    Circumstances more = report.circumstances();
    long dirty = Text.sum(more.counter("dirty"), more.counter("writeback")) * page;
    long file = memory.file() * page;
    if (isMuch(dirty, managed)) {
      say(
          "%s of the page cache were dirty, and writing them back would have freed them",
          human(dirty));
    } else if (isMuch(file, managed)) {
      say("%s of page cache were left, which reclaim may still have taken", human(file));
    }
    if (memory.swapFreeKb() > 0 && isMuch(memory.swapFreeKb(), managed)) {
      say("%s of swap were free, and the model swaps nothing out", human(memory.swapFreeKb()));
    }
  }

  private static boolean isMuch(long kb, long ofKb) {
    return kb > MUCH_KB / 4 && kb > MUCH * ofKb;
  }

  /** Memory that was free, and no use to this request. */
  private void zones(OomReport.Memory memory) {
    long mask = mask();
    if (mask < 0 || !doubts.isEmpty()) {
      return;
    }
    long highmem = 0;
    long cma = 0;
    String above = "";
    String brink = "";
    for (Zone zone : memory.zones()) {
      ZonePart part =
          report.circumstances().zones().stream()
              .filter(each -> each.name().equals(zone.name()))
              .findFirst()
              .orElse(new ZonePart(zone.name(), 0, 0, List.of(), List.of()));
      boolean movableOnly = zone.name().endsWith("HighMem") || zone.name().endsWith("Movable");
      if (movableOnly && (mask & GFP_HIGHMEM) == 0) {
        highmem += zone.freeKb();
        continue;
      }
      long barred = (mask & GFP_MOVABLE) == 0 ? Math.min(part.freeCmaKb(), zone.freeKb()) : 0;
      cma += barred;
      long reserve = part.reserves().stream().mapToLong(Long::longValue).max().orElse(0) * page;
      if (zone.freeKb() - barred > Math.max(zone.minKb(), zone.highKb()) + reserve
          && zone.freeKb() - barred > MUCH_KB) {
        above = zone.name() + " had " + human(zone.freeKb() - barred);
      }
      // What __alloc_pages_may_oom() tries last wants the high watermark; any other try would do
      // with the min one, and would have got a page.
      boolean next = zone.freeKb() - barred > zone.minKb() + reserve && !part.reserves().isEmpty();
      brink = next ? zone.name() : brink;
    }
    if (highmem + cma > MUCH_KB) {
      say(
          "%s was free that this request may not use (%s%s%s), and the model has one zone and no CMA",
          human(highmem + cma),
          highmem > 0 ? human(highmem) + " of HighMem" : "",
          highmem > 0 && cma > 0 ? ", " : "",
          cma > 0 ? human(cma) + " of CMA, for movable pages only" : "");
    } else if (!above.isEmpty()) {
      say("zone %s free, above its watermarks: freed meanwhile, or barred to this request", above);
    } else if (!brink.isEmpty()) {
      say(
          "zone %s had more free than its min watermark and reserve, so the next attempt may have"
              + " got a page without any kill",
          brink);
    }
  }

  private long mask() {
    String mask = report.header() == null ? "" : report.header().gfpMask();
    int end = 2;
    while (end < mask.length() && Character.digit(mask.charAt(end), 16) >= 0) {
      end++;
    }
    return mask.startsWith("0x") && end > 2 && end < 12
        ? Long.parseLong(mask.substring(2, end), 16)
        : OomReport.UNKNOWN;
  }

  private void cgroup() {
    OomReport.Cgroup cgroup = report.memcg();
    if (cgroup == null || cgroup.limitKb() <= 0) {
      return;
    }
    long room = cgroup.limitKb() - cgroup.usageKb();
    if (cgroup.usageKb() > 0 && room > MUCH * cgroup.limitKb()) {
      say(
          "the cgroup was %s below its limit when the report was made: that much had come back"
              + " meanwhile",
          human(room));
    }
    for (Balance.Part part : Balance.of(report).parts()) {
      if (part.what().equals("page cache") && isMuch(part.kb(), cgroup.limitKb())) {
        say(
            "%s of what the cgroup holds were page cache%s, which reclaim or writeback would have"
                + " given back",
            human(part.kb()), part.note().isEmpty() ? "" : ", " + part.note());
      }
    }
  }

  /** Who was killed just before and has not given its memory back. */
  private void victims() {
    for (Circumstances.Earlier earlier : report.circumstances().before()) {
      double since = earlier.secondsTo(report);
      long kb = held(earlier);
      if (kb <= 0 || since > PATIENCE) {
        continue;
      }
      say(
          "%s (%d), killed %s, still had %s; when it gives them back is not in the log%s",
          earlier.kill().name(),
          earlier.kill().pid(),
          since < 0 ? "before" : String.format(Locale.ROOT, "%.2fs before", since),
          human(kb),
          earlier.unable() ? ", which says that the reaper was unable to" : "");
    }
  }

  /**
   * What a victim of before still had in a report, in kB: by its row, if it has one; 0 if that is
   * not worth a word.
   */
  public static long heldKb(OomReport report, Circumstances.Earlier earlier) {
    return earlier.secondsTo(report) > PATIENCE && report.taskOf(earlier.kill().pid()) == null
        ? 0
        : new Doubts(report).held(earlier);
  }

  private long held(Circumstances.Earlier earlier) {
    OomReport.Task row = report.taskOf(earlier.kill().pid());
    boolean same = row != null && row.name().equals(earlier.kill().name());
    long kb = same ? row.rss() * page : earlier.heldKb();
    // What is left of one that has gone is not worth a word.
    return kb > 1024 && kb * 10 > earlier.sizeKb() ? kb : 0;
  }

  /**
   * Whether an earlier victim was in the middle of giving its memory back, and not stuck: it had
   * been killed less long ago than the end of a process of its size takes, and was past exit_mm(),
   * where it loses its row, or has less in it than when it was killed. One that has it all may wait
   * for a lock, or for a disk that is gone.
   */
  public static boolean wasOnItsWay(OomReport report, Circumstances.Earlier earlier) {
    Doubts doubts = new Doubts(report);
    double since = earlier.secondsTo(report);
    long kb = doubts.held(earlier);
    boolean begun = report.taskOf(earlier.kill().pid()) == null || kb < earlier.sizeKb();
    return kb > 0
        && begun
        && since >= 0
        && since <= secondsToEnd(earlier)
        && !earlier.unable()
        && !earlier.isShared();
  }

  /** How long the end of a process takes at most, in seconds, if nothing holds it up. */
  public static double secondsToEnd(Circumstances.Earlier earlier) {
    return SOON + earlier.sizeKb() / TEARDOWN_KB_PER_SECOND;
  }

  private static String human(long kb) {
    return Bytes.human(kb / 4);
  }
}
