package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Streams;
import org.oomlab.cli.session.Words;

/** The longest outputs, as wide as whoever looks at them can see. */
class WidthTest {
  private static final List<String> LINES =
      List.of(
          "list",
          "list knobs",
          "list metrics",
          "show linux-6.18",
          "show reaper",
          "show mlocked-all",
          "show linux-4.17 --against linux-6.18",
          "run mlocked frozen -p linux-4.17,linux-6.18 -r 3",
          "run mlocked-cache-fleet -p linux-4.17 -r 3 --each",
          "explain mlocked-cache-fleet -p linux-4.17",
          "compare mlocked frozen -p linux-4.17,linux-6.18,linux-6.1 -r 6",
          "check mlocked memcg",
          "sweep mlocked memcg --vary reaper.retries=1,2 -r 2 --format table",
          "fidelity lab-b8 lab-m2 -r 3",
          "search mlocked-all --budget 3 -r 2");

  private static String run(String line, int columns) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(ByteArrayOutputStream.nullOutputStream());
    Session session =
        new Session(
            Streams.plain(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                err),
            columns == 0 ? Map.of() : Map.of("COLUMNS", Integer.toString(columns)),
            null);
    assertThat(Oomlab.dispatch(session, Words.split(line))).as(line).isLessThan(2);
    return out.toString(StandardCharsets.UTF_8);
  }

  @TestFactory
  Stream<DynamicTest> noLineIsWiderThanTheScreen() {
    return LINES.stream()
        .flatMap(
            line ->
                Stream.of(60, 80, 200)
                    .map(
                        columns ->
                            DynamicTest.dynamicTest(
                                line + ", " + columns,
                                () ->
                                    assertThat(run(line, columns).lines())
                                        .allSatisfy(
                                            shown ->
                                                assertThat(shown)
                                                    .hasSizeLessThanOrEqualTo(columns)))));
  }

  @Test
  void withWideAllColumnsAreThereAndOtherwiseItIsSaidWhichAreNot() {
    String line = "run mlocked-cache-fleet -p linux-4.17 -r 3 --each";
    String narrow = run(line, 80);
    assertThat(narrow).containsPattern("not shown: .*work lost \\(--wide\\)");
    assertThat(run(line + " --wide", 80)).isEqualTo(run(line, 0)).doesNotContain("not shown");
    assertThat(run(line + " --format csv", 60)).isEqualTo(run(line + " --format csv", 0));
  }
}
