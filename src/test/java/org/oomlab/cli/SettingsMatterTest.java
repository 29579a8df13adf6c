package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.workload.MachineSpec;

/** No quantity is accepted and ignored: ten times as much is another result, or is refused. */
class SettingsMatterTest {
  /** A machine on which everything is about to matter. */
  private static final String WORKLOAD =
      """
      workload: all
      title: "t"
      source: "s"
      machine:
        memory: 200000 pages
        free: 3000 pages
        %s
        lowmem_reserve: 100 pages
        swap: 1000 pages
        page_cache: 5000 pages
        dirty_cache: 400 pages
        writeback: 100MiB
        cpus: 1
        hz: 100
      cgroups: [{name: job, limit: %s}]
      processes:
        - name: a
          oom_score_adj: 62
          swapped: 100 pages
          start: 1ms
          memory: [{kind: anonymous, size: 4000 pages, name: more}, {kind: anonymous, size: 36000 pages}]
          run: [{sleep: 5ms}, {touch: {size: 2000 pages, memory: more}}, {compute: 30ms}]
        - name: b
          cgroup: job
          memory: [{kind: anonymous, size: 50000 pages, name: heap}]
          work: {unit: 1ms, checkpoint: 10ms}
          run: [{compute: 20ms}, {touch: {size: 20000 pages, memory: heap}}]
      """;

  private static final String WATERMARKS = "min: 1000 pages\n  low: 1250 pages\n  high: 1500 pages";

  @TempDir Path folder;

  private static List<String> settings() {
    return List.of(
        "machine.memory=2000000 pages",
        "machine.free=30000 pages",
        "machine.min=100 pages",
        "machine.low=12500 pages",
        "machine.high=15000 pages",
        "machine.watermark_scale_factor=100",
        "machine.lowmem_reserve=1000 pages",
        "machine.swap=10000 pages",
        "machine.page_cache=50000 pages",
        "machine.dirty_cache=4000 pages",
        "machine.writeback=10MiB",
        "machine.cpus=10",
        "machine.hz=1000",
        "cgroups.job.limit=502000 pages",
        "processes.a.oom_score_adj=620",
        "processes.a.swapped=1000 pages",
        "processes.a.start=10ms",
        "processes.a.count=10",
        "processes.b.work.unit=10ms",
        "processes.b.work.checkpoint=100ms",
        "costs.pass=10ms",
        "reaper.delay=1s");
  }

  @TestFactory
  Stream<DynamicTest> tenTimesAsMuchIsAnotherResultOrRefused() {
    return settings().stream()
        .map(setting -> DynamicTest.dynamicTest(setting, () -> matters(setting)));
  }

  private void matters(String setting) throws IOException {
    boolean scale = setting.contains("watermark_scale_factor");
    boolean limit = setting.startsWith("cgroups");
    Path file = folder.resolve("all.yaml");
    Files.writeString(
        file,
        WORKLOAD.formatted(
            // The factor counts where low and high are not given.
            scale ? "watermark_scale_factor: 10" : WATERMARKS,
            limit ? "50200 pages" : "100000 pages"));
    Cli.Result base = run(file);
    assertThat(base.code()).as(base.err()).isZero();
    Cli.Result changed = run(file, "--set", setting);
    assertThat(changed.code() == ExitCodes.USAGE || !changed.out().equals(base.out()))
        .as(setting + "\n" + base.out() + changed.out())
        .isTrue();
  }

  private static Cli.Result run(Path file, String... more) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "run",
                file.toString(),
                "-p",
                "linux-6.18",
                "-r",
                "2",
                "--each",
                "--format",
                "csv"));
    line.addAll(List.of(more));
    return Cli.run(line.toArray(String[]::new));
  }

  @Test
  void aFactorThatHasNothingToDecideIsRefused() throws IOException {
    Path file = folder.resolve("all.yaml");
    Files.writeString(file, WORKLOAD.formatted(WATERMARKS, "100000 pages"));
    Cli.Result result = run(file, "--set", "machine.watermark_scale_factor=100");

    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).contains("decides low and high, and both are given");
  }

  @Test
  void everyQuantityOfAMachineIsTried() {
    Set<String> tried = new TreeSet<>();
    for (String setting : settings()) {
      tried.add(setting.substring(0, setting.indexOf('=')));
    }
    for (RecordComponent component : MachineSpec.class.getRecordComponents()) {
      String key = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      // KeysMatterTest has those of memory that moves.
      assertThat(key.equals("paging") || tried.contains("machine." + key)).as(key).isTrue();
    }
  }
}
