package org.oomlab.intake;

/**
 * What programs that keep logs put before a line of the kernel: a date, a host and the name of the
 * program that speaks, as syslog, journald, dmesg, logcat and containers write them.
 */
final class LogHead {
  private final String line;

  /** Where what follows begins. */
  int at;

  /** Whether there was something, so that a line begins here. */
  boolean stamped;

  /** Whether another program than the kernel says this. */
  boolean foreign;

  /** When, as written, or empty. */
  String time = "";

  /** Which machine says this, or empty. */
  String host = "";

  /** Whether it is of logcat, which has processes and a level where others have the host. */
  private boolean logcat;

  LogHead(String line, int at) {
    this.line = line;
    this.at = at;
  }

  /** A date, a host and a program, as syslog, journald, dmesg and logcat write them. */
  void date() {
    int kernel = line.indexOf("kernel:", at);
    if (kernel >= 0 && kernel < at + Prefix.FAR && isProgramName(kernel)) {
      int clock = clock();
      note(at, clock < 0 || clock > kernel ? kernel : clock);
      host(Math.max(at, Math.min(clock, kernel)), kernel);
      at = kernel + "kernel:".length();
      blanks();
      at += line.startsWith("kernel: ", at) ? "kernel: ".length() : 0; // Of two daemons in a row.
      at += line.startsWith(": ", at) ? 2 : 0; // Of one that looks for a name.
      stamped = true;
      return;
    }
    int clock = clock();
    if (clock < 0) {
      return;
    }
    note(at, clock);
    at = clock;
    stamped = true;
    blanks();
    if (line.startsWith("stdout ", at) || line.startsWith("stderr ", at)) {
      at += "stdout F ".length(); // A container's log, as CRI writes it.
      at = Math.min(at, line.length());
      return;
    }
    int uptime = Prefix.uptimeAhead(line, at);
    if (uptime >= 0) {
      host(at, uptime);
      at = uptime;
      return;
    }
    program();
  }

  /** The program that speaks, if it is one: "host systemd[1]: ..." or "I lowmemorykiller: ...". */
  private void program() {
    int colon = line.indexOf(": ", at);
    if (colon < 0 || colon > at + Prefix.FAR || line.lastIndexOf("invoked", colon) > at) {
      return;
    }
    String head = line.substring(at, colon).strip();
    String name = head.substring(head.lastIndexOf(' ') + 1);
    boolean ofKernel = name.isEmpty() || name.startsWith("kernel") || name.startsWith("kern");
    boolean hasPid = hasNumber(name);
    if (head.indexOf(' ') > 0 && (ofKernel || hasPid || Marker.isUserSpaceKiller(name))) {
      host(at, at + head.lastIndexOf(' '));
    }
    boolean hasHost = head.indexOf(' ') > 0 && head.indexOf(' ') == head.lastIndexOf(' ');
    if (ofKernel) {
      at = colon + 2;
    } else if (hasPid || (hasHost && !Marker.isAt(line, at))) {
      foreign = !Marker.isUserSpaceKiller(name);
    }
  }

  /** {@code systemd[1]}. */
  private static boolean hasNumber(String name) {
    int open = name.indexOf('[');
    return open > 0 && name.endsWith("]") && Text.leading(name, open + 1) >= 0;
  }

  private boolean isProgramName(int kernel) {
    return kernel == at || line.charAt(kernel - 1) == ' ' || line.charAt(kernel - 1) == '/';
  }

  /** The end of a date and time at the beginning of the line, or -1. */
  private int clock() {
    char c = peek(0);
    int i = at;
    if (Character.isLetter(c)) {
      // "Dec 12 16:07:34", "mars 01 10:00:00" and "Fri Sep 25 15:29:47 2020".
      int colon = line.indexOf(':', at);
      if (colon < 0 || colon > at + 16 || !Prefix.isDigit(line.charAt(colon - 1))) {
        return -1;
      }
      i = colon - 2;
    } else if (Prefix.isDigit(c)) {
      // "2024-03-11T10:16:36.123+00:00", "2024-03-11 10:16:36" and "09-07 01:54:50.195".
      int colon = line.indexOf(':', at);
      logcat = peek(2) == '-';
      boolean dashed = logcat || peek(4) == '-' || peek(4) == '/';
      if (!dashed || colon < 0 || colon > at + 14) {
        return -1;
      }
      i = colon - 2;
    } else {
      return -1;
    }
    boolean time =
        i >= at
            && i + 7 < line.length()
            && line.charAt(i + 5) == ':'
            && Prefix.isDigit(line.charAt(i + 3))
            && Prefix.isDigit(line.charAt(i + 6));
    if (!time) {
      return -1;
    }
    i += 8;
    while (i < line.length() && line.charAt(i) > ' ') {
      i++;
    }
    return i;
  }

  /**
   * What follows the level in RFC 5424: version, time, host, program, process, message, and data
   * that is either "-" or in brackets.
   */
  void rfc5424() {
    int start = at;
    at += 2;
    int clock = clock();
    int words = 0;
    int app = -1;
    int i = clock < 0 ? line.length() : clock;
    while (words < 4 && i < line.length()) {
      i++;
      app = words == 1 ? i : app;
      int blank = line.indexOf(' ', i);
      i = blank < 0 ? line.length() : blank;
      words++;
    }
    if (i >= line.length()) {
      at = start;
      return;
    }
    stamped = true;
    note(at, clock);
    host(clock, app);
    foreign = !line.startsWith("kern", app);
    i++;
    while (i < line.length() && line.charAt(i) == '[') {
      int close = line.indexOf(']', i);
      i = close < 0 ? line.length() : close + 1;
    }
    i += i < line.length() && line.charAt(i) == '-' ? 1 : 0;
    at = Math.min(i, line.length());
    blanks();
    at += peek(0) == '\ufeff' ? 1 : 0;
  }

  /**
   * The first word here that may be a host's name: no year, time zone, facility or program.
   *
   * @param to where what is certainly no host begins
   */
  private void host(int from, int to) {
    if (logcat) {
      return;
    }
    int i = from;
    for (int words = 0; i < to && words < 8; words++) {
      while (i < to && line.charAt(i) <= ' ') {
        i++;
      }
      int start = i;
      while (i < to && line.charAt(i) > ' ') {
        i++;
      }
      if (line.substring(start, i).indexOf(':') > 0) {
        host = ""; // A time, so what came before was of a date.
      } else if (host.isEmpty() && isHost(start, i) && !(isZone(start, i) && hasMore(i, to))) {
        host = line.substring(start, i);
      }
    }
  }

  private boolean hasMore(int from, int to) {
    int i = from;
    while (i < to && line.charAt(i) <= ' ') {
      i++;
    }
    return i < to;
  }

  /** Letters of the host names of RFC 1123, and those that people use beside. */
  private boolean isHost(int from, int to) {
    boolean hasLetter = false;
    int dots = 0;
    for (int i = from; i < to; i++) {
      char c = line.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      hasLetter |= letter;
      dots += c == '.' ? 1 : 0;
      if (!letter && !Prefix.isDigit(c) && "-._".indexOf(c) < 0) {
        return false;
      }
    }
    return (hasLetter || dots == 3) && to - from <= 253 && !line.startsWith("kern", from);
  }

  /** {@code CET}. */
  private boolean isZone(int from, int to) {
    for (int i = from; i < to; i++) {
      if (line.charAt(i) < 'A' || line.charAt(i) > 'Z') {
        return false;
      }
    }
    return to - from <= 5;
  }

  private char peek(int ahead) {
    return at + ahead < line.length() ? line.charAt(at + ahead) : '\0';
  }

  private void blanks() {
    while (at < line.length() && line.charAt(at) <= ' ') {
      at++;
    }
  }

  private void note(int from, int to) {
    if (time.isEmpty() && to > from) {
      int last = Math.min(to, from + 40);
      time = line.substring(from, last).strip();
    }
  }
}
