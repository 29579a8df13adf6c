package org.oomlab.daemon.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LmkdFilesTest {
  private static Told prop(String lines) {
    return Told.of("lmkd", "build.prop", lines);
  }

  @Test
  void propertiesOfADeviceTreeAreCollectedFromAllItsLists() {
    Told told =
        Told.of(
            "lmkd",
            "device.mk",
            """
            # memory
            PRODUCT_PROPERTY_OVERRIDES += \\
                persist.sys.other=1 \\
                ro.lmk.medium=900 \\
                ro.config.low_ram=true

            PRODUCT_VENDOR_PROPERTIES += ro.lmk.thrashing_limit?=40 ro.lmk.low=1000 # ro.lmk.low=1
            #PRODUCT_VENDOR_PROPERTIES += ro.lmk.critical=5
            """);
    assertThat(told.remarks()).isEmpty();
    assertThat(told.at("medium")).isEqualTo("900 set");
    assertThat(told.at("low")).isEqualTo("1000 set");
    assertThat(told.at("critical")).isEqualTo("0 default");
    assertThat(told.at("thrashing_limit")).isEqualTo("40 set");
    assertThat(told.settings().get("medium").at().position().line()).isEqualTo(4);
  }

  @Test
  void defaultsDependOnTheDevice() {
    Told low = prop("ro.config.low_ram=true\nro.lmk.use_minfree_levels=true\n");
    assertThat(low.at("psi_partial_stall_ms")).isEqualTo("200 default");
    assertThat(low.at("thrashing_limit")).isEqualTo("30 default");
    assertThat(low.at("thrashing_limit_critical")).isEqualTo("90 default");
    assertThat(low.at("use_new_strategy")).isEqualTo("true default");
    assertThat(low.at("per_app_memcg")).isEqualTo("true default");
    Told high = prop("ro.lmk.use_minfree_levels=1\nro.lmk.thrashing_limit=50\n");
    assertThat(high.at("psi_partial_stall_ms")).isEqualTo("70 default");
    assertThat(high.at("thrashing_limit_critical")).isEqualTo("150 default");
    assertThat(high.at("use_new_strategy")).isEqualTo("false default");
  }

  @Test
  void scriptsSetPropertiesToo() {
    Told told = Told.of("lmkd", "init.rc", "on boot\n    setprop ro.lmk.kill_timeout_ms 0x64\n");
    assertThat(told.at("kill_timeout_ms")).isEqualTo("100 set");
    assertThat(prop("persist.device_config.lmkd_native.low=5\nro.lmk.low=6\n").at("low"))
        .isEqualTo("5 set");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ro.lmk.psi_partial_stall_ms=70ms;psi_partial_stall_ms;70 default;with its unit",
        "ro.lmk.kill_heaviest_task=yep;kill_heaviest_task;false default;no flag",
        "ro.lmk.thrashing_limt=9;thrashing_limit;100 default;ro.lmk.thrashing_limit would count",
        "ro.lmk.nstrat_low_swap=5;low;1001 default;some maker's lmkd",
        "ro.lmk.medium=99999999999;medium;800 default;no whole number",
      })
  void whatItIgnoresIsToldAndTheDefaultStays(String line, String option, String value, String why) {
    Told told = prop(line + "\n");
    assertThat(told.refused()).isFalse();
    assertThat(told.at(option)).isEqualTo(value);
    assertThat(told.remarks())
        .anyMatch(each -> each.matches("1:[0-9]+ ignored .*") && each.contains(why));
  }

  @Test
  void whatIsOutOfRangeIsTakenAsTheNearest() {
    Told told = prop("ro.lmk.swap_free_low_percentage=101\nro.lmk.thrashing_limit=-4\n");
    assertThat(told.at("swap_free_low_percentage")).isEqualTo("100 set");
    assertThat(told.at("thrashing_limit")).isEqualTo("0 set");
    assertThat(told.remarks())
        .anyMatch(line -> line.contains("so lmkd takes 100"))
        .anyMatch(line -> line.contains("so lmkd takes 0"))
        .anyMatch(line -> line.contains("0 is legal"));
  }

  @ParameterizedTest
  @CsvSource({"1001", "0"})
  void aStallThatTheKernelRefusesIsRefused(String stall) {
    Told told = prop("ro.lmk.low=1\nro.lmk.psi_complete_stall_ms=" + stall + "\n");
    assertThat(told.refused()).isTrue();
    assertThat(told.remarks())
        .anyMatch(line -> line.startsWith("2:30 refused") && line.contains("expected 1 to 1000"));
  }

  @Test
  void theOldStrategyIsOfCgroupV1AndTheLastOfTwoCounts() {
    Told told = prop("ro.lmk.use_new_strategy=true\nro.lmk.use_new_strategy=false\n");
    assertThat(told.at("use_new_strategy")).isEqualTo("false set");
    assertThat(told.remarks())
        .anyMatch(line -> line.startsWith("1:25 ignored"))
        .anyMatch(line -> line.contains("v1 cgroup hierarchy"));
  }
}
