package org.oomlab.intake;

import org.jspecify.annotations.Nullable;
import org.oomlab.intake.OomReport.Choice;
import org.oomlab.intake.OomReport.Kill;

/** The lines that name a victim: dump_oom_summary() and __oom_kill_process() of mm/oom_kill.c. */
final class VictimLine {
  private VictimLine() {}

  /** The structured line of 5.0 and later. */
  static Choice choice(String text) {
    String squeezed = Text.squeeze(text);
    String[] ends = {
      ",nodemask=",
      ",cpuset=",
      ",mems_allowed=",
      ",global_oom",
      ",oom_memcg=",
      ",task_memcg=",
      ",task=",
      ",pid=",
      ",uid="
    };
    // A name may have commas and even look like the next key.
    int name = text.indexOf(",task=");
    int pid = text.lastIndexOf(",pid=");
    String task = name >= 0 && pid > name ? Text.comm(text.substring(name + 6, pid)) : "";
    return new Choice(
        Text.between(squeezed, "constraint=", ends),
        Text.between(squeezed, ",oom_memcg=", ends),
        Text.between(squeezed, ",task_memcg=", ends),
        task,
        Text.number(squeezed.substring(Math.max(0, squeezed.lastIndexOf(",pid="))), ",pid="),
        Text.number(squeezed, ",uid="));
  }

  /**
   * {@code Killed process 5861 (x) total-vm:...}, in the spellings of many versions. OpenVZ's
   * {@code OOM killed process 5861 (x) score 0 vm:..., rss:..., swap:...} does not tell which of
   * rss is anonymous; all of it is taken for that.
   *
   * @param number where it stands
   * @param slips takes figures that cannot be
   * @return who was killed, or null if the line has no pid
   */
  static @Nullable Kill kill(long number, String text, Slips slips) {
    int at = Marker.kill(text);
    int digits = at + "Killed process ".length();
    long pid = Text.leading(text, digits);
    if (pid < 0) {
      return null;
    }
    int sizes = text.length();
    for (String key : new String[] {"total-vm:", "vsz:", "anon-rss:", " vm:", " score "}) {
      int found = text.indexOf(key, digits);
      sizes = found >= 0 ? Math.min(sizes, found) : sizes;
    }
    int open = text.indexOf('(', digits);
    int close = text.lastIndexOf(')', sizes - 1);
    String name = open >= 0 && close > open ? text.substring(open + 1, close) : "";
    int uidBehind = name.lastIndexOf("), UID");
    name = Text.comm(uidBehind < 0 ? name : name.substring(0, uidBehind));
    String figures = text.substring(digits);
    String squeezed = Text.squeeze(figures);
    long vm = Text.kilobytes(figures, squeezed, "total-vm:");
    vm = vm < 0 ? Text.kilobytes(figures, squeezed, "vsz:") : vm;
    long anon = Text.kilobytes(figures, squeezed, "anon-rss:");
    anon = anon < 0 ? Text.kilobytes(figures, squeezed, "rss:") : anon;
    return new Kill(
        number,
        pid,
        name,
        vm < 0 ? Text.kilobytes(figures, squeezed, "vm:") : vm,
        slips.kilobytes(anon),
        slips.kilobytes(Text.kilobytes(figures, squeezed, "file-rss:")),
        slips.kilobytes(Text.kilobytes(figures, squeezed, "shmem-rss:")),
        slips.kilobytes(Text.kilobytes(figures, squeezed, "pgtables:")),
        uid(squeezed),
        adj(figures.contains("oom_score_adj:") ? figures : squeezed, "oom_score_adj:", null));
  }

  /** 5.4 and later: {@code UID:0}; Red Hat's 2.6.32 and 3.10: {@code , UID 48,}. */
  private static long uid(String squeezed) {
    long uid = Text.number(squeezed, "UID:");
    return uid >= 0 ? uid : Text.number(squeezed, ",UID");
  }

  /**
   * An oom_score_adj, or an oom_adj converted to one.
   *
   * @param oldKey the key of oom_adj, or null
   * @return null if there is none, or none that can be
   */
  static @Nullable Integer adj(String squeezed, String key, @Nullable String oldKey) {
    int at = squeezed.lastIndexOf(key);
    if (at >= 0) {
      return signed(squeezed, at + key.length());
    }
    int old = oldKey == null ? -1 : squeezed.lastIndexOf(oldKey);
    if (old < 0) {
      return null;
    }
    Integer printed = signed(squeezed, old + oldKey.length());
    return printed == null ? null : Integer.valueOf(printed == 15 ? 1000 : printed * 1000 / 17);
  }

  /** A number from -1000 to 1000 that begins here, or null. */
  static @Nullable Integer signed(String text, int at) {
    boolean negative = at < text.length() && text.charAt(at) == '-';
    long number = Text.leading(text, negative ? at + 1 : at);
    if (number < 0 || number > 1000) {
      return null;
    }
    return Integer.valueOf((int) (negative ? -number : number));
  }
}
