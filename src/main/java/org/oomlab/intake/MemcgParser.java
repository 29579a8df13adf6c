package org.oomlab.intake;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is printed about a memory cgroup that is full: mem_cgroup_print_oom_info() of
 * mm/memcontrol.c, from 5.0 mem_cgroup_print_oom_context() and mem_cgroup_print_oom_meminfo().
 */
final class MemcgParser {
  private static final long UNKNOWN = OomReport.UNKNOWN;

  /** What PAGE_COUNTER_MAX comes to in kB, more or less: no limit. */
  static final long NO_LIMIT_KB = 1L << 50;

  /** A kernel has some fifty. */
  private static final int MOST_STATS = 200;

  /** A counter may be a pretty-printed object, of which each other key is a line. */
  private static final int PATIENCE = 8;

  private final Slips slips;
  private boolean found;
  private boolean hasStats;
  private String path = "";
  private String taskPath = "";
  private long usageKb = UNKNOWN;
  private long limitKb = UNKNOWN;
  private long swapKb = UNKNOWN;

  /** The counters of memory.stat, in bytes; the first of a name counts. */
  private final SortedMap<String, Long> stats = new TreeMap<>();

  /** Further lines of others among which the next counter may be; 0 once they have ended. */
  private int patience;

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

  /**
   * {@code file_dirty 1072365568} of 5.2 and later, on lines of their own behind the line that
   * names the cgroup; before, behind the name {@code cache:12KB rss:34KB}.
   */
  private boolean stat(String text) {
    int blank = text.indexOf(' ');
    long number = blank > 0 ? Text.leading(text, blank + 1) : UNKNOWN;
    boolean isAll = number >= 0 && text.length() == blank + 1 + Long.toString(number).length();
    if (!isAll || !isName(text, blank)) {
      boolean ends =
          text.startsWith("Task") || text.startsWith("[") || text.startsWith("oom-kill:");
      patience = ends ? 0 : patience - 1;
      return false;
    }
    patience = PATIENCE;
    keep(text.substring(0, blank), number);
    return true;
  }

  private static boolean isName(String text, int end) {
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (!(c >= 'a' && c <= 'z') && c != '_') {
        return false;
      }
    }
    return end > 2;
  }

  private void keep(String name, long bytes) {
    if (stats.size() < MOST_STATS && bytes >= 0 && bytes / 1024 <= Slips.MOST_KB) {
      stats.putIfAbsent(name, bytes);
    }
  }

  private void oldStats(String text) {
    for (String word : text.split("\\s+")) {
      int colon = word.indexOf(':');
      if (colon > 0 && word.endsWith("KB") && isName(word, colon)) {
        long kb = slips.kilobytes(Text.leading(word, colon + 1));
        keep(word.substring(0, colon), kb < 0 ? UNKNOWN : kb * 1024);
      }
    }
  }

  /** The counters of the cgroup that was full, in bytes. */
  SortedMap<String, Long> stats() {
    return stats;
  }

  /** Takes a line if it is about the cgroup. */
  boolean accept(String text) {
    if (patience > 0 && stat(text)) {
      return true;
    }
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
      patience = hasStats ? 0 : PATIENCE;
      if (!hasStats) {
        oldStats(text);
      }
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
