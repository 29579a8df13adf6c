package org.oomlab.intake;

import java.util.function.Consumer;

/**
 * What stands before the kernel's own words on a line: quoting, the time and host of a syslog or
 * journal, a facility, the uptime, the caller. Whatever is not known is left alone.
 */
final class Prefix {
  /** How far into a line the words of the kernel may begin. */
  static final int FAR = 200;

  /** No time or caller in brackets is wider. */
  private static final int WIDEST = 49;

  private final String line;
  private int at;
  private boolean stamped;
  private boolean foreign;
  private String caller = "";
  private String time = "";
  private String host = "";
  private double uptime = -1;

  private Prefix(String line) {
    this.line = line;
  }

  /**
   * A line without its prefix.
   *
   * @param text the kernel's words, or all of the line
   * @param stamped whether something before them says that this is the beginning of a line
   * @param foreign whether another program than the kernel says this
   * @param caller the thread or processor that printed it (CONFIG_PRINTK_CALLER), or empty
   * @param time when, as written, or empty
   * @param host the machine that said it, or empty
   * @param uptime seconds since boot, or -1
   */
  record Words(
      String text,
      boolean stamped,
      boolean foreign,
      String caller,
      String time,
      String host,
      double uptime) {}

  static Words strip(String line) {
    return strip(line, true);
  }

  /**
   * Takes the prefix away.
   *
   * @param unknown whether it may be of a form that is not known: not where others are
   */
  static Words strip(String line, boolean unknown) {
    Prefix prefix = new Prefix(Envelope.open(line));
    prefix.host = Envelope.host(line);
    prefix.quoting();
    prefix.take(LogHead::date);
    if (!prefix.foreign) {
      while (prefix.step()) {}
      if (!prefix.stamped) {
        prefix.lookAhead(unknown);
      }
    }
    String text = prefix.line.substring(prefix.at).strip();
    return new Words(
        text,
        prefix.stamped,
        prefix.foreign,
        prefix.caller,
        prefix.time,
        prefix.host,
        prefix.uptime);
  }

  private char peek(int ahead) {
    return at + ahead < line.length() ? line.charAt(at + ahead) : '\0';
  }

  /**
   * Where a character is next, or -1 if that is not before a place. A line may have any number of
   * prefixes, and none must be looked for through all that follow it.
   */
  private int find(char c, int from, int to) {
    int last = Math.min(to, line.length());
    for (int i = from; i < last; i++) {
      if (line.charAt(i) == c) {
        return i;
      }
    }
    return -1;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void blanks() {
    while (at < line.length() && line.charAt(at) <= ' ') {
      at++;
    }
  }

  /** What a program that keeps logs has put here. */
  private void take(Consumer<LogHead> reader) {
    LogHead head = new LogHead(line, at);
    reader.accept(head);
    at = head.at;
    stamped |= head.stamped;
    foreign |= head.foreign;
    time = time.isEmpty() ? head.time : time;
    host = host.isEmpty() ? head.host : host;
  }

  private void quoting() {
    int start = at;
    while (at < line.length() && " \t>|".indexOf(line.charAt(at)) >= 0) {
      at++;
    }
    // The tail of "<IRQ>" and the like is no quoting.
    if (at > start && line.charAt(at - 1) == '|' && at == line.length()) {
      at = start;
    }
  }

  /** One more part of the prefix; false if there is none. */
  private boolean step() {
    blanks();
    char c = peek(0);
    if (c == '<') {
      return level();
    }
    if (c == '[') {
      return bracket();
    }
    if (stamped && (c == '(' || ((c == '.' || c == '-') && peek(1) == '('))) {
      return processor();
    }
    if (isDigit(c)) {
      return kmsg();
    }
    if (c == 'k' && line.startsWith("kern", at)) {
      return facility();
    }
    return stamped && vendor();
  }

  /**
   * {@code I[2: swapper: 0] } of Samsung's kernels, {@code c2 1234 } of Qualcomm's, and {@code c2 }
   * of Unisoc's.
   */
  private boolean vendor() {
    if (peek(0) >= 'A' && peek(0) <= 'Z' && peek(1) == '[') {
      at++;
      if (bracket()) {
        return true;
      }
      at--;
      return false;
    }
    if (peek(0) != 'c' || !isDigit(peek(1))) {
      return false;
    }
    int i = 2;
    while (isDigit(peek(i))) {
      i++;
    }
    int digits = i;
    while (peek(digits) == ' ') {
      digits++;
    }
    int end = digits;
    while (isDigit(peek(end))) {
      end++;
    }
    if (digits > i && i <= 3 && !isDigit(peek(digits))) {
      boolean isName = line.startsWith("invoked", at + digits);
      at += isName ? 0 : digits;
      return !isName;
    }
    if (digits == i || end == digits || peek(end) != ' ') {
      return false;
    }
    caller = "T" + line.substring(at + digits, at + end);
    at += end;
    return true;
  }

  /** {@code <4>}. */
  private boolean level() {
    int i = 1;
    while (isDigit(peek(i))) {
      i++;
    }
    if (i == 1 || peek(i) != '>') {
      return false;
    }
    at += i + 1;
    stamped = true;
    if (peek(0) == '1' && peek(1) == ' ' && isDigit(peek(2)) && peek(6) == '-') {
      take(LogHead::rfc5424);
    }
    return true;
  }

  /**
   * {@code (0)[58:kswapd0]}, of MediaTek's kernels, with a sign before it that says whether
   * interrupts were off.
   */
  private boolean processor() {
    int open = at + (peek(0) == '(' ? 0 : 1);
    int digits = digitsEnd(line, open + 1);
    if (digits == open + 1 || digits > open + 3 || !line.startsWith(")[", digits)) {
      return false;
    }
    int close = find(']', at, at + WIDEST);
    int colon = find(':', at, close);
    if (colon < 0) {
      return false;
    }
    caller = line.substring(digits + 2, colon);
    at = close + 1;
    return true;
  }

  /** {@code 6,1234,5678,-;} and {@code 6,1234,5678,-,caller=T12;}. */
  private boolean kmsg() {
    int semicolon = find(';', at, at + 80);
    if (semicolon < 0) {
      return false;
    }
    int commas = 0;
    for (int i = at; i < semicolon && commas < 3; i++) {
      char c = line.charAt(i);
      if (c == ',') {
        commas++;
      } else if (!isDigit(c)) {
        return false;
      }
    }
    if (commas < 3) {
      return false;
    }
    String who = Text.between(line.substring(at, semicolon), "caller=");
    caller = who.isEmpty() ? caller : who;
    at = semicolon + 1;
    stamped = true;
    return true;
  }

  /** {@code kern :warn : }, of dmesg -x. */
  private boolean facility() {
    int first = find(':', at, at + 20);
    int second = first < 0 ? -1 : find(':', first + 1, at + 20);
    if (second < 0) {
      return false;
    }
    at = second + 1;
    stamped = true;
    return true;
  }

  /** An uptime, a date or a caller in brackets; but not a row of the task table. */
  private boolean bracket() {
    int close = find(']', at, at + WIDEST);
    if (close < 0) {
      return false;
    }
    int end = close + 1;
    if (isUptime(at) || isDate(at + 1, close)) {
      time = time.isEmpty() ? line.substring(at + 1, close).strip() : time;
      uptime = uptime < 0 && isUptime(at) ? seconds(at + 1, close) : uptime;
      end += line.startsWith(": ", end) ? 1 : 0; // Talos.
    } else if (!isCaller(at + 1, close) && !isLabel(at + 1, close)) {
      return false;
    }
    at = end;
    stamped = true;
    return true;
  }

  /** The number with a fraction that is here, or -1. */
  private double seconds(int from, int to) {
    int start = from;
    while (start < to && line.charAt(start) == ' ') {
      start++;
    }
    int point = digitsEnd(line, start);
    int end = point < to && line.charAt(point) == '.' ? digitsEnd(line, point + 1) : point;
    boolean plain = point > start && point - start < 16 && end > point && end - point < 12;
    return plain ? Double.parseDouble(line.substring(start, end)) : -1;
  }

  private boolean isDate(int from, int to) {
    if (line.charAt(from) == '<' && line.charAt(from + 1) != ' ') {
      return false;
    }
    for (int i = from; i + 4 < to; i++) {
      if (isDigit(line.charAt(i))
          && isDigit(line.charAt(i + 1))
          && line.charAt(i + 2) == ':'
          && isDigit(line.charAt(i + 3))
          && isDigit(line.charAt(i + 4))) {
        return true;
      }
    }
    return false;
  }

  /** {@code T123}, {@code C1}, {@code T12@C3}, or Samsung's {@code 1: swapper/0: 1}. */
  private boolean isCaller(int from, int to) {
    int i = from;
    while (i < to && line.charAt(i) == ' ') {
      i++;
    }
    if (i >= to) {
      return false;
    }
    char c = line.charAt(i);
    boolean thread = (c == 'T' || c == 'C') && i + 1 < to && isDigit(line.charAt(i + 1));
    int colon = find(':', from, to);
    boolean samsung =
        stamped
            && isDigit(c)
            && colon > 0
            && line.lastIndexOf(':', to) > colon
            && isDigit(line.charAt(to - 1));
    if (!thread && !samsung) {
      return false;
    }
    caller =
        thread
            ? line.substring(i, to)
            : "T" + line.substring(line.lastIndexOf(':', to) + 1, to).strip();
    return true;
  }

  /** {@code [name:oom_kill&]} of MediaTek's kernels, {@code [pid:12,cpu1,agent]} of HiSilicon's. */
  private boolean isLabel(int from, int to) {
    if (stamped && line.startsWith("pid:", from)) {
      int end = digitsEnd(line, from + "pid:".length());
      caller = "T" + line.substring(from + "pid:".length(), Math.min(end, to));
      return true;
    }
    return stamped && line.startsWith("name:", from);
  }

  /** Whether {@code [ 123.456789]} or {@code [ +0.000003]} begins here. */
  private boolean isUptime(int from) {
    return uptimeEnd(line, from) > 0;
  }

  /**
   * The place behind an uptime in brackets that begins here, or -1. Some vendors add a processor,
   * as in {@code [2-3219.1870]} and {@code [ 3219.187012@2]}, or a unit, as in {@code [3219.18s]}.
   */
  static int uptimeEnd(String line, int from) {
    int i = from + 1;
    while (i < line.length()
        && (line.charAt(i) == ' ' || line.charAt(i) == '+' || line.charAt(i) == '<')) {
      i++;
    }
    int digits = i;
    i = digitsEnd(line, i);
    if (i > digits && i < line.length() && line.charAt(i) == '-') {
      digits = i + 1;
      i = digitsEnd(line, digits);
    }
    if (i == digits || i >= line.length() || line.charAt(i) != '.') {
      return -1;
    }
    digits = ++i;
    i = digitsEnd(line, i);
    if (line.startsWith("@", i)) {
      i = digitsEnd(line, i + 1);
    } else if (line.startsWith("s]", i)) {
      i++;
    }
    if (line.startsWith(" <", i)) {
      // How long after the line before, of dmesg -d.
      int since = line.substring(i, Math.min(i + 20, line.length())).indexOf('>');
      i += Math.max(since, 0);
    }
    if (i < line.length() && line.charAt(i) == '>') {
      i++;
    }
    boolean closed = i - digits >= 2 && i < line.length() && line.charAt(i) == ']';
    return closed ? i + 1 : -1;
  }

  private static int digitsEnd(String line, int from) {
    int i = from;
    while (i < line.length() && isDigit(line.charAt(i))) {
      i++;
    }
    return i;
  }

  /** Where an uptime begins that is not far from here, or -1. */
  static int uptimeAhead(String line, int from) {
    int bracket = line.indexOf('[', from);
    while (bracket >= 0 && bracket < from + FAR) {
      if (uptimeEnd(line, bracket) > 0) {
        return bracket;
      }
      bracket = line.indexOf('[', bracket + 1);
    }
    return -1;
  }

  /** Something unknown, and behind it an uptime or words of the kernel after all. */
  private void lookAhead(boolean unknown) {
    int uptime = uptimeAhead(line, at);
    if (uptime >= 0) {
      at = uptime;
      while (step()) {}
    } else if (unknown && !Marker.isAt(line, at)) {
      int words = Marker.within(line, at, Math.min(line.length(), at + FAR));
      at = Math.max(at, words);
    }
  }
}
