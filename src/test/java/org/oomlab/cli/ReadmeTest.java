package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The sessions in README.md are what the commands print. */
class ReadmeTest {
  private static final String INDENT = "    ";
  private static final Pattern COMMAND =
      Pattern.compile("    \\$ \\./oomlab (.*?)(?: \\| head -([0-9]+))?");

  @TestFactory
  Stream<DynamicTest> everySessionIsReal() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    List<String> lines = Files.readAllLines(Path.of("README.md"));
    for (int i = 0; i < lines.size(); i++) {
      Matcher command = COMMAND.matcher(lines.get(i));
      if (command.matches()) {
        List<String> shown = new ArrayList<>();
        for (int j = i + 1; j < lines.size() && isOutput(lines, j); j++) {
          shown.add(lines.get(j).isEmpty() ? "" : lines.get(j).substring(INDENT.length()));
        }
        String arguments = command.group(1);
        long most = command.group(2) == null ? Long.MAX_VALUE : Long.parseLong(command.group(2));
        tests.add(
            DynamicTest.dynamicTest(
                arguments, () -> assertThat(printed(arguments, most)).isEqualTo(shown)));
      }
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  /** An indented line, or an empty one with an indented one after it. */
  private static boolean isOutput(List<String> lines, int i) {
    return lines.get(i).startsWith(INDENT)
        || (lines.get(i).isEmpty()
            && i + 1 < lines.size()
            && lines.get(i + 1).startsWith(INDENT)
            && !COMMAND.matcher(lines.get(i + 1)).matches());
  }

  private static List<String> printed(String arguments, long most) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Oomlab.execute(
            arguments.split(" "),
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .map(String::stripTrailing)
        .limit(most)
        .toList();
  }
}
