package org.oomlab.cli.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Care;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.ProgressLine;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Streams;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.diagnosis.Diagnostician;
import org.oomlab.diagnosis.Incident;
import org.oomlab.diagnosis.Since;
import org.oomlab.intake.OomLog;
import org.oomlab.intake.OomReport;
import org.oomlab.intake.Sighting;
import org.oomlab.output.Output;
import org.oomlab.output.OutputRefused;
import org.oomlab.policy.Policy;
import org.oomlab.report.IncidentPage;
import org.oomlab.report.IncidentPage.Form;
import org.oomlab.report.IncidentPage.Told;
import org.oomlab.report.Report;
import org.oomlab.report.ReportFormat;
import org.oomlab.workload.Costs;
import org.oomlab.yaml.Notes;
import org.oomlab.yaml.tree.ProblemException;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code oomlab diagnose}. */
@Command(
    name = "diagnose",
    description = {
      "From a kernel log to a verdict: for each out-of-memory event who was killed, why that one,"
          + " where the memory was, whether the kill was needed, what would have avoided it, and how"
          + " far to trust the answer.",
      "",
      "The log may be of any form that 'import oom-report' reads, of several machines and days. What"
          + " systemd-oomd, earlyoom, oomd, lmkd, the kubelet and the like have killed is told beside."
          + " Where a log does not show what the verdict hangs on, or the model does not have it, the"
          + " verdict is 'cannot tell', with the reason.",
      "",
      "Exit code 1 says that the simulated kernel would have killed another than the log says."
    })
public final class DiagnoseCommand extends SubCommand {
  @Parameters(
      paramLabel = "LOG",
      arity = "1..*",
      description =
          "A log, a directory of logs with all below it, a pattern such as 'logs/*.gz', or - for"
              + " standard input.")
  List<String> logs = List.of();

  @Option(names = "--brief", order = 1, description = "Three lines an incident.")
  boolean brief;

  @Option(
      names = "--killed",
      paramLabel = "NAME",
      order = 2,
      description = "Only incidents in which a process of this name, or with this pid, was killed.")
  @Nullable String killed;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      order = 2,
      description =
          "Only incidents from then on: a day, a day and a time as the log writes them (2025-03-04,"
              + " '2025-03-04 10:00'), or a time since boot (90s). What has no such time is shown"
              + " too.")
  @Nullable String sinceText;

  @Option(
      names = "--group",
      paramLabel = "BY",
      order = 3,
      description =
          "cause: at the end, how many incidents each cause has, the most frequent first.")
  @Nullable String group;

  private final Care care = new Care();
  private final Destination destination = Destination.ofPages();
  private final Map<String, Policy> policies = new TreeMap<>();
  private final Map<String, Long> causes = new TreeMap<>();
  private long incidents;
  private long sightings;
  private long lines;
  private long bytes;
  private boolean disagrees;
  private @Nullable ProgressLine progress;
  private long undated;
  private @Nullable Since since;
  private @Nullable Report<Told> rows;
  private Form form = Form.PLAIN;

  public DiagnoseCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    return annotated(factory, care, destination);
  }

  @Override
  public Integer call() {
    if (group != null && !group.equals("cause")) {
      throw misuse("--group: expected cause, not '" + group + "'");
    }
    if (sinceText != null) {
      try {
        since = Since.parse(sinceText);
      } catch (IllegalArgumentException e) {
        throw misuse("--since " + sinceText + ": " + e.getMessage());
      }
    }
    if (brief && !people()) {
      throw misuse("--brief is about pages, and --format asks for rows");
    }
    try (Output output = destination.open(session)) {
      form = form(output);
      boolean visible = !quiet() && session.streams().errIsTerminal();
      try (ProgressLine line =
          new ProgressLine(session.streams().err(), visible, "logs", session.columns())) {
        if (!output.isFile() && session.streams().outIsTerminal()) {
          output.beforeWriting(line::close);
        }
        progress = line;
        List<LogFile> inputs = new ArrayList<>();
        for (String log : logs) {
          inputs.addAll(LogFile.all(log));
        }
        for (int i = 0; i < inputs.size(); i++) {
          read(inputs.get(i), output);
          line.advanced(i + 1, inputs.size());
        }
      }
      if (incidents + sightings == 0) {
        String where = logs.size() == 1 && !logs.get(0).equals("-") ? logs.get(0) + ": " : "";
        if (bytes == 0 && logs.size() == 1) {
          throw new UserError((where.isEmpty() ? "standard input: " : where) + "is empty");
        }
        throw new UserError(
            where
                + "no OOM event in "
                + count(lines, "line")
                + (killed == null ? "" : " that killed " + killed)
                + (sinceText == null ? "" : " since " + sinceText)
                + ": looked for 'invoked oom-killer', 'Killed process', tables of tasks, and the"
                + " lines of systemd-oomd, earlyoom, oomd, lmkd, the kubelet, systemd and Talos");
      }
      Report<Told> open = rows;
      if (open != null) {
        open.close();
      }
      output.commit();
    }
    if (undated > 0) {
      note(count(undated, "incident") + " shown without a time that --since could compare");
    }
    if (group != null) {
      causes.entrySet().stream()
          .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
          .forEach(each -> note(each.getValue() + " x " + each.getKey()));
    }
    return disagrees ? ExitCodes.CLAIM_FAILED : ExitCodes.OK;
  }

  private Form form(Output output) {
    if (destination.isHtml()) {
      return Form.HTML;
    }
    if (destination.format() == ReportFormat.MARKDOWN) {
      return Form.MARKDOWN;
    }
    return destination.format() == ReportFormat.TABLE && colored(output)
        ? Form.COLOURED
        : Form.PLAIN;
  }

  private boolean people() {
    return destination.format() == ReportFormat.TABLE
        || destination.format() == ReportFormat.MARKDOWN;
  }

  private void read(LogFile input, Output output) {
    String file = input.file();
    String source =
        file.equals("-") ? "standard input" : String.valueOf(Path.of(file).getFileName());
    Costs costs = session.library().costs("x86-64");
    Diagnostician diagnostician =
        new Diagnostician(
            source, this::isPolicy, this::policy, costs, care.rigour(), Selection.DEFAULT_POLICY);
    try (InputStream in = open(file)) {
      OomLog.Summary summary =
          OomLog.read(
              in,
              new OomLog.Listener() {
                private long number;

                @Override
                public void event(OomReport report) {
                  number++;
                  tell(diagnostician, number, report);
                }

                @Override
                public void remains(OomReport report) {
                  tell(diagnostician, 0, report);
                }

                @Override
                public void choice(OomReport report) {
                  tell(diagnostician, 0, report);
                }

                private void tell(Diagnostician by, long number, OomReport report) {
                  if (isWanted(report)) {
                    accept(by.of(number, report), output);
                  } else {
                    by.pass(report);
                  }
                }

                @Override
                public void sighting(Sighting sighting) {
                  if (!see(source, sighting, output)) {
                    diagnostician.note(sighting);
                  }
                }
              });
      lines += summary.lines();
      bytes += summary.bytes();
      diagnostician.rest().forEach(each -> tell(file + ": beside: " + each));
      tell(file, summary);
    } catch (IOException e) {
      String why = file + ": cannot be read: " + OutputRefused.reason(e);
      if (input.named()) {
        throw new UserError(why);
      }
      tell(why);
    }
  }

  /** A note, without what is left of the line about how far it is. */
  private void tell(String line) {
    ProgressLine shown = progress;
    if (shown != null) {
      shown.close();
    }
    note(line);
  }

  private InputStream open(String file) throws IOException {
    if (file.equals("-")) {
      return session.takesCommands() ? InputStream.nullInputStream() : session.streams().in();
    }
    return Streams.read(Path.of(file));
  }

  private boolean isWanted(OomReport report) {
    String wanted = killed;
    return (wanted == null
            || report.chosenName().equals(wanted)
            || (report.choice() != null && report.choice().task().equals(wanted))
            || report.kills().stream()
                .anyMatch(
                    kill -> kill.name().equals(wanted) || Long.toString(kill.pid()).equals(wanted)))
        && isRecent(report.time(), report.circumstances().seconds());
  }

  private boolean isRecent(String time, double uptime) {
    Since from = since;
    if (from == null) {
      return true;
    }
    Boolean recent = from.isBefore(time, uptime);
    undated += recent == null ? 1 : 0;
    return recent == null || recent;
  }

  private boolean isFirst() {
    return incidents + sightings == 1;
  }

  private void accept(Incident incident, Output output) {
    incidents++;
    disagrees |= Boolean.FALSE.equals(incident.reproduced());
    causes.merge(incident.cause(), 1L, Long::sum);
    if (people()) {
      IncidentPage.write(output.writer(), incident, brief, form, isFirst());
    } else {
      row(new Told(incident.source(), incident, null), output);
    }
  }

  /** Tells of something beside the kernel's reports, if it is an incident of its own. */
  private boolean see(String source, Sighting sighting, Output output) {
    boolean incident =
        sighting.kind() == Sighting.Kind.KILL || sighting.kind() == Sighting.Kind.LOSS;
    boolean wanted = killed == null || sighting.whom().contains(killed);
    if (!incident) {
      return false;
    }
    if (!wanted || !isRecent(sighting.time(), -1)) {
      return true;
    }
    sightings++;
    causes.merge("killed by " + sighting.by(), 1L, Long::sum);
    if (people()) {
      IncidentPage.write(output.writer(), source, sighting, form, isFirst());
    } else {
      row(new Told(source, null, sighting), output);
    }
    return true;
  }

  private void row(Told told, Output output) {
    Report<Told> open = rows;
    if (open == null) {
      open = destination.format().rows(output.writer(), IncidentPage.columns());
      rows = open;
    }
    open.accept(told);
  }

  private void tell(String file, OomLog.Summary summary) {
    List<String> notes = new ArrayList<>();
    if (summary.oddities() != null) {
      notes.add(summary.oddities());
    }
    if (summary.repeated() > 0) {
      notes.add(count(summary.repeated(), "event") + " in it once more, and told once");
    }
    if (summary.hosts() > 1) {
      notes.add(summary.hosts() + " machines, kept apart");
    }
    if (summary.backwards()) {
      notes.add("its latest line comes first, so reports are in pieces; 'tac' turns it round");
    }
    notes.forEach(each -> tell(file + ": " + each));
  }

  private boolean isPolicy(String name) {
    return policies.containsKey(name) || find(name) != null;
  }

  private Policy policy(String name) {
    Policy found = policies.get(name);
    found = found == null ? find(name) : found;
    if (found == null) {
      throw new UserError("no policy '" + name + "'");
    }
    return found;
  }

  private @Nullable Policy find(String name) {
    try {
      List<Policy> found = session.library().resolvePolicies(List.of(name), Notes.NONE);
      if (found.size() == 1) {
        policies.put(name, found.get(0));
        return found.get(0);
      }
      return null;
    } catch (ProblemException none) {
      return null;
    }
  }
}
