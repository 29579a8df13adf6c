package org.oomlab.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.experiment.Experiment.Case;

class ExpressionTest {
  private static final Case OF = Stage.of("mlocked-all", "linux-4.19");
  private static final Scene SCENE = scene();

  private static Scene scene() {
    Branch branch = new Branch(OF, 3);
    branch.seekFirst(kernel -> kernel.ledger().kills() >= 2, () -> false);
    return new Scene(branch, new Cast(OF.workload()), 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "free < low",
        "rss(db[1]) < 1GiB",
        "not held(oom_lock) and waiters(oom_lock) = 0",
        "kills = 2",
        "killed(db[0]) and not killed(db[1])",
        "skipped(db[2]) and not skipped(db[0])",
        "free <= min or kills > 7",
        "high - low > 0 pages and (low - min) * 2 >= 4 pages",
        "rss(db[1]) / free > 20",
        "time > 200ms",
        "not (badness(agent) > 0 pages)",
        "-free < 3 pages"
      })
  void holds(String text) {
    assertThat(Expression.parseTruth(text, SCENE).holds(SCENE)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kills = 3", "free > low", "panic", "badness(agent) < 1TiB"})
  void doesNotHold(String text) {
    assertThat(Expression.parseTruth(text, SCENE).holds(SCENE)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "free < 3ms | column 8: expected an amount of memory",
        "free < time | column 8: expected an amount of memory",
        "kills < low | column 9: expected a number",
        "free + time > 1s | column 8: expected an amount",
        "fre < low | column 1: there is no word fre; did you mean free?",
        "rss(db[7]) > 1GiB | column 5: there is no process db[7]; did you mean db[",
        "rss > 1GiB | column 4: expected rss(PROCESS)",
        "free(x) > 1GiB | column 5: free takes nothing",
        "held(lock) | column 6: there is no lock lock",
        "(free < low | column 12: expected ')'",
        "rss(db[1] > 3 | column 4: this '(' is not closed",
        "free < | column 7: expected a value here",
        "free < low low | column 12: expected 'and', 'or' or a comparison",
        "free | column 1: expected a comparison",
        "free and low | column 1: expected something that is true or not",
        "free < 3 parsecs | column 8: expected a number, an amount",
        "free < 1.2.3 | column 8: expected a number",
        "(free < low) < 3 | column 1: this is true or not already",
        "free * low > 3 pages | column 8: expected a number",
        "free < § | column 8: expected a value here",
      })
  void saysWhereItIsWrong(String text, String message) {
    assertThatThrownBy(() -> Expression.parseTruth(text, SCENE))
        .isInstanceOf(Mistake.class)
        .hasMessageContaining(message);
  }

  @Provide
  Arbitrary<String> scrawls() {
    return Arbitraries.of(
            "free",
            "low",
            "kills",
            "(",
            ")",
            "<",
            "=",
            "and",
            "or",
            "not",
            "3",
            "ms",
            "GiB",
            "rss",
            "(db[1])",
            "-",
            "*",
            "/",
            ".",
            "'",
            "time",
            " ",
            "killed",
            "1e9",
            "99999999999999999999")
        .list()
        .ofMaxSize(80)
        .map(words -> String.join(" ", words));
  }

  @Property(tries = 2000)
  void neverFailsOtherwise(@ForAll("scrawls") String text) {
    try {
      Expression.parse(text, SCENE).at(SCENE);
    } catch (Mistake expected) {
      assertThat(expected.getMessage()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 100_000})
  void nestsOnlySoDeep(int depth) {
    for (String open : new String[] {"(", "not ", "- "}) {
      assertThatThrownBy(() -> Expression.parse(open.repeat(depth) + "kills", SCENE))
          .isInstanceOf(Mistake.class)
          .hasMessageContaining("too deeply");
    }
  }

  @Test
  void everyWordCanBeAsked() {
    for (Vocabulary.Word word : Vocabulary.all()) {
      String argument =
          switch (word.about()) {
            case NOTHING, ANYBODY -> "";
            case PROCESS -> "(db[0])";
            case LOCK -> "(oom_lock)";
            case CGROUP -> null;
          };
      if (argument != null) {
        Expression expression = Expression.parse(word.name() + argument, SCENE);
        assertThat(expression.dimension().show(expression.at(SCENE))).isNotEmpty();
      }
    }
  }
}
