package org.oomlab.daemon.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.daemon.DaemonSettings;

class NohangFilesTest {
  /** A whole file of our own, which has every key, with one line changed or more behind it. */
  static String whole(String key, String value, String... more) {
    String text =
        new NohangFiles()
            .write(DaemonSettings.of("nohang"), List.of(), new Findings())
            .get(0)
            .text();
    assertThat(text).contains("\n" + key + " =");
    return text.replaceFirst("\n" + key + " =.*", "\n" + key + " = " + value)
        + String.join("\n", more)
        + "\n";
  }

  private static Told with(String key, String value, String... more) {
    return Told.of("nohang", "nohang.conf", whole(key, value, more));
  }

  @Test
  void everyKeyIsReadAndNothingIsADefault() {
    Told told = with("soft_threshold_min_mem", "7.5 %");
    assertThat(told.remarks()).isEmpty();
    assertThat(told.at("soft_threshold_min_mem")).isEqualTo("7.5% set");
    assertThat(told.at("hard_threshold_min_swap")).isEqualTo("4% set");
    assertThat(told.at("min_sleep")).isEqualTo("100ms set");
    assertThat(told.settings().root().settings().values())
        .allMatch(setting -> setting.isSet() || !setting.has());
  }

  @Test
  void rulesAreReadInTheirOrder() {
    Told told =
        with(
            "min_badness",
            "3",
            "@BADNESS_ADJ_RE_NAME   250 ///  ^(tab|page)$",
            "@BADNESS_ADJ_RE_CGROUP_V2 -90 /// ^/system\\.slice/",
            "@SOFT_ACTION_RE_NAME ^db$ /// systemctl stop $SERVICE");
    assertThat(told.at("badness_adj[0].badness_adj")).isEqualTo("250 set");
    assertThat(told.at("badness_adj[0].pattern")).isEqualTo("^(tab|page)$ set");
    assertThat(told.at("badness_adj[1].match")).isEqualTo("CGROUP_V2 set");
    assertThat(told.at("soft_actions[0].command")).isEqualTo("systemctl stop $SERVICE set");
    assertThat(told.remarks()).anyMatch(line -> line.contains("negative oom_score_adj"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "soft_threshold_min_mem;1 G;only % and M are units",
        "soft_threshold_min_mem;51 %;expected 0 % to 50 %",
        "soft_threshold_min_mem;101 %;expected 0 % to 50 %",
        "hard_threshold_max_zram;5 %;expected 10 % to 90 %",
        "hard_threshold_min_swap;101 %;expected 0 % to 100 %",
        "soft_threshold_max_psi;0.5;expected 1 to 100",
        "psi_post_action_delay;9;expected 10 or more seconds",
        "psi_metrics;full_avg30;expected one of full_avg10",
        "psi_checking_enabled;true;expected True or False",
        "min_sleep;9;no more than max_sleep",
        "min_badness;1.0;expected a whole number",
        "max_sleep;3 # s;expected 0.01 or more seconds",
      })
  void whatItRefusesIsRefused(String key, String value, String why) {
    Told told = with(key, value);
    assertThat(told.refused()).isTrue();
    assertThat(told.remarks()).anyMatch(line -> line.contains(key) && line.contains(why));
  }

  @Test
  void aMissingKeyAndOneThatIsThereTwiceAreFatal() {
    assertThat(Told.of("nohang", "nohang.conf", "min_badness = 1\n").remarks())
        .singleElement()
        .asString()
        .contains("missing key: ", "soft_threshold_min_mem", "nohang has no defaults");
    assertThat(with("min_badness", "1", "min_badness = 2").remarks())
        .anyMatch(line -> line.contains("config key duplication"));
    assertThat(
            with(
                    "min_badness",
                    "1",
                    "@BADNESS_ADJ_RE_CMDLINE 200 /// --type=a",
                    "@BADNESS_ADJ_RE_CMDLINE 200 /// --type=b")
                .remarks())
        .anyMatch(line -> line.contains("duplication") && line.contains("up to the first ="));
    assertThat(with("min_badness", "1", "@BADNESS_ADJ_RE_NAME 2 /// (a").refused()).isTrue();
    assertThat(with("min_badness", "1", "@BADNESS_ADJ_RE_NAME x /// a").remarks())
        .anyMatch(line -> line.contains("ValueError"));
  }

  @Test
  void swapInMIsKiBAndAnIndentedKeyIsAComment() {
    Told told = with("soft_threshold_min_swap", "300 M", "  min_badness = 5", "unknown = 1");
    assertThat(told.refused()).isFalse();
    assertThat(told.at("soft_threshold_min_swap")).isEqualTo("300KiB set");
    assertThat(told.at("min_badness")).isEqualTo("1 set");
    assertThat(told.remarks())
        .anyMatch(line -> line.contains("1024 times too low"))
        .anyMatch(line -> line.contains("takes it for a comment"))
        .anyMatch(line -> line.contains("ignored unknown"));
    assertThat(with("soft_threshold_min_mem", "300 M").at("soft_threshold_min_mem"))
        .isEqualTo("300MiB set");
  }

  @Test
  void aHardThresholdAboveTheSoftOneIsTold() {
    assertThat(with("hard_threshold_min_mem", "6 %").remarks())
        .anyMatch(line -> line.contains("hard_threshold_min_mem is not below"));
    assertThat(with("psi_checking_enabled", "True").remarks())
        .anyMatch(line -> line.contains("not at all without swap"));
  }
}
