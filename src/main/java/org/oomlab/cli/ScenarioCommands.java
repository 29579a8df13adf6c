package org.oomlab.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.Effort;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Grid;
import org.oomlab.cli.session.Names;
import org.oomlab.cli.session.Properties;
import org.oomlab.cli.session.Scenario;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.output.Output;
import org.oomlab.output.Target;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.unit.SeedRange;
import org.oomlab.unit.Suggestions;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.CostsWriter;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.PolicyWriter;
import org.oomlab.yaml.tree.Setting;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Commands that only a shell or a script has: they say what its other commands are about. */
final class ScenarioCommands {
  private ScenarioCommands() {}

  /** All of them. */
  static List<SubCommand> all(Session session) {
    return List.of(
        new Use(session),
        new SetCommand(session),
        new Unset(session),
        new Changes(session),
        new Save(session));
  }

  /** What a scenario stands for. */
  private record Documents(Workload workload, Costs costs, List<Policy> policies) {
    static Documents of(Library plain, Scenario scenario, SubCommand command) {
      List<Setting> settings = scenario.settings().stream().map(ScenarioCommands::parse).toList();
      Library library = settings.isEmpty() ? plain : plain.withSettings(settings);
      List<Workload> workloads =
          library.resolveWorkloads(List.of(scenario.workload()), command::note);
      if (workloads.size() != 1) {
        throw new UserError(
            scenario.workload()
                + ": one workload can be used at a time, and these are "
                + workloads.size());
      }
      Workload workload = workloads.get(0);
      return new Documents(
          workload,
          library.costs(workload.costsName()),
          library.resolvePolicies(scenario.policies(), command::note));
    }
  }

  private static Setting parse(String setting) {
    return Setting.parse("set", setting);
  }

  private static Scenario inUse(Session session) {
    Scenario scenario = session.scenario();
    if (scenario == null) {
      throw new UserError("nothing is in use yet: 'use WORKLOAD' first");
    }
    return scenario;
  }

  /** {@code use}. */
  private static final class Use extends SubCommand {
    private final PositionalParamSpec workload =
        Args.words("WORKLOAD", new Names.Workloads(session), "A workload: a name or a file.")
            .arity("0..1")
            .build();
    private final OptionSpec policies =
        Args.policies(session, "-p", "--policy")
            .order(1)
            .description("Policies. Default: " + Selection.DEFAULT_POLICY + ".")
            .build();
    private final OptionSpec seed =
        Args.option(SeedRange.class, "N", "-s", "--seed")
            .order(2)
            .converters(new Effort.Range())
            .description("Which episode.")
            .build();

    Use(Session session) {
      super(session);
    }

    @Override
    public CommandSpec describe(IFactory factory) {
      return describe(
              factory,
              "use",
              "Say what the commands that follow are about, where they name nothing else: a"
                  + " workload, policies and a seed. Without any, show it.")
          .addPositional(workload)
          .addOption(policies)
          .addOption(seed);
    }

    @Override
    public Integer call() {
      List<String> named = Args.all(workload);
      if (named.isEmpty()) {
        print(session, inUse(session) + "\n");
        return ExitCodes.OK;
      }
      List<String> under = Args.all(policies);
      SeedRange seeds = seed.<@Nullable SeedRange>getValue();
      if (seeds != null && seeds.count() != 1) {
        throw misuse("--seed: expected one seed, not " + seeds);
      }
      Scenario scenario =
          new Scenario(
              named.get(0),
              under.isEmpty() ? List.of(Selection.DEFAULT_POLICY) : under,
              seeds == null ? null : seeds.first(),
              List.of());
      Documents documents = Documents.of(session.library(), scenario, this);
      session.use(scenario);
      print(session, scenario + ": " + documents.workload().title() + "\n");
      return ExitCodes.OK;
    }
  }

  /** {@code set}. */
  private static final class SetCommand extends SubCommand {
    private final PositionalParamSpec settings =
        Args.words(
                "PATH=VALUE",
                new Present(session),
                "A knob (reaper.delay=500ms), a quantity of the workload (machine.memory=2GiB) or a"
                    + " cost (costs.pass=2ms).")
            .build();

    SetCommand(Session session) {
      super(session);
    }

    @Override
    public CommandSpec describe(IFactory factory) {
      return describe(
              factory,
              "set",
              "Set something otherwise than the files of what is in use say, for the commands that"
                  + " follow.")
          .addPositional(settings);
    }

    @Override
    public Integer call() {
      Scenario scenario = inUse(session);
      List<String> named = Args.all(settings);
      if (named.isEmpty()) {
        throw misuse("expected PATH=VALUE; 'changes' lists what is set");
      }
      for (String setting : named) {
        parse(setting);
        scenario = scenario.with(setting);
      }
      Documents.of(session.library(), scenario, this);
      session.use(scenario);
      return ExitCodes.OK;
    }
  }

  /** What can be set, with what it is now. */
  private record Present(Session session) implements Names {
    @Override
    public Map<String, String> described() {
      Map<String, String> names = new TreeMap<>(new Names.Settings(session).described());
      Scenario scenario = session.scenario();
      if (scenario != null) {
        List<Setting> set = scenario.settings().stream().map(ScenarioCommands::parse).toList();
        Library plain = session.library();
        Library library = set.isEmpty() ? plain : plain.withSettings(set);
        Policy policy = library.resolvePolicies(scenario.policies(), note -> {}).get(0);
        for (Knob knob : Knobs.all()) {
          names.put(knob.path() + "=", "now " + knob.format(policy.get(knob)));
        }
        for (Workload workload :
            library.resolveWorkloads(List.of(scenario.workload()), note -> {})) {
          for (List<String> row : Properties.of(workload)) {
            String head = row.get(0);
            if (head.startsWith("machine.") || head.startsWith("processes")) {
              names.put(head + "=", "now " + row.get(1));
            }
          }
        }
      }
      return names;
    }
  }

  /** {@code unset}. */
  private static final class Unset extends SubCommand {
    private final PositionalParamSpec paths =
        Args.words("PATH", new IsSet(session), "What was set; all if none is named.").build();

    Unset(Session session) {
      super(session);
    }

    @Override
    public CommandSpec describe(IFactory factory) {
      return describe(factory, "unset", "Take back what was set: the files count again.")
          .addPositional(paths);
    }

    @Override
    public Integer call() {
      Scenario scenario = inUse(session);
      List<String> named = Args.all(paths);
      Scenario changed = named.isEmpty() ? scenario.asInTheFiles() : scenario;
      for (String path : named) {
        if (!scenario.sets(path)) {
          throw new UserError(
              path + " is not set",
              Suggestions.nearest(
                  path, scenario.settings().stream().map(Scenario::pathOf).toList()));
        }
        changed = changed.without(path);
      }
      session.use(changed);
      return ExitCodes.OK;
    }
  }

  /** The paths that are set. */
  private record IsSet(Session session) implements Names {
    @Override
    public Map<String, String> described() {
      Map<String, String> names = new TreeMap<>();
      Scenario scenario = session.scenario();
      if (scenario != null) {
        scenario.settings().forEach(each -> names.put(Scenario.pathOf(each), each));
      }
      return names;
    }
  }

  /** {@code changes}. */
  private static final class Changes extends SubCommand {
    private final Destination destination = new Destination();

    Changes(Session session) {
      super(session);
    }

    @Override
    public CommandSpec describe(IFactory factory) {
      CommandSpec spec = describe(factory, "changes", "Show what is otherwise than the files say.");
      destination.addTo(spec);
      return spec;
    }

    @Override
    public Integer call() {
      Scenario scenario = inUse(session);
      Documents before = Documents.of(session.library(), scenario.asInTheFiles(), this);
      Documents after = Documents.of(session.library(), scenario, this);
      List<List<String>> rows = new ArrayList<>();
      for (int i = 0; i < after.policies().size(); i++) {
        Policy was = before.policies().get(i);
        Policy is = after.policies().get(i);
        for (Knob knob : Knobs.all()) {
          if (was.get(knob) != is.get(knob)) {
            rows.add(
                List.of(
                    is.name(), knob.path(), knob.format(was.get(knob)), knob.format(is.get(knob))));
          }
        }
      }
      compare(after.workload().name(), "", before.workload(), after.workload(), rows);
      compare(after.workload().costsName(), "costs.", before.costs(), after.costs(), rows);
      Grid grid = new Grid(List.of(), List.of("of", "path", "file", "now"), rows, 4);
      try (Output output = destination.open(session)) {
        grid.write(output, destination.format());
        output.commit();
      }
      return ExitCodes.OK;
    }

    private static void compare(
        String of, String prefix, Record before, Record after, List<List<String>> rows) {
      Map<String, String> was = new LinkedHashMap<>();
      Map<String, String> is = new LinkedHashMap<>();
      Properties.of(before).forEach(row -> was.put(row.get(0), row.get(1)));
      Properties.of(after).forEach(row -> is.put(row.get(0), row.get(1)));
      Set<String> paths = new LinkedHashSet<>(was.keySet());
      paths.addAll(is.keySet());
      for (String path : paths) {
        String old = was.getOrDefault(path, "");
        String now = is.getOrDefault(path, "");
        if (!old.equals(now)) {
          rows.add(List.of(of, prefix + path, old, now));
        }
      }
    }
  }

  /** {@code save}. */
  private static final class Save extends SubCommand {
    private final PositionalParamSpec words =
        Args.words(
                "FILE",
                new Nothing(),
                "A file NAME.yaml, by whose name it can be used then; 'policy', 'workload' or"
                    + " 'costs' before it, if more than one is changed.")
            .arity("1..2")
            .build();

    Save(Session session) {
      super(session);
    }

    @Override
    public CommandSpec describe(IFactory factory) {
      return describe(
              factory,
              "save",
              "Write a policy with the knobs that were set, which extends the one in use, or a"
                  + " workload with the quantities that were.")
          .addPositional(words);
    }

    @Override
    public Integer call() {
      Scenario scenario = inUse(session);
      List<String> named = Args.all(words);
      String file = named.get(named.size() - 1);
      String name = nameOf(file);
      List<String> kinds =
          new ArrayList<>(scenario.settings().stream().map(Save::kind).distinct().toList());
      if (named.size() == 2) {
        String kind = named.get(0);
        if (!List.of("policy", "workload", "costs").contains(kind)) {
          throw misuse("expected 'policy', 'workload' or 'costs', not '" + kind + "'");
        }
        kinds.removeIf(each -> !each.equals(kind));
      }
      if (kinds.size() > 1) {
        throw new UserError(
            String.join(" and ", kinds)
                + " are changed: 'save "
                + String.join("' and 'save ", kinds)
                + "' write one each");
      }
      if (kinds.isEmpty()) {
        throw new UserError("nothing is set that could be saved");
      }
      String text =
          switch (kinds.get(0)) {
            case "policy" -> policy(scenario, name);
            case "costs" -> costs(scenario, name);
            default -> workload(scenario, name);
          };
      try (Output output = Output.open(session.streams().out(), Target.file("save", file))) {
        output.print(text);
        output.commit();
      }
      return ExitCodes.OK;
    }

    private static String kind(String setting) {
      return isKnob(setting)
          ? "policy"
          : Scenario.pathOf(setting).startsWith("costs.") ? "costs" : "workload";
    }

    /** A file for --costs, which extends that of the workload. */
    private String costs(Scenario scenario, String name) {
      Map<String, String> set = new TreeMap<>();
      for (String setting : scenario.settings()) {
        if (kind(setting).equals("costs")) {
          String path = Scenario.pathOf(setting).substring("costs.".length());
          set.put(path, setting.substring(setting.indexOf('=') + 1).strip());
        }
      }
      String base =
          session
              .library()
              .resolveWorkloads(List.of(scenario.workload()), this::note)
              .get(0)
              .costsName();
      return CostsWriter.write(name, base, set);
    }

    private static boolean isKnob(String setting) {
      return Knobs.byPath(Scenario.pathOf(setting)) != null;
    }

    private String nameOf(String file) {
      String last = file.substring(file.lastIndexOf('/') + 1);
      if (!last.endsWith(".yaml") || last.length() == ".yaml".length()) {
        throw misuse("expected a file NAME.yaml, not '" + file + "'");
      }
      return last.substring(0, last.length() - ".yaml".length());
    }

    private String policy(Scenario scenario, String name) {
      Documents before = Documents.of(session.library(), scenario.asInTheFiles(), this);
      Documents after = Documents.of(session.library(), scenario, this);
      if (after.policies().size() != 1) {
        throw new UserError(
            "one policy can be saved at a time, and " + after.policies().size() + " are in use");
      }
      Policy base = before.policies().get(0);
      return PolicyWriter.write(
          after.policies().get(0),
          name,
          base.about().title() + ", changed",
          base.about().source(),
          base);
    }

    private String workload(Scenario scenario, String name) {
      List<Setting> settings =
          scenario.settings().stream()
              .filter(each -> kind(each).equals("workload"))
              .map(ScenarioCommands::parse)
              .toList();
      Library.Changed changed =
          session.library().changedWorkload(scenario.workload(), name, settings);
      if (!changed.commentsKept()) {
        note(
            "the comments of "
                + scenario.workload()
                + " are not kept, for what is set is new there");
      }
      return changed.text();
    }
  }

  /** No words in particular. */
  private record Nothing() implements Names {
    @Override
    public Map<String, String> described() {
      return new TreeMap<>();
    }
  }

  private static void print(Session session, String text) {
    try (Output output = Output.open(session.streams().out(), Target.of("", null))) {
      output.print(text);
      output.commit();
    }
  }
}
