package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.cli.session.Selection;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.kernel.Rigour;
import org.oomlab.yaml.Library;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Every command that simulates can be told to look at every law after every event. */
class CareTest {
  private static final Set<String> SIMULATES_NOTHING =
      Set.of(
          "merge",
          "plot",
          "bundle",
          "list",
          "show",
          "import",
          "export",
          "tour",
          "repl",
          "help",
          "generate-completion");

  @Test
  void everyCommandThatSimulatesHasCheck() {
    CommandLine tree = Commands.tree(Cli.session(""));
    assertThat(tree.getSubcommands()).containsKeys(SIMULATES_NOTHING.toArray(String[]::new));
    tree.getSubcommands()
        .forEach(
            (name, command) ->
                assertThat(command.getCommandSpec().findOption("--check") != null)
                    .as(name)
                    .isEqualTo(!SIMULATES_NOTHING.contains(name)));
  }

  @Test
  void theCasesThatAreRunAreTheCheckedOnes() {
    assertThat(rigours("-p", "linux-6.18", "--check")).containsOnly(Rigour.CHECKED);
    assertThat(rigours("-p", "linux-6.18")).containsOnly(Rigour.USUAL);
  }

  private static List<Rigour> rigours(String... words) {
    Selection selection = new Selection(Cli.session(""));
    CommandSpec spec = CommandSpec.create();
    selection.addTo(spec);
    new CommandLine(spec).parseArgs(words);
    return selection.cases(Library.open(null), List.of("m01-runnable-victim"), n -> {}).stream()
        .map(Case::rigour)
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> theOutputIsTheSame() {
    return Stream.of(
            "run m01-runnable-victim -p linux-4.19,linux-6.18 -r 2",
            "compare m01-runnable-victim -p linux-4.19,linux-6.18 -r 2",
            "sweep m01-runnable-victim --vary reaper.delay=0s,2s -r 2",
            "check m01-runnable-victim",
            "explain m01-runnable-victim --seeds 1",
            "trace m01-runnable-victim --seeds 1",
            "timeline m01-runnable-victim -p linux-4.19,linux-6.18",
            "diff m01-runnable-victim -p linux-4.19,linux-6.18",
            "threshold frozen-snapshot --vary machine.free=128MiB..8GiB --until kills=0 -r 1",
            "outcomes m01-runnable-victim -r 2",
            "fidelity lab-m1 -r 2",
            "diagnose src/test/resources/org/oomlab/cli/m30-oom-group-6.18.log")
        .map(command -> DynamicTest.dynamicTest(command, () -> isTheSame(command)));
  }

  private static void isTheSame(String command) {
    Cli.Result usual = Cli.run(command.split(" "));
    Cli.Result checked = Cli.run((command + " --check").split(" "));
    assertThat(usual.code()).as(usual.err()).isZero();
    assertThat(checked.out()).isEqualTo(usual.out());
    assertThat(checked.code()).isZero();
  }
}
