package org.oomlab.daemon.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.daemon.file.LimitFiles.Cgroup;
import org.oomlab.yaml.ForeignFiles;

class LimitFilesTest {
  private static final double GIB = 1L << 30;

  private static Told unit(String lines) {
    return Told.of("cgroup", "app.slice", "[Slice]\n" + lines);
  }

  private static Told compose(String service) {
    return Told.of("compose", "compose.yml", "services:\n  db:\n    image: x\n" + service);
  }

  private static List<Cgroup> cgroups(Told told, double memory) {
    return Formats.limits(told.settings().kind(), new ForeignFiles())
        .cgroups(told.settings(), memory);
  }

  @Test
  void sharesAreOfTheMachineAndSizesHaveParts() {
    Told told = unit("MemoryHigh=40%\nMemoryMax=1G 512M\nMemorySwapMax=0\nMemoryLow=64K\n");
    assertThat(told.at("units[0].MemoryHigh")).isEqualTo("40% set");
    assertThat(told.at("units[0].MemoryMax")).isEqualTo("1536MiB set");
    assertThat(told.at("units[0].MemoryMin")).isEqualTo("0 default");
    assertThat(told.at("units[0].OOMPolicy")).isEqualTo("stop default");
    Cgroup cgroup = cgroups(told, 10 * GIB).get(0);
    assertThat(cgroup.path()).isEqualTo("app.slice");
    assertThat(cgroup.high()).isEqualTo(4 * GIB);
    assertThat(cgroup.max()).isEqualTo(1.5 * GIB);
    assertThat(cgroup.swapMax()).isZero();
  }

  @Test
  void aServiceIsInItsSliceAndADropInTakesBack() {
    Told told =
        Told.of(
            "cgroup",
            "web.service",
            "[Service]\nSlice=shop-front.slice\nMemoryMax=2G\nOOMPolicy=kill\nOOMScoreAdjust=300\n",
            "web.service.d/x.conf",
            "[Service]\nMemoryMax=\nSlice=shop-front.slice\nMemoryHigh=infinity\n");
    assertThat(told.at("units[0].cgroup")).isEqualTo("shop.slice/shop-front.slice/web.service set");
    assertThat(told.at("units[0].MemoryMax")).isEqualTo("unset");
    assertThat(cgroups(told, GIB).get(0).oomGroup()).isTrue();
    assertThat(cgroups(told, GIB).get(0).adj().text()).isEqualTo("300");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "MemoryMax=2Gi;2G would mean that",
        "MemoryMax=2g;in capitals",
        "MemoryMax=101%;beyond 0 % to 100 %",
        "MemoryMax=0;out of range",
        "MemoryMax=lots;expected a size such as 2G",
        "MemroyMax=1G;",
        "MemoryMaxx=1G;MemoryMax=1G would count",
        "OOMScoreAdjust=1001;-1000 to 1000",
        "OOMPolicy=die;expected one of stop, continue, kill",
      })
  void aKeyThatCannotBeParsedIsIgnored(String line, String why) {
    Told told = unit(line + "\n");
    assertThat(told.refused()).isFalse();
    assertThat(told.at("units[0].MemoryMax")).isEqualTo("unset");
    if (why != null) {
      assertThat(told.remarks())
          .anyMatch(
              each -> each.startsWith("2:") && each.contains("ignored") && each.contains(why));
    }
  }

  @Test
  void theOldNameIsTakenWithAWarningAndConflictsAreTold() {
    assertThat(unit("MemoryLimit=3G\n").at("units[0].MemoryMax")).isEqualTo("3GiB set");
    assertThat(unit("MemoryLimit=3G\n").remarks()).anyMatch(line -> line.contains("cgroup v1"));
    assertThat(unit("MemoryMax=1G\nMemoryHigh=1G\n").remarks())
        .anyMatch(line -> line.contains("never throttles"));
  }

  @Test
  void composeFilesLimitEachService() {
    Told told =
        compose(
            "    mem_limit: 1g\n    memswap_limit: 1.5gb\n    mem_reservation: 300m\n"
                + "    oom_score_adj: -50\n    deploy: {replicas: 2}\n");
    assertThat(told.remarks()).isEmpty();
    Cgroup cgroup = cgroups(told, GIB).get(0);
    assertThat(cgroup.max()).isEqualTo(GIB);
    assertThat(cgroup.swapMax()).isEqualTo(GIB / 2);
    assertThat(cgroup.count()).isEqualTo(2);
    assertThat(cgroup.adj().text()).isEqualTo("-50");
    assertThat(
            compose("    deploy: {resources: {limits: {memory: 64M}}}\n")
                .at("services[0].mem_limit"))
        .isEqualTo("64MiB set");
  }

  @Test
  void aVariableIsItsDefault() {
    assertThat(compose("    mem_limit: ${LIMIT:-3g}\n").at("services[0].mem_limit"))
        .isEqualTo("3GiB set");
    assertThat(compose("    mem_limit: ${LIMIT}\n").remarks())
        .anyMatch(line -> line.contains("its value is not in the file"));
  }

  @Test
  void noLimitOfSwapIsTwiceTheMemory() {
    Told told = compose("    mem_limit: 256m\n");
    assertThat(told.at("services[0].memswap_limit")).isEqualTo("512MiB default");
    Told zero = compose("    mem_limit: 256m\n    memswap_limit: 0\n");
    assertThat(zero.at("services[0].memswap_limit")).isEqualTo("512MiB default");
    assertThat(zero.remarks()).anyMatch(line -> line.contains("not 'no swap'"));
    assertThat(cgroups(zero, GIB).get(0).swapMax()).isEqualTo((double) (256 << 20));
    Told all = compose("    mem_limit: 256m\n    memswap_limit: -1\n");
    assertThat(cgroups(all, GIB).get(0).swapMax()).isNegative();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "mem_limit: 512m\\n    memswap_limit: 256m;Minimum memoryswap limit should be larger",
        "memswap_limit: 256m;You should always set the Memory limit",
        "mem_limit: 100m\\n    mem_reservation: 200m;can not be less than memory reservation",
        "mem_limit: 5m;Minimum memory limit allowed is 6MB",
        "mem_limit: 1 potato;expected a size such as 512m",
        "mem_limt: 1g;did you mean mem_limit?",
        "oom_score_adj: 1001;-1000 to 1000",
        "oom_kill_disable: maybe;expected true or false",
        "mem_limit: 1g\\n    deploy: {resources: {limits: {memory: 2g}}};can't set distinct values",
      })
  void whatTheEngineRefusesIsRefused(String lines, String why) {
    Told told = compose("    " + lines.replace("\\n", "\n") + "\n");
    assertThat(told.refused()).isTrue();
    assertThat(told.remarks()).anyMatch(line -> line.contains("refused") && line.contains(why));
  }
}
