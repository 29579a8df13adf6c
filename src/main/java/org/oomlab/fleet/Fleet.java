package org.oomlab.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.oomlab.intake.Draft;
import org.oomlab.intake.OomLog;
import org.oomlab.intake.OomReport;
import org.oomlab.intake.ReportedSituation;
import org.oomlab.intake.ReportedSituation.Wishes;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.WorkloadWriter;
import org.oomlab.yaml.tree.ProblemException;

/**
 * A workload for each OOM event in many kernel logs: file by file, in each as they come. A log is
 * read once to count its events, and again when one of them is asked for, so that what is held in
 * memory does not grow with the fleet. May be used by several threads.
 */
public final class Fleet extends AbstractList<Workload> implements RandomAccess {
  /** Opens a log, unpacked. */
  public interface Opener {
    InputStream open(Path file) throws IOException;
  }

  /**
   * How logs become workloads.
   *
   * @param library reads back what is made, with what is set in it
   * @param set whether anything is; if not, what was made and once read back is the workload
   * @param costs the name of a cost file
   * @param isPolicy whether there is a policy of a name
   */
  public record Terms(Library library, boolean set, String costs, Predicate<String> isPolicy) {}

  /** The log that a thread read last, and the workload it made last: neighbours are asked for. */
  private static final class Desk {
    int file = -1;
    List<OomReport> reports = List.of();
    int number = -1;
    @Nullable Workload made;
  }

  private static final int[] ALL = {};

  private final List<Path> files = new ArrayList<>();
  private final List<String> unread = new ArrayList<>();
  private final Opener opener;
  private final Terms terms;
  private final ThreadLocal<Desk> desk = ThreadLocal.withInitial(Desk::new);

  /** Which events of each file are taken. */
  private final List<int[]> chosen = new ArrayList<>();

  /** The first event of each file, and behind the last file how many there are. */
  private int[] first = new int[1];

  private Fleet(Opener opener, Terms terms) {
    this.opener = opener;
    this.terms = terms;
  }

  /**
   * Counts the events.
   *
   * @param logs in the order in which their events are wanted; one that cannot be read, or has no
   *     event that a workload can be made of, is left out and told of by {@link #unread}
   */
  public static Fleet of(List<Path> logs, Opener opener, Terms terms) {
    Fleet fleet = new Fleet(opener, terms);
    for (Path log : logs) {
      fleet.count(log);
    }
    return fleet;
  }

  private void count(Path log) {
    List<OomReport> reports;
    try {
      reports = read(log);
    } catch (IOException e) {
      unread.add(log + ": cannot be read: " + e.getMessage());
      return;
    }
    if (reports.isEmpty()) {
      unread.add(log + ": there is no OOM report in it");
    }
    int[] good = new int[reports.size()];
    int events = 0;
    for (int i = 0; i < good.length; i++) {
      try {
        readBack(log, draft(log, i, reports), reports.get(i));
        good[events++] = i;
      } catch (ProblemException e) {
        unread.add(
            log
                + ": line "
                + reports.get(i).line()
                + ": no workload can be made of it: "
                + e.problems().get(0).message());
      }
    }
    if (events > 0) {
      int number = files.size();
      int last = Math.addExact(first[number], events);
      first = Arrays.copyOf(first, number + 2);
      first[number + 1] = last;
      files.add(log);
      chosen.add(events == good.length ? ALL : Arrays.copyOf(good, events));
    }
  }

  private List<OomReport> read(Path log) throws IOException {
    List<OomReport> reports = new ArrayList<>();
    try (InputStream in = opener.open(log)) {
      OomLog.read(in, reports::add, rest -> {});
    }
    return reports;
  }

  /** What was left out, and why. */
  public List<String> unread() {
    return List.copyOf(unread);
  }

  @Override
  public int size() {
    return first[files.size()];
  }

  /**
   * The workload of an event, called as its log with the number of the event in it.
   *
   * @throws ProblemException if the log has changed meanwhile, or its figures do not go together
   */
  @Override
  public Workload get(int number) {
    Desk mine = desk.get();
    Workload known = mine.made;
    if (known != null && mine.number == number) {
      return known;
    }
    int at = Arrays.binarySearch(first, 0, files.size() + 1, number);
    int file = at >= 0 ? at : -at - 2;
    Path log = files.get(file);
    try {
      if (mine.file != file) {
        mine.reports = read(log);
        mine.file = file;
      }
    } catch (IOException e) {
      throw new IllegalStateException(log + ": cannot be read any more: " + e.getMessage(), e);
    }
    int[] events = chosen.get(file);
    int event = number - first[file];
    Workload made = workload(log, events == ALL ? event : events[event], mine.reports);
    mine.number = number;
    mine.made = made;
    return made;
  }

  private Workload workload(Path log, int event, List<OomReport> reports) {
    if (event >= reports.size()) {
      throw new IllegalStateException(log + ": has changed while it was read");
    }
    Draft draft = draft(log, event, reports);
    return terms.set() ? readBack(log, draft, reports.get(event)) : draft.workload();
  }

  private Draft draft(Path log, int event, List<OomReport> reports) {
    OomReport report = reports.get(event);
    String name = name(log) + (reports.size() == 1 ? "" : "-" + (event + 1));
    String source = String.valueOf(log.getFileName());
    return ReportedSituation.draft(
        report, new Wishes(name, source, terms.costs(), null, terms.isPolicy()));
  }

  /** What {@code run} would refuse in a file is no workload here either. */
  private Workload readBack(Path log, Draft draft, OomReport report) {
    String text = WorkloadWriter.write(draft.workload(), draft.comments());
    return terms.library().workload(log + ": line " + report.line(), text);
  }

  /** A file's name without its folder and extensions, fit for a workload. */
  public static String name(Path log) {
    String base = String.valueOf(log.getFileName());
    String bare = base.replaceFirst("\\.(gz|xz)$", "").replaceFirst("\\.(log|txt|ya?ml)$", "");
    String clean = bare.replaceAll("[\\[\\];|\\p{Cntrl}\\s]+", "-");
    return clean.isEmpty() ? "oom-report" : clean;
  }
}
