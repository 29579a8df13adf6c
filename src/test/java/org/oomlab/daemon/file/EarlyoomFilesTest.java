package org.oomlab.daemon.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlyoomFilesTest {
  private static final String SERVICE =
      """
      [Unit]
      Description=Kills early
      [Service]
      EnvironmentFile=-/etc/default/earlyoom
      ExecStart=/usr/bin/earlyoom $EARLYOOM_ARGS
      Nice=-7
      OOMScoreAdjust=-250
      """;

  private static Told args(String arguments) {
    return Told.of("earlyoom", "earlyoom", "EARLYOOM_ARGS=\"" + arguments + "\"\n");
  }

  @Test
  void nothingSetIsAllDefaults() {
    Told told = Told.of("earlyoom", "earlyoom", "# EARLYOOM_ARGS=\"-m 3\"\n");
    assertThat(told.at("-m")).isEqualTo("10% default");
    assertThat(told.at("mem_kill_percent")).isEqualTo("5% default");
    assertThat(told.at("-s")).isEqualTo("10% default");
    assertThat(told.at("prefer")).isEqualTo("unset");
    assertThat(told.remarks()).isEmpty();
  }

  @Test
  void aPairIsReadFromTheCommaAndHalfIsADefault() {
    Told told = args("-r 60 -m 7,6 -s 40");
    assertThat(told.at("-m")).isEqualTo("7% set");
    assertThat(told.at("mem_kill_percent")).isEqualTo("6% set");
    assertThat(told.at("swap_kill_percent")).isEqualTo("20% default");
    assertThat(told.at("report_interval")).isEqualTo("60s set");
    assertThat(told.settings().get("-m").at().position().column()).isEqualTo(25);
  }

  @Test
  void optionsStandAloneTogetherAndBehindAnEqualsSign() {
    Told told = args("-gnm9 --avoid=^a$ --dry --sort-by-rss -w 3");
    assertThat(told.at("-m")).isEqualTo("9% set");
    assertThat(told.at("-g")).isEqualTo("true set");
    assertThat(told.at("avoid")).isEqualTo("^a$ set");
    assertThat(told.at("dryrun")).isEqualTo("true set");
    assertThat(told.at("sort-by-rss")).isEqualTo("true set");
    assertThat(told.at("kill_wait")).isEqualTo("3s set");
  }

  @Test
  void aUnitNamesTheVariableAndADropInReplacesTheCommand() {
    Told told =
        Told.of(
            "earlyoom", "earlyoom.service", SERVICE, "earlyoom", "EARLYOOM_ARGS='-m 8 -s 60'\n");
    assertThat(told.at("-m")).isEqualTo("8% set");
    assertThat(told.at("process.nice")).isEqualTo("-7 set");
    assertThat(told.at("process.oom_score_adj")).isEqualTo("-250 set");

    Told dropIn =
        Told.of(
            "earlyoom",
            "earlyoom.service",
            SERVICE,
            "earlyoom.service.d/o.conf",
            "[Service]\nExecStart=\nExecStart=/usr/bin/earlyoom -m 3 \\\n  -s 55,50 \\\n -n\n");
    assertThat(dropIn.at("-m")).isEqualTo("3% set");
    assertThat(dropIn.at("swap_kill_percent")).isEqualTo("50% set");
    assertThat(dropIn.at("-n")).isEqualTo("true set");
    assertThat(dropIn.settings().get("-s").at().position().line()).isEqualTo(4);
  }

  @Test
  void aUnitAloneSaysThatItsVariableIsMissing() {
    assertThat(Told.of("earlyoom", "earlyoom.service", SERVICE).remarks())
        .singleElement()
        .asString()
        .contains("EARLYOOM_ARGS", "empty");
  }

  @Test
  void aVariableGoesOnInTheNextLineAndItsLastLineCounts() {
    Told told =
        Told.of(
            "earlyoom", "earlyoom", "EARLYOOM_ARGS=\"-m 2\"\nEARLYOOM_ARGS=\"-m 4 \\\n -s 33\"\n");
    assertThat(told.at("-m")).isEqualTo("4% set");
    assertThat(told.at("-s")).isEqualTo("33% set");
    assertThat(told.remarks()).singleElement().asString().startsWith("1:16 ignored EARLYOOM_ARGS");
  }

  @Test
  void quotesWithinTheVariableKeepAPatternTogetherAndABackslashGoes() {
    Told told = args("--prefer '(^|/)(java|Web Content)$' --ignore '^x\\\\.y$'");
    assertThat(told.at("prefer")).isEqualTo("(^|/)(java|Web Content)$ set");
    Pattern prefer = told.settings().get("prefer").pattern();
    assertThat(prefer.matcher("Web Content").find()).isTrue();
    assertThat(told.at("ignore")).isEqualTo("^x.y$ set");
  }

  @Test
  void aScriptOrJustTheArgumentsWillDo() {
    assertThat(Told.of("earlyoom", "run", "#!/bin/sh\nexec earlyoom -m 6 -r 0 2>&1\n").at("-m"))
        .isEqualTo("6% set");
    assertThat(Told.of("earlyoom", "stdin", "-m 6 -s 90").at("-s")).isEqualTo("90% set");
    Told here =
        Told.of(
            "earlyoom",
            "setup.sh",
            "#!/bin/sh\ncat > /etc/default/earlyoom <<'E'\nEARLYOOM_ARGS=\"-m 7 --avoid '^(a b)$'\"\nE\n");
    assertThat(here.at("-m")).isEqualTo("7% set");
    assertThat(here.at("avoid")).isEqualTo("^(a b)$ set");
  }

  @Test
  void sizesAreInKiBAndStandInsteadOfThePercentage() {
    Told told = args("-M 409600,204800");
    assertThat(told.at("-M")).isEqualTo("400MiB set");
    assertThat(told.at("mem_kill")).isEqualTo("200MiB set");
    assertThat(told.at("-m")).isEqualTo("unset");
    assertThat(args("-m 9 -M 1024").remarks()).singleElement().asString().contains("the lower");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "-m 0;both SIGTERM and SIGKILL values are zero (exit 15)",
        "-m 100;value 100.000000 exceeds limit 99 (exit 15)",
        "-m 101;exceeds limit 99",
        "-s 101;value 101.000000 exceeds limit 100 (exit 16)",
        "-m -3;below zero",
        "-m 5%;trailing garbage '%'",
        "-m 5,6,7;trailing garbage ',7'",
        "-M 1G;expected a size in KiB",
        "-r -1;invalid interval (exit 14)",
        "-x;no such option (exit 13)",
        "--avid=a;did you mean --avoid?",
        "--pre=x --ignore;needs an argument",
        "5;extra argument not understood (exit 13)",
        "-m;needs an argument",
        "--prefer '(a';could not compile regexp (exit 6)",
        "--prefer '*a';Invalid preceding regular expression",
        "-v;prints something and exits",
      })
  void whatItRefusesIsRefused(String arguments, String why) {
    Told told = args(arguments);
    assertThat(told.refused()).as(told.remarks().toString()).isTrue();
    assertThat(told.remarks()).anyMatch(line -> line.startsWith("1:") && line.contains(why));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "-m 4,8;setting SIGTERM;mem_min_percent;8% set",
        "-m 6,;SIGKILL is as good as off;mem_kill_percent;0% set",
        "-s 100;does not ignore swap;swap_kill_percent;50% default",
        "-m nan;not a number;mem_min_percent;nan set",
        "-r often;not a number of seconds;report_interval;0s set",
        "--avoid a)b;closes nothing;avoid;a)b set",
      })
  void whatItTakesOtherwiseIsTakenSoWithAWarning(
      String arguments, String why, String option, String value) {
    Told told = args(arguments);
    assertThat(told.refused()).isFalse();
    assertThat(told.at(option)).isEqualTo(value);
    assertThat(told.remarks()).anyMatch(line -> line.contains("taken_otherwise"));
    assertThat(told.remarks().toString().replace("sets SIGTERM", "setting SIGTERM")).contains(why);
  }

  @Test
  void whatItIgnoresIsToldWithWhatItWouldHaveMeant() {
    Told told = args("-k -i --avoid a --avoid b");
    assertThat(told.at("avoid")).isEqualTo("b set");
    assertThat(told.remarks())
        .anyMatch(line -> line.contains("kernel's OOM killer"))
        .anyMatch(line -> line.contains("ignored since 1.7"))
        .anyMatch(line -> line.contains("ignored --avoid: given once more"));
  }
}
