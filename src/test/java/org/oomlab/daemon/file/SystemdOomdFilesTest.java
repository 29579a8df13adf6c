package org.oomlab.daemon.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemdOomdFilesTest {
  private static Told oom(String lines) {
    return Told.of("systemd-oomd", "oomd.conf", "[OOM]\n" + lines);
  }

  @Test
  void percentagesMayBeFinerAndDurationsHaveSeveralParts() {
    Told told =
        oom(
            "SwapUsedLimit=805‰\nDefaultMemoryPressureLimit=45.5%\n"
                + "DefaultMemoryPressureDurationSec=1min 5s\n");
    assertThat(told.at("SwapUsedLimit")).isEqualTo("80.5% set");
    assertThat(told.at("DefaultMemoryPressureLimit")).isEqualTo("45.5% set");
    assertThat(told.at("DefaultMemoryPressureDurationSec")).isEqualTo("65s set");
    assertThat(told.at("PrekillHookTimeoutSec")).isEqualTo("0s default");
  }

  @Test
  void dropInsComeAfterTheFileByTheirNames() {
    Told told =
        Told.of(
            "systemd-oomd",
            "oomd.conf.d/90.conf",
            "[OOM]\nSwapUsedLimit=70%\n",
            "oomd.conf",
            "[OOM]\n#SwapUsedLimit=10%\nSwapUsedLimit=50%\n",
            "oomd.conf.d/10.conf",
            "[OOM]\nSwapUsedLimit=60%\n");
    assertThat(told.at("SwapUsedLimit")).isEqualTo("70% set");
  }

  @Test
  void unitsAreKnownByTheirFolderOrTheirName() {
    Told told =
        Told.of(
            "systemd-oomd",
            "/etc/systemd/system/user@.service.d/a.conf",
            "[Service]\nManagedOOMMemoryPressure=kill\nManagedOOMMemoryPressureLimit=35%\n",
            "-.slice.d/b.conf",
            "[Slice]\nManagedOOMSwap=kill\n",
            "/etc/systemd/system/user@.service.d/c.conf",
            "[Service]\nManagedOOMPreference=avoid\nManagedOOMMemoryPressureDurationSec=7s\n");
    assertThat(told.settings().root().parts("units")).hasSize(2);
    assertThat(told.at("units[0].cgroup")).isEqualTo("user@.service set");
    assertThat(told.at("units[1].cgroup")).isEqualTo("-.slice set");
    assertThat(told.at("units[1].ManagedOOMSwap")).isEqualTo("kill set");
    assertThat(told.at("units[0].ManagedOOMMemoryPressureLimit")).isEqualTo("35% set");
    assertThat(told.at("units[0].ManagedOOMPreference")).isEqualTo("avoid set");
    assertThat(told.at("units[0].ManagedOOMMemoryPressureDurationSec")).isEqualTo("7s set");
    assertThat(told.at("units[0].ManagedOOMSwap")).isEqualTo("auto default");
    assertThat(told.remarks()).anyMatch(line -> line.contains("shadows"));
  }

  @Test
  void rulesetsAreReadWithTheUnitsThatTakePart() {
    Told told =
        Told.of(
            "systemd-oomd",
            "rules.d/tabs.oomrule",
            "[Rule]\nMemoryPressureAbove=25%\nSwapUsageMax=75%\nLastingSec=4s\n"
                + "Action=kill-by-swap\n",
            "app.slice",
            "[Slice]\nOOMRules=tabs other\n");
    assertThat(told.at("rules[0].name")).isEqualTo("tabs set");
    assertThat(told.at("rules[0].MemoryPressureAbove")).isEqualTo("25% set");
    assertThat(told.at("rules[0].Action")).isEqualTo("kill-by-swap set");
    assertThat(told.at("units[0].OOMRules")).isEqualTo("tabs other set");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "SwapUsedLimit=80;would mean 80 %;SwapUsedLimit;90% default",
        "SwapUsedLimit=101%;beyond 0 % to 100 %;SwapUsedLimit;90% default",
        "SwapUsedLimit=a%;no percentage such as;SwapUsedLimit;90% default",
        "SwapUsedLimt=80%;SwapUsedLimit=80% would count;SwapUsedLimit;90% default",
        "DefaultMemoryPressureDurationSec=500ms;at least 1s;"
            + "DefaultMemoryPressureDurationSec;30s default",
        "DefaultMemoryPressureDurationSec=20 fortnights;no duration such as;"
            + "DefaultMemoryPressureDurationSec;30s default",
        "no sign;no '=' in the line;SwapUsedLimit;90% default",
      })
  void aLineThatCannotBeParsedIsIgnoredAndTheDefaultStays(
      String line, String why, String option, String value) {
    Told told = oom(line + "\n");
    assertThat(told.refused()).isFalse();
    assertThat(told.at(option)).isEqualTo(value);
    assertThat(told.remarks())
        .anyMatch(each -> each.matches("2:[0-9]+ ignored .*") && each.contains(why));
  }

  @Test
  void aThresholdOfZeroIsTakenAndADurationOfZeroIsTheDefault() {
    Told told = oom("SwapUsedLimit=0%\nDefaultMemoryPressureDurationSec=0\n");
    assertThat(told.at("SwapUsedLimit")).isEqualTo("0% set");
    assertThat(told.at("DefaultMemoryPressureDurationSec")).isEqualTo("30s default");
    assertThat(told.remarks()).anyMatch(line -> line.startsWith("3:34 taken_otherwise"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ManagedOOMMemoryPressureLimit=101%;beyond 0 % to 100 %",
        "ManagedOOMMemoryPressureLimit=40;would mean 40 %",
        "ManagedOOMSwap=on;expected one of auto, kill",
        "ManagedOOMPresure=kill;",
        "ManagedOOMMemoryPresure=kill;ManagedOOMMemoryPressure=kill would count",
      })
  void soIsAKeyOfAUnit(String line, String why) {
    Told told = Told.of("systemd-oomd", "a.slice", "[Slice]\nManagedOOMSwap=kill\n" + line + "\n");
    assertThat(told.refused()).isFalse();
    assertThat(told.at("units[0].ManagedOOMSwap")).isEqualTo("kill set");
    if (why != null) {
      assertThat(told.remarks())
          .anyMatch(
              each -> each.startsWith("3:") && each.contains("ignored") && each.contains(why));
    }
  }

  @Test
  void aRulesetWithoutAnActionOrAConditionIsLeftOutWhole() {
    Told told =
        Told.of(
            "systemd-oomd",
            "a.oomrule",
            "[Rule]\nMemoryPressureAbove=25%\n",
            "b.oomrule",
            "[Rule]\nAction=kill-all\n",
            "c.oomrule",
            "[Rule]\nAction=kill-some\nSwapUsageMax=10%\n");
    assertThat(told.settings().root().parts("rules")).isEmpty();
    assertThat(told.remarks())
        .anyMatch(line -> line.contains("no Action="))
        .anyMatch(line -> line.contains("no condition"))
        .anyMatch(line -> line.contains("kill-all, kill-by-pgscan, kill-by-swap"));
  }

  @Test
  void sectionsThatItDoesNotKnowAreIgnoredAndABrokenHeaderEndsTheFile() {
    Told told =
        Told.of(
            "systemd-oomd",
            "oomd.conf",
            "[Oom]\nSwapUsedLimit=1%\n[OOM]\n[OOM\nSwapUsedLimit=2%\n");
    assertThat(told.at("SwapUsedLimit")).isEqualTo("90% default");
    assertThat(told.remarks())
        .anyMatch(line -> line.contains("[OOM] would count"))
        .anyMatch(line -> line.contains("rest of the file"));
  }
}
