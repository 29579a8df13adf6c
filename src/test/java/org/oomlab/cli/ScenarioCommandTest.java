package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in use in a shell or a script. */
class ScenarioCommandTest {
  private static Cli.Result say(String... lines) {
    return Cli.runWithInput(String.join("\n", lines) + "\n", "repl");
  }

  @Test
  void commandsAreAboutWhatIsInUseWhereTheyNameNothing() {
    Cli.Result result =
        say(
            "use mlocked-all -p linux-4.19 --seed 3",
            "run --format csv",
            "explain --kills",
            "debug",
            "exit",
            "run mlocked-search-node --runs 1 -p linux-4.17 --format csv");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("mlocked-all linux-4.19 seed 3: Every process")
        .contains("mlocked-all under linux-4.19, seed 3\npanic:")
        .contains("mlocked-all under linux-4.19, seed 3\nEvery process")
        .contains("\nmlocked-search-node,linux-4.17,1");
    String alone =
        Cli.run("run", "mlocked-all", "-p", "linux-4.19", "--seeds", "3", "--format", "csv").out();
    assertThat(result.out()).contains(alone);
  }

  @Test
  void whatIsSetCountsUntilItIsUnset() {
    Cli.Result result =
        say(
            "use mlocked-all -p linux-4.19 --seed 3",
            "set reaper.takes_mlocked=true machine.free=9MiB",
            "set machine.free=10MiB costs.pass=2ms",
            "changes",
            "explain --kills",
            "unset machine.free",
            "use",
            "unset",
            "changes --format csv",
            "use");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .containsPattern("linux-4.19 +reaper.takes_mlocked +false +true")
        .containsPattern("mlocked-all +machine.free .*10MiB")
        .containsPattern("x86-64 +costs.pass .*2ms")
        .contains("\nrecovered: the request")
        .contains(
            "mlocked-all linux-4.19 seed 3*\nof,path,file,now\nmlocked-all linux-4.19 seed 3\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "set reaper.delay=1s | nothing is in use yet: 'use WORKLOAD' first",
        "use nobody | nobody",
        "use mlocked | one workload can be used at a time, and these are 3",
        "use mlocked-all --seed 1..3 | --seed: expected one seed, not 1..3",
      })
  void saysWhatIsWrong(String line, String message) {
    Cli.Result result = say(line);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(message).contains("stdin:1: stopped");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "set reaper.dela=1s | did you mean reaper.delay?",
        "set reaper.delay=soon | expected a duration",
        "set machine.memory=3s | machine.memory",
        "set processes.nobody.count=3 | there is no processes.nobody",
        "set reaper.delay | expected PATH=VALUE",
        "unset reaper.delay | reaper.delay is not set",
        "save x.yaml | nothing is set that could be saved",
        "save x | expected a file NAME.yaml",
      })
  void whatCannotBeDoneChangesNothing(String line, String message) {
    Cli.Result result = say("use mlocked-all -p linux-4.19", line);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(message).contains("stdin:2: stopped");
  }

  @Test
  void aPolicyIsSavedAsOneThatExtendsItsBase(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("mine.yaml");
    Cli.Result result =
        say(
            "use mlocked-all -p linux-4.19 --seed 3",
            "set reaper.takes_mlocked=true",
            "explain --kills",
            "save " + file);
    assertThat(result.err()).isEmpty();
    assertThat(Files.readString(file)).contains("extends: linux-4.19", "takes_mlocked: true");
    String again =
        Cli.run("explain", "mlocked-all", "-p", file.toString(), "-s", "3", "--kills").out();
    assertThat(result.out()).contains(again.substring(again.indexOf('\n')));
  }

  @Test
  void aWorkloadIsSavedWithItsComments(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("small.yaml");
    Cli.Result result =
        say(
            "use a-panic-costs-more -p handa-timers-2016 --seed 3",
            "set machine.cpus=2",
            "save " + file);
    assertThat(result.err()).isEmpty();
    String original = Files.readString(Path.of("workloads/threads/a-panic-costs-more.yaml"));
    assertThat(Files.readString(file))
        .isEqualTo(
            original
                .replace("workload: a-panic-costs-more", "workload: small")
                .replace("cpus: 64 ", "cpus: 2 "));
  }

  @Test
  void aWorkloadWithNewKeysIsSavedWithoutComments(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("swapping.yaml");
    Cli.Result result =
        say("use a-panic-costs-more -p linux-4.5", "set machine.swap=1GiB", "save " + file);
    assertThat(result.err()).contains("comments of a-panic-costs-more are not kept");
    assertThat(Files.readString(file)).contains("swap: 1GiB").contains("workload: swapping");
    assertThat(Cli.run("show", file.toString()).code()).isZero();
  }

  @Test
  void bothAreSavedOneAfterTheOther(@TempDir Path folder) {
    String use = "use mlocked-all -p linux-4.19";
    String set = "set reaper.takes_mlocked=true machine.free=9MiB";
    Cli.Result result = say(use, set, "save " + folder.resolve("a.yaml"));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("policy and workload are changed: 'save policy' and 'save workload'");
    assertThat(
            say(
                    use,
                    set,
                    "save policy " + folder.resolve("p.yaml"),
                    "save workload " + folder.resolve("w.yaml"))
                .err())
        .isEmpty();
    assertThat(folder.resolve("p.yaml")).exists();
    assertThat(folder.resolve("w.yaml")).exists();
  }

  @Test
  void costsAreSavedAsAFileThatExtendsTheWorkloads(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("slow.yaml");
    Cli.Result result =
        say(
            "use mlocked-all -p linux-5.18 --seed 3",
            "set costs.pass=2ms costs.unmap=3us",
            "explain --kills",
            "save " + file);
    assertThat(result.err()).isEmpty();
    assertThat(Files.readString(file))
        .contains("costs: slow", "extends: x86-64", "pass: {value: 2ms", "unmap: {value: 3us");
    String again =
        Cli.run(("explain mlocked-all -p linux-5.18 -s 3 --kills --costs " + file).split(" "))
            .out();
    assertThat(result.out()).contains(again.substring(again.indexOf('\n')));
  }

  @Test
  void commandsThatNameNoWorkloadAreAboutTheOneInUse() {
    String use = "use lab-m1 -p linux-6.1";
    assertThat(say(use, "check").err()).contains("1 workload can be read");
    assertThat(say(use, "fidelity -r 1").err()).contains("over 1 workload");
    assertThat(say(use, "show --format csv").out()).contains("lab-m1");
    assertThat(say("use mlocked-all -p linux-5.18", "set machine.cpus=3", "show").out())
        .containsPattern("machine\\.cpus +3");
  }
}
