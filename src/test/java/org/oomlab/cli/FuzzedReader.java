package org.oomlab.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.oomlab.cli.intake.Drafts;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Space;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Words;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Objective;
import org.oomlab.experiment.claim.Claims;
import org.oomlab.experiment.search.Axis;
import org.oomlab.intake.Draft;
import org.oomlab.intake.OomLog;
import org.oomlab.intake.OomReport;
import org.oomlab.intake.ReportedSituation;
import org.oomlab.policy.Policy;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.Notes;
import org.oomlab.yaml.PolicyWriter;
import org.oomlab.yaml.WorkloadWriter;
import org.oomlab.yaml.tree.ProblemException;
import org.oomlab.yaml.tree.Setting;
import picocli.CommandLine;

/**
 * The readers of what somebody else has written, each with what it promises whatever it is given:
 * to read it, or to refuse it with words for whoever wrote it. Anything else that is thrown is a
 * bug, and so is a text of ours that we do not read back.
 *
 * <p>{@link FuzzTarget} hands them to a fuzzer, {@link FuzzedReaderTest} gives them what fuzzers
 * have found and some thousand mutants.
 */
enum FuzzedReader {
  /** A workload, with its claims, up to where {@code check} would run it. */
  WORKLOAD {
    @Override
    void take(byte[] input) {
      for (Workload workload : library(input).resolveWorkloads(STDIN, Notes.NONE)) {
        Claims.problems(workload);
        mustBeRead(WorkloadWriter.write(workload, NO_COMMENTS));
      }
    }
  },

  POLICY {
    @Override
    void take(byte[] input) {
      for (Policy policy : library(input).resolvePolicies(STDIN, Notes.NONE)) {
        String text = PolicyWriter.write(policy);
        try {
          library(text.getBytes(UTF_8)).resolvePolicies(STDIN, Notes.NONE);
        } catch (ProblemException e) {
          throw new AssertionError("a policy that was read is not read back", e);
        }
      }
    }
  },

  COSTS {
    @Override
    void take(byte[] input) {
      Path file = write("costs.yaml", input);
      library(NOTHING).costs(file.toString());
      library(NOTHING).costRanges(file.toString());
    }
  },

  MEASUREMENTS {
    @Override
    void take(byte[] input) {
      library(input).measurements("-");
    }
  },

  /** A kernel's log, in whatever it has been put, and the workloads made of it. */
  LOG {
    @Override
    void take(byte[] input) {
      List<OomReport> reports = new ArrayList<>();
      try {
        OomLog.read(
            new ByteArrayInputStream(input),
            report -> {
              if (reports.size() < MOST_REPORTS) {
                reports.add(report);
              }
            },
            report -> {});
      } catch (IOException refused) {
        return;
      }
      for (OomReport report : reports) {
        Draft draft =
            ReportedSituation.draft(
                report,
                new ReportedSituation.Wishes("w", "log", "x86-64", null, FuzzedReader::isPolicy));
        Drafts.text(SHIPPED, draft, "log");
      }
    }
  },

  /** Results of sweeps, given to {@code merge}; a NUL separates two files. */
  RESULTS {
    @Override
    void take(byte[] input) {
      String text = new String(input, UTF_8);
      int nul = text.indexOf('\0');
      List<String> words = new ArrayList<>(List.of("merge"));
      words.add(write("1.csv", (nul < 0 ? text : text.substring(0, nul)).getBytes(UTF_8)) + "");
      if (nul >= 0) {
        words.add(write("2.csv", text.substring(nul + 1).getBytes(UTF_8)) + "");
      }
      Cli.Result result = Cli.run(words.toArray(new String[0]));
      if (result.code() > ExitCodes.USAGE) {
        throw new AssertionError(result.err());
      }
    }
  },

  /** Expressions on the command line: settings, axes, seeds, objectives, names. */
  ARGUMENTS {
    @Override
    void take(byte[] input) {
      String text = new String(input, UTF_8);
      Session session = Cli.session("");
      Library library = session.library();
      each(
          () -> library.withSettings(List.of(Setting.parse(text))).resolveWorkloads(SMALL, n -> {}),
          () -> library.workloadTemplates(SMALL, n -> {}).get(0).with(settings(text)),
          () -> Space.open(library, new Selection(session), SMALL, axes(text), n -> {}),
          () -> SeedRange.parse(text),
          () -> Objective.parse(text),
          () -> library.resolvePolicies(List.of("linux-" + text), n -> {}),
          () -> library.resolveWorkloads(List.of("no such/" + text), n -> {}));
    }
  },

  /** Lines of commands, read into words and those into options; no command is run. */
  SCRIPT {
    @Override
    void take(byte[] input) {
      LineReader lines = new LineReader(new java.io.StringReader(new String(input, UTF_8)));
      try {
        for (String line = lines.next(); line != null; line = lines.next()) {
          command(line);
        }
      } catch (IOException tooLong) {
        return;
      }
    }
  };

  private static final byte[] NOTHING = new byte[0];
  private static final List<String> STDIN = List.of("-");
  private static final List<String> SMALL = List.of("m01-runnable-victim");
  private static final java.util.Map<String, List<String>> NO_COMMENTS = java.util.Map.of();
  private static final Library SHIPPED = Library.open(null);
  private static final int MOST_REPORTS = 5;
  private static final List<String> COLUMNS =
      Stream.of(Metric.values()).map(Metric::column).toList();

  /** Reads, or refuses. */
  abstract void take(byte[] input);

  /** The same, taking a refusal for what it is. */
  void accept(byte[] input) {
    each(() -> take(input));
  }

  /** The folder of its corpus. */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Does one after the other, of which each may refuse. */
  private static void each(Runnable... readings) {
    for (Runnable reading : readings) {
      try {
        reading.run();
      } catch (ProblemException | UserError | IllegalArgumentException refused) {
        if (refused.getMessage() == null || refused.getMessage().isBlank()) {
          throw new AssertionError("refused without a word", refused);
        }
        if (refused instanceof NumberFormatException) {
          throw new AssertionError("refused in words of Java's", refused);
        }
      }
    }
  }

  private static Library library(byte[] stdin) {
    return Library.open(null, new ByteArrayInputStream(stdin)).withMetrics(COLUMNS);
  }

  private static boolean isPolicy(String name) {
    try {
      return !SHIPPED.resolvePolicies(List.of(name), Notes.NONE).isEmpty();
    } catch (ProblemException none) {
      return false;
    }
  }

  private static void mustBeRead(String text) {
    try {
      SHIPPED.workload("again", text);
    } catch (ProblemException e) {
      throw new AssertionError("a workload that was read is not read back: " + text, e);
    }
  }

  private static List<Setting> settings(String text) {
    return Arrays.stream(text.split("\n")).map(Setting::parse).toList();
  }

  private static List<Axis> axes(String text) {
    return Arrays.stream(text.split("\n")).map(Axis::parse).toList();
  }

  private static void command(String line) {
    List<String> words;
    try {
      words = Words.split(line);
    } catch (IllegalArgumentException refused) {
      return;
    }
    try {
      CommandLine tree = Commands.tree(Cli.session(""), words);
      tree.setExpandAtFiles(false);
      tree.parseArgs(words.toArray(new String[0]));
    } catch (CommandLine.ParameterException refused) {
      return;
    }
  }

  private static Path write(String name, byte[] bytes) {
    try {
      Path file = Scratch.FOLDER.resolve(name);
      file.toFile().deleteOnExit(); // Asked after its folder, it goes before it.
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files for readers that take nothing else. */
  private static final class Scratch {
    static final Path FOLDER = make();

    private static Path make() {
      try {
        Path folder = Files.createTempDirectory("oomlab-fuzz");
        folder.toFile().deleteOnExit();
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
