package org.oomlab.daemon.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.yaml.tree.ProblemException;

class OomdFilesTest {
  private static final String BASE =
      """
      // what we run
      { "rulesets": [ {
        "name": "tabs",
        "post_action_delay": "20",
        "drop-in": {"actions": true},
        "detectors": [
          ["slow",
           {"name": "pressure_rising_beyond",
            "args": {"cgroup": "app.slice", "resource": "memory", "threshold": 12,
                     "duration": "9"}},
           {"name": "memory_reclaim", "args": {"cgroup": "app.slice", "duration": "4"}}],
          [\t"full", {"name": "memory_above",
            "args": {"cgroup": "/", "threshold_anon": "1.5G", "duration": "3"}}]
        ],
        "actions": [ {"name": "kill_by_swap_usage",
          "args": {"cgroup": "app.slice/*", "threshold": "5%", "recursive": true}} ]
      } ] /* done */ }
      """;

  private static Told plugin(String name, String args) {
    return Told.of(
        "oomd",
        "oomd.json",
        "{\"rulesets\": [{\"name\": \"r\",\n\"detectors\": [[\"g\",\n{\"name\": \""
            + name
            + "\", \"args\": {"
            + args
            + "}}]],\n\"actions\": [{\"name\": \"continue\"}]}]}");
  }

  @Test
  void groupsPluginsAndTheirArgumentsAreReadWithTheirDefaults() {
    Told told = Told.of("oomd", "oomd.json", BASE);
    assertThat(told.remarks()).isEmpty();
    assertThat(told.at("interval")).isEqualTo("5s default");
    assertThat(told.at("rulesets[0].post_action_delay")).isEqualTo("20s set");
    assertThat(told.at("rulesets[0].prekill_hook_timeout")).isEqualTo("5s default");
    assertThat(told.at("rulesets[0].detectors[0].plugins[0].threshold")).isEqualTo("12% set");
    assertThat(told.at("rulesets[0].detectors[0].plugins[0].fast_fall_ratio"))
        .isEqualTo("0.85 default");
    assertThat(told.at("rulesets[0].detectors[1].plugins[0].threshold_anon"))
        .isEqualTo("1.5GiB set".replace("1.5GiB", "1536MiB"));
    assertThat(told.at("rulesets[0].actions[0].threshold")).isEqualTo("5% set");
    assertThat(told.at("rulesets[0].actions[0].recursive")).isEqualTo("true set");
    assertThat(told.at("rulesets[0].actions[0].reap_memory")).isEqualTo("true default");
    assertThat(
            told.settings()
                .get("rulesets[0].detectors[0].plugins[0].duration")
                .at()
                .position()
                .line())
        .isEqualTo(10);
  }

  @Test
  void theUnitSaysHowOftenItLooks() {
    Told told =
        Told.of(
            "oomd",
            "oomd.json",
            BASE,
            "oomd.service",
            "[Service]\nExecStart=/usr/bin/oomd --interval 2 --config /etc/oomd.json\n");
    assertThat(told.at("interval")).isEqualTo("2s set");
  }

  @Test
  void aDropInReplacesWhatItsRulesetLetsItReplace() {
    Told actions =
        Told.of(
            "oomd",
            "oomd.json",
            BASE,
            "mine.json",
            "{\"rulesets\": [{\"name\": \"tabs\", \"actions\": [{\"name\": \"stop\"}]}]}");
    assertThat(actions.settings().root().parts("rulesets")).hasSize(2);
    assertThat(actions.at("rulesets[0].actions[0].name")).isEqualTo("stop set");

    Told detectors =
        Told.of(
            "oomd",
            "oomd.json",
            BASE,
            "mine.json",
            "{\"rulesets\": [{\"name\": \"tabs\", \"detectors\": [[\"x\", {\"name\": \"stop\"}]]},"
                + "{\"name\": \"gone\", \"actions\": [{\"name\": \"stop\"}]}]}");
    assertThat(detectors.settings().root().parts("rulesets")).hasSize(1);
    assertThat(detectors.remarks())
        .anyMatch(line -> line.contains("does not let drop-ins replace its detectors"))
        .anyMatch(line -> line.contains("could not locate"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "pressure_above|\"cgroup\": \"/\", \"resource\": \"memory\", \"threshold\": 5"
            + "|Required arg \"duration\" missing",
        "pressure_above|\"cgroup\": \"/\", \"resource\": \"cpu\", \"threshold\": 5, \"duration\": 1"
            + "|expected one of io, memory",
        "swap_free|\"threshold_pct\": \"many\"|expected a whole number",
        "swap_free|\"threshold_pct\": 1, \"treshold\": 2|Unknown arg \"treshold\"",
        "swap_free|\"threshold_pct\": 99999999999|expected a whole number",
        "swop_free|\"threshold_pct\": 1|did you mean swap_free?",
        "memory_above|\"cgroup\": \"/\", \"threshold\": \"101%\", \"duration\": 1|expected 0% to 100%",
        "memory_above|\"cgroup\": \"/\", \"threshold\": \"1Gi\", \"duration\": 1|a size such as 1.5G",
        "memory_above|\"cgroup\": \"/\", \"duration\": 1|threshold not present",
        "exists|\"cgroup\": \"a\", \"negate\": \"yes\"|must be true/false",
        "kill_by_memory_size_or_growth|\"cgroup\": \"a\", \"growing_size_percentile\": 100|0 to 99",
        "kill_by_memory_size_or_growth|\"cgroup\": \"a\", \"size_threshold\": -1|not negative",
      })
  void whatItRefusesIsRefused(String name, String args, String why) {
    Told told = plugin(name, args);
    assertThat(told.refused()).isTrue();
    assertThat(told.remarks()).anyMatch(line -> line.matches("[3]:.*") && line.contains(why));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "swap_free|\"threshold_pct\": \"12%\"|threshold_pct|12% set|at its beginning",
        "swap_free|\"threshold_pct\": 101|threshold_pct|101% set|always true",
        "swap_free|\"threshold_pct\": 0|threshold_pct|0% set|never below",
        "pressure_above|\"cgroup\": \"/\", \"resource\": \"io\", \"threshold\": 200,"
            + "\"duration\": \"500ms\"|duration|500s set|never true",
        "kill_by_memory_size_or_growth|\"cgroup\": \"a\", \"min_growth_ratio\": 2.5"
            + "|min_growth_ratio|2 set|at its beginning",
        "kill_by_swap_usage|\"cgroup\": \"a\", \"threshold\": 64|threshold|64MiB set|bare number",
      })
  void whatItTakesOtherwiseIsTakenSoWithAWarning(
      String name, String args, String option, String value, String why) {
    Told told = plugin(name, args);
    assertThat(told.refused()).as(told.remarks().toString()).isFalse();
    assertThat(told.at("rulesets[0].detectors[0].plugins[0]." + option)).isEqualTo(value);
    assertThat(told.remarks()).anyMatch(line -> line.contains("otherwise") && line.contains(why));
  }

  @Test
  void keysOfTheDocumentedGrammarThatTheParserLeavesOutAreTold() {
    Told told =
        Told.of(
            "oomd",
            "oomd.json",
            BASE.replace(
                "\"drop-in\": {\"actions\": true}", "\"disable-on-drop-in\": true, \"x\": 1"));
    assertThat(told.refused()).isFalse();
    assertThat(told.at("rulesets[0].drop-in.disable-on-drop-in")).isEqualTo("false default");
    assertThat(told.remarks())
        .anyMatch(line -> line.startsWith("5:3 ignored disable-on-drop-in"))
        .anyMatch(line -> line.contains("ignored x"));
  }

  @Test
  void anArgumentThatIsNoValueHidesThoseBehindItInTheAlphabet() {
    Told told =
        plugin(
            "nr_dying_descendants",
            "\"negate\": true, \"cgroup\": \"a\", \"count\": 3, \"lte\": null");
    assertThat(told.at("rulesets[0].detectors[0].plugins[0].count")).isEqualTo("3 set");
    assertThat(told.at("rulesets[0].detectors[0].plugins[0].negate")).isEqualTo("false default");
    assertThat(told.remarks()).anyMatch(line -> line.contains("behind it in the alphabet"));
  }

  @Test
  void whatIsMissingOfARulesetIsRefused() {
    assertThat(Told.of("oomd", "a.json", "{\"rulesets\": [{}]}").remarks())
        .anyMatch(line -> line.contains("Ruleset is missing name"))
        .anyMatch(line -> line.contains("missing DetectorGroups or missing Actions"));
    assertThat(Told.of("oomd", "a.json", "[]").refused()).isTrue();
    assertThat(Told.of("oomd", "a.json", "{}").refused()).isFalse();
  }

  @Test
  void whatIsNoJsonIsRefusedAtItsPlace() {
    assertThatThrownBy(() -> Told.of("oomd", "a.json", "{\n  \"rulesets\": [,]\n}"))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith("a.json:2:");
    assertThatThrownBy(() -> Told.of("oomd", "a.json", "[".repeat(100_000)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("nested deeper than 50 levels");
  }
}
