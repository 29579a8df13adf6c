package org.oomlab.cli.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  @Test
  void progressIsShownAfterTwoSecondsAndLeavesNothing() {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(screen, true, StandardCharsets.UTF_8);
    AtomicLong clock = new AtomicLong();
    try (ProgressLine line = new ProgressLine(err, true, "episodes", 80, clock::get)) {
      clock.set(1_999_999_999);
      line.advanced(1, 400);
      assertThat(screen.toString(StandardCharsets.UTF_8)).isEmpty();
      clock.set(2_000_000_000);
      line.advanced(100, 400);
    }
    String shown = screen.toString(StandardCharsets.UTF_8);
    assertThat(shown).containsPattern("episodes +25% .*100/400 .*/s").doesNotContain("\n");
    assertThat(shown).startsWith("\r\033[Kepisodes").endsWith("\r\033[K");
  }

  @Test
  void progressNobodyCanSeeIsNotShown() {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(screen, true, StandardCharsets.UTF_8);
    AtomicLong clock = new AtomicLong();
    try (ProgressLine line = new ProgressLine(err, false, "episodes", 80, clock::get)) {
      clock.set(3_000_000_000L);
      line.advanced(100, 400);
    }
    assertThat(screen.size()).isZero();
  }

  @Test
  void progressIsNoWiderThanTheTerminal() {
    for (int columns : new int[] {20, 40, 60, 200}) {
      ByteArrayOutputStream screen = new ByteArrayOutputStream();
      PrintStream err = new PrintStream(screen, true, StandardCharsets.UTF_8);
      AtomicLong clock = new AtomicLong();
      try (ProgressLine line = new ProgressLine(err, true, "episodes", columns, clock::get)) {
        clock.set(2_000_000_000);
        line.advanced(100, 400);
      }
      assertThat(screen.toString(StandardCharsets.UTF_8).split("\r\\033\\[K", -1))
          .anyMatch(shown -> shown.startsWith("episodes"))
          .allMatch(shown -> shown.length() < Math.min(columns, 80));
    }
  }

  @Test
  void aFirstEpisodeThatTakesLongIsNoSilence() {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(screen, true, StandardCharsets.UTF_8);
    AtomicLong clock = new AtomicLong();
    try (ProgressLine line = new ProgressLine(err, true, "episodes", 80, clock::get)) {
      line.stillAt();
      assertThat(screen.size()).isZero();
      clock.set(2_000_000_000);
      line.stillAt();
    }
    assertThat(screen.toString(StandardCharsets.UTF_8)).contains("episodes");
  }
}
