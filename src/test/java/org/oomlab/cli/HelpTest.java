package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The help of every command, including those to come. */
class HelpTest {
  static List<CommandSpec> commands() {
    List<CommandSpec> commands = new ArrayList<>();
    collect(Commands.tree(Cli.session("")), commands);
    return commands;
  }

  private static void collect(CommandLine line, List<CommandSpec> commands) {
    commands.add(line.getCommandSpec());
    line.getSubcommands().values().forEach(below -> collect(below, commands));
  }

  private static Stream<String> texts(CommandSpec command) {
    UsageMessageSpec usage = command.usageMessage();
    return Stream.of(usage.header(), usage.description(), usage.footer()).flatMap(Stream::of);
  }

  /** picocli formats these; what it cannot, it complains of on standard error. */
  @TestFactory
  Stream<DynamicTest> noPercentSignIsAFormat() {
    return commands().stream()
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command.qualifiedName(),
                    () ->
                        assertThat(texts(command))
                            .allSatisfy(
                                text ->
                                    assertThat(text.replace("%%", "").replace("%n", ""))
                                        .doesNotContain("%"))));
  }

  @TestFactory
  Stream<DynamicTest> itIsPrintedAndNothingElse() {
    return commands().stream()
        .map(CommandSpec::qualifiedName)
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      String[] words = (name + " --help").replaceFirst("oomlab ", "").split(" ");
                      ByteArrayOutputStream complaints = new ByteArrayOutputStream();
                      PrintStream before = System.err;
                      System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
                      Cli.Result result;
                      try {
                        result = Cli.run(words);
                      } finally {
                        System.setErr(before);
                      }
                      assertThat(complaints.toString(StandardCharsets.UTF_8))
                          .doesNotContain("picocli");
                      assertThat(result.code()).isZero();
                      assertThat(result.err()).isEmpty();
                      assertThat(result.out()).contains("Usage: " + name).doesNotContain("%%");
                    }));
  }
}
