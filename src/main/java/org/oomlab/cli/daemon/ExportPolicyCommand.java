package org.oomlab.cli.daemon;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Names;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Table;
import org.oomlab.daemon.file.ConfigFile;
import org.oomlab.daemon.file.DaemonFiles;
import org.oomlab.daemon.file.DaemonFiles.Written;
import org.oomlab.daemon.file.Findings;
import org.oomlab.daemon.file.Formats;
import org.oomlab.output.Output;
import org.oomlab.output.Printable;
import org.oomlab.output.Target;
import org.oomlab.policy.Policy;
import org.oomlab.yaml.ForeignFiles;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code oomlab export policy}. */
public final class ExportPolicyCommand extends SubCommand {
  private final PositionalParamSpec policy;
  private final OptionSpec as =
      Args.choice("DAEMON", "--as", Formats.daemons().toArray(String[]::new))
          .order(1)
          .description(
              "Whose configuration: "
                  + String.join(", ", Formats.daemons())
                  + ". Default: that of the policy's own daemon.")
          .build();
  private final OptionSpec directory =
      Args.option(String.class, "DIR", "-d", "--directory")
          .order(2)
          .description(
              "Write every file below DIR, where it is on the machine below /. Default: all of them"
                  + " one after the other, with their names between them.")
          .build();
  private final OptionSpec file = Destination.fileOption();

  ExportPolicyCommand(Session session) {
    super(session);
    policy =
        Args.word("POLICY", new Names.Policies(session), "A policy with a daemon, or its file.");
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    return describe(
            factory,
            "policy",
            "Write the daemon of a policy as that daemon's own configuration.",
            "",
            "Comments say what differs from the daemon's defaults. What was written is read back as"
                + " the daemon would read it, and what comes out otherwise is said.")
        .addPositional(policy)
        .addOption(as)
        .addOption(directory)
        .addOption(file);
  }

  @Override
  public Integer call() {
    String folder = directory.<@Nullable String>getValue();
    String to = file.<@Nullable String>getValue();
    if (folder != null && to != null) {
      throw misuse("-d and -o exclude each other: one is for a directory and one for a file");
    }
    String name = policy.getValue();
    List<Policy> found = session.library().resolvePolicies(List.of(name), this::note);
    if (found.size() != 1) {
      throw new UserError(name + ": one policy is needed, not " + found.size());
    }
    DaemonSettings settings = settings(found.get(0));
    DaemonFiles files = Formats.of(settings.kind(), new ForeignFiles());
    Findings missing = new Findings();
    List<Written> written = files.write(settings, comments(found.get(0), settings), missing);
    if (folder != null) {
      write(folder, written);
    } else {
      try (Output output = Output.open(session.streams().out(), Target.of("-o", to))) {
        output.print(text(written, settings.kind()));
        output.commit();
      }
      if (written.size() > 1) {
        note(count(written.size(), "file") + ", one after the other; -d DIR writes each of them");
      }
    }
    missing
        .remarks()
        .forEach(each -> note(each.option() + " " + each.value() + ": " + each.message()));
    readBack(files, written, settings);
    return ExitCodes.OK;
  }

  private DaemonSettings settings(Policy chosen) {
    DaemonSettings settings = chosen.daemon();
    String wanted = as.<@Nullable String>getValue();
    if (settings == null) {
      throw new UserError(chosen.name() + ": has no daemon, so there is no configuration to write");
    }
    if (!Formats.daemons().contains(settings.kind())) {
      throw new UserError(
          chosen.name()
              + ": "
              + settings.kind()
              + " is no program, so it has no configuration of its own");
    }
    if (wanted != null && !wanted.equals(settings.kind())) {
      throw new UserError(
          chosen.name()
              + ": its daemon is "
              + settings.kind()
              + ", whose options "
              + wanted
              + " does not have; expected --as "
              + settings.kind());
    }
    return settings;
  }

  /** What is not as the daemon has it by itself, with what it decides. */
  private static List<String> comments(Policy chosen, DaemonSettings settings) {
    List<String> lines = new ArrayList<>();
    String title = chosen.about().title();
    lines.add("Policy " + chosen.name() + " of oomlab" + (title.isEmpty() ? "" : ": " + title));
    List<String> changed = new ArrayList<>();
    changed(settings.root(), "", changed);
    lines.add(
        changed.isEmpty()
            ? "All options are the daemon's own defaults."
            : "What differs from the daemon's own defaults:");
    lines.addAll(changed);
    return lines.stream().map(Printable::line).toList();
  }

  private static void changed(Section section, String before, List<String> lines) {
    Section bare = Section.of(section.table());
    for (Setting setting : section.settings().values()) {
      Setting usual = bare.get(setting.option().name());
      boolean name = setting.option().where().isEmpty();
      boolean same = usual.has() && usual.text().equals(setting.text());
      if (setting.isSet() && !name && !same) {
        lines.add(
            "  "
                + before
                + setting.option().name()
                + " "
                + setting.text()
                + ", default "
                + (usual.has() ? usual.text() : "none")
                + " ("
                + setting.option().where()
                + "). "
                + setting.option().doc());
      }
    }
    for (Table.Part part : section.table().parts()) {
      List<Section> those = section.parts(part.key());
      for (int i = 0; i < those.size(); i++) {
        changed(those.get(i), before + part.key() + (part.many() ? "[" + i + "]." : "."), lines);
      }
    }
  }

  private static String text(List<Written> written, String kind) {
    if (written.size() == 1) {
      return written.get(0).text();
    }
    StringBuilder text = new StringBuilder();
    String mark = kind.equals("oomd") ? "//" : "#";
    for (Written each : written) {
      text.append(text.isEmpty() ? "" : "\n").append(mark).append(" ==> ").append(each.name());
      text.append(" <==\n").append(each.text());
    }
    return text.toString();
  }

  private void write(String folder, List<Written> written) {
    Map<String, String> all = new LinkedHashMap<>();
    for (Written each : written) {
      String path = (folder + "/" + each.name().replaceFirst("^/", "")).replace("/../", "/");
      all.put(path, each.text());
    }
    for (Map.Entry<String, String> each : all.entrySet()) {
      String path = each.getKey();
      Target.folder("-d", path.substring(0, path.lastIndexOf('/')));
      try (Output output = Output.open(session.streams().out(), Target.of("-d", path))) {
        output.print(each.getValue());
        output.commit();
      }
      note("wrote " + path);
    }
  }

  /** Says what the daemon would have otherwise than the policy. */
  private void readBack(DaemonFiles files, List<Written> written, DaemonSettings settings) {
    Findings findings = new Findings();
    DaemonSettings back =
        files.read(
            written.stream().map(each -> new ConfigFile(each.name(), each.text())).toList(),
            findings);
    Map<String, String> wanted = values(settings.root());
    Map<String, String> got = values(back.root());
    wanted.forEach(
        (path, value) -> {
          boolean process = path.matches("process\\.(memory|locked)"); // Said already.
          if (!value.equals(got.get(path)) && !process) {
            note(
                path
                    + " "
                    + value
                    + ": cannot be written exactly; the daemon has "
                    + got.getOrDefault(path, "nothing")
                    + " there");
          }
        });
    for (Findings.Remark remark : findings.remarks()) {
      if (remark.effect() == Findings.Effect.REFUSED) {
        note(remark.option() + ": the daemon refuses it: " + remark.message());
      }
    }
  }

  private static Map<String, String> values(Section root) {
    Map<String, String> values = new LinkedHashMap<>();
    values(root, "", values);
    return values;
  }

  private static void values(Section section, String before, Map<String, String> values) {
    for (Setting setting : section.settings().values()) {
      if (setting.has()) {
        values.put(before + setting.option().name(), setting.written());
      }
    }
    for (Table.Part part : section.table().parts()) {
      List<Section> those = section.parts(part.key());
      for (int i = 0; i < those.size(); i++) {
        values(those.get(i), before + part.key() + (part.many() ? "[" + i + "]." : "."), values);
      }
    }
  }
}
