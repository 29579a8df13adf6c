package org.oomlab.cli.article;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.intake.Drafts;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Streams;
import org.oomlab.cli.session.UserError;
import org.oomlab.diagnosis.Consecutive;
import org.oomlab.diagnosis.Diagnostician;
import org.oomlab.diagnosis.Incident;
import org.oomlab.diagnosis.Succession;
import org.oomlab.intake.Draft;
import org.oomlab.intake.OomLog;
import org.oomlab.intake.OomReport;
import org.oomlab.intake.ReportedSituation;
import org.oomlab.kernel.Rigour;
import org.oomlab.output.OutputRefused;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.Notes;
import org.oomlab.yaml.tree.ProblemException;

/** What kernel logs tell of, and the workloads that can be made of it. */
final class Logs {
  /** More are no article any more; diagnose tells of all. */
  private static final int MOST = 20;

  private final Session session;
  private final String costs;
  private final Rigour rigour;
  private final List<Incident> incidents = new ArrayList<>();
  private final Map<String, String> workloads = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, @Nullable Policy> policies = new TreeMap<>();
  private String policy = Selection.DEFAULT_POLICY;

  /**
   * No logs yet.
   *
   * @param costs the cost file that workloads are to ask for
   */
  Logs(Session session, String costs, Rigour rigour) {
    this.session = session;
    this.costs = costs;
    this.rigour = rigour;
  }

  /**
   * Reads one.
   *
   * @param file its name, or - for standard input
   * @throws UserError if it cannot be read or tells of no OOM event
   */
  void read(String file) {
    String source =
        file.equals("-") ? "standard input" : String.valueOf(Path.of(file).getFileName());
    Library library = session.library();
    Costs priced = library.costs(costs);
    Diagnostician diagnostician =
        new Diagnostician(
            source,
            name -> find(library, name) != null,
            name -> policy(library, name),
            priced,
            rigour,
            Selection.DEFAULT_POLICY);
    List<List<OomReport>> series = new ArrayList<>();
    long[] events = {0};
    OomLog.Summary summary;
    try (InputStream in = open(file)) {
      summary =
          OomLog.read(
              in,
              report -> {
                events[0]++;
                if (incidents.size() < MOST) {
                  incidents.add(diagnostician.of(events[0], report));
                  join(series, report);
                }
              });
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read: " + OutputRefused.reason(e));
    }
    if (events[0] == 0) {
      throw new UserError(
          file
              + ": "
              + (summary.bytes() == 0
                  ? "is empty"
                  : "no OOM event in "
                      + summary.lines()
                      + (summary.lines() == 1 ? " line" : " lines")
                      + ": looked for 'invoked oom-killer', 'Killed process' and tables of tasks; a"
                      + " workload has a name that ends in .yaml"));
    }
    if (events[0] > MOST) {
      notes.add(
          file + ": the first " + MOST + " of " + events[0] + " events; 'oomlab diagnose' has all");
    }
    for (int i = 0; i < series.size(); i++) {
      make(library, file, source, series.get(i), series.size() == 1 ? "" : "-" + (i + 1));
    }
  }

  private InputStream open(String file) throws IOException {
    if (file.equals("-")) {
      return session.takesCommands() ? InputStream.nullInputStream() : session.streams().in();
    }
    try {
      return Streams.read(Path.of(file));
    } catch (InvalidPathException e) {
      throw new UserError(file + ": no such file");
    }
  }

  /** Events that follow one another in a boot are one situation. */
  private static void join(List<List<OomReport>> series, OomReport report) {
    List<OomReport> last = series.isEmpty() ? List.of() : series.get(series.size() - 1);
    boolean follows =
        !last.isEmpty()
            && last.size() < Consecutive.MOST
            && Consecutive.follows(last.get(last.size() - 1), report);
    if (follows) {
      last.add(report);
    } else if (!report.tasks().isEmpty()) {
      series.add(new ArrayList<>(List.of(report)));
    }
  }

  private void make(
      Library library, String file, String source, List<OomReport> reports, String suffix) {
    String name = source.replaceFirst("\\.(gz|xz)$", "").replaceFirst("\\.(log|txt)$", "");
    String clean = name.replaceAll("[\\[\\];|,*?\\p{Cntrl}\\s]+", "-") + suffix;
    ReportedSituation.Wishes wishes =
        new ReportedSituation.Wishes(
            clean, source, costs, null, each -> find(library, each) != null);
    try {
      Draft draft =
          reports.size() > 1
              ? Succession.draft(reports, wishes, false)
              : ReportedSituation.draft(reports.get(0), wishes);
      String where = file + ": line " + reports.get(0).line();
      if (workloads.isEmpty()) {
        policy = ReportedSituation.policyOf(reports.get(0), each -> find(library, each) != null);
      }
      workloads.put(clean, Drafts.text(library, draft, where));
    } catch (UserError cannot) {
      notes.add(cannot.getMessage());
    }
  }

  private Policy policy(Library library, String name) {
    Policy found = find(library, name);
    if (found == null) {
      throw new UserError("no policy '" + name + "'");
    }
    return found;
  }

  private @Nullable Policy find(Library library, String name) {
    if (!policies.containsKey(name)) {
      Policy found = null;
      try {
        List<Policy> all = library.resolvePolicies(List.of(name), Notes.NONE);
        found = all.size() == 1 ? all.get(0) : null;
      } catch (ProblemException none) {
        // Then there is none.
      }
      policies.put(name, found);
    }
    return policies.get(name);
  }

  /** What they tell of. */
  List<Incident> incidents() {
    return incidents;
  }

  /** Workloads by their names, as texts. */
  Map<String, String> workloads() {
    return workloads;
  }

  /** What was left out, and why. */
  List<String> notes() {
    return notes;
  }

  /** The policy of the kernel that made the first of them. */
  String policy() {
    return policy;
  }
}
