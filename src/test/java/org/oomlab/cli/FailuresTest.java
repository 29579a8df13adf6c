package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Streams;
import org.oomlab.output.OutputClosed;

class FailuresTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Session session =
      new Session(
          Streams.plain(
              InputStream.nullInputStream(),
              new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
              new PrintStream(err, true, StandardCharsets.UTF_8)),
          new TreeMap<>(),
          null);

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aBugAsksForAReportAndKeepsTheStackToItself() {
    List<String> words = List.of("run", "my file.yaml");
    int code = Failures.execution(session, words, new AssertionError("pages went missing"));
    assertThat(code).isEqualTo(ExitCodes.BUG);
    assertThat(said())
        .contains("pages went missing")
        .contains("command: oomlab run 'my file.yaml'")
        .contains("version: ")
        .contains("--debug")
        .doesNotContain("\tat ");
  }

  @Test
  void debugShowsWhere() {
    Failures.execution(session, List.of("run", "--debug"), new IllegalStateException());
    assertThat(said()).contains("    at org.oomlab.cli.FailuresTest");
  }

  @Test
  void aClosedOutputIsNoFailure() {
    assertThat(Failures.execution(session, List.of(), new OutputClosed())).isEqualTo(ExitCodes.OK);
    assertThat(said()).isEmpty();
  }

  @Test
  void anInterruptionIsReportedAsShellsDo() {
    assertThat(Failures.execution(session, List.of(), new InterruptedException()))
        .isEqualTo(ExitCodes.INTERRUPTED);
  }

  @Test
  void aHeapThatIsTooSmallIsSaidWithWhatToDo() {
    Throwable nested = new IllegalStateException(new OutOfMemoryError("Java heap space"));
    for (Throwable thrown : List.of(new OutOfMemoryError("Java heap space"), nested)) {
      assertThat(Failures.execution(session, List.of("run"), thrown)).isEqualTo(ExitCodes.BUG);
    }
    assertThat(said())
        .contains("out of memory: ", "OOMLAB_JAVA_OPTS=-Xmx")
        .doesNotContain("bug", "\tat ");
  }
}
