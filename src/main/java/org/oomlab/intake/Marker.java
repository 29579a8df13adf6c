package org.oomlab.intake;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words that the kernel's lines about memory begin with. */
final class Marker {
  static final String INVOKED = "invoked oom-killer";
  static final String OLD_HEADER = "oom-killer: gfp_mask=";
  static final String STRUCTURED = "oom-kill:constraint=";
  static final String REAPER = "oom_reaper: ";
  static final String PANIC = "Kernel panic - not syncing";
  static final String MEMCG_USAGE = "memory: usage ";
  static final String MEMCG_STATS = "Memory cgroup stats for ";
  static final String TASK_IN = "Task in ";
  static final String GROUP = "Tasks in ";
  static final String TOTAL_VM = "total_vm";
  static final String BY_CONFIGURATION = "oom_kill_allocating_task";
  static final String MEM_INFO = "Mem-Info:";

  private static final String[] BEGINNINGS = {
    "[",
    "active_anon:",
    "Active_anon:",
    "Active:",
    "Call ",
    "CPU",
    "DMA",
    "Free ",
    "Hardware name",
    "HighMem",
    "Kernel panic",
    "Killed process",
    "kmem:",
    "lowmem_reserve",
    "Mem-Info",
    "Memory ",
    "memory:",
    "memory+swap",
    "Movable",
    "Node ",
    "Normal",
    "oom-kill",
    "oom_reaper",
    "Out of ",
    "Pid:",
    "Swap cache",
    "swap:",
    "Task",
    "Total swap",
    "Unreclaimable",
  };

  private static final String[] COUNTERS = {
    "active_anon:", "active_file:", "unevictable:", "slab_reclaimable:", "mapped:", "free:"
  };

  /** Words that nobody but the kernel says, wherever on a line they are. */
  private static final Pattern UNMISTAKABLE =
      Pattern.compile(
          "(?<![^\\s:;,|>\\])}\"'])("
              + "Mem-Info:|(in)?active_(anon|file):\\d|unevictable:\\d|slab_reclaimable:\\d"
              + "|mapped:\\d+ shmem:|free:\\d+ free_|Node \\d+ [A-Z]|lowmem_reserve\\[]:"
              + "|\\d+ (total pagecache pages|pages (RAM|reserved|HighMem|cma reserved))"
              + "|sec_pagetables:\\d|kernel_misc_reclaimable:\\d|Node \\d+ (in)?active_anon:"
              + "|(Free|Total) swap +=|CPU: \\d+ (UID: \\d+ )?PID: \\d|Pid: \\d+, comm: "
              + "|memory: usage \\d|memory\\+swap: usage|swap: usage|kmem: usage"
              + "|Memory cgroup |Tasks? in /|Tasks state|\\[ *pid *] +uid "
              + "|\\[ *\\d+] +\\d+ +\\d+ +\\d+ +\\d+ "
              + "|oom-kill:constraint=|Out of [mM]emory|Killed process \\d|oom_reaper: "
              + "|Kernel panic - not syncing)");

  private Marker() {}

  /** Where the first words begin that nobody but the kernel says, or -1. */
  static int within(String line, int from, int to) {
    Matcher words = UNMISTAKABLE.matcher(line).region(from, to);
    words.useTransparentBounds(true);
    return words.find() ? words.start() : -1;
  }

  /** Whether a line of the kernel about memory begins here. */
  static boolean isAt(String line, int at) {
    for (String beginning : BEGINNINGS) {
      if (line.startsWith(beginning, at)) {
        return true;
      }
    }
    return line.indexOf(INVOKED, at) >= 0;
  }

  /** Whether this is the line that a report begins with, and not what somebody writes of it. */
  static boolean isHeader(String text) {
    int invoked = text.indexOf(INVOKED);
    if (invoked < 0) {
      return text.startsWith(OLD_HEADER);
    }
    int end = invoked + INVOKED.length();
    // Where a line is cut or broken, the mask is lost, but nothing else is in its place.
    String rest = text.substring(end).strip();
    return rest.isEmpty() || rest.equals(":") || text.startsWith(":", end) && asks(rest);
  }

  private static boolean asks(String rest) {
    String squeezed = Text.squeeze(rest.substring(1));
    if (TaskTable.isChopped(squeezed)) {
      squeezed = squeezed.substring(0, squeezed.length() - 1);
    }
    return squeezed.contains("gfp_mask=") || "gfp_mask=".startsWith(squeezed);
  }

  /** Whether a program is one that kills for lack of memory before the kernel must. */
  static boolean isUserSpaceKiller(String program) {
    return program.contains("lowmemorykiller")
        || program.startsWith("lmkd")
        || program.contains("systemd-oomd")
        || program.contains("earlyoom");
  }

  /** Whether a stack trace shows that a cgroup is full: a frame that is not a leftover ("? "). */
  static boolean isMemcgFrame(String text) {
    int at = text.indexOf("mem_cgroup_o");
    return at >= 0
        && !text.startsWith("? ", at - 2)
        && (text.startsWith("mem_cgroup_out_of_memory", at)
            || text.startsWith("mem_cgroup_oom_synchronize", at));
  }

  /** Where "Killed process 12" or an older spelling of it begins, or -1. */
  static int kill(String text) {
    int at = text.indexOf("illed process ");
    return at < 1 ? -1 : at - 1;
  }

  /** "Out of memory: Kill process 12 (x) score 3 or sacrifice child": chosen, not killed yet. */
  static boolean isChoice(String text) {
    int at = text.indexOf("ill process ");
    int reason = at < 0 ? -1 : text.indexOf("ut of ");
    return reason >= 0 && reason < at && text.regionMatches(true, reason + 6, "memory", 0, 6);
  }

  /** Whether a report may begin with this line, or with the line that it is the beginning of. */
  static boolean opens(String text) {
    return isHeader(text)
        || text.startsWith("oom-kill:")
        || text.contains("ut of memory:")
        || text.contains("ut of Memory:")
        || text.contains("ut of memory (")
        || kill(text) >= 0
        || text.startsWith(TASK_IN)
        || text.startsWith(MEMCG_USAGE)
        || text.startsWith(GROUP)
        || text.startsWith(MEM_INFO)
        || text.startsWith(MEMCG_STATS)
        || text.contains("no killable process")
        || (text.startsWith(PANIC) && text.contains("memory"))
        || isTableHead(text);
  }

  /** Whether this is a line in the middle of Mem-Info, of those that are hard to mistake. */
  static boolean isMemory(String text) {
    for (String beginning : COUNTERS) {
      if (text.startsWith(beginning)) {
        return true;
      }
    }
    return (text.contains(" free:") && text.contains("kB min:"))
        || text.endsWith(" total pagecache pages")
        || text.endsWith(" pages RAM");
  }

  /** Whether this is the line with the names of the columns. */
  static boolean isTableHead(String text) {
    return text.startsWith("[") && text.contains(TOTAL_VM) && text.contains("pid");
  }

  /** Whether this looks like a row of the task table. */
  static boolean isRow(CharSequence text) {
    if (text.isEmpty() || text.charAt(0) != '[') {
      return false;
    }
    int i = 1;
    while (i < text.length() && text.charAt(i) == ' ') {
      i++;
    }
    int digits = i;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i > digits
        && i + 1 < text.length()
        && text.charAt(i) == ']'
        && text.charAt(i + 1) == ' ';
  }
}
