package org.oomlab.intake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.intake.OomReport.Kill;
import org.oomlab.intake.Unwrapper.Line;

/**
 * What one machine's kernel says in a log, report by report.
 *
 * <p>The kernel writes one report at a time, under oom_lock; what other threads print meanwhile, be
 * it another report of a kernel that prints it later, is told apart where the log has the caller of
 * each line (CONFIG_PRINTK_CALLER). A report begins with the line "invoked oom-killer", or, where
 * that is lost, with the first line that only a report has. It ends where the next one begins.
 */
final class HostLog {
  /** A report that has said nothing for so many lines is over. */
  private static final long SILENCE = 20_000;

  /** After the kill, lines without a word about memory do not belong to it for longer. */
  private static final long TAIL = 60;

  private static final int KILL = "Killed process ".length();

  /** Of so many threads reports are kept apart. */
  private static final int THREADS = 16;

  /** Victims that may still be in the tables of later reports. */
  private static final int REMEMBERED = 1000;

  /** Reports that wait for the log to say which kernel this is. */
  private static final int WAITING = 16;

  private final String host;
  private final OomLog log;
  private @Nullable ReportParser open;

  /** Reports of other threads that began before and are not at their end, by the caller. */
  private final Map<String, ReportParser> aside = new LinkedHashMap<>();

  private @Nullable OomReport held;
  private boolean seenHeader;

  /** The latest victims by pid, as many as a machine is likely to remember. */
  private final Map<Long, Kill> killed = bounded();

  private final LateVictims victims = new LateVictims();
  private final Deque<OomReport> waiting = new ArrayDeque<>();
  private String release = "";
  private long boot;
  private double latest = -1;

  HostLog(String host, OomLog log) {
    this.host = host;
    this.log = log;
  }

  /** A map of the latest of something. */
  static <K, V> Map<K, V> bounded() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  /** Whether nothing has been found so far, and nothing begun. */
  boolean isEmpty() {
    return open == null && held == null && waiting.isEmpty();
  }

  /** Whether a report is open of which more must come, or may. */
  boolean isInReport(long number) {
    ReportParser current = open;
    return current != null && !current.isStale(number, patience(current));
  }

  private static long patience(ReportParser current) {
    return current.isDecided() || current.isOnlyMemory() ? TAIL : SILENCE;
  }

  void accept(Line line) {
    String text = line.text();
    identify(text);
    ReportParser current = open;
    ReportParser before = aside.get(line.caller());
    boolean header = Marker.isHeader(text);
    if (before != null && !header) {
      before.accept(line);
      return;
    }
    if (header) {
      if (current != null && current.hasNothingBut(text) && !current.isOther(line)) {
        return; // The same line once more, as where a console and a daemon write into one file.
      }
      begin(line);
    } else if (current == null || isOfAnother(current, line, text)) {
      boolean inMiddle =
          line.number() <= OomLog.LEAD && (Marker.isMemory(text) || Marker.isRow(text));
      if (!Marker.opens(text) && !inMiddle) {
        return;
      }
      begin(line);
    } else if (current.isOther(line) && !concernsAll(text)) {
      return;
    }
    ReportParser now = open;
    if (now != null) {
      now.accept(line);
    }
  }

  /** Looks for the kernel's version wherever it is: the banner of a boot, uname, other traces. */
  private void identify(String text) {
    boolean banner = text.startsWith(KernelVersion.BANNER);
    String found = banner ? KernelVersion.release(text) : "";
    if (banner && !found.isEmpty()) {
      close();
      if (!release.isEmpty() || latest >= 0) {
        settle(); // What came before is of another boot.
        reboot();
      }
    }
    found = found.isEmpty() ? KernelVersion.release(text) : found;
    if (!found.isEmpty()) {
      release = found;
      settle();
    }
  }

  private void reboot() {
    boot++;
    latest = -1;
    killed.clear();
    victims.forget();
  }

  /** What the reaper and the panicking thread print, whoever had asked for memory. */
  private static boolean concernsAll(String text) {
    return text.startsWith(Marker.REAPER) || text.startsWith(Marker.PANIC);
  }

  /** Whether a line begins a report whose header is lost. */
  private static boolean isOfAnother(ReportParser current, Line line, String text) {
    if (current.isStale(line.number(), current.isOnlyMemory() ? TAIL : SILENCE)) {
      return true;
    }
    if (text.startsWith("oom-kill:")) {
      return current.hasChoice()
          ? !current.hasChosen(text)
          : current.hasKill() && !current.hasHeader();
    }
    if (Marker.isChoice(text) && current.isOnlyChoice()) {
      return true;
    }
    if (!current.isDecided()) {
      return false;
    }
    if (Marker.kill(text) >= 0) {
      // A kill line that is all there is of its report, after another such.
      return !current.hasKilled(Text.leading(text, Marker.kill(text) + KILL))
          && !current.hasHeader()
          && !current.hasTasks()
          && !current.hasChoice()
          && !current.isGroup()
          && !current.hasMemcgUsage();
    }
    return Marker.isTableHead(text)
        || text.startsWith(Marker.MEMCG_USAGE)
        || text.startsWith(Marker.TASK_IN)
        || (Marker.isChoice(text) && !current.hasHeader());
  }

  private void begin(Line line) {
    ReportParser current = open;
    boolean between =
        current != null
            && current.isOther(line)
            && !current.isDecided()
            && !current.isStale(line.number(), TAIL);
    if (between && aside.size() < THREADS && !aside.containsKey(line.caller())) {
      aside.put(current.caller(), current);
    } else {
      close();
    }
    open = new ReportParser(line);
  }

  /** The log ends: closes all that is open, in the order in which it began. */
  void end() {
    close();
    release(false);
    settle();
  }

  private void close() {
    List<ReportParser> all = new ArrayList<>(aside.values());
    aside.clear();
    if (open != null) {
      all.add(open);
    }
    open = null;
    all.forEach(this::close);
  }

  private void close(ReportParser closed) {
    if (closed.isBackwards()) {
      log.tellBackwards();
    }
    if (closed.isOnlyMemory() || closed.isMention()) {
      return; // Of a failed allocation, or of SysRq-m; or of whoever writes about it.
    }
    if (closed.isIdentified() && isCopy(closed)) {
      log.tellRepeated();
      return;
    }
    if (closed.seconds() >= 0 && closed.seconds() < latest) {
      reboot();
    }
    latest = closed.seconds() >= 0 ? closed.seconds() : latest;
    OomReport report = closed.report(killed, host, boot, release);
    report = report.after(victims.before(report));
    victims.remember(report);
    report.kills().forEach(kill -> killed.put(kill.pid(), kill));
    boolean bare = report.isBare();
    boolean came = report.nobody() || report.panic().contains("memory");
    if (bare && report.kills().isEmpty() && report.choice() == null && !came) {
      log.choose(report); // "Kill process" without "Killed": if it came to it, it is not said.
      return;
    }
    release(!bare);
    seenHeader |= !bare;
    if (bare && !seenHeader) {
      held = report;
    } else if (bare && report.choice() == null) {
      log.lose(report);
    } else {
      emit(report);
    }
  }

  /**
   * Whether the log has the same facts before in another form: what dmesg printed, and then what
   * syslog wrote. In the same form, it happened twice.
   */
  private boolean isCopy(ReportParser closed) {
    Boolean dated = log.fingerprints.putIfAbsent(closed.fingerprint(), closed.isDated());
    return dated != null && dated != closed.isDated();
  }

  /** Decides about the kill line that waits: whether it was part of a report that is not there. */
  private void release(boolean reportFollows) {
    OomReport alone = held;
    held = null;
    if (alone == null) {
      return;
    }
    if (reportFollows) {
      log.lose(alone);
    } else {
      emit(alone);
    }
  }

  /** Hands on a report, unless which kernel made it may still be said. */
  private void emit(OomReport report) {
    if (!report.kernel().isEmpty()) {
      release = report.kernel();
      settle();
      log.emit(report);
      return;
    }
    waiting.add(report);
    if (waiting.size() > WAITING) {
      log.emit(waiting.remove());
    }
  }

  /** Hands on what waits, with the version if it is known by now. */
  private void settle() {
    while (!waiting.isEmpty()) {
      OomReport first = waiting.remove();
      log.emit(release.isEmpty() ? first : first.ofKernel(release));
    }
  }
}
