package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.unit.Span;
import org.oomlab.worlds.Fault;
import org.oomlab.worlds.Fuzz;
import org.oomlab.worlds.Generator;
import org.oomlab.worlds.Generator.From;
import org.oomlab.worlds.Stock;
import org.oomlab.worlds.World;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.tree.Entry;

class FuzzCommandTest {
  private static final Library LIBRARY = Library.open(null);

  private static Generator generator() {
    return new Generator(
        new Stock(
            LIBRARY.resolvePolicies(List.of("kernels", "proposals"), note -> {}),
            LIBRARY.costs().stream().map(Entry::name).map(LIBRARY::costs).toList(),
            LIBRARY.resolveWorkloads(List.of("mlocked", "memcg"), note -> {})),
        From.EITHER);
  }

  @Test
  void everyWorldCanBeSaidByAFileAndByWhatIsSet() {
    Generator generator = generator();
    for (int i = 0; i < 500; i++) {
      World world = generator.world(2, i);
      assertThat(Reproduction.isReadable(LIBRARY, world))
          .as(() -> Reproduction.settings(world).toString())
          .isTrue();
    }
  }

  @Test
  void theFileSaysWhatBrokeAndHowToSeeItAgain() {
    World world = generator().world(2, 3);
    Fault fault = new Fault("kind", "a law", new IllegalStateException());
    String text = Reproduction.file(new Fuzz.Finding(3, world, fault), "found/world.yaml");

    assertThat(text.lines())
        .startsWith("# a law")
        .anyMatch(
            line ->
                line.startsWith("# OOMLAB_JAVA_OPTS=-ea oomlab run found/world.yaml --check -p ")
                    && line.contains("--seeds " + world.seed()));
    assertThat(LIBRARY.workload("world", text)).isEqualTo(world.workload());
  }

  @Test
  void saysWhichWorldsItHasTried() {
    Cli.Result cli = Cli.run("fuzz", "-n", "20", "--seed", "3", "-p", "linux-6.18");

    assertThat(cli.err()).contains("20 worlds of seed 3");
  }

  @ParameterizedTest
  @CsvSource({"10m, 600", "10min, 600", "90s, 90", "1.5m, 90", "1h, 3600"})
  void minutesMayBeWrittenAsEverybodyDoes(String text, long seconds) {
    assertThat(new FuzzCommand.Time().convert(text)).isEqualTo(seconds * Span.SECOND);
  }

  @ParameterizedTest
  @CsvSource({
    "--for, 10, --for: expected a duration",
    "--episodes, 0, --episodes: expected a whole number",
    "--episodes, x, --episodes: expected a whole number",
    "-p, linux-0, no policy of this name",
  })
  void refusesWhatIsNoAmount(String option, String value, String message) {
    Cli.Result cli = Cli.run("fuzz", option, value);

    assertThat(cli.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(cli.err()).contains(message);
  }

  @Test
  void worldsAreOfOneKindOrOfBoth() {
    Cli.Result cli = Cli.run("fuzz", "--from-nothing", "--from-shipped");

    assertThat(cli.code()).isEqualTo(ExitCodes.USAGE);
  }
}
