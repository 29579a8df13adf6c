package org.oomlab.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Care;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.Effort;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Selection;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.Words;
import org.oomlab.cli.session.Work;
import org.oomlab.experiment.claim.ClaimProblem;
import org.oomlab.experiment.claim.ClaimResult;
import org.oomlab.experiment.claim.Claims;
import org.oomlab.output.Output;
import org.oomlab.policy.Policy;
import org.oomlab.report.Report;
import org.oomlab.report.ReportFormat;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.tree.Entry;
import org.oomlab.yaml.tree.Problem;
import org.oomlab.yaml.tree.ProblemException;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code oomlab check}. */
final class CheckCommand extends SubCommand {
  private final PositionalParamSpec workloads =
      Args.workloads(
          session, "Workloads: names, families, files, directories, or -. Default: all shipped.");
  private final OptionSpec policies =
      Args.policies(session, "-p", "--policy")
          .order(1)
          .description(
              "Policies to be read as well, whether or not a claim speaks of them. May be"
                  + " repeated.")
          .build();
  private final Effort effort = new Effort();
  private final Care care = new Care();
  private final Destination destination = new Destination();

  CheckCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec =
        describe(
            factory,
            "check",
            "Find out whether workload and policy files can be read and whether every claim in"
                + " them holds.",
            "",
            "A table shows every claim of the workloads that are named; if none is, those that do"
                + " not hold and those that contradict what somebody has said. csv, json and the"
                + " like have a row for every claim. The exit code is 1 if one does not hold.");
    spec.addPositional(workloads).addOption(policies);
    effort.addTo(spec);
    care.addTo(spec);
    destination.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<String> named = session.workloadsOr(Args.all(workloads));
    List<String> besides = Args.named(policies);
    Library library = new Selection(session).library(session, named).withPolicies(besides);
    boolean all = named.isEmpty() && besides.isEmpty();
    List<String> toRead = all ? names(library.policies()) : besides;
    List<Policy> read = library.resolvePolicies(toRead, this::note);
    List<Workload> documents =
        library.resolveWorkloads(all ? names(library.workloads()) : named, this::note);
    if (all) {
      library.costs().forEach(entry -> library.costs(entry.name()));
    }
    understand(documents);
    List<ClaimResult> results;
    try (Output output = destination.open(session)) {
      results = check(library, documents, output);
      if (session.cancelled()) {
        session.say("stopped after " + results.size() + " claims");
        return ExitCodes.INTERRUPTED;
      }
      show(results, output);
      output.commit();
    }
    long failed = count(results, ClaimResult.Verdict.FAILS);
    long contradicted = count(results, ClaimResult.Verdict.CONTRADICTED);
    note(
        count(read.size(), "policy file")
            + " and "
            + count(documents.size(), "workload")
            + " can be read, "
            + count(results.size(), "claim")
            + (failed == 0 ? ": all hold" : ", " + failed + " of which fail")
            + (contradicted == 0 ? "" : "; " + contradicted + " contradict what was said"));
    return failed == 0 ? ExitCodes.OK : ExitCodes.CLAIM_FAILED;
  }

  private static long count(List<ClaimResult> results, ClaimResult.Verdict verdict) {
    return results.stream().filter(result -> result.verdict() == verdict).count();
  }

  private static List<String> names(List<Entry> entries) {
    return entries.stream().map(Entry::name).toList();
  }

  /** Reports what is wrong with the claims of all files before any of them is tried. */
  private static void understand(List<Workload> documents) {
    List<Problem> problems = new ArrayList<>();
    for (Workload document : documents) {
      for (ClaimProblem it : Claims.problems(document)) {
        problems.add(new Problem(it.position(), it.message(), it.suggestion()));
      }
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
  }

  private List<ClaimResult> check(Library library, List<Workload> documents, Output output)
      throws InterruptedException {
    Map<String, Policy> known = new TreeMap<>();
    Function<String, Policy> find =
        name ->
            known.computeIfAbsent(
                name, n -> library.resolvePolicies(List.of(n), this::note).get(0));
    List<ClaimResult> results = new ArrayList<>();
    try (Work work = new Work(session, output, !quiet())) {
      for (Workload document : documents) {
        Costs costs = library.costs(document.costsName());
        Claims.check(document, costs, find, care.rigour(), effort.threads(), work).stream()
            .map(result -> withFiles(library, result))
            .forEach(results::add);
      }
    }
    return results;
  }

  /** A result whose command finds what is not shipped: by its file, not by its name. */
  private ClaimResult withFiles(Library library, ClaimResult result) {
    String file = result.position().file();
    String name = result.workload();
    boolean shipped =
        library.workloads().stream()
            .anyMatch(entry -> entry.name().equals(name) && entry.path().equals(file));
    String command = result.reproduce();
    if (!shipped) {
      command = command.replace(" " + name + " ", " " + Words.quote(file) + " ");
    }
    return new ClaimResult(
        name,
        result.policy(),
        result.claim(),
        result.position(),
        result.metric(),
        result.expected(),
        result.measured(),
        result.holds(),
        command);
  }

  /** Programs get everything, and so do people who name a workload; others what is remarkable. */
  private void show(List<ClaimResult> results, Output output) {
    boolean everything =
        destination.format() != ReportFormat.TABLE || verbose() || !Args.all(workloads).isEmpty();
    try (Report<ClaimResult> report =
        destination.format().claims(output.writer(), colored(output))) {
      results.stream()
          .filter(result -> everything || result.verdict() != ClaimResult.Verdict.HOLDS)
          .forEach(report);
    }
  }
}
