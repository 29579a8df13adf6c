package org.oomlab.cli.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Names;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Streams;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Words;
import org.oomlab.diagnosis.Consecutive;
import org.oomlab.diagnosis.Succession;
import org.oomlab.fleet.Fleet;
import org.oomlab.intake.Draft;
import org.oomlab.intake.OomLog;
import org.oomlab.intake.OomReport;
import org.oomlab.intake.ReportedSituation;
import org.oomlab.output.Output;
import org.oomlab.output.OutputRefused;
import org.oomlab.output.Target;
import org.oomlab.report.Report;
import org.oomlab.report.ReportFormat;
import org.oomlab.yaml.Notes;
import org.oomlab.yaml.tree.ProblemException;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code oomlab import oom-report}. */
@Command(
    name = "oom-report",
    description = {
      "Make workloads of the OOM reports in a kernel log.",
      "",
      "The log may be what dmesg, a journal, syslog, a container's log or logcat has, of Linux"
          + " 2.6.32 or later, and of any length; quoted, wrapped, damaged; compressed by gzip or"
          + " xz. A workload has the machine, its watermarks, every process of the task table, the"
          + " limit of a memory cgroup, and a claim that the process dies that did. Comments say"
          + " what the log does not tell, and what was taken instead.",
      "",
      "Of several events the first is taken that has a task table, unless an option says"
          + " otherwise."
    })
public final class ImportOomReportCommand extends SubCommand {
  @Parameters(paramLabel = "FILE", arity = "1", description = "The log, or - for standard input.")
  String file = "";

  @Option(
      names = {"-l", "--list"},
      order = 1,
      description = "List the events and write no workload.")
  boolean list;

  @Option(
      names = {"-a", "--all"},
      order = 2,
      description = "Write a workload for each event, into the directory that -o names.")
  boolean all;

  @Option(
      names = {"-e", "--event"},
      paramLabel = "N",
      order = 3,
      description = "Take the N-th event, as --list counts them.")
  @Nullable Long event;

  @Option(
      names = "--series",
      order = 3,
      description =
          "Make one workload of the event and of those that follow it in the same boot: memory grows"
              + " and shrinks as the tables say, victims die, and who is claimed to die is the log's"
              + " sequence.")
  boolean series;

  @Option(
      names = "--killed",
      paramLabel = "NAME",
      order = 4,
      description = "Only events in which a process of this name, or with this pid, was killed.")
  @Nullable String killed;

  @Option(
      names = {"-p", "--policy"},
      paramLabel = "NAME",
      order = 5,
      completionCandidates = Names.Policies.class,
      description =
          "The policy under which the victim is claimed. Default: that of the kernel version in the"
              + " log.")
  @Nullable String policy;

  @Option(
      names = "--costs",
      paramLabel = "NAME",
      order = 6,
      defaultValue = "x86-64",
      completionCandidates = Names.CostFiles.class,
      description = "The cost file the workload is to ask for. Default: ${DEFAULT-VALUE}.")
  String costs = "x86-64";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      order = 7,
      description = "What the workload is called. Default: as its file, or the log.")
  @Nullable String name;

  private final Destination destination = new Destination();

  private final Map<String, Boolean> policies = new TreeMap<>();
  private long counted;
  private long written;
  private @Nullable UserError leftOut;
  private @Nullable OomReport chosen;
  private final List<OomReport> followers = new ArrayList<>();
  private @Nullable Report<EventRow> rows;

  ImportOomReportCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    return annotated(factory, destination);
  }

  @Override
  public Integer call() {
    check();
    OomLog.Summary summary = list ? list() : all ? writeAll() : writeOne();
    tell(summary);
    return ExitCodes.OK;
  }

  private void check() {
    if ((list ? 1 : 0) + (all ? 1 : 0) + (event == null ? 0 : 1) > 1) {
      throw misuse("--list, --all and --event exclude each other");
    }
    if (series && (list || all)) {
      throw misuse("--series makes one workload, so it goes with neither --list nor --all");
    }
    if (event != null && event < 1) {
      throw misuse("--event: events are counted from 1, not " + event);
    }
    if (all && (destination.file() == null || destination.file().equals("-"))) {
      throw misuse("--all writes a file for each event: say with -o into which directory");
    }
    String claimed = policy;
    if (claimed != null) {
      session.library().resolvePolicies(List.of(claimed), this::note);
    }
    session.library().costs(costs);
  }

  private OomLog.Summary read(Consumer<OomReport> events, Consumer<OomReport> remains) {
    try (InputStream in = open()) {
      OomLog.Summary summary =
          OomLog.read(
              in,
              report -> {
                counted++;
                if (isWanted(report)) {
                  events.accept(report);
                }
              },
              report -> {
                if (isWanted(report)) {
                  remains.accept(report);
                }
              });
      if (summary.events() == 0) {
        throw new UserError(nothing(summary));
      }
      return summary;
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read: " + OutputRefused.reason(e));
    }
  }

  private InputStream open() throws IOException {
    if (file.equals("-")) {
      return session.takesCommands() ? InputStream.nullInputStream() : session.streams().in();
    }
    if (file.isEmpty()) {
      throw misuse("FILE is empty: a name is needed, or - for standard input");
    }
    try {
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        throw new UserError(
            file
                + ": is a directory, and a log is needed; for all in it,"
                + " cat "
                + Words.quote(file)
                + "/* | oomlab import oom-report --list -");
      }
      return Streams.read(path);
    } catch (InvalidPathException e) {
      throw new UserError(file + ": no such file");
    }
  }

  private String nothing(OomLog.Summary summary) {
    String what = file.equals("-") ? "standard input" : file;
    if (summary.bytes() == 0) {
      return what + ": is empty";
    }
    String words =
        what
            + ": there is no OOM report in its "
            + count(summary.lines(), "line")
            + ": neither 'invoked oom-killer' nor 'Killed process' nor a table of tasks";
    if (summary.choices() > 0) {
      words +=
          "; it says "
              + count(summary.choices(), "time")
              + " who was chosen, and not that it was killed; see oomlab diagnose";
    }
    if (summary.userSpaceKills() > 0) {
      words +=
          "; the "
              + count(summary.userSpaceKills(), "kill")
              + " in it were made by lmkd, systemd-oomd or the like, and not by the OOM killer;"
              + " see oomlab diagnose";
    }
    return summary.oddities() == null ? words : words + " (" + summary.oddities() + ")";
  }

  private boolean isWanted(OomReport report) {
    String wanted = killed;
    return wanted == null
        || report.kills().stream()
            .anyMatch(
                kill -> kill.name().equals(wanted) || Long.toString(kill.pid()).equals(wanted))
        || (report.choice() != null && report.choice().task().equals(wanted))
        || report.chosenName().equals(wanted);
  }

  private void tell(OomLog.Summary summary) {
    if (summary.oddities() != null) {
      note(file + ": " + summary.oddities());
    }
    if (summary.killsWithoutReport() > 0) {
      note(
          file
              + ": "
              + count(summary.killsWithoutReport(), "kill")
              + " whose report is not in the log");
    }
    if (summary.choices() > 0) {
      note(
          file
              + ": "
              + count(summary.choices(), "process", "processes")
              + " chosen, whose end is not in the log");
    }
    if (summary.repeated() > 0) {
      note(
          file
              + ": "
              + count(summary.repeated(), "event")
              + " in it once more in another form, and taken once");
    }
    if (summary.backwards()) {
      note(
          file
              + ": its latest line comes first, so reports are in pieces; give oomlab what 'tac'"
              + " prints of it, or journalctl without -r");
    }
    if (summary.userSpaceKills() > 0) {
      note(
          file
              + ": "
              + count(summary.userSpaceKills(), "kill")
              + " by lmkd, systemd-oomd or the like left out");
    }
    if (verbose()) {
      note(
          count(summary.lines(), "line")
              + ", "
              + (summary.bytes() >> 20)
              + "MiB, "
              + count(summary.events(), "event"));
    }
  }

  private OomLog.Summary list() {
    try (Output output = destination.open(session)) {
      OomLog.Summary summary =
          read(report -> row(output, counted, report), report -> row(output, null, report));
      if (rows == null) {
        throw new UserError(nobody());
      }
      Report<EventRow> open = rows;
      if (open != null) {
        open.close();
      }
      output.commit();
      return summary;
    }
  }

  /** Where there is no event there is no table. */
  private void row(Output output, @Nullable Long number, OomReport report) {
    Report<EventRow> open = rows;
    if (open == null) {
      ReportFormat format = destination.format();
      open = format.rows(output.writer(), EventRow.columns(format));
      rows = open;
    }
    open.accept(new EventRow(number, report, ReportedSituation.policyOf(report, this::isPolicy)));
  }

  private OomLog.Summary writeOne() {
    String to = destination.file();
    boolean named = to != null && !to.isEmpty() && !to.equals("-");
    boolean folder = named && Files.isDirectory(Path.of(String.valueOf(to)));
    String base = name != null ? name : baseName(folder || to == null ? file : to);
    String path = folder ? Path.of(String.valueOf(to), base + ".yaml").toString() : to;
    try (Output output = Output.open(session.streams().out(), Target.of("-o", path))) {
      OomLog.Summary summary = read(this::choose, report -> {});
      write(output, chosen(summary), base);
      return summary;
    }
  }

  private OomReport chosen(OomLog.Summary summary) {
    OomReport report = chosen;
    if (report == null) {
      throw new UserError(
          event != null
              ? "--event " + event + ": " + file + " has " + count(summary.events(), "event")
              : nobody());
    }
    long others = summary.events() - 1;
    if (series) {
      note(
          file
              + ": "
              + count(followers.size(), "event")
              + " from line "
              + report.line()
              + " on as one workload");
    } else if (others > 0 && event == null && killed == null) {
      note(
          file
              + ": "
              + count(summary.events(), "event")
              + ", of which the one in line "
              + report.line()
              + " was taken; see --list, --event, --series and --all");
    }
    return report;
  }

  private void choose(OomReport report) {
    OomReport before = chosen;
    boolean better = before == null || (before.tasks().isEmpty() && !report.tasks().isEmpty());
    if (event != null ? counted == event : better) {
      chosen = report;
      followers.clear();
      followers.add(report);
    } else if (before != null && followers.size() < Consecutive.MOST) {
      OomReport last = followers.get(followers.size() - 1);
      if (Consecutive.follows(last, report)) {
        followers.add(report);
      }
    }
  }

  private OomLog.Summary writeAll() {
    Path folder = Target.folder("-o", String.valueOf(destination.file()));
    String base = name != null ? name : baseName(file);
    OomLog.Summary summary =
        read(
            report -> {
              String each = base + "-" + counted;
              try (Output output =
                  Output.open(session.streams().out(), Target.of("-o", path(folder, each)))) {
                write(output, report, each);
              } catch (UserError e) {
                leftOut = leftOut == null ? e : leftOut;
                note(e.getMessage());
              }
            },
            report -> {});
    if (written == 0 && leftOut != null) {
      throw leftOut;
    }
    if (written == 0) {
      throw new UserError(nobody());
    }
    note(count(written, "workload") + " in " + folder);
    return summary;
  }

  private String nobody() {
    return "--killed " + killed + ": nobody of this name was killed in " + file;
  }

  private static String path(Path folder, String name) {
    return folder.resolve(name + ".yaml").toString();
  }

  private void write(Output output, OomReport report, String base) {
    ReportedSituation.Wishes wishes =
        new ReportedSituation.Wishes(base, sourceName(), costs, policy, this::isPolicy);
    Draft draft =
        series && followers.size() > 1
            ? Succession.draft(followers, wishes, false)
            : ReportedSituation.draft(report, wishes);
    output.print(Drafts.text(session.library(), draft, file + ": line " + report.line()));
    output.commit();
    written++;
  }

  private String sourceName() {
    return file.equals("-") ? "standard input" : String.valueOf(Path.of(file).getFileName());
  }

  private boolean isPolicy(String policy) {
    return policies.computeIfAbsent(
        policy,
        name -> {
          try {
            return !session.library().resolvePolicies(List.of(name), Notes.NONE).isEmpty();
          } catch (ProblemException none) {
            return false;
          }
        });
  }

  private static String baseName(String file) {
    return file.equals("-") ? "oom-report" : Fleet.name(Path.of(file));
  }
}
