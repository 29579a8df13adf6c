package org.oomlab.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.engine.Quantity.Uniform;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Span;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Step;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.tree.Setting;

/** What {@code --set PATH=VALUE} does. */
class SettingTest {
  private static final String WORKLOAD =
      """
      workload: w
      machine: {memory: 4GiB}
      processes:
        - name: db
          memory: &memory
            - {size: 1MiB}
            - {name: heap, size: 2MiB}
          run: [sleep: 1s]
        - {name: web, memory: *memory}
      """;

  @TempDir Path folder;
  private Home home;
  private String file;

  @BeforeEach
  void home() {
    home = new Home(folder);
    file = home.write("w.yaml", WORKLOAD).toString();
  }

  private Library with(String... settings) {
    return home.library().withSettings(Stream.of(settings).map(Setting::parse).toList());
  }

  private Workload workload(String... settings) {
    return with(settings).resolveWorkloads(List.of(file), note -> {}).get(0);
  }

  @Test
  void aKnobIsSetInEveryPolicy() {
    List<Policy> policies =
        with("reaper.delay=500ms").resolvePolicies(List.of("patient", "linux-6.1"), note -> {});

    assertThat(policies)
        .allSatisfy(
            policy -> {
              assertThat(policy.get(Knobs.REAPER_DELAY)).isEqualTo(500 * Span.MILLISECOND);
              assertThat(policy.origin(Knobs.REAPER_DELAY)).isEqualTo("--set");
            });
  }

  @Test
  void aQuantityIsSetByIndexOrByName() {
    Workload workload =
        workload(
            "machine.memory=2GiB",
            "processes.db.oom_score_adj=100",
            "processes[1].count=3",
            "processes.db.memory[0].size={uniform: [1MiB, 2MiB]}",
            "processes.db.memory.heap.size=1GiB",
            "processes.db.exit.aio=forever",
            "processes.db.run[0].sleep=2s",
            "horizon=1min");

    ProcessSpec db = workload.processes().get(0);
    assertThat(workload.machine().memory()).isEqualTo(2 << 18);
    assertThat(db.oomScoreAdj()).isEqualTo(100);
    assertThat(db.memory().get(0).size()).isEqualTo(new Uniform(256, 512));
    assertThat(db.memory().get(1).size()).isEqualTo(new Constant(1 << 18));
    assertThat(db.aio()).isEqualTo(new Constant(Span.FOREVER));
    assertThat(db.threads().get(0).run())
        .containsExactly(new Step.Sleep(new Constant(2 * Span.SECOND)));
    assertThat(workload.horizon()).isEqualTo(60 * Span.SECOND);
    ProcessSpec web = workload.processes().get(1);
    assertThat(web.count()).isEqualTo(3);
    assertThat(web.memory().get(1).size())
        .as("what an alias shares with the edited list")
        .isEqualTo(new Constant(512));
  }

  @Test
  void aCostIsSetInTheCostFile() {
    Library library = with("costs.pass=2ms", "costs.fault.value=3us");

    assertThat(library.costs("reference").pass()).isEqualTo(new Constant(2 * Span.MILLISECOND));
    assertThat(library.costs("reference").fault()).isEqualTo(new Constant(3 * Span.MICROSECOND));
    assertThat(workload("costs=reference", "costs.pass=2ms").costsName()).isEqualTo("reference");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reaper.dealy=1s | 1:1: reaper.dealy: no such knob; did you mean reaper.delay?",
        "reaper.delay=1 | 1:14: reaper.delay: 1 has no unit; write 1ms or 1s",
        "reaper=1s | 1:1: reaper: no such knob",
        "machin.memory=1GiB | 1:1: machin.memory: no such path; did you mean machine?",
        "machine.memry=1GiB" + " | 1:9: machine.memry: no such key; did you mean machine.memory?",
        "machine.memory=1 | 1:16: machine.memory: 1 has no unit; write 1MiB or 1 pages",
        "machine.memory.x=1 | 1:16: machine.memory.x: there are no keys below machine.memory",
        "processes.dbb.count=2 | 1:11: processes.dbb.count: there is no processes.dbb; did you"
            + " mean processes.db?",
        "processes[7].count=2 | 1:10: processes[7].count: there is no processes[7]",
        "processes.db.memory[0].sise=1MiB | 1:24: processes[0].memory[0].sise: no such key; did"
            + " you mean processes[0].memory[0].size?",
        "machine.memory | 1:1: expected PATH=VALUE, found 'machine.memory'",
        "machine.memory= | 1:1: expected PATH=VALUE, found 'machine.memory='",
        "machine..memory=1 | 1:8: 'machine..memory' is no path of keys",
        "machine.memory=[ | 1:17: not YAML: expected the node content, but found '<stream end>'",
      })
  void saysWhatIsWrong(String setting, String problem) {
    assertThat(home.problemsOf(() -> workload(setting)).lines().findFirst().orElseThrow())
        .isEqualTo("--set:" + problem);
  }

  @Test
  void aPathIsNoDeeperThanADocument() {
    assertThatThrownBy(() -> Setting.parse("machine" + ".a".repeat(50) + "=1"))
        .hasMessageContaining("is no path of keys");
  }
}
