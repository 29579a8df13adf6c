package org.oomlab.diagnosis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.oomlab.intake.OomReport;
import org.oomlab.intake.Sighting;
import org.oomlab.intake.Sighting.Kind;
import org.oomlab.unit.Bytes;

/** What a log says between and within its reports that is no part of them. */
final class Facts {
  /** So many are kept until the report comes that they stand before. */
  private static final int MOST = 1000;

  /** Of one kind so many are told one by one. */
  private static final int EACH = 3;

  private final Deque<Sighting> waiting = new ArrayDeque<>();

  void note(Sighting sighting) {
    waiting.add(sighting);
    if (waiting.size() > MOST) {
      waiting.remove();
    }
  }

  /** Those up to the end of a report that have not been told, in lines for people. */
  List<String> of(OomReport report) {
    List<String> lines = new ArrayList<>(reaping(report));
    List<Sighting> now = new ArrayList<>();
    String host = report.circumstances().host();
    waiting.removeIf(
        each -> {
          boolean here = each.line() <= report.circumstances().lastLine();
          boolean ours = each.host().isEmpty() || host.isEmpty() || each.host().equals(host);
          if (here && ours) {
            now.add(each);
          }
          return here && ours;
        });
    lines.addAll(told(now));
    return lines;
  }

  /** What is left when the log has ended. */
  List<String> rest() {
    List<String> lines = told(List.copyOf(waiting));
    waiting.clear();
    return lines;
  }

  /** What the reaper says of victims. */
  private static List<String> reaping(OomReport report) {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<Long, Long> each : report.circumstances().reaped().entrySet()) {
      String name = name(report, each.getKey());
      lines.add(
          each.getValue() < 0
              ? "the reaper was unable to reap " + name
              : "the reaper reaped "
                  + name
                  + ", "
                  + (each.getValue() == 0
                      ? "all of its anonymous memory"
                      : "and left "
                          + Bytes.human(each.getValue() / 4)
                          + " of its anonymous memory"));
    }
    return lines.size() <= 2 * EACH
        ? lines
        : List.of("the reaper tells of " + lines.size() + " processes; " + lines.get(0));
  }

  private static String name(OomReport report, long pid) {
    return report.kills().stream()
        .filter(kill -> kill.pid() == pid)
        .findFirst()
        .map(kill -> kill.name() + " (" + pid + ")")
        .orElse("process " + pid);
  }

  private static List<String> told(List<Sighting> sightings) {
    Map<Kind, List<Sighting>> byKind = new TreeMap<>();
    sightings.forEach(
        each -> byKind.computeIfAbsent(each.kind(), kind -> new ArrayList<>()).add(each));
    List<String> lines = new ArrayList<>();
    byKind.forEach(
        (kind, all) -> {
          for (Sighting each : all.subList(0, Math.min(EACH, all.size()))) {
            lines.add(
                (each.whom().isEmpty() ? "" : each.whom() + ": ")
                    + each.why()
                    + " (line "
                    + each.line()
                    + ")");
          }
          if (all.size() > EACH) {
            lines.add("and " + (all.size() - EACH) + " more such lines: " + word(kind));
          }
        });
    return lines;
  }

  private static String word(Kind kind) {
    return switch (kind) {
      case KILL, LOSS -> "kills";
      case ALLOCATION_FAILURE -> "requests that failed";
      case STALL -> "requests that took long";
      case HUNG_TASK -> "tasks that hang";
      case DROPPED -> "lines of the log are missing";
    };
  }
}
