package org.oomlab.intake;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oomlab.intake.OomReport.Kill;
import org.oomlab.intake.Unwrapper.Line;

/**
 * A kernel log, of any length, and the out-of-memory events in it.
 *
 * <p>The kernel writes one report at a time, under oom_lock; what other threads print meanwhile, be
 * it another report (of a kernel that prints it later, or of another machine's), is told apart
 * where the log has the caller of each line (CONFIG_PRINTK_CALLER). A report begins with the line
 * "invoked oom-killer", or, where that is lost, with the first line that only a report has. It ends
 * where the next one begins.
 *
 * <p>A kill line that is alone, before a report whose own header is there, is the end of a report
 * that is not in the log; it is counted, but makes no event. In a log that has nothing else, each
 * kill is an event.
 */
public final class OomLog {
  /** A report that has said nothing for so many lines is over. */
  private static final long SILENCE = 20_000;

  /** After the kill, lines without a word about memory do not belong to it for longer. */
  private static final long TAIL = 60;

  private static final int KILL = "Killed process ".length();

  /** Of so many threads reports are kept apart. */
  private static final int THREADS = 16;

  /** In how many more lines a broken line may go on. */
  private static final long WRAPPED = 4;

  /** A log may begin in the middle of a report: so many of its first lines are all looked at. */
  private static final long LEAD = 200;

  private static final String NO_TEXT =
      "what it begins with is no text; a kernel log is needed, or what 'strings' prints of this";

  /** Victims that may still be in the tables of later reports. */
  private static final int REMEMBERED = 1000;

  private final Consumer<OomReport> events;
  private final Consumer<OomReport> remains;
  private @Nullable ReportParser open;

  /** Reports of other threads that began before and are not at their end, by the caller. */
  private final Map<String, ReportParser> aside = new LinkedHashMap<>();

  private @Nullable OomReport held;
  private boolean seenHeader;

  /** The latest victims by pid, as many as a machine is likely to remember. */
  private final Map<Long, Kill> killed = bounded();

  private long count;
  private long lostReports;
  private long userSpaceKills;
  private long repeated;
  private boolean backwards;

  /** What tells the latest events from others, and whether they had a date. */
  private final Map<Integer, Boolean> fingerprints = bounded();

  /**
   * What was in a log.
   *
   * @param lines how many lines
   * @param bytes how many bytes, after decompression
   * @param events how many out-of-memory events
   * @param killsWithoutReport kill lines whose report is not in the log
   * @param userSpaceKills kills by Android's low memory killer, systemd-oomd or earlyoom, which are
   *     no OOM kills of the kernel
   * @param repeated how many events the log has once more, in another form, which do not count
   * @param backwards whether the latest line comes first, so that reports are in pieces
   * @param oddities what was wrong with its bytes, or null
   */
  public record Summary(
      long lines,
      long bytes,
      long events,
      long killsWithoutReport,
      long userSpaceKills,
      long repeated,
      boolean backwards,
      @Nullable String oddities) {}

  private static <K, V> Map<K, V> bounded() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  private OomLog(Consumer<OomReport> events, Consumer<OomReport> remains) {
    this.events = events;
    this.remains = remains;
  }

  /**
   * Reads a log to its end.
   *
   * @param in the log; plain, or compressed by gzip or xz
   * @param events takes each event, in order
   * @param remains takes what is left of a report that is otherwise not in the log: kill lines
   * @throws IOException if the log cannot be read or is of a kind that is not known
   */
  public static Summary read(
      InputStream in, Consumer<OomReport> events, Consumer<OomReport> remains) throws IOException {
    OomLog log = new OomLog(events, remains);
    LineSource lines = new LineSource(in);
    Unwrapper unwrapper = new Unwrapper(log::accept);
    Unfolder unfolder = new Unfolder((line, number) -> unwrapper.accept(number, line));
    long promised = LEAD;
    while (lines.advance()) {
      if (lines.isNoText() && log.isEmpty()) {
        throw new IOException(NO_TEXT);
      }
      // Far from a report, only a line that may begin one is looked at, and what mends it.
      if (lines.isPromising()) {
        promised = Math.max(promised, lines.number() + WRAPPED);
      }
      if (lines.number() <= promised || log.isInReport(lines.number())) {
        unfolder.accept(lines.number(), lines.text());
      } else {
        unfolder.flush();
        unwrapper.flush();
      }
    }
    unfolder.flush();
    unwrapper.flush();
    log.close();
    log.release(false);
    return new Summary(
        lines.number(),
        lines.bytes(),
        log.count,
        log.lostReports,
        log.userSpaceKills,
        log.repeated,
        log.backwards,
        lines.complaint());
  }

  /** Whether nothing has been found so far, and nothing begun. */
  private boolean isEmpty() {
    return open == null && held == null && count == 0 && lostReports == 0;
  }

  /** Whether a report is open of which more must come, or may. */
  private boolean isInReport(long number) {
    ReportParser current = open;
    return current != null && !current.isStale(number, patience(current));
  }

  private static long patience(ReportParser current) {
    return current.isDecided() || current.isOnlyMemory() ? TAIL : SILENCE;
  }

  private void accept(Line line) {
    String text = line.text();
    if (Marker.isUserSpaceKill(text)) {
      userSpaceKills++;
      return;
    }
    ReportParser current = open;
    ReportParser before = aside.get(line.caller());
    boolean header = text.contains(Marker.INVOKED) || text.startsWith(Marker.OLD_HEADER);
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
      boolean inMiddle = line.number() <= LEAD && (Marker.isMemory(text) || Marker.isRow(text));
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

  /** Closes all that is open, in the order in which it began. */
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
    backwards |= closed.isBackwards();
    if (closed.isOnlyMemory() || closed.isMention()) {
      return; // Of a failed allocation, or of SysRq-m; or of whoever writes about it.
    }
    if (closed.isIdentified() && isCopy(closed)) {
      repeated++;
      return;
    }
    OomReport report = closed.report(killed);
    report.kills().forEach(kill -> killed.put(kill.pid(), kill));
    boolean bare = report.isBare();
    boolean came = report.nobody() || report.panic().contains("memory");
    if (bare && report.kills().isEmpty() && report.choice() == null && !came) {
      return; // "Kill process" without "Killed": it never came to it.
    }
    release(!bare);
    seenHeader |= !bare;
    if (bare && !seenHeader) {
      held = report;
    } else if (bare && report.choice() == null) {
      lose(report);
    } else {
      emit(report);
    }
  }

  /**
   * Whether the log has the same facts before in another form: what dmesg printed, and then what
   * syslog wrote. In the same form, it happened twice.
   */
  private boolean isCopy(ReportParser closed) {
    Boolean dated = fingerprints.putIfAbsent(closed.fingerprint(), closed.isDated());
    return dated != null && dated != closed.isDated();
  }

  /** Decides about the kill line that waits: whether it was part of a report that is not there. */
  private void release(boolean reportFollows) {
    OomReport waiting = held;
    held = null;
    if (waiting == null) {
      return;
    }
    if (reportFollows) {
      lose(waiting);
    } else {
      emit(waiting);
    }
  }

  private void lose(OomReport report) {
    lostReports += Math.max(1, report.kills().size());
    remains.accept(report);
  }

  private void emit(OomReport report) {
    count++;
    events.accept(report);
  }
}
