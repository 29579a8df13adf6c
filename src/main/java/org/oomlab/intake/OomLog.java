package org.oomlab.intake;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oomlab.intake.OomReport.Kill;
import org.oomlab.intake.Unwrapper.Line;

/**
 * A kernel log, of any length, and the out-of-memory events in it.
 *
 * <p>The kernel writes one report at a time, under oom_lock; what other threads print meanwhile is
 * told apart where the log has the caller of each line (CONFIG_PRINTK_CALLER). A report begins with
 * the line "invoked oom-killer", or, where that is lost, with the first line that only a report
 * has. It ends where the next one begins.
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

  /** In how many more lines a broken line may go on. */
  private static final long WRAPPED = 4;

  /** Victims that may still be in the tables of later reports. */
  private static final int REMEMBERED = 1000;

  private final Consumer<OomReport> events;
  private final Consumer<OomReport> remains;
  private @Nullable ReportParser open;
  private @Nullable OomReport held;
  private boolean seenHeader;

  /** The latest victims by pid, as many as a machine is likely to remember. */
  private final Map<Long, Kill> killed =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Kill> eldest) {
          return size() > REMEMBERED;
        }
      };

  private long count;
  private long lostReports;
  private long userSpaceKills;

  /**
   * What was in a log.
   *
   * @param lines how many lines
   * @param bytes how many bytes, after decompression
   * @param events how many out-of-memory events
   * @param killsWithoutReport kill lines whose report is not in the log
   * @param userSpaceKills kills by Android's low memory killer, systemd-oomd or earlyoom, which are
   *     no OOM kills of the kernel
   * @param oddities what was wrong with its bytes, or null
   */
  public record Summary(
      long lines,
      long bytes,
      long events,
      long killsWithoutReport,
      long userSpaceKills,
      @Nullable String oddities) {}

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
    long promise = -1;
    while (lines.advance()) {
      // Far from a report, only a line that may begin one is looked at, and what mends it.
      if (lines.isPromising()) {
        promise = lines.number();
      }
      boolean near = promise >= 0 && lines.number() - promise <= WRAPPED;
      if (near || log.isInReport(lines.number())) {
        String text = lines.text();
        // Lines that end in nothing but a carriage return are one, for whoever splits at line
        // feeds.
        for (String line : text.indexOf('\r') < 0 ? new String[] {text} : text.split("\r+")) {
          unwrapper.accept(lines.number(), line);
        }
      } else {
        unwrapper.flush();
      }
    }
    unwrapper.flush();
    log.close();
    log.release(false);
    return new Summary(
        lines.number(),
        lines.bytes(),
        log.count,
        log.lostReports,
        log.userSpaceKills,
        lines.complaint());
  }

  /** Whether a report is open of which more must come, or may. */
  private boolean isInReport(long number) {
    ReportParser current = open;
    return current != null && !current.isStale(number, current.isDecided() ? TAIL : SILENCE);
  }

  private void accept(Line line) {
    String text = line.text();
    if (Marker.isUserSpaceKill(text)) {
      userSpaceKills++;
      return;
    }
    ReportParser current = open;
    if (text.contains(Marker.INVOKED) || text.startsWith(Marker.OLD_HEADER)) {
      begin(line);
    } else if (current == null || isOfAnother(current, line, text)) {
      if (!Marker.opens(text)) {
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
    if (current.isStale(line.number(), SILENCE)) {
      return true;
    }
    if (text.startsWith("oom-kill:")) {
      return current.hasChoice() || (current.hasKill() && !current.hasHeader());
    }
    if (!current.isDecided()) {
      return false;
    }
    if (Marker.kill(text) >= 0) {
      // A kill line that is all there is of its report, after another such.
      return !current.hasHeader()
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
    close();
    open = new ReportParser(line);
  }

  private void close() {
    ReportParser closed = open;
    open = null;
    if (closed == null) {
      return;
    }
    OomReport report = closed.report(killed);
    report.kills().forEach(kill -> killed.put(kill.pid(), kill));
    boolean bare = report.isBare();
    if (bare && report.kills().isEmpty() && report.choice() == null && !report.nobody()) {
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
