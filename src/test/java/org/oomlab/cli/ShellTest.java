package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Streams;

/** The shell behind a terminal that exists only here: keys in, screen out. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ShellTest {
  private static final String CTRL_C = "\003";
  private static final String CTRL_D = "\004";
  private static final String CTRL_P = "\020";

  /** Not a key: the next one is pressed when a command says that it runs episodes. */
  private static final String WAIT_UNTIL_AT_WORK = "wait";

  /** Not a key either: what Ctrl-C does to a terminal that a shell was started on. */
  private static final String INTERRUPT = "interrupt";

  @TempDir Path folder;

  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** JLine complains of terminals that go away while they are being written to. */
  private static final Logger JLINE = Logger.getLogger("org.jline");

  @BeforeAll
  static void beQuiet() {
    JLINE.setLevel(Level.OFF);
  }

  /** Types the keys and waits until the shell has been left. */
  private int type(String... keys) throws IOException, InterruptedException {
    Map<String, String> environment = new TreeMap<>();
    environment.put("OOMLAB_HISTORY", folder.resolve("state/history").toString());
    Session session =
        new Session(
            new Streams(InputStream.nullInputStream(), print(out), print(err), true, true, true),
            environment,
            null);
    PipedOutputStream keyboard = new PipedOutputStream();
    try (PipedInputStream in = new PipedInputStream(keyboard, 1 << 16);
        Terminal terminal =
            TerminalBuilder.builder()
                .system(false)
                .type("xterm")
                .encoding(StandardCharsets.UTF_8)
                .size(Size.of(100, 30))
                .streams(in, screen)
                .build()) {
      Thread typist =
          new Thread(
              () -> {
                try {
                  for (String key : keys) {
                    press(key, keyboard, terminal);
                    Thread.sleep(150);
                  }
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      typist.start();
      int code = Shell.on(session, terminal);
      typist.join();
      return code;
    }
  }

  private void press(String key, OutputStream keyboard, Terminal terminal)
      throws IOException, InterruptedException {
    switch (key) {
      case WAIT_UNTIL_AT_WORK -> {
        while (!err.toString(StandardCharsets.UTF_8).contains("thread")) {
          Thread.sleep(10);
        }
      }
      case INTERRUPT -> terminal.raise(Terminal.Signal.INT);
      default -> {
        keyboard.write(key.getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
      }
    }
  }

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  @Test
  void runsCommandsUntilItIsLeft() throws Exception {
    assertThat(type("list costs --names\r", "rnu\r", "list metrics --names\r", CTRL_D)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("x86-64\n").contains("recovery_ms\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("did you mean run?");
    assertThat(screen.toString(StandardCharsets.UTF_8)).contains("oomlab> ");
  }

  @Test
  void completesWithTab() throws Exception {
    type("li\tmet\t--na\t\r", "quit\r");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("recovery_ms\n");
  }

  @Test
  void ctrlCClearsTheLine() throws Exception {
    type("list kno", CTRL_C, "exit\r");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    // Nothing but the greeting, which says in two lines what this is and where to begin.
    assertThat(err.toString(StandardCharsets.UTF_8))
        .hasLineCount(2)
        .startsWith("oomlab: who does the Linux OOM killer kill")
        .contains("run mlocked", "help", "Tab", "Ctrl-D");
  }

  @Test
  void remembersLines() throws Exception {
    type("list costs --names\r", "exit\r");
    assertThat(Files.readString(folder.resolve("state/history"))).contains("list costs --names");
    out.reset();
    type(CTRL_P, CTRL_P, "\r", CTRL_D);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("x86-64\n");
  }

  @Test
  void ctrlCStopsTheCommandAndNotTheShell() throws Exception {
    type(
        "run reference --runs 1000000 --no-counterfactuals -v\r",
        WAIT_UNTIL_AT_WORK,
        INTERRUPT,
        "list costs --names\r",
        "exit\r");
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("oomlab: stopped after ");
    assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("x86-64\n");
  }
}
