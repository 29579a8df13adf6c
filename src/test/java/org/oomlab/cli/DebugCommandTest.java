package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebugCommandTest {
  private static Cli.Result debug(String script) {
    return Cli.runWithInput(script, "debug", "mlocked-all", "-p", "linux-4.19", "--seed", "3");
  }

  @Test
  void undoesAKill() {
    Cli.Result result = debug("goto kill 2\nback\nfork undone\nveto\nrun\ndiff\n");
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("next: db[0] is to be killed for agent")
        .contains("without that kill the request was satisfied after 168.259224ms")
        .contains("in main: +1.501097ms, db[0] is killed")
        .containsPattern("outcome +panic: System is deadlocked on memory +recovered");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ps db[9] | ps: there is no process db[9]; did you mean db[0]?",
        "goto 5h | goto: 5h is beyond the end, +4.467483ms",
        "goto event 99999 | goto: there is no event 99999: the last one is ",
        "goto kill 9 | goto: there is no kill 9: the episode has 4",
        "goto there | goto: there is no mark there",
        "until free < | until: 'free <': column 7: expected a value here",
        "until free < 3ms | until: 'free < 3ms': column 8: expected an amount of memory",
        "back | back: this is the beginning",
        "rewind 3ms | rewind: this is the beginning",
        "last free < low | last: this is the beginning",
        "next kil | did you mean kill?",
        "veto | veto: no kill is to happen next",
        "kill db[0] | kill: this is the episode as it was; 'fork' first",
        "kill systemd | kill: systemd is init",
        "thaw db[0] | thaw: db[0] is not frozen",
        "release oom_lock | release: nobody holds oom_lock",
        "release mutex | release: there is no lock mutex",
        "set reaper.dela=1s | set: there is no knob reaper.dela; did you mean reaper.delay?",
        "set reaper | set: expected KNOB=VALUE",
        "step 0 | step: expected a whole number from 1, not '0'",
        "run now | run: run takes nothing, and this is 'now'",
        "switch there | switch: there is no branch there",
        "diff | diff: expected two branches",
        "delete 3 | delete: there is no breakpoint 3",
        "undo | undo: nothing was done by hand",
        "mark 3ms | mark: a mark cannot be called '3ms'",
        "break off kill | break: expected 'break on'",
        "setp | there is no command setp; did you mean step?",
      })
  void saysWhatIsWrong(String command, String message) {
    Cli.Result result = debug(command + "\nwhere\n");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains(message)
        .contains("stdin:1: stopped, since this command ended with 2");
    assertThat(result.out()).doesNotContain("> where");
  }

  @Test
  void theThirdLineOfAScriptFails(@TempDir Path folder) throws IOException {
    Path script = folder.resolve("script");
    Files.writeString(script, "# to the kill\nnext kill\nnext nobody\nrun\n");
    Cli.Result result = Cli.run("debug", "mlocked-all", "--script", script.toString());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(script + ":3: stopped");
    assertThat(result.out()).contains("> next kill").doesNotContain("> run");
  }

  @Test
  void theBranchThatIsForkedFromAForkGoesOnFromThere() {
    Cli.Result result =
        debug(
            """
            goto kill 1
            back
            fork one
            veto
            step 5
            fork two
            undo
            branches
            """);
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("  one: at event 94, from main at event 89; veto at event 89")
        .contains("* two: at event 89, from one at event 94");
  }

  @Test
  void stopsAtBreakpoints() {
    Cli.Result result =
        debug(
            """
            break on skip db[2]
            break if kills = 3
            watch skipped(db[0])
            run
            run
            run
            mark here
            goto start
            goto here
            delete
            run
            last kills = 1
            """);
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines().filter(line -> line.startsWith("1: break on skip db[2]")))
        .hasSize(2);
    assertThat(result.out())
        .contains("3: watch skipped(db[0]): false -> true")
        .contains("2: break if kills = 3\n+2.778402ms")
        .contains("mark here: event ")
        .contains("> last kills = 1\n+1.501097ms  event 95");
  }

  @Test
  void aQuoteGoesOnInTheNextLine() {
    Cli.Result result = debug("until 'free <\n low'\nprint \\\n  kills\n");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("kills: 0");
  }

  @Test
  void aQuoteThatIsNeverClosedIsSaidToBeOpenWhereItBegan() {
    Cli.Result result = debug("where\nuntil 'free\nrun\n");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("stdin:2: the quote ' is not closed");
  }

  @Test
  void aShellGoesBackToWhereItWas() {
    Cli.Result result =
        Cli.runWithInput(
            "debug mlocked-all -p linux-4.19 --seed 3\nnext kill\nlist costs --names\nexit\nnext\n",
            "repl");
    assertThat(result.out()).contains("db[2] is killed").contains("x86-64\n");
    assertThat(result.err()).contains("there is no command next");
  }

  @Test
  void aWorkloadFromStandardInputNeedsAScript() {
    Cli.Result result = Cli.runWithInput("workload: x\n", "debug", "-");
    assertThat(result.code()).isEqualTo(2);
  }

  @Test
  void theLogIsThatOfTrace() {
    String traced = Cli.run("trace", "mlocked-all", "-p", "linux-4.19", "--seed", "3").out();
    Cli.Result result = debug("run\nlog 100000\n");
    assertThat(result.out()).endsWith(traced);
  }

  @Test
  void whyAgreesWithExplain() {
    Cli.Result result = debug("goto kill 2\nwhy\n");
    assertThat(result.out())
        .contains("kill 2: db[0], for a request of agent in the machine")
        .contains("passed over: db[2]: MMF_OOM_SKIP; oom_evaluate_task()")
        .contains("EXTRA: without it the request is satisfied after 168.259224ms");
  }

  @Test
  void aKnobThatIsSetCounts() {
    Cli.Result again =
        debug("goto kill 1\nback\nfork a\nset reaper.takes_mlocked=true\nrun\ndiff\n");
    assertThat(again.err()).isEmpty();
    assertThat(again.out()).contains("they part:");
  }
}
