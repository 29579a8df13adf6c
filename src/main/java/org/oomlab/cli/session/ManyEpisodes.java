package org.oomlab.cli.session;

import java.util.List;
import org.oomlab.unit.SeedRange;
import org.oomlab.yaml.Library;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Which episodes, for commands that run many: workloads under policies, in seeds, on threads. Those
 * that look at a single one have {@link OneEpisode}.
 */
public final class ManyEpisodes implements Part {
  private final Session session;
  private final PositionalParamSpec workloads;
  private final Selection selection;
  private final Effort.Seeds seeds;
  private final Effort effort = new Effort();

  /**
   * The options and the argument.
   *
   * @param workloads what may be named, for the help
   */
  public ManyEpisodes(Session session, String workloads) {
    this(session, workloads, Effort.DEFAULT_RUNS);
  }

  /**
   * The same with another number of episodes.
   *
   * @param usual how many episodes each has unless somebody says otherwise
   */
  public ManyEpisodes(Session session, String workloads, long usual) {
    this.seeds = new Effort.Seeds(usual);
    this.session = session;
    this.workloads = Args.workloads(session, workloads);
    this.selection = new Selection(session);
  }

  @Override
  public void addTo(CommandSpec spec) {
    spec.addPositional(workloads);
    selection.addTo(spec);
    seeds.addTo(spec);
    effort.addTo(spec);
  }

  /**
   * The library, with what is to be set otherwise.
   *
   * @throws org.oomlab.yaml.tree.ProblemException if something cannot be set
   */
  public Library library() {
    return library(named());
  }

  /** The same for other workloads than those that were named. */
  public Library library(List<String> workloads) {
    return selection.library(session, workloads);
  }

  /** The workloads asked for, or the one in use. */
  public List<String> named() {
    return session.workloadsOr(Args.all(workloads));
  }

  /**
   * The names of the workloads.
   *
   * @throws UserError if there are none
   */
  public List<String> workloads(SubCommand command, Library library) {
    List<String> names = named();
    if (names.isEmpty()) {
      throw new UserError(
          command.spec().name()
              + ": which workload? "
              + String.join(", ", Names.families(library.workloads()))
              + "; 'oomlab list workloads' shows all");
    }
    return names;
  }

  /** The policies, and what is changed in them and in the workloads. */
  public Selection selection() {
    return selection;
  }

  /** The seeds asked for, or the default. */
  public SeedRange seeds() {
    return seeds.range(session.scenario());
  }

  /** How many threads. */
  public int threads() {
    return effort.threads();
  }
}
