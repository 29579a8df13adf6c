package org.oomlab.refute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What is rare is found sooner by a search that is led than by chance. The long form tries ten
 * claims with several seeds each, and writes {@code target/rare.csv}: {@code -Doomlab.rare=WORLDS}.
 */
class RareClaimsTest {
  private static final String LONG = System.getProperty("oomlab.rare", "");
  private static final int SEEDS = Integer.getInteger("oomlab.rare.seeds", 3);

  /** A policy, a space, and a claim that few worlds of it refute. */
  private static final List<String> CLAIMS =
      List.of(
          "linux-5.17|small|broken_futexes <= 1",
          "linux-6.18|small|kills <= 6",
          "linux-6.18|small|not (outcome = livelock and kills >= 3)",
          "linux-6.18|small|not (outcome = panic and kills >= 4)",
          "linux-5.17|small|not (broken_futexes >= 1 and kills >= 3)",
          "linux-4.17|small|extra_kills <= 2",
          "linux-6.18|cgroups|failed_requests <= 300",
          "linux-6.18|small|not (kill_events >= 2 and markings >= 4 and outcome = recovered)",
          "linux-6.18|small|recovery <= 20s or outcome != recovered",
          "linux-4.5|small|not (outcome = livelock and kills >= 3)");

  private static @Nullable Long first(String line, long seed, long worlds, boolean blind)
      throws InterruptedException {
    String[] parts = line.split("\\|");
    Hunt.Refutation found =
        Bench.first(Bench.plan(parts[2], Bench.sides(parts[0]), parts[1], seed, worlds, 2, blind));
    return found == null ? null : Long.valueOf(found.number() + 1);
  }

  @Test
  void aClaimThatIsRareIsRefutedSoonerThanByChance() throws InterruptedException {
    String line = CLAIMS.get(0);
    Long led = first(line, 1, 3000, false);
    assertThat(led).isNotNull();
    assertThat(first(line, 1, led, true)).isNull();
  }

  @Test
  void allTenAreMeasured() throws InterruptedException, IOException {
    if (LONG.isEmpty()) {
      return;
    }
    List<String> rows = new ArrayList<>(List.of("policy|space|claim|seed|led|blind"));
    for (String line : CLAIMS) {
      for (long seed = 1; seed <= SEEDS; seed++) {
        long most = Long.parseLong(LONG);
        rows.add(
            line
                + "|"
                + seed
                + "|"
                + told(first(line, seed, most, false), most)
                + "|"
                + told(first(line, seed, most, true), most));
        Files.write(Path.of("target/rare.csv"), rows);
      }
    }
    assertThat(rows).hasSizeGreaterThan(1);
  }

  private static String told(@Nullable Long worlds, long most) {
    return worlds == null ? ">" + most : worlds.toString();
  }
}
