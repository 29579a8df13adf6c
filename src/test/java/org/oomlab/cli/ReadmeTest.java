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
import org.oomlab.cli.session.Session;

/**
 * The sessions in README.md, and on pages with results, are what the commands print. {@code
 * -Doomlab.readme=write} writes them anew.
 */
class ReadmeTest {
  private static final String INDENT = "    ";
  private static final Pattern COMMAND =
      Pattern.compile("    \\$ \\./oomlab (.*?)(?: \\| head -([0-9]+))?");

  private static final List<Path> PAGES =
      List.of(Path.of("README.md"), Path.of("src/site/markdown/fidelity.md"));

  /**
   * A command and what is shown of its output.
   *
   * @param from the line after the command, from 0
   * @param to the line after the output
   */
  private record Session(String arguments, long most, int from, int to) {}

  @TestFactory
  Stream<DynamicTest> everySessionIsReal() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path page : PAGES) {
      tests.addAll(everySessionOf(page));
    }
    return tests.stream();
  }

  private static List<DynamicTest> everySessionOf(Path page) throws IOException {
    List<String> lines = Files.readAllLines(page);
    List<Session> sessions = sessions(lines);
    assertThat(sessions).isNotEmpty();
    if ("write".equals(System.getProperty("oomlab.readme"))) {
      lines = rewritten(lines, sessions);
      Files.writeString(page, String.join("\n", lines) + "\n");
    }
    List<String> shown = lines;
    return sessions(lines).stream()
        .map(
            session ->
                DynamicTest.dynamicTest(
                    session.arguments(),
                    () ->
                        assertThat(printed(session))
                            .isEqualTo(shown.subList(session.from(), session.to()))))
        .toList();
  }

  private static List<Session> sessions(List<String> lines) {
    List<Session> sessions = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher command = COMMAND.matcher(lines.get(i));
      if (command.matches()) {
        int end = i + 1;
        while (end < lines.size() && isOutput(lines, end)) {
          end++;
        }
        long most = command.group(2) == null ? Long.MAX_VALUE : Long.parseLong(command.group(2));
        sessions.add(new Session(command.group(1), most, i + 1, end));
      }
    }
    return sessions;
  }

  private static List<String> rewritten(List<String> lines, List<Session> sessions) {
    List<String> out = new ArrayList<>();
    int next = 0;
    for (Session session : sessions) {
      out.addAll(lines.subList(next, session.from()));
      out.addAll(printed(session));
      next = session.to();
    }
    out.addAll(lines.subList(next, lines.size()));
    return out;
  }

  /** An indented line, or an empty one with an indented one after it. */
  private static boolean isOutput(List<String> lines, int i) {
    return lines.get(i).startsWith(INDENT)
        || (lines.get(i).isEmpty()
            && i + 1 < lines.size()
            && lines.get(i + 1).startsWith(INDENT)
            && !COMMAND.matcher(lines.get(i + 1)).matches());
  }

  private static List<String> printed(Session session) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Oomlab.execute(
            session.arguments().split(" "),
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .limit(session.most())
        .map(line -> (INDENT + line).stripTrailing())
        .toList();
  }
}
