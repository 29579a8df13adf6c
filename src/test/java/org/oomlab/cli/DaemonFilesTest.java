package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users see of {@code oomlab import policy} and {@code oomlab export policy}. */
class DaemonFilesTest {
  @TempDir Path folder = Path.of("");

  private String file(String name, String text) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text).toString();
  }

  private String out(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void aConfigurationBecomesAPolicyThatCanBeRunAndIsWrittenAsItWas() throws IOException {
    String given = file("earlyoom", "EARLYOOM_ARGS=\"-m 6,3 -s 90 --avoid '^(sshd|init)$'\"\n");
    Cli.Result imported = Cli.run("import", "policy", given, "-o", out("mine.yaml"));
    assertThat(imported.code()).as(imported.err()).isZero();
    assertThat(imported.err()).contains("defaults assumed: swap_kill_percent 45%", "-v says");
    assertThat(Files.readString(folder.resolve("mine.yaml")))
        .startsWith("# What earlyoom makes of earlyoom.\n")
        .contains("policy: mine\n", "extends: linux-7.2\n", "  mem_kill_percent: 3%\n")
        .containsPattern("# swap_kill_percent: 45% +\\(default, earlyoom 1.9 msg.c");

    assertThat(Cli.run("run", "frozen-snapshot", "-p", out("mine.yaml"), "-r", "1").code())
        .isZero();

    Cli.Result exported = Cli.run("export", "policy", out("mine.yaml"), "--as", "earlyoom");
    assertThat(exported.code()).as(exported.err()).isZero();
    assertThat(exported.err()).isEmpty();
    assertThat(exported.out())
        .contains("#   mem_min_percent 6%, default 10% (earlyoom 1.9 main.c, main()).")
        .contains("EARLYOOM_ARGS=\"-m 6,3 -s 90 --avoid '^(sshd|init)\\$'\"\n");
  }

  @Test
  void warningsAreOnStandardErrorAndInTheComments() throws IOException {
    String given = file("oomd.conf", "[OOM]\nSwapUsedLimit=70\n");
    Cli.Result imported = Cli.run("import", "policy", given);
    assertThat(imported.code()).isZero();
    assertThat(imported.err()).contains("oomd.conf:2:15: ignored: SwapUsedLimit '70'");
    assertThat(imported.out())
        .contains("oomd.conf:2:15: ignored: SwapUsedLimit '70'", "# SwapUsedLimit: 90%");
    assertThat(Cli.run("import", "policy", given, "-q").err()).isEmpty();

    Cli.Result strict = Cli.run("import", "policy", given, "--strict");
    assertThat(strict.code()).isEqualTo(2);
    assertThat(strict.out()).isEmpty();
  }

  @Test
  void whatACgroupOfAWorkloadCannotSayIsTold() throws IOException {
    String given = file("db.slice", "[Slice]\nMemoryMin=1G\nMemoryMax=4G\n");
    Cli.Result imported = Cli.run("import", "policy", given);
    assertThat(imported.code()).isZero();
    assertThat(imported.out()).contains("limit: 4GiB").doesNotContain("low:");
    assertThat(imported.err()).contains("db.slice: memory.min is not modelled");
  }

  @Test
  void whatTheDaemonRefusesIsRefusedAtItsPlaceAndNothingIsWritten() throws IOException {
    String given = file("earlyoom", "# hm\nEARLYOOM_ARGS=\"-s 30 -m 101\"\n");
    Cli.Result imported = Cli.run("import", "policy", given, "-o", out("x.yaml"));
    assertThat(imported.code()).isEqualTo(2);
    assertThat(imported.err())
        .contains("earlyoom:2:25: -m '101': value 101.000000 exceeds limit 99", "expected");
    assertThat(folder.resolve("x.yaml")).doesNotExist();
  }

  @Test
  void factsAreRowsForProgramsAndForPeople() throws IOException {
    String given = file("a.prop", "ro.lmk.medium=700\nro.lmk.nonsense=1\n");
    assertThat(Cli.run("import", "policy", given, "--format", "csv").out())
        .startsWith("option,value,state,source,line,column,note\n")
        .contains("\nlow,1001,default,")
        .containsPattern("\nmedium,700,set,.*a\\.prop,1,15,")
        .contains("\nPSI window,1000 ms,built_in,")
        .containsPattern("\nro\\.lmk\\.nonsense,.*,ignored,");
    assertThat(Cli.run("import", "policy", given, "--facts").out()).contains("option ", "medium");
  }

  @Test
  void severalFilesOfOneDaemonAreOneConfiguration() throws IOException {
    String conf = file("oomd.conf", "[OOM]\nDefaultMemoryPressureDurationSec=9s\n");
    String unit = file("app.slice.d/kill.conf", "[Slice]\nManagedOOMMemoryPressure=kill\n");
    assertThat(Cli.run("import", "policy", unit, conf).out())
        .contains("DefaultMemoryPressureDurationSec: 9s")
        .contains("- cgroup: app.slice");
  }

  @Test
  void limitsBecomeTheCgroupsOfAWorkload() throws IOException {
    String given =
        file("shop-db.slice", "[Slice]\nMemoryMax=25%\nMemoryHigh=1G\nMemorySwapMax=0\n");
    assertThat(Cli.run("import", "policy", given, "--memory", "8GiB").out())
        .contains("cgroups:\n  - {name: \"shop.slice\"}\n")
        .contains(
            "  - {name: \"shop-db.slice\", parent: \"shop.slice\", limit: 2GiB, high: 1GiB,"
                + " swap_max: 0}\n");
  }

  @Test
  void standardInputIsReadWhenItsKindIsSeenOrSaid() {
    assertThat(Cli.runWithInput("-m 4 -s 20\n", "import", "policy", "--as", "earlyoom", "-").out())
        .contains("mem_min_percent: 4%");
    Cli.Result unknown = Cli.runWithInput("what is this\n", "import", "policy", "-");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("--as says which it is");
  }

  @Test
  void everyShippedDaemonIsWrittenAndReadBackWithoutADifference() {
    for (String name :
        new String[] {
          "earlyoom", "systemd-oomd", "oomd", "nohang", "nohang-desktop", "lmkd", "kubelet"
        }) {
      Cli.Result exported = Cli.run("export", "policy", name);
      assertThat(exported.code()).as(exported.err()).isZero();
      assertThat(exported.err()).as(name).doesNotContain("cannot be written", "refuses");
    }
  }

  @Test
  void filesGoWhereTheyAreOnTheMachine() throws IOException {
    assertThat(Cli.run("export", "policy", "systemd-oomd", "-d", out("root")).code()).isZero();
    assertThat(folder.resolve("root/etc/systemd/oomd.conf.d/oomlab.conf")).exists();
    assertThat(folder.resolve("root/etc/systemd/system/user@.service.d/oomlab.conf"))
        .content()
        .contains("ManagedOOMMemoryPressureLimit=50%");
  }

  @Test
  void aPolicyWithoutADaemonOrWithAnotherHasNothingToWrite() {
    Cli.Result none = Cli.run("export", "policy", "linux-7.2");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("has no daemon");
    Cli.Result other = Cli.run("export", "policy", "earlyoom", "--as", "nohang");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("its daemon is earlyoom", "expected --as earlyoom");
  }

  @Test
  void whatTheDaemonHasNoOptionForIsSaid() throws IOException {
    String policy =
        file(
            "p.yaml",
            """
            policy: p
            extends: linux-7.2
            daemon:
              kind: oomd
              process: {memory: 9MiB}
              rulesets:
                - name: r
                  detectors: [{name: g, plugins: [{name: swap_free, threshold_pct: 7.5%}]}]
                  actions: [{name: kill_by_swap_usage, cgroup: "/"}]
            """);
    Cli.Result exported = Cli.run("export", "policy", policy);
    assertThat(exported.err())
        .contains("process.memory 9MiB: cannot be written")
        .contains("threshold_pct 7.5%: cannot be written exactly; the daemon has 7% there");
  }
}
