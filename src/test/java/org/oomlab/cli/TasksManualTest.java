package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.oomlab.cli.session.Words;

/** The tasks in oomlab-tasks(7) take three commands each, and these work as printed. */
class TasksManualTest {
  @TempDir Path folder;

  /** The commands of each section, as words. */
  private static Map<String, List<List<String>>> tasks() throws IOException {
    Map<String, List<List<String>>> tasks = new LinkedHashMap<>();
    String section = "";
    for (String line : Files.readAllLines(Path.of("man", "oomlab-tasks.7"))) {
      String text = line.replace("\\-", "-");
      section = text.startsWith(".SS ") ? text.substring(4) : section;
      if (text.startsWith("oomlab ")) {
        tasks
            .computeIfAbsent(section, name -> new ArrayList<>())
            .add(Words.split(text.substring("oomlab ".length()).replaceFirst(" > .*", "")));
      }
    }
    return tasks;
  }

  @Test
  void aTaskTakesThreeCommandsAtMost() throws IOException {
    assertThat(tasks()).hasSize(5);
    assertThat(tasks().values()).allSatisfy(its -> assertThat(its).hasSizeLessThanOrEqualTo(3));
  }

  @TestFactory
  Stream<DynamicTest> theyWorkAsPrinted() throws IOException {
    Files.writeString(
        folder.resolve("mine.yaml"), "policy: mine\nextends: linux-6.18\nreaper: {delay: 1s}\n");
    Files.copy(Path.of("workloads/mlocked/mlocked-all.yaml"), folder.resolve("case.yaml"));
    Files.copy(
        Path.of("src/test/resources/oom-reports/4.14-child.log"), folder.resolve("dmesg.log"));
    return tasks().values().stream()
        .flatMap(List::stream)
        .map(words -> DynamicTest.dynamicTest(String.join(" ", words), () -> works(words)));
  }

  private void works(List<String> words) {
    List<String> line = new ArrayList<>();
    for (String word : words) {
      String here =
          word.replaceAll("\\b(mine.yaml|case.yaml|bundle.yaml|dmesg.log)", folder + "/$1");
      // Few episodes, and of the largest family one: this is about what is typed.
      line.add(here.equals("200") ? "20" : here.equals("threads") ? "frozen-v2" : here);
    }
    if (List.of("compare", "sweep", "threshold").contains(line.get(0))) {
      line.addAll(List.of("-r", "2"));
    }
    Cli.Result result = Cli.run(line.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
  }
}
