package org.oomlab.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oomlab.engine.Quantity;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.workload.Workload;

class RunningMachineTest {
  @TempDir Path root = Path.of("");

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @BeforeEach
  void aSmallMachine() throws IOException {
    write(
        "proc/meminfo",
        "MemTotal: 400000 kB\nMemFree: 40000 kB\nCached: 80000 kB\nBuffers: 0 kB\nShmem: 8000 kB\n"
            + "Mapped: 12000 kB\nSwapTotal: 4000 kB\n");
    write(
        "proc/zoneinfo",
        "Node 0, zone DMA\n  min 10\n  low 12\n  high 14\n      high:  99\n"
            + "Node 0, zone Normal\n  min 100\n  low 125\n  high 150\n");
    write("proc/sys/kernel/osrelease", "6.1.0-test\n");
    write(
        "proc/1/status",
        "Name:\tinit\nState:\tS\nPPid:\t0\nUid:\t0\t0\nVmRSS:\t400 kB\n"
            + "RssAnon:\t400 kB\nVmPTE:\t40 kB\nThreads:\t1\n");
    write("proc/1/oom_score_adj", "0\n");
    write("proc/2/status", "Name:\tkthreadd\nState:\tS\nPPid:\t0\nUid:\t0\t0\nThreads:\t1\n");
    write(
        "proc/70/status",
        "Name:\tla mer\nState:\tS\nPPid:\t1\nUid:\t1000\t1000\nVmRSS:\t9000 kB\n"
            + "RssAnon:\t4000 kB\nRssFile:\t3000 kB\nRssShmem:\t2000 kB\nVmSwap:\t80 kB\nVmPTE:\t40 kB\n"
            + "VmLck:\t400 kB\nThreads:\t3\n");
    write("proc/70/oom_score_adj", "-500\n");
    write("proc/70/smaps_rollup", "0-1 rollup\nRss: 9000 kB\nPss: 8000 kB\n");
    write("proc/70/cgroup", "0::/a/b\n");
    write("sys/fs/cgroup/a/memory.max", "max\n");
    write("sys/fs/cgroup/a/b/memory.max", "40960000\n");
    write("sys/fs/cgroup/a/b/memory.oom.group", "1\n");
  }

  @Test
  void isAWorkload() throws IOException {
    RunningMachine.Reading reading = RunningMachine.read(root, List.of(), "here");
    Workload workload = reading.draft().workload();

    assertThat(workload.processNames()).containsExactly("init-1", "la mer-70", "newcomer");
    assertThat(workload.machine().memory()).isEqualTo(100_000);
    assertThat(workload.machine().free()).isEqualTo(10_000);
    assertThat(workload.machine().min()).isEqualTo(110);
    assertThat(workload.machine().high()).isEqualTo(164);
    assertThat(workload.machine().pageCache()).isEqualTo(new Quantity.Constant(15_000));
    assertThat(workload.cgroups())
        .containsExactly(new CgroupSpec("/a/b", null, 10_000, true, false));
    ProcessSpec process = workload.processes().get(1);
    assertThat(process.parent()).isEqualTo("init-1");
    assertThat(process.cgroup()).isEqualTo("/a/b");
    assertThat(process.oomScoreAdj()).isEqualTo(-500);
    assertThat(process.swapped()).isEqualTo(new Quantity.Constant(20));
    assertThat(process.threads()).hasSize(2);
    assertThat(process.memory())
        .extracting(VmaSpec::kind, VmaSpec::size, VmaSpec::locked)
        .containsExactly(
            of(VmaSpec.Kind.BORROWED, 250, false),
            of(VmaSpec.Kind.FILE, 500, false),
            of(VmaSpec.Kind.SHMEM, 500, false),
            of(VmaSpec.Kind.ANONYMOUS, 100, true),
            of(VmaSpec.Kind.ANONYMOUS, 900, false));
  }

  private static org.assertj.core.groups.Tuple of(VmaSpec.Kind kind, long pages, boolean locked) {
    return org.assertj.core.api.Assertions.tuple(kind, new Quantity.Constant(pages), locked);
  }

  @Test
  void listsWhatMayNotBeRead() throws IOException {
    Files.createDirectories(root.resolve("proc/99"));

    assertThat(RunningMachine.read(root, List.of(), "here").unreadable())
        .containsExactly(
            "1: smaps_rollup may not be read, so its pages count as its own",
            "99: it went away or may not be read");
  }

  @Test
  void aCgroupOfVersionOneHasItsLimitAndItsSwitch() throws IOException {
    write("proc/70/cgroup", "5:cpu,cpuacct:/\n4:memory:/box/inner\n0::/\n");
    write("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/memory/box/inner/memory.limit_in_bytes", "41943040\n");
    write("sys/fs/cgroup/memory/box/inner/memory.oom_control", "oom_kill_disable 1\nunder_oom 0\n");
    Workload workload = RunningMachine.read(root, List.of(), "here").draft().workload();

    assertThat(workload.cgroups())
        .containsExactly(new CgroupSpec("/box/inner", null, 10_240, false, true));
    assertThat(workload.processes().get(1).cgroup()).isEqualTo("/box/inner");
  }

  @Test
  void aCgroupHoldsWhatItsProcessesHold() throws IOException {
    write("sys/fs/cgroup/a/memory.max", "8192\n");

    assertThat(RunningMachine.read(root, List.of(), "here").draft().workload().cgroups())
        .extracting(CgroupSpec::name, CgroupSpec::limit)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("/a", 2009L),
            org.assertj.core.api.Assertions.tuple("/a/b", 10_000L));
  }

  @Test
  void whoGoesAwayWhileItIsReadIsListed() throws IOException {
    Files.delete(root.resolve("proc/70/oom_score_adj"));
    RunningMachine.Reading reading = RunningMachine.read(root, List.of(), "here");

    assertThat(reading.unreadable()).contains("70: it went away while it was read");
    assertThat(reading.draft().workload().processNames()).containsExactly("init-1", "newcomer");
  }

  @Test
  void takesOnlyTheProcessesAskedFor() throws IOException {
    assertThat(RunningMachine.read(root, List.of(70L), "here").draft().workload().processNames())
        .containsExactly("la mer-70", "newcomer");
    assertThatThrownBy(() -> RunningMachine.read(root, List.of(71L), "here"))
        .hasMessage("there is no process 71");
  }

  @Test
  void needsProc() {
    assertThatThrownBy(() -> RunningMachine.read(root.resolve("proc"), List.of(), "here"))
        .hasMessageContaining("is this Linux?");
  }
}
