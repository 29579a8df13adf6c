package org.oomlab.intake;

import org.jspecify.annotations.Nullable;

/**
 * Reads what is printed about a memory cgroup that is full: mem_cgroup_print_oom_info() of
 * mm/memcontrol.c, from 5.0 mem_cgroup_print_oom_context() and mem_cgroup_print_oom_meminfo().
 */
final class MemcgParser {
  private static final long UNKNOWN = OomReport.UNKNOWN;

  /** What PAGE_COUNTER_MAX comes to in kB, more or less: no limit. */
  static final long NO_LIMIT_KB = 1L << 50;

  private final Slips slips;
  private boolean found;
  private boolean hasStats;
  private String path = "";
  private String taskPath = "";
  private long usageKb = UNKNOWN;
  private long limitKb = UNKNOWN;
  private long swapKb = UNKNOWN;

  MemcgParser(Slips slips) {
    this.slips = slips;
  }

  /** Takes note of a word about a cgroup in another line. */
  void find(boolean isThere) {
    found |= isThere;
  }

  /** Whether there is anything about a cgroup. */
  boolean isFound() {
    return found;
  }

  /** Whether it was said what the cgroup holds, or whose it is. */
  boolean hasUsage() {
    return usageKb >= 0 || !taskPath.isEmpty();
  }

  /** Takes a line if it is about the cgroup. */
  boolean accept(String text) {
    if (text.startsWith(Marker.TASK_IN)) {
      found = true;
      taskPath = Text.between(text, Marker.TASK_IN, " killed as a result");
      path = Text.between(text, "as a result of limit of ", " ");
    } else if (text.startsWith("killed as a result of limit of")) {
      path = Text.between(text, "as a result of limit of");
    } else if (text.startsWith(Marker.MEMCG_USAGE)) {
      found = true;
      String squeezed = Text.squeeze(text);
      usageKb = usageKb < 0 ? slips.kilobytes(Text.number(squeezed, "usage")) : usageKb;
      long limit = Text.number(squeezed, "limit");
      limitKb = limitKb < 0 ? limit < NO_LIMIT_KB ? slips.kilobytes(limit) : limit : limitKb;
    } else if (text.startsWith("swap: usage")) {
      swapKb = slips.kilobytes(Text.number(Text.squeeze(text), "usage"));
    } else if (text.startsWith("memory+swap: usage")) {
      long both = slips.kilobytes(Text.number(Text.squeeze(text), "usage"));
      swapKb = both >= usageKb && usageKb >= 0 ? both - usageKb : UNKNOWN;
    } else if (text.startsWith(Marker.MEMCG_STATS)) {
      found = true;
      String full = Text.between(text, Marker.MEMCG_STATS, ": ", " anon ");
      full = full.endsWith(":") ? full.substring(0, full.length() - 1) : full;
      // A longer one is the same before a line break cut it; those after the first are its
      // children.
      path = !hasStats && full.startsWith(path) ? full : path;
      hasStats = true;
    } else if (text.startsWith("/") && found && path.isEmpty() && text.indexOf(' ') < 0) {
      path = text; // The second half of a line that was printed in two calls.
    } else {
      return text.startsWith("kmem: usage");
    }
    return true;
  }

  /** What was printed, or null if no cgroup was full. */
  OomReport.@Nullable Cgroup cgroup() {
    return found ? new OomReport.Cgroup(path, taskPath, usageKb, limitKb, swapKb) : null;
  }
}
