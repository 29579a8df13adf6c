package org.oomlab.intake;

import java.util.function.Consumer;

/**
 * Mends lines that a mail program or a terminal has broken in two, and separates those that have
 * been run together.
 *
 * <p>Where lines have a prefix, one without is the rest of the one before. Where none have, a line
 * is the rest of another if that one has begun to say something that it has not finished.
 */
final class Unwrapper {
  /** Nobody breaks lines that are shorter. */
  private static final int SHORTEST_BROKEN = 45;

  /** No line of the kernel is longer, and so none that has been made whole again. */
  private static final int LONGEST = 1 << 12;

  /** comm in the kernel is 15 characters long at most. */
  private static final int COMM = 15;

  /**
   * A line as the kernel printed it.
   *
   * @param number where it begins, from 1
   * @param text without prefix, parts joined by single blanks
   * @param caller who printed it, or empty
   * @param time when, as written, or empty
   * @param host the machine that said it, or empty
   * @param uptime seconds since boot, or -1
   */
  record Line(long number, String text, String caller, String time, String host, double uptime) {}

  private final Consumer<Line> out;
  private final Consumer<Line> others;
  private final StringBuilder pending = new StringBuilder();
  private boolean holds;
  private boolean stamped;
  private int joined;
  private long number;
  private String caller = "";
  private String time = "";
  private String host = "";
  private double uptime = -1;

  /** The columns of the table whose rows are being read; 0 if unknown. */
  private int columns;

  /**
   * Nothing yet.
   *
   * @param out takes what the kernel says
   * @param others takes what other programs say
   */
  Unwrapper(Consumer<Line> out, Consumer<Line> others) {
    this.out = out;
    this.others = others;
  }

  /** Takes a line as it stands in the log. */
  void accept(long lineNumber, String line) {
    Prefix.Words words = Prefix.strip(line, !(holds && stamped));
    if (words.foreign()) {
      foreign(lineNumber, words);
      return;
    }
    String text = words.text();
    int next = glued(text, 1);
    one(lineNumber, words, next < 0 ? text : text.substring(0, next).strip(), line.length());
    // Each further line by itself, and not with all that follow: there may be any number of them.
    while (next >= 0) {
      int start = next;
      next = glued(text, behindUptimes(text, start));
      String part = next < 0 ? text.substring(start) : text.substring(start, next);
      words = Prefix.strip(part, !(holds && stamped));
      if (words.foreign()) {
        foreign(lineNumber, words);
        return;
      }
      one(lineNumber, words, words.text(), part.length());
    }
  }

  private void foreign(long lineNumber, Prefix.Words words) {
    flush();
    others.accept(
        new Line(lineNumber, words.text(), "", words.time(), words.host(), words.uptime()));
  }

  /** Where another line begins in this one, at some place or behind it, or -1. */
  private static int glued(String text, int from) {
    int bracket = text.indexOf('[', from);
    while (bracket >= 0 && Prefix.uptimeEnd(text, bracket) < 0) {
      bracket = text.indexOf('[', bracket + 1);
    }
    return bracket;
  }

  /** The end of an uptime, and of those that follow it at once, as of two daemons in a row. */
  private static int behindUptimes(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) == '[' && Prefix.uptimeEnd(text, end) > 0) {
      end = Prefix.uptimeEnd(text, end);
      while (end < text.length() && text.charAt(end) == ' ') {
        end++;
      }
    }
    return end;
  }

  private void one(long lineNumber, Prefix.Words words, String text, int width) {
    if (!words.stamped() && text.isEmpty()) {
      flush();
      return;
    }
    String rest = text.startsWith("\u21aa") ? text.substring(1).strip() : text;
    boolean mayBeRest = holds && !words.stamped() && pending.length() + rest.length() <= LONGEST;
    if (mayBeRest && (rest.length() < text.length() || continues(rest))) {
      join(rest);
      joined += width;
      return;
    }
    flush();
    holds = true;
    stamped = words.stamped();
    joined = width;
    number = lineNumber;
    caller = words.caller();
    time = words.time();
    host = words.host();
    uptime = words.uptime();
    pending.append(rest);
  }

  private void join(String rest) {
    // A name that was cut in two; elsewhere a blank too many does no harm.
    boolean cutName = Marker.isRow(pending) && isWhole(pending);
    if (pending.length() > 0 && !cutName) {
      pending.append(' ');
    }
    pending.append(rest);
  }

  private boolean continues(String rest) {
    if (pending.length() == 0) {
      return true;
    }
    if (isBeginning(rest)) {
      return false;
    }
    if (Marker.isRow(pending)) {
      return !isWhole(pending) || (stamped && mayEndName(rest));
    }
    return (stamped && joined >= SHORTEST_BROKEN) || isUnfinished(rest);
  }

  private static boolean isBeginning(String rest) {
    boolean header = rest.contains(Marker.INVOKED);
    return header
        || Marker.isRow(rest)
        || Marker.isTableHead(rest)
        || rest.startsWith("Killed process ")
        || rest.startsWith("Out of memory")
        || rest.startsWith("Memory cgroup ")
        || rest.startsWith(Marker.STRUCTURED)
        || rest.startsWith(Marker.REAPER)
        || rest.startsWith(Marker.PANIC)
        || Marker.isChoice(rest)
        || isElision(rest);
  }

  /**
   * What people put for what they left out, such as {@code (...snipped...)} and {@code <cut>}; or
   * the braces of JSON that is pretty-printed.
   */
  private static boolean isElision(String rest) {
    boolean brace = rest.length() <= 2 && !rest.isEmpty() && "{}[]".indexOf(rest.charAt(0)) >= 0;
    return brace
        || rest.startsWith("...")
        || rest.startsWith("(...")
        || rest.startsWith("[...")
        || rest.startsWith("<...")
        || rest.startsWith("<cut")
        || rest.startsWith("<snip");
  }

  /** Whether a row of the task table has all its numbers and the beginning of a name. */
  private boolean isWhole(StringBuilder row) {
    int expected = columns == 0 ? 8 : columns;
    int tokens = 1;
    int i = row.indexOf("]") + 1;
    boolean inToken = false;
    for (; i < row.length(); i++) {
      boolean blank = row.charAt(i) == ' ';
      tokens += !blank && !inToken ? 1 : 0;
      inToken = !blank;
    }
    return tokens >= expected;
  }

  private boolean mayEndName(String rest) {
    String row = pending.toString();
    String name = row.substring(row.lastIndexOf(' ') + 1);
    return joined >= 70 && rest.indexOf(' ') < 0 && name.length() + rest.length() <= COMM;
  }

  /** Whether what has been said so far, in a log without prefixes, goes on. */
  private boolean isUnfinished(String rest) {
    String text = pending.toString();
    if (text.contains(Marker.INVOKED)) {
      boolean goesOn =
          rest.startsWith("gfp_mask")
              || rest.startsWith("order=")
              || rest.startsWith("oom_")
              || rest.startsWith("nodemask")
              || rest.startsWith("(GFP")
              || rest.startsWith("|");
      return goesOn && !text.contains("oom_score_adj=") && !text.contains("oom_adj=");
    }
    if (Marker.kill(text) >= 0) {
      boolean goesOn = rest.startsWith("(") || isKeyWithKilobytes(rest) || rest.startsWith("UID:");
      return goesOn && !text.contains("oom_score_adj:");
    }
    if (Marker.isTableHead(text)) {
      return !text.endsWith("name") && (rest.endsWith("name") || rest.contains("swapents"));
    }
    if (text.startsWith("CPU:") || text.startsWith("Pid:")) {
      return !text.contains("ainted") && rest.contains("ainted")
          || text.endsWith("ainted") && !rest.isEmpty() && Character.isDigit(rest.charAt(0));
    }
    return (text.contains("free:") || text.contains("anon:"))
        && isKeyWithKilobytes(rest)
        && !rest.contains(" min:");
  }

  /** {@code active_file:12kB ...}. */
  private static boolean isKeyWithKilobytes(String rest) {
    int colon = rest.indexOf(':');
    int blank = rest.indexOf(' ');
    String token = blank < 0 ? rest : rest.substring(0, blank);
    return colon > 0
        && (blank < 0 || colon < blank)
        && (token.endsWith("kB") || token.endsWith("kB,"));
  }

  /** Hands on what is complete. */
  void flush() {
    if (holds) {
      holds = false;
      String text = pending.toString();
      pending.setLength(0);
      if (Marker.isTableHead(text)) {
        columns = TaskTable.of(text).width();
      }
      out.accept(new Line(number, text, caller, time, host, uptime));
    }
  }
}
