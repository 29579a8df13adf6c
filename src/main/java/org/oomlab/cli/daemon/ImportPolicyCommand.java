package org.oomlab.cli.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Names;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.daemon.BuiltIn;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Daemons;
import org.oomlab.daemon.file.ConfigFile;
import org.oomlab.daemon.file.Findings;
import org.oomlab.daemon.file.Findings.Effect;
import org.oomlab.daemon.file.Formats;
import org.oomlab.output.Output;
import org.oomlab.output.OutputRefused;
import org.oomlab.report.Report;
import org.oomlab.report.ReportFormat;
import org.oomlab.unit.Bytes;
import org.oomlab.yaml.ForeignFiles;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.Notes;
import org.oomlab.yaml.PolicyWriter;
import org.oomlab.yaml.tree.Problem;
import org.oomlab.yaml.tree.ProblemException;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code oomlab import policy}. */
public final class ImportPolicyCommand extends SubCommand {
  private static final int MOST_BYTES = 16 << 20;
  private static final int LISTED = 6;

  private final PositionalParamSpec files =
      Args.words(
              "FILE",
              new AnyFile(),
              "The files of one daemon, in any order, or - for standard input.")
          .arity("1..*")
          .required(true)
          .build();
  private final OptionSpec as =
      Args.choice("KIND", "--as", Formats.kinds().toArray(String[]::new))
          .order(1)
          .description(
              "What the files are: "
                  + String.join(", ", Formats.kinds())
                  + ". Default: what they look like.")
          .build();
  private final OptionSpec base;
  private final OptionSpec name =
      Args.option(String.class, "NAME", "--name")
          .order(3)
          .description("What the policy is called. Default: as its file, or the first of FILE.")
          .build();
  private final OptionSpec facts =
      Args.flag("--facts")
          .order(4)
          .description(
              "List what the files say, which defaults are left, and what the daemon ignores; so"
                  + " does a --format for programs.")
          .build();
  private final OptionSpec strict =
      Args.flag("--strict")
          .order(4)
          .description("Refuse what the daemon ignores or takes in another sense.")
          .build();
  private final OptionSpec memory =
      Args.option(String.class, "SIZE", "--memory")
          .defaultValue("16GiB")
          .order(5)
          .description(
              "The memory of the machine, of which limits of cgroups may be a share. Default:"
                  + " ${DEFAULT-VALUE}.")
          .build();
  private final Destination destination = new Destination();

  public ImportPolicyCommand(Session session) {
    super(session);
    base =
        Args.option(String.class, "NAME", "-b", "--base")
            .defaultValue("linux-7.2")
            .order(2)
            .completionCandidates(new Names.Policies(session))
            .description("The policy it extends, a kernel's. Default: ${DEFAULT-VALUE}.")
            .build();
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec =
        describe(
                factory,
                "policy",
                "Make a policy of a daemon's own configuration files: of earlyoom, systemd-oomd,"
                    + " oomd, nohang, lmkd or the kubelet.",
                "",
                "It does what the daemon does: what that ignores is ignored, with a warning; what"
                    + " it refuses is refused; what it takes in another sense is taken so, with a"
                    + " warning. Defaults are in comments, with where they are written.",
                "",
                "Files that belong together are given together: a unit with its drop-ins, and the"
                    + " file with its variables. Of units of systemd and compose files that limit"
                    + " memory it makes the cgroups of a workload.")
            .addPositional(files)
            .addOption(as)
            .addOption(base)
            .addOption(name)
            .addOption(facts)
            .addOption(strict)
            .addOption(memory);
    destination.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() {
    try (Output output = destination.open(session)) {
      write(output, read());
    }
    return ExitCodes.OK;
  }

  private void write(Output output, List<ConfigFile> given) {
    ForeignFiles parser = new ForeignFiles();
    String kind = as.<@Nullable String>getValue();
    String known = kind == null ? Formats.recognise(given, parser) : kind;
    if (known == null) {
      throw new UserError(
          given.get(0).name()
              + ": looks like the configuration of none of "
              + String.join(", ", Formats.kinds())
              + "; --as says which it is");
    }
    Findings findings = new Findings();
    boolean limits = Formats.isLimits(known);
    DaemonSettings settings =
        limits
            ? Formats.limits(known, parser).read(given, findings)
            : Formats.of(known, parser).read(given, findings);
    refuse(findings);
    if (Args.isSet(facts) || destination.format() != ReportFormat.TABLE) {
      list(output, settings, findings);
    } else if (limits) {
      output.print(fragment(known, settings, given, findings));
    } else {
      output.print(policy(settings, given, findings));
    }
    output.commit();
    tell(settings, findings);
  }

  private List<ConfigFile> read() {
    List<ConfigFile> all = new ArrayList<>();
    for (String file : Args.all(files)) {
      byte[] bytes = bytes(file);
      String label = file.equals("-") ? "stdin" : file;
      if (bytes.length > MOST_BYTES) {
        throw new UserError(label + ": larger than " + (MOST_BYTES >> 20) + "MiB");
      }
      try {
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        int nul = text.indexOf(0);
        if (nul >= 0) {
          throw new UserError(label + ": not a text file: it holds the character U+0000");
        }
        all.add(new ConfigFile(label, text));
      } catch (CharacterCodingException e) {
        throw new UserError(label + ": not a text file: it is not UTF-8");
      }
    }
    return all;
  }

  private byte[] bytes(String file) {
    if (file.isEmpty()) {
      throw misuse("FILE is empty: a name is needed, or - for standard input");
    }
    try {
      if (file.equals("-")) {
        return session.takesCommands()
            ? new byte[0]
            : session.streams().in().readNBytes(MOST_BYTES + 1);
      }
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        throw new UserError(file + ": is a directory; name the files in it");
      }
      try (InputStream in = Files.newInputStream(path)) {
        return in.readNBytes(MOST_BYTES + 1);
      }
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new UserError(file + ": no such file");
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read: " + OutputRefused.reason(e));
    }
  }

  private void refuse(Findings findings) {
    List<Problem> problems = new ArrayList<>();
    for (Findings.Remark remark : findings.remarks()) {
      boolean strictly =
          Args.isSet(strict)
              && (remark.effect() == Effect.IGNORED || remark.effect() == Effect.TAKEN_OTHERWISE);
      if (remark.effect() == Effect.REFUSED || strictly) {
        problems.add(new Problem(remark.at(), text(remark), null));
      }
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
    if (findings.refused()) {
      throw new UserError("more is wrong with the files than anybody reads");
    }
  }

  private static String text(Findings.Remark remark) {
    String what = remark.option();
    if (!remark.value().isEmpty() && !remark.value().equals(what)) {
      what = what.isEmpty() ? "'" + remark.value() + "'" : what + " '" + remark.value() + "'";
    }
    return what.isEmpty() ? remark.message() : what + ": " + remark.message();
  }

  private static String line(Findings.Remark remark) {
    String word =
        remark.effect() == Effect.NOTE
            ? ""
            : remark.effect().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": ";
    return remark.at() + ": " + word + text(remark);
  }

  private void list(Output output, DaemonSettings settings, Findings findings) {
    try (Report<Fact> report = destination.format().rows(output.writer(), Fact.columns())) {
      Fact.all(settings, findings).forEach(report);
    }
  }

  private String policy(DaemonSettings settings, List<ConfigFile> given, Findings findings) {
    Library library = session.library();
    String extended = base.getValue();
    library.resolvePolicies(List.of(extended), Notes.NONE);
    String kernel =
        extended.endsWith(".yaml") || extended.endsWith(".yml")
            ? String.valueOf(Path.of(extended).toAbsolutePath())
            : extended;
    String called = name(given);
    String text =
        PolicyWriter.write(
            settings,
            called,
            settings.kind() + " as " + given.get(0).base() + " configures it",
            sources(given),
            kernel,
            comments(given, settings.kind(), findings));
    try {
      library.policy(called, text);
    } catch (ProblemException e) {
      for (Problem problem : e.problems()) {
        note("this policy cannot be played as it is: " + problem.message());
      }
    }
    return text;
  }

  private static String sources(List<ConfigFile> given) {
    return String.join(", ", given.stream().map(ConfigFile::base).toList());
  }

  private static List<String> comments(List<ConfigFile> given, String kind, Findings findings) {
    List<String> lines = new ArrayList<>();
    lines.add("What " + kind + " makes of " + sources(given) + ".");
    for (Findings.Remark remark : findings.remarks()) {
      lines.add(line(remark));
    }
    for (BuiltIn each : Daemons.builtIn(kind)) {
      lines.add("Built in: " + each.name() + ": " + each.value() + " (" + each.where() + ").");
    }
    return lines;
  }

  private String fragment(
      String kind, DaemonSettings settings, List<ConfigFile> given, Findings findings) {
    double bytes;
    try {
      bytes = (double) (Bytes.parsePages(memory.getValue()) * Bytes.PAGE);
    } catch (IllegalArgumentException e) {
      throw misuse("--memory: " + e.getMessage());
    }
    CgroupFragment fragment =
        new CgroupFragment(Formats.limits(kind, new ForeignFiles()).cgroups(settings, bytes));
    fragment.doubts().forEach(this::note);
    String text = fragment.text(comments(given, kind, findings), memory.getValue());
    session.library().workload("the cgroups", CgroupFragment.whole(text, memory.getValue()));
    return text;
  }

  private String name(List<ConfigFile> given) {
    String said = name.<@Nullable String>getValue();
    if (said != null) {
      return said;
    }
    String file = destination.file();
    String path = file == null || file.equals("-") ? given.get(0).base() : file;
    String bare = path.substring(path.lastIndexOf('/') + 1);
    String clean =
        bare.replaceFirst("\\.(ya?ml|conf|default|service|slice|json|prop|mk|txt)$", "")
            .replaceAll("[\\[\\];|,=\\p{Cntrl}\\s]+", "-");
    return clean.isEmpty() || clean.equals("stdin") ? "imported" : clean;
  }

  private void tell(DaemonSettings settings, Findings findings) {
    findings.remarks().stream()
        .filter(remark -> verbose() || remark.effect() != Effect.NO_BEARING)
        .forEach(remark -> note(line(remark)));
    if (findings.leftOut() > 0) {
      note(findings.leftOut() + " more of that kind");
    }
    List<Fact> defaults =
        Fact.all(settings, new Findings()).stream()
            .filter(fact -> fact.state().equals("default"))
            .filter(fact -> !fact.option().startsWith("process."))
            .toList();
    if (verbose()) {
      defaults.forEach(
          fact ->
              note("default " + fact.option() + " " + fact.value() + " (" + fact.source() + ")"));
    } else if (!defaults.isEmpty()) {
      List<String> first =
          defaults.stream().limit(LISTED).map(fact -> fact.option() + " " + fact.value()).toList();
      note(
          count(defaults.size(), "default")
              + " assumed: "
              + String.join(", ", first)
              + (defaults.size() > LISTED ? ", ..." : "")
              + "; -v says where each is written");
    }
  }
}
