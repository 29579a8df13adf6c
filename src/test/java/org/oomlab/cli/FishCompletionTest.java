package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class FishCompletionTest {
  @TempDir Path folder;

  private static String script() {
    Cli.Result result = Cli.run("generate-completion", "--shell", "fish");
    assertThat(result.code()).as(result.err()).isZero();
    return result.out();
  }

  @Test
  void everyCommandAndOptionIsCompleted() {
    String script = script();
    for (CommandSpec command : HelpTest.commands()) {
      if (command.parent() == null) {
        continue;
      }
      assertThat(script).contains(" -a '" + command.name() + "'");
      for (OptionSpec option : command.options()) {
        if (!option.hidden() && option.longestName().startsWith("--")) {
          assertThat(script.lines())
              .as(command.name() + " " + option.longestName())
              .anyMatch(
                  line ->
                      line.contains("from " + command.name() + "' ")
                          && line.contains(" -l " + option.longestName().substring(2)));
        }
      }
    }
  }

  @Test
  void namesAndWordsAreCompleted() {
    assertThat(script().lines())
        .anyMatch(line -> line.matches(".*from run' -s p -l policy -r -a '[^']*linux-6.18 .*"))
        .anyMatch(line -> line.matches(".*from plot' .*-l format -r -a 'png svg text'.*"));
  }

  @Test
  void eachLineIsOneCommandWithItsQuotesClosed() {
    assertThat(script().lines().skip(1))
        .allMatch(line -> line.startsWith("complete -c oomlab -n '"))
        // What is escaped is no quote; of the others there are two and two.
        .allMatch(line -> line.replaceAll("\\\\.", "").replaceAll("[^']", "").length() % 2 == 0);
  }

  @Test
  void fishReadsIt() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/fish")), "no fish here");
    Path file = Files.writeString(folder.resolve("oomlab.fish"), script());
    Process fish =
        new ProcessBuilder("/usr/bin/fish", "--no-execute", file.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(fish.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
    assertThat(fish.waitFor()).isZero();
  }
}
