package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tours show what they say. {@code -Doomlab.tours=write} writes their transcripts anew; whoever
 * does so reads them.
 */
class TourCommandTest {
  private static final Path TRANSCRIPTS = Path.of("src/test/resources/tours");

  @TestFactory
  Stream<DynamicTest> aTourShowsWhatItDid() {
    return TourCommand.SHIPPED.stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> isAsItWas(name)));
  }

  private static void isAsItWas(String name) throws IOException {
    Cli.Result result = Cli.run("tour", name);
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    Path transcript = TRANSCRIPTS.resolve(name + ".txt");
    if ("write".equals(System.getProperty("oomlab.tours"))) {
      Files.writeString(transcript, result.out());
    }
    assertThat(result.out()).isEqualTo(Files.readString(transcript));
  }

  @Test
  void eachShowsThePointOfItsThread() {
    assertThat(Cli.run("tour", "extra-kill").out())
        .contains("EXTRA: without it the request is satisfied after 168.259224ms")
        .contains("without that kill the request was satisfied after 168.259224ms");
    assertThat(Cli.run("tour", "panic").out())
        .containsPattern("outcome +panic: Out of memory and no killable processes... +recovered");
    assertThat(Cli.run("tour", "broken-lock").out())
        .contains("F: broken: its owner V400/T died")
        .contains("F: held by waiter");
    assertThat(Cli.run("tour", "livelock").out())
        .contains("a circle: insmod waits for shared_mutex of oom_test_alloc; oom_test_alloc waits")
        .containsPattern("outcome +livelock +recovered");
    assertThat(Cli.run("tour", "two-walkers").out())
        .contains("contention: 0.234547")
        .contains("contention: 0.00797845");
  }

  @Test
  void withoutANameTheyAreListed() {
    assertThat(Cli.run("tour").out()).contains("extra-kill").contains("A kill that nobody needed");
  }

  @Test
  void anybodyCanWriteOne(@TempDir Path folder) throws IOException {
    Path tour = folder.resolve("mine");
    Files.writeString(tour, "# Look!\ndebug mlocked-all\n\n# And there.\nnext kill\n");
    Cli.Result result = Cli.run("tour", tour.toString());
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("Look!\n> debug mlocked-all\nmlocked-all under")
        .contains("\n\nAnd there.\n> next kill\n");
  }

  @Test
  void whatGoesWrongInOneIsSaid(@TempDir Path folder) throws IOException {
    assertThat(Cli.run("tour", "extra-kil").err()).contains("did you mean extra-kill?");
    Path tour = folder.resolve("mine");
    Files.writeString(tour, "# Look!\ndebug mlocked-all\nnext kil\n");
    Cli.Result result = Cli.run("tour", tour.toString());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("did you mean kill?").contains(tour + ":3: stopped");
  }

  @Test
  void aShellGoesBackToWhereItWas() {
    Cli.Result result =
        Cli.runWithInput(
            "debug mlocked-all -p linux-4.19 --seed 3\nnext kill\ntour panic\nwhere\n", "repl");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("> where\n+174.512us  event 90  db[2] is killed");
  }
}
