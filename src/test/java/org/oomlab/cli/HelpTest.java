package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.cli.session.Words;
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

  @TestFactory
  Stream<DynamicTest> everyCommandHasTwoExamplesThatItUnderstands() {
    return commands().stream()
        .filter(command -> command.parent() != null)
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command.qualifiedName(),
                    () -> {
                      List<String> examples =
                          Stream.of(command.usageMessage().footer())
                              .filter(line -> line.startsWith("  oomlab "))
                              .toList();
                      assertThat(examples).hasSize(2);
                      assertThat(examples.get(0)).contains(command.qualifiedName());
                      for (String example : examples) {
                        List<String> words = Words.split(example.replaceFirst(" [<>] .*", ""));
                        Commands.tree(Cli.session(""))
                            .parseArgs(words.subList(1, words.size()).toArray(String[]::new));
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> noLineOfItIsLongerThanTheTerminalOrEndsWithinAWord() {
    return commands().stream()
        .flatMap(command -> Stream.of(60, 80, 200).map(width -> new Sized(command, width)))
        .map(it -> DynamicTest.dynamicTest(it.toString(), it::check));
  }

  private record Sized(CommandSpec command, int width) {
    void check() {
      StringWriter text = new StringWriter();
      command.usageMessage().width(width);
      command.commandLine().usage(UnbrokenHelp.writer(text));
      assertThat(text.toString().lines())
          .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
      Set<String> shown = new TreeSet<>(List.of(text.toString().strip().split("\\s+")));
      Stream.concat(
              Stream.of(command.usageMessage().description()),
              command.options().stream().flatMap(option -> Stream.of(option.description())))
          .filter(line -> !line.contains("$") && !line.contains("|"))
          .flatMap(
              line -> Stream.of(line.replace("%n", " ").replace("%%", "%").strip().split("\\s+")))
          .filter(word -> !word.isEmpty())
          .forEach(word -> assertThat(shown).contains(word));
    }

    @Override
    public String toString() {
      return command.qualifiedName() + " in " + width + " columns";
    }
  }
}
