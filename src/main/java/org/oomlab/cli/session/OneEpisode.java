package org.oomlab.cli.session;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Workload;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Which episode, for commands that look at a single one. */
public final class OneEpisode implements Part {
  private final PositionalParamSpec workload;
  private final Selection selection;
  private final OptionSpec seeds;
  private final @Nullable Scenario scenario;

  public OneEpisode(Session session) {
    scenario = session.scenario();
    selection = new Selection(session);
    seeds =
        Args.option(SeedRange.class, "N", "-s", "--seed", "--seeds")
            .order(2)
            .defaultValue(
                scenario == null || scenario.seed() == null ? "1" : scenario.seed().toString())
            .converters(new Effort.Range())
            .description("Which episode. Default: ${DEFAULT-VALUE}.")
            .build();
    workload =
        Args.word(
            "WORKLOAD",
            new Names.Workloads(session),
            "A workload: a name, a file, or - for standard input.",
            scenario == null);
  }

  @Override
  public void addTo(CommandSpec spec) {
    spec.addPositional(workload).addOption(seeds);
    selection.addTo(spec);
  }

  /** Whether the workload comes from standard input, which then is at its end. */
  public boolean isFromStandardInput() {
    return workloads().contains("-");
  }

  /** What is changed in the documents, and the policies. */
  public Selection selection() {
    return selection;
  }

  /** The one workload. */
  public List<String> workloads() {
    String named = workload.<@Nullable String>getValue();
    boolean inUse = named == null && scenario != null;
    return List.of(inUse ? scenario.workload() : String.valueOf(named));
  }

  private SeedRange seeds() {
    return seeds.getValue();
  }

  /** The seed. */
  public long seed() {
    return seeds().first();
  }

  /**
   * Reads the documents.
   *
   * @param done what the command does to episodes, as in {@code explained}
   * @return the workload under the policy
   * @throws UserError if there is more than one of either
   */
  public Case of(SubCommand command, String done) {
    List<Case> cases = ofEach(command, done);
    if (cases.size() != 1) {
      throw new UserError(
          command.spec().name()
              + ": one workload under one policy can be "
              + done
              + " at a time, and these are "
              + cases.size()
              + " such pairs");
    }
    return cases.get(0);
  }

  /**
   * The same, under as many policies as there are.
   *
   * @throws UserError if there is more than one workload or seed
   */
  public List<Case> ofEach(SubCommand command, String done) {
    if (seeds().count() != 1) {
      throw command.misuse("--seed: one episode can be " + done + " at a time, not " + seeds());
    }
    List<Case> cases =
        selection.cases(
            selection.library(command.session, workloads()), workloads(), command::note);
    Workload first = cases.get(0).workload();
    if (!cases.stream().allMatch(each -> each.workload().equals(first))) {
      throw new UserError(
          command.spec().name() + ": one workload can be " + done + " at a time, not a family");
    }
    return cases;
  }
}
