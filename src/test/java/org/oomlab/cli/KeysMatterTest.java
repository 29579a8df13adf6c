package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.cli.session.ExitCodes;

/**
 * No key of a workload is accepted and ignored: in a workload made for it, another value is another
 * result, or is refused. The keys are those that the readers ask for.
 */
class KeysMatterTest {
  private static final Path READERS = Path.of("src/main/java/org/oomlab/yaml");

  /** Keys that say what something is called, or what is said about it. */
  private static final Set<String> WORDS =
      Set.of(
          "WorkloadReader.workload",
          "WorkloadReader.title",
          "WorkloadReader.source",
          "WorkloadReader.policies",
          "WorkloadReader.policy",
          "WorkloadReader.claims",
          "WorkloadReader.observed",
          "WorkloadReader.machine",
          "WorkloadReader.name",
          "ProcessReader.name");

  /** Keys of which SettingsMatterTest has each. */
  private static final String OF_MACHINES = "MachineReader.";

  /** A key, a policy under which it matters, and what else is different with another value. */
  private record Case(String key, String policy, String one, String other) {}

  private static final String HOG =
      "- {name: hog, oom_score_adj: -900, run: [{sleep: 15ms}, {touch: 600MiB}]}\n";
  private static final String NEW = "linux-6.18";

  private static String top(String keys) {
    return keys + "processes:\n- {name: v, memory: [{kind: anonymous, size: 90MiB}]}\n" + HOG;
  }

  /** A large process with these keys beside one that takes all there is. */
  private static String victim(String keys) {
    return "processes:\n- {name: v, memory: [{kind: anonymous, size: 190MiB}], "
        + keys
        + "}\n"
        + HOG;
  }

  /** One of two equal processes; how large the killer takes the first for. */
  private static String spread(int processors) {
    return victim("spread: " + processors)
        + "- {name: w, memory: [{kind: anonymous, size: 190MiB}], work: {unit: 1ms}}\n";
  }

  private static String mapping(String keys) {
    return "processes:\n- {name: v, memory: [{" + keys + "}]}\n" + HOG;
  }

  private static Case process(String key, String one, String other) {
    return new Case(
        "ProcessReader." + key, NEW, victim(key + ": " + one), victim(key + ": " + other));
  }

  private static Case under(String policy, Case of) {
    return new Case(of.key(), policy, of.one(), of.other());
  }

  private static Case vma(String key, String one, String other) {
    return new Case("ProcessReader." + key, NEW, mapping(one), mapping(other));
  }

  private static final String LOCKS = "mutexes: [m]\nfutexes: [f]\n";

  /** What the largest process does before all memory is taken, with others to do it to. */
  private static String runs(String steps) {
    return LOCKS
        + "processes:\n"
        + "- {name: q, memory: [{kind: anonymous, size: 100MiB}], run: [{take_futex: f}, {lock: m}, {sleep: 3ms}, {unlock: m}]}\n"
        + "- {name: v, memory: [{kind: anonymous, size: 190MiB, name: heap}, {kind: anonymous, size: 1MiB}], run: ["
        + steps
        + "]}\n"
        + "- {name: hog, oom_score_adj: -900, run: [{sleep: 20ms}, {touch: 600MiB}]}\n";
  }

  private static Case step(String key, String one, String other) {
    return new Case("StepReader." + key, NEW, runs(one), runs(other));
  }

  private static List<Case> cases() {
    return List.of(
        new Case("WorkloadReader.costs", NEW, top("costs: x86-64\n"), top("costs: arm64-phone\n")),
        new Case("WorkloadReader.horizon", NEW, top("horizon: 5s\n"), top("horizon: 2ms\n")),
        new Case("WorkloadReader.cannot_tell", NEW, top(""), top("cannot_tell: [\"so it is\"]\n")),
        new Case(
            "WorkloadReader.mutexes",
            NEW,
            runs("{lock: m}"),
            runs("{lock: m}").replace("[m]", "[n]")),
        new Case(
            "WorkloadReader.futexes",
            NEW,
            runs("{wait_futex: f}"),
            runs("{wait_futex: f}").replace("[f]", "[g]")),
        new Case(
            "WorkloadReader.cgroups",
            NEW,
            "cgroups: [{name: job, limit: 250MiB}]\n"
                + victim("cgroup: job, run: [{touch: 100MiB}]"),
            victim("run: [{touch: 100MiB}]")),
        new Case("WorkloadReader.processes", NEW, top(""), victim("count: 1")),
        new Case("WorkloadReader.limit", NEW, cgroup("limit: 250MiB"), cgroup("limit: 2500MiB")),
        new Case("WorkloadReader.parent", NEW, nested(", parent: all"), nested("")),
        new Case(
            "WorkloadReader.oom_group",
            NEW,
            cgroup("limit: 250MiB, oom_group: false"),
            cgroup("limit: 250MiB, oom_group: true")),
        new Case(
            "WorkloadReader.oom_kill_disable",
            NEW,
            cgroup("limit: 250MiB, oom_kill_disable: false"),
            cgroup("limit: 250MiB, oom_kill_disable: true")),
        process("count", "1", "2"),
        process("oom_score_adj", "0", "-900"),
        process("swapped", "1MiB", "10MiB"),
        process("start", "3ms, run: [{touch: 1MiB}]", "300ms, run: [{touch: 1MiB}]"),
        process("init", "false", "true"),
        process("oom_origin", "false, oom_score_adj: -900", "true, oom_score_adj: -900"),
        process("frozen", "none, run: [{touch: 50MiB}]", "v1, run: [{touch: 50MiB}]"),
        process("exit", "{aio: 1ms}", "{aio: 100ms}"),
        new Case("ProcessReader.aio", NEW, victim("exit: {aio: 1ms}"), victim("exit: {aio: 10ms}")),
        new Case("ProcessReader.exe", NEW, victim("exit: {exe: 1ms}"), victim("exit: {exe: 10ms}")),
        process(
            "work", "{unit: 1ms}, run: [{compute: 30ms}]", "{unit: 10ms}, run: [{compute: 30ms}]"),
        new Case("ProcessReader.unit", NEW, worker("unit: 1ms"), worker("unit: 10ms")),
        new Case(
            "ProcessReader.checkpoint", NEW, worker("checkpoint: 1ms"), worker("checkpoint: 10ms")),
        process(
            "core_dumping",
            "false, run: [{sleep: 3ms}, {touch: 300MiB}]",
            "true, run: [{sleep: 3ms}, {touch: 300MiB}]"),
        process("threads", "1", "10"),
        new Case("ProcessReader.spread", NEW, spread(0), spread(4096)),
        process("run", "[{sleep: 1ms}]", "[{compute: 10ms}]"),
        under("linux-4.5", new Case("ProcessReader.root", NEW, rooted("false"), rooted("true"))),
        under("linux-4.17", new Case("ProcessReader.parent", NEW, child(", parent: v"), child(""))),
        new Case(
            "ProcessReader.shares_mm",
            NEW,
            child(", shares_mm: v").replace(SMALL, ""),
            child("").replace(SMALL, "")),
        new Case(
            "ProcessReader.vfork",
            NEW,
            child(", shares_mm: v, vfork: false").replace(SMALL, ""),
            child(", shares_mm: v, vfork: true").replace(SMALL, "")),
        new Case(
            "ProcessReader.kernel_thread",
            NEW,
            "processes:\n- {name: v, kernel_thread: false, run: [{alloc: 100MiB}]}\n" + HOG,
            "processes:\n- {name: v, kernel_thread: true, run: [{alloc: 100MiB}]}\n" + HOG),
        new Case(
            "ProcessReader.cgroup",
            NEW,
            cgroup("limit: 250MiB"),
            cgroup("limit: 250MiB").replace("cgroup: job, ", "")),
        new Case(
            "ProcessReader.memory",
            NEW,
            mapping("kind: anonymous, size: 100MiB"),
            "processes:\n- {name: v}\n" + HOG),
        vma("kind", "kind: anonymous, size: 190MiB", "kind: shmem, size: 190MiB"),
        vma("size", "kind: anonymous, size: 19MiB", "kind: anonymous, size: 190MiB"),
        vma(
            "page_tables",
            "kind: anonymous, size: 190MiB, page_tables: 10 pages",
            "kind: anonymous, size: 190MiB, page_tables: 100 pages"),
        under(
            "linux-5.10",
            vma(
                "locked",
                "kind: anonymous, size: 190MiB",
                "kind: anonymous, size: 190MiB, locked: true")),
        under(
            "linux-4.17",
            new Case("ProcessReader.notifier", NEW, notified("none"), notified("blockable"))),
        vma("referenced", "kind: file, size: 190MiB", "kind: file, size: 190MiB, referenced: true"),
        vma(
            "dirty",
            "kind: shared_file, size: 190MiB",
            "kind: shared_file, size: 190MiB, dirty: true"),
        vma("huge", "kind: anonymous, size: 190MiB", "kind: anonymous, size: 190MiB, huge: true"),
        vma(
            "areas",
            "kind: anonymous, size: 190MiB, areas: 1",
            "kind: anonymous, size: 190MiB, areas: 10000"),
        new Case("ProcessReader.robust_list_in", NEW, robust("low"), robust("high")),
        step("sleep", "{sleep: 5ms}, {touch: 1MiB}", "{sleep: 500ms}, {touch: 1MiB}"),
        step("block", "{block: 5ms}, {touch: 1MiB}", "{block: 500ms}, {touch: 1MiB}"),
        step("compute", "{compute: 1ms}", "{compute: 10ms}"),
        step("touch", "{touch: 1MiB}", "{touch: 10MiB}"),
        step("size", "{touch: {size: 1MiB, memory: heap}}", "{touch: {size: 10MiB, memory: heap}}"),
        step(
            "memory",
            "{touch: {size: 10MiB, memory: heap}}",
            "{touch: {size: 10MiB, memory: heap2}}"),
        step("alloc", "{alloc: 1MiB}", "{alloc: 10MiB}"),
        step(
            "gfp", "{alloc: {size: 300MiB, gfp: kernel}}", "{alloc: {size: 300MiB, gfp: noretry}}"),
        step("drain", "{drain: 1MiB}", "{drain: 10MiB}"),
        step("alloc_until_killed", "{alloc_until_killed: {process: v}}", "{sleep: 1ms}"),
        step("process", "{alloc_until_killed: {process: v}}", "{alloc_until_killed: {process: q}}"),
        step(
            "then",
            "{kill: q}, {alloc_until_killed: {process: q, then: 1MiB}}",
            "{kill: q}, {alloc_until_killed: {process: q, then: 10MiB}}"),
        step("free", "{free: 1MiB}", "{free: 10MiB}"),
        step("lock", "{lock: m}, {touch: 1MiB}", "{touch: 1MiB}"),
        step(
            "unlock",
            "{sleep: 5ms}, {lock: m}, {unlock: m}, {touch: 1MiB}",
            "{sleep: 5ms}, {unlock: m}, {touch: 1MiB}"),
        step(
            "wait_locked",
            "{sleep: 5ms}, {wait_locked: m}, {touch: 1MiB}",
            "{sleep: 5ms}, {touch: 1MiB}"),
        step("mmap_lock", "{mmap_lock: {of: v, time: 1ms}}", "{mmap_lock: {of: v, time: 100ms}}"),
        step("of", "{mmap_lock: {of: v, time: 5s}}", "{mmap_lock: {of: q, time: 5s}}"),
        step("time", "{mmap_lock: {of: v, time: 20ms}}", "{mmap_lock: {of: v, time: 200ms}}"),
        step("take_futex", "{take_futex: f}, {touch: 1MiB}", "{touch: 1MiB}"),
        step(
            "release_futex",
            "{sleep: 5ms}, {wait_futex: f}, {release_futex: f}",
            "{sleep: 5ms}, {release_futex: f}"),
        step(
            "wait_futex",
            "{sleep: 1ms}, {wait_futex: f}, {touch: 9MiB}",
            "{sleep: 1ms}, {touch: 9MiB}"),
        step("freeze", "{freeze: {process: q, freezer: v1}}, {sleep: 1ms}", "{sleep: 1ms}"),
        step(
            "freezer",
            "{freeze: {process: v, freezer: v1}}",
            "{freeze: {process: v, freezer: v2}}"),
        step(
            "thaw",
            "{freeze: {process: q, freezer: v1}}, {sleep: 1ms}, {thaw: q}",
            "{freeze: {process: q, freezer: v1}}, {sleep: 1ms}"),
        step("kill", "{kill: q}, {sleep: 1ms}", "{sleep: 1ms}"),
        step("wait_killed", "{wait_killed: q}, {touch: 1MiB}", "{touch: 1MiB}"),
        step("wait_oom_skip", "{wait_oom_skip: q}, {touch: 1MiB}", "{touch: 1MiB}"),
        step("mrelease", "{kill: q}, {mrelease: q}", "{kill: q}"),
        step("checkpoint", "{compute: 9ms}, {checkpoint: }", "{compute: 9ms}"),
        step("repeat", "{repeat: {times: 2, steps: [{touch: 1MiB}]}}", "{touch: 1MiB}"),
        step(
            "times",
            "{repeat: {times: 2, steps: [{touch: 1MiB}]}}",
            "{repeat: {times: 20, steps: [{touch: 1MiB}]}}"),
        step(
            "steps",
            "{repeat: {times: 2, steps: [{touch: 1MiB}]}}",
            "{repeat: {times: 2, steps: [{touch: 9MiB}]}}"),
        step("chance", "{chance: {probability: 1, steps: [{touch: 9MiB}]}}", "{sleep: 1ms}"),
        step(
            "probability",
            "{chance: {probability: 0, steps: [{touch: 9MiB}]}}",
            "{chance: {probability: 1, steps: [{touch: 9MiB}]}}"),
        step("exit", "{sleep: 1ms}, {exit: }", "{sleep: 1ms}"),
        step("rate", "{touch: {size: 1MiB, rate: 10MiB}}", "{touch: {size: 1MiB, rate: 90MiB}}"),
        moving("size", SWAP, SWAP.replace("100MiB", "150MiB")),
        moving("read", SLOW, SLOW.replace("read: 20MiB", "read: 40MiB")),
        moving("write", SWAP, SWAP.replace("write: 21MiB", "write: 40MiB")),
        moving("latency", SWAP, SWAP.replace("latency: 1ms", "latency: 5ms")),
        moving("ratio", ", swap: {size: 100MiB, ratio: 2}", ", swap: {size: 100MiB, ratio: 4}"),
        moving("disk", SWAP, SWAP.replace("disk: {read: 30MiB}", "disk: {read: 60MiB}")),
        moving("swappiness", SWAP + ", lru: classic", SWAP + ", lru: classic, swappiness: 200"),
        moving("lru", SWAP, SWAP + ", lru: classic"),
        moving("lru_remembered", SWAP, SWAP + ", lru_remembered: 0.9"),
        moving("missed_in_turn", SWAP, SWAP + ", missed_in_turn: 0.5"),
        new Case(
            "PagingReader.psi",
            NEW,
            machine("") + "processes:\n" + HOG,
            machine(", psi: true") + "processes:\n" + HOG),
        new Case("WorkloadReader.high", NEW, held("high: 150MiB"), held("high: 100MiB")),
        new Case("WorkloadReader.swap_max", NEW, held("high: 150MiB"), held(NO_SWAP)),
        new Case("WorkloadReader.low", NEW, held("low: 0"), held("low: 300MiB")),
        new Case("ProcessReader.access", NEW, used("1s"), used("2s")),
        new Case("ProcessReader.every", NEW, used("{every: 1s}"), used("{every: 2s}")),
        new Case(
            "ProcessReader.in_turn", NEW, used("{every: 1s}"), used("{every: 1s, in_turn: true}")));
  }

  // Memory that moves.

  private static final String SWAP =
      ", swap: {size: 100MiB, read: 20MiB, write: 21MiB, latency: 1ms}, disk: {read: 30MiB}";
  private static final String SLOW = SWAP.replace(", latency: 1ms", "");
  private static final String NO_SWAP = "high: 150MiB, swap_max: 0";

  private static String machine(String keys) {
    return "machine: {memory: 400MiB, cpus: 2" + keys + "}\n";
  }

  private static Case moving(String key, String one, String other) {
    return new Case("PagingReader." + key, NEW, moving(machine(one)), moving(machine(other)));
  }

  /** Somebody who uses memory, somebody who reads a file, and somebody who grows. */
  private static String moving(String machine) {
    String reader =
        machine.contains("disk")
            ? "- {name: r, memory: [{kind: file, size: 50MiB, access: {every: 1s, in_turn: true}}], run: [{compute: 5s}]}\n"
            : "";
    return machine
        + "horizon: 10s\nprocesses:\n"
        + "- {name: u, memory: [{kind: anonymous, size: 50MiB, name: heap, access: 1s}], run: [{touch: {size: 100MiB, memory: heap}}, {compute: 8s}]}\n"
        + reader
        + "- {name: g, memory: [{kind: anonymous, size: 0, name: heap, access: 100ms}], run: [{touch: {size: 330MiB, memory: heap, rate: 200MiB}}, {compute: 6s}]}\n";
  }

  private static String used(String access) {
    return moving(machine(SWAP)).replace("access: 1s", "access: " + access);
  }

  private static String held(String keys) {
    return machine(SWAP + ", lru: classic")
        + "cgroups: [{name: job, "
        + keys
        + "}]\n"
        + moving("").replace("{name: u,", "{name: u, cgroup: job,");
  }

  private static final String SMALL = ", memory: [{kind: anonymous, size: 20MiB}]";

  private static String child(String keys) {
    return "processes:\n- {name: v, memory: [{kind: anonymous, size: 190MiB}]}\n- {name: c"
        + SMALL
        + keys
        + "}\n"
        + HOG;
  }

  private static String notified(String by) {
    return "processes:\n- {name: v, memory: [{kind: anonymous, size: 190MiB, notifier: "
        + by
        + "}], run: [{block: 3s}]}\n"
        + HOG;
  }

  private static String rooted(String root) {
    return "processes:\n- {name: v, root: "
        + root
        + ", memory: [{kind: anonymous, size: 170MiB}]}\n"
        + "- {name: w, memory: [{kind: anonymous, size: 165MiB}]}\n"
        + "- {name: asks, oom_score_adj: -1000, run: [{touch: 300MiB}]}\n";
  }

  private static String worker(String work) {
    return victim("work: {" + work + "}, run: [{compute: 10ms}, {touch: 300MiB}]");
  }

  private static String cgroup(String keys) {
    return "cgroups: [{name: job, "
        + keys
        + "}]\n"
        + "processes:\n- {name: v, cgroup: job, memory: [{kind: anonymous, size: 190MiB}], run: [{touch: 100MiB}]}\n"
        + "- {name: w, cgroup: job, memory: [{kind: anonymous, size: 30MiB}]}\n";
  }

  private static String nested(String parent) {
    return "cgroups: [{name: all, limit: 250MiB}, {name: job"
        + parent
        + "}]\n"
        + "processes:\n- {name: v, cgroup: job, memory: [{kind: anonymous, size: 190MiB}], run: [{touch: 100MiB}]}\n";
  }

  /** Whoever waits for the futex is told of its owner's death unless the list has been reaped. */
  private static String robust(String where) {
    return LOCKS
        + "processes:\n- {name: v, robust_list_in: "
        + where
        + ", memory: [{kind: anonymous, size: 190MiB, name: low}, {kind: shared_anonymous, size: 1MiB, name: high}], run: [{take_futex: f}, {block: 3s}]}\n"
        + "- {name: w, run: [{sleep: 1ms}, {wait_futex: f}, {touch: 9MiB}]}\n"
        + HOG;
  }

  @TestFactory
  Stream<DynamicTest> anotherValueIsAnotherResultOrRefused() {
    return cases().stream().map(each -> DynamicTest.dynamicTest(each.key(), () -> matters(each)));
  }

  private static void matters(Case of) {
    Cli.Result one = run(of.policy(), of.one());
    Cli.Result other = run(of.policy(), of.other());
    assertThat(List.of(one.code(), other.code())).as(one.err() + other.err()).contains(0);
    boolean refused = one.code() == ExitCodes.USAGE || other.code() == ExitCodes.USAGE;
    assertThat(refused || !one.out().equals(other.out())).as(one.out() + other.out()).isTrue();
  }

  private static Cli.Result run(String policy, String rest) {
    String machine = rest.startsWith("machine:") ? "" : machine(", swap: 20MiB");
    String workload = "workload: k\ntitle: t\nsource: s\n" + machine + rest;
    return Cli.runWithInput(
        workload, "run", "-", "-p", policy, "-r", "2", "--each", "--format", "csv");
  }

  @Test
  void everyKeyThatAReaderAsksForIsTried() throws IOException {
    Set<String> tried =
        cases().stream().map(Case::key).collect(Collectors.toCollection(TreeSet::new));
    tried.addAll(WORDS);
    assertThat(asked().stream().filter(key -> !key.startsWith(OF_MACHINES))).isSubsetOf(tried);
  }

  /** Keys by the reader that asks for them, as its source has them. */
  private static Set<String> asked() throws IOException {
    Pattern call =
        Pattern.compile("(?:fields\\(\\)|fields|keys)\\s*\\.(?:<[^(]*>)?\\w+\\(\\s*\"([a-z_]+)\"");
    Pattern declared = Pattern.compile("declared\\(fields, \"([a-z_]+)\"");
    Pattern step = Pattern.compile("case \"([a-z_]+)\" ->");
    Set<String> asked = new TreeSet<>();
    for (String reader :
        List.of("WorkloadReader", "MachineReader", "PagingReader", "ProcessReader", "StepReader")) {
      String source = Files.readString(READERS.resolve(reader + ".java"));
      for (Pattern pattern : List.of(call, declared, step)) {
        Matcher key = pattern.matcher(source);
        while (key.find()) {
          asked.add(reader + "." + key.group(1));
        }
      }
    }
    assertThat(asked).hasSizeGreaterThan(70);
    return asked;
  }
}
