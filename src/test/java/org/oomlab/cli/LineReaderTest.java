package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {
  private static List<String> lines(String text) throws IOException {
    List<String> lines = new ArrayList<>();
    try (LineReader reader = new LineReader(new StringReader(text))) {
      for (String line = reader.next(); line != null; line = reader.next()) {
        lines.add(line);
      }
    }
    return lines;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "a", "a\n", "a\n\nb", "a\r\nb\r\n", "a\rb", "\r\r\n\n", "\n\r"})
  void linesAreThoseOfJava(String text) throws IOException {
    assertThat(lines(text)).isEqualTo(text.lines().toList());
  }

  @Test
  void aLineThatDoesNotEndIsRefusedAndTheLongestIsNot() throws IOException {
    String longest = "a".repeat(LineReader.LONGEST);
    assertThat(lines(longest + "\nb")).containsExactly(longest, "b");
    assertThatThrownBy(() -> lines(longest + "a")).hasMessage("a line is longer than 1MiB");
  }

  @Test
  void aScriptWithSuchALineSaysWhere() {
    Cli.Result result = Cli.runWithInput("list policies\n" + "a".repeat(2 << 20), "repl");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).endsWith("stdin:2: cannot be read: a line is longer than 1MiB\n");
  }
}
