package org.oomlab.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Build;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.output.Output;
import org.oomlab.output.Target;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Bundle;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.PolicyWriter;
import org.oomlab.yaml.WorkloadWriter;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code oomlab bundle}. */
final class BundleCommand extends SubCommand {
  /** What is in the documents by the time they are packed, and what is for whoever runs them. */
  private static final Set<String> LEFT_OUT =
      new LinkedHashSet<>(
          List.of(
              "--policy",
              "--set",
              "--costs",
              "--output",
              "--meta",
              "--jobs",
              "--quiet",
              "--verbose",
              "--color",
              "--debug",
              "--wide"));

  private final PositionalParamSpec words =
      PositionalParamSpec.builder()
          .type(List.class)
          .auxiliaryTypes(String.class)
          .paramLabel("COMMAND")
          .arity("1..*")
          .description("run, compare, sweep, sensitivity, explain or trace, with its arguments.")
          .build();
  private final OptionSpec file = Destination.fileOption();

  BundleCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec =
        describe(
            factory,
            "bundle",
            "Pack a command with all it needs into one file that 'oomlab run FILE' runs again,"
                + " anywhere: the policies, workloads and costs as they are in force, each standing"
                + " on its own.",
            "",
            "Options of the command that say where results go are left out. Give 'oomlab run FILE'"
                + " others to add to it.");
    spec.addOption(file).addPositional(words);
    spec.parser().stopAtPositional(true);
    return spec;
  }

  @Override
  public Integer call() {
    List<String> inner = Args.all(words);
    if (inner.isEmpty()) {
      throw misuse("bundle: expected the command to pack, such as run WORKLOAD -p POLICY");
    }
    CommandLine tree = Commands.tree(session, inner);
    ParseResult parsed = tree.parseArgs(inner.toArray(String[]::new)).subcommand();
    if (parsed == null || !(parsed.commandSpec().userObject() instanceof SubCommand command)) {
      throw misuse("bundle: expected a command such as run, not " + inner.get(0));
    }
    Selection selection = command.selection();
    if (selection == null) {
      throw misuse(
          "bundle: "
              + parsed.commandSpec().name()
              + " cannot be packed; run, compare, sweep, sensitivity, explain and trace can");
    }
    try (Output output = Output.open(session.streams().out(), Target.of("-o", file.getValue()))) {
      output.print(text(command, selection, parsed));
      output.commit();
    }
    return ExitCodes.OK;
  }

  private String text(SubCommand command, Selection selection, ParseResult parsed) {
    List<String> names = command.workloads();
    Library library = selection.library(session, names);
    Map<String, Policy> policies = new LinkedHashMap<>();
    Map<String, Workload> workloads = new LinkedHashMap<>();
    Map<String, String> costs = new LinkedHashMap<>();
    for (Case each : selection.cases(library, names, this::note)) {
      Costs its = each.costs();
      policies.put(each.policy().name(), each.policy());
      workloads.put(each.workload().name(), each.workload().withCosts(its.name()).withoutClaims());
      String asked = selection.costs().isEmpty() ? each.workload().costsName() : selection.costs();
      costs.computeIfAbsent(its.name(), name -> library.costsText(asked));
    }
    List<String> documents = new ArrayList<>();
    policies.values().forEach(policy -> documents.add(PolicyWriter.write(policy)));
    workloads.values().forEach(it -> documents.add(WorkloadWriter.write(it, Map.of())));
    documents.addAll(costs.values());
    List<String> line = new ArrayList<>(List.of(parsed.commandSpec().name()));
    line.addAll(workloads.keySet());
    line.addAll(List.of("-p", String.join(",", policies.keySet())));
    line.addAll(options(parsed));
    Build build = Build.current();
    Map<String, String> head = new LinkedHashMap<>();
    head.put("oomlab", build.version());
    head.put("commit", build.commit());
    head.put("model", build.model());
    return Bundle.write(head, line, documents);
  }

  private List<String> options(ParseResult parsed) {
    List<String> options = new ArrayList<>();
    for (OptionSpec option : parsed.matchedOptionsSet()) {
      String name = option.longestName();
      if (name.equals("--output") || name.equals("--meta")) {
        note(name + " is left out: whoever runs the bundle says where to");
      }
      if (LEFT_OUT.contains(name)) {
        continue;
      }
      if (option.arity().max() == 0) {
        options.add(name);
      } else {
        option.originalStringValues().forEach(value -> options.add(name + "=" + value));
      }
    }
    return options;
  }

  /**
   * The command in a bundle, if that is what somebody wants to run, with the other words behind it;
   * for another command than run, its workloads in place of the bundle. Else the words as they are.
   */
  static List<String> unpack(Session session, List<String> words) {
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i);
      boolean file = !word.startsWith("-") && (word.endsWith(".yaml") || word.endsWith(".yml"));
      Bundle bundle = file ? Bundle.in(java.nio.file.Path.of(word)) : null;
      if (bundle != null && !words.get(0).equals("bundle")) {
        session.know(bundle);
        List<String> others = new ArrayList<>(words.subList(1, words.size()));
        others.remove(i - 1);
        boolean run = words.get(0).equals("run");
        List<String> line = new ArrayList<>(run ? bundle.command() : words.subList(0, 1));
        line.addAll(run ? List.of() : bundle.workloads());
        line.addAll(others);
        String model = Build.current().model();
        if (!bundle.model().equals(model) && !model.isEmpty() && !words.contains("-q")) {
          session.say(
              word
                  + ": made with model "
                  + (bundle.model().isEmpty() ? "unknown" : bundle.model())
                  + ", and this is "
                  + model
                  + ": results may differ");
        }
        return line;
      }
    }
    return words;
  }
}
