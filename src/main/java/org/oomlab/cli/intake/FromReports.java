package org.oomlab.cli.intake;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Part;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Streams;
import org.oomlab.cli.session.UserError;
import org.oomlab.fleet.Fleet;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.Notes;
import org.oomlab.yaml.tree.ProblemException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --from-reports}: the events of kernel logs in place of workloads. */
public final class FromReports implements Part {
  /** Of what was left out so many are named, and the rest is counted. */
  private static final int NAMED = 20;

  private final OptionSpec logs =
      Args.list("PATH", "--from-reports")
          .order(1)
          .description(
              "In place of workloads, one for each OOM event in this kernel log, or in those below"
                  + " this directory or that match this pattern; may be repeated. They are made when"
                  + " their turn comes, so there may be any number.")
          .build();

  private final Map<String, Boolean> policies = new HashMap<>();
  private @Nullable Fleet fleet;

  @Override
  public void addTo(CommandSpec spec) {
    spec.addOption(logs);
  }

  /** Whether events are asked for. */
  public boolean isAsked() {
    return !Args.all(logs).isEmpty();
  }

  /**
   * Counts the events.
   *
   * @param set whether anything is set in every workload
   * @param costs what things cost
   * @throws UserError if there is none
   */
  public Fleet fleet(Library library, boolean set, String costs) {
    List<Path> files = new ArrayList<>();
    for (String each : Args.all(logs)) {
      if (each.equals("-")) {
        throw new UserError("--from-reports: a log is read twice, so it must be a file");
      }
      LogFile.all(each).forEach(log -> files.add(Path.of(log.file())));
    }
    Fleet found =
        Fleet.of(
            files,
            Streams::read,
            new Fleet.Terms(
                library, set, costs.isEmpty() ? "x86-64" : costs, name -> isPolicy(library, name)));
    if (found.isEmpty()) {
      throw new UserError(
          found.unread().isEmpty()
              ? "--from-reports: there is no file below " + String.join(", ", Args.all(logs))
              : found.unread().get(0));
    }
    fleet = found;
    return found;
  }

  private synchronized boolean isPolicy(Library library, String policy) {
    return policies.computeIfAbsent(
        policy,
        name -> {
          try {
            return !library.resolvePolicies(List.of(name), Notes.NONE).isEmpty();
          } catch (ProblemException none) {
            return false;
          }
        });
  }

  /**
   * The exit code of a command that has ended well, having told of what it could not read.
   *
   * @param session hears it
   */
  public int ended(Session session) {
    List<String> unread = fleet == null ? List.of() : fleet.unread();
    unread.stream().limit(NAMED).forEach(each -> session.say("left out: " + each));
    if (unread.size() > NAMED) {
      session.say("left out: " + (unread.size() - NAMED) + " more");
    }
    return unread.isEmpty() ? ExitCodes.OK : ExitCodes.CLAIM_FAILED;
  }
}
