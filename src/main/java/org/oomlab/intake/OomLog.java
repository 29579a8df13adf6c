package org.oomlab.intake;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oomlab.intake.Unwrapper.Line;

/**
 * A kernel log, of any length and of any number of machines, and the out-of-memory events in it.
 *
 * <p>A kill line that is alone, before a report whose own header is there, is the end of a report
 * that is not in the log; it is counted, but makes no event. In a log that has nothing else, each
 * kill is an event.
 */
public final class OomLog {
  /** In how many more lines a broken line may go on. */
  private static final long WRAPPED = 4;

  /** A log may begin in the middle of a report: so many of its first lines are all looked at. */
  static final long LEAD = 200;

  /** So many machines are kept apart; of more, those that have spoken last. */
  private static final int MACHINES = 256;

  private static final String NO_TEXT =
      "what it begins with is no text; a kernel log is needed, or what 'strings' prints of this";

  private final Listener listener;

  /** What each machine says, by its name, the one that has spoken last at the end. */
  private final Map<String, HostLog> hosts = new LinkedHashMap<>(16, 0.75f, true);

  private HostLog speaking = new HostLog("", this);

  /** What tells the latest events from others, and whether they had a date. */
  final Map<Integer, Boolean> fingerprints = HostLog.bounded();

  private long count;
  private long lostReports;
  private long choices;
  private long userSpaceKills;
  private long repeated;
  private boolean backwards;

  /** Who is told what is in a log, in order. */
  public interface Listener {
    /** An out-of-memory event. */
    void event(OomReport report);

    /** What is left of a report that is otherwise not in the log: kill lines. */
    default void remains(OomReport report) {}

    /** A process that was chosen; whether it was killed is not in the log. */
    default void choice(OomReport report) {}

    /** Something beside the reports. */
    default void sighting(Sighting sighting) {}
  }

  /**
   * What was in a log.
   *
   * @param lines how many lines
   * @param bytes how many bytes, after decompression
   * @param events how many out-of-memory events
   * @param killsWithoutReport kill lines whose report is not in the log
   * @param choices how often it is only said who was chosen
   * @param userSpaceKills kills by Android's low memory killer, systemd-oomd, earlyoom or the like,
   *     which are no OOM kills of the kernel
   * @param repeated how many events the log has once more, in another form, which do not count
   * @param hosts how many machines say in it who they are
   * @param backwards whether the latest line comes first, so that reports are in pieces
   * @param oddities what was wrong with its bytes, or null
   */
  public record Summary(
      long lines,
      long bytes,
      long events,
      long killsWithoutReport,
      long choices,
      long userSpaceKills,
      long repeated,
      int hosts,
      boolean backwards,
      @Nullable String oddities) {}

  private OomLog(Listener listener) {
    this.listener = listener;
    hosts.put("", speaking);
  }

  /**
   * Reads a log to its end.
   *
   * @param in the log; plain, or compressed by gzip or xz
   * @param listener is told what is in it
   * @throws IOException if the log cannot be read or is of a kind that is not known
   */
  public static Summary read(InputStream in, Listener listener) throws IOException {
    OomLog log = new OomLog(listener);
    LineSource lines = new LineSource(in);
    Unwrapper unwrapper = new Unwrapper(log::accept, log::sight);
    Unfolder unfolder = new Unfolder((line, number) -> unwrapper.accept(number, line));
    PstoreParts parts = new PstoreParts(unfolder::accept);
    long promised = LEAD;
    while (lines.advance()) {
      if (lines.isNoText() && log.isEmpty()) {
        throw new IOException(NO_TEXT);
      }
      // Far from a report, only a line that may begin one is looked at, and what mends it.
      if (lines.isPromising()) {
        promised = Math.max(promised, lines.number() + WRAPPED);
      }
      if (lines.number() <= promised || parts.isInParts() || log.isInReport(lines.number())) {
        parts.accept(lines.number(), lines.text());
      } else {
        unfolder.flush();
        unwrapper.flush();
      }
    }
    parts.flush();
    unfolder.flush();
    unwrapper.flush();
    log.hosts.values().forEach(HostLog::end);
    return log.summary(lines);
  }

  /**
   * Reads a log to its end, for its reports alone.
   *
   * @param events takes each event, in order
   * @param remains takes what is left of a report that is otherwise not in the log: the line that
   *     says who was killed, or who was chosen
   * @throws IOException if the log cannot be read or is of a kind that is not known
   */
  public static Summary read(
      InputStream in, Consumer<OomReport> events, Consumer<OomReport> remains) throws IOException {
    return read(
        in,
        new Listener() {
          @Override
          public void event(OomReport report) {
            events.accept(report);
          }

          @Override
          public void remains(OomReport report) {
            remains.accept(report);
          }

          @Override
          public void choice(OomReport report) {
            remains.accept(report);
          }
        });
  }

  private Summary summary(LineSource lines) {
    return new Summary(
        lines.number(),
        lines.bytes(),
        count,
        lostReports,
        choices,
        userSpaceKills,
        repeated,
        hosts.containsKey("") ? hosts.size() - 1 : hosts.size(),
        backwards,
        lines.complaint());
  }

  private boolean isEmpty() {
    return count == 0 && lostReports == 0 && hosts.values().stream().allMatch(HostLog::isEmpty);
  }

  /**
   * Of a few machines, whether one of them is in the middle of a report; of many, one always is.
   */
  private boolean isInReport(long number) {
    if (hosts.size() > 8) {
      return true;
    }
    for (HostLog host : hosts.values()) {
      if (host.isInReport(number)) {
        return true;
      }
    }
    return false;
  }

  private void accept(Line line) {
    Sighting.Kind kind = sight(line);
    if (kind != Sighting.Kind.KILL && kind != Sighting.Kind.LOSS) {
      of(line.host()).accept(line);
    }
  }

  /** Tells of a line that is no part of a report, if it is one. */
  private Sighting.@Nullable Kind sight(Line line) {
    Sighting sighting = KillerLine.of(line);
    if (sighting == null) {
      return null;
    }
    userSpaceKills += sighting.kind() == Sighting.Kind.KILL ? 1 : 0;
    listener.sighting(sighting);
    return sighting.kind();
  }

  /** The machine with this name; a line that does not say is of the one that has spoken last. */
  private HostLog of(String host) {
    if (!host.isEmpty()) {
      HostLog known = hosts.get(host);
      speaking = known != null ? known : welcome(host);
    }
    return speaking;
  }

  private HostLog welcome(String host) {
    if (hosts.size() >= MACHINES) {
      Iterator<HostLog> eldest = hosts.values().iterator();
      HostLog leaving = eldest.next();
      eldest.remove();
      leaving.end();
    }
    HostLog made = new HostLog(host, this);
    hosts.put(host, made);
    return made;
  }

  /** The latest line came first. */
  void tellBackwards() {
    backwards = true;
  }

  /** An event is in the log once more. */
  void tellRepeated() {
    repeated++;
  }

  void lose(OomReport report) {
    lostReports += Math.max(1, report.kills().size());
    listener.remains(report);
  }

  void choose(OomReport report) {
    choices++;
    listener.choice(report);
  }

  void emit(OomReport report) {
    count++;
    listener.event(report);
  }
}
