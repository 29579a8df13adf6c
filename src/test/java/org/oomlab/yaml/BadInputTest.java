package org.oomlab.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;

/** What a user is told about every kind of mistake, to the letter and to the column. */
@SuppressWarnings(
    "StringConcatToTextBlock") // columns are counted in lines that start at their quote
class BadInputTest {
  @TempDir Path folder;
  private Home home;

  @BeforeEach
  void home() {
    home = new Home(folder);
  }

  private static Arguments bad(String text, String... problems) {
    return Arguments.of(
        text, Stream.of(problems).map(p -> "x.yaml:" + p).collect(Collectors.joining("\n")));
  }

  /** A mistake in the given lines, of which the first is line 4 of a workload. */
  private static Arguments inWorkload(String lines, String... problems) {
    return bad("workload: x\nmachine:\n  memory: 1GiB\n" + lines, problems);
  }

  /** A mistake in the one process of a workload, in the flow of line 4 from column 15. */
  private static Arguments inProcess(String keys, String... problems) {
    return inWorkload("processes:\n  - {name: p, " + keys + "}\n", problems);
  }

  /** A mistake in a step, from line 7, column 11. */
  private static Arguments inStep(String step, String... problems) {
    return inWorkload(
        "mutexes: [journal]\nprocesses:\n  - name: p\n    run:\n      - " + step + "\n", problems);
  }

  /** A mistake in a process, in the flow of line 6, where k is a kernel thread. */
  private static Arguments withKernelThread(String keys, String... problems) {
    return inWorkload(
        "processes:\n  - {name: k, kernel_thread: true}\n  - {name: p, " + keys + "}\n", problems);
  }

  /** A mistake in a step of another process than k, which is a kernel thread. */
  private static Arguments stepWithKernelThread(String step, String problem) {
    String name = problem.substring(problem.indexOf(": ") + 2, problem.indexOf(" is"));
    String line = "run: [{" + step + "}]";
    int column = 15 + line.replaceAll("\\b" + name + "\\b.*", "").length();
    return withKernelThread(line, "6:" + column + ": " + problem);
  }

  /** A mistake in the step of a kernel thread. */
  private static Arguments inKernelThread(String step, String problem) {
    return inWorkload(
        "futexes: [f]\nprocesses:\n  - name: k\n    kernel_thread: true\n    run: [{"
            + step
            + "}]\n",
        "8:" + (13 + step.indexOf(' ')) + ": " + problem);
  }

  private static Arguments inMachine(String keys, String... problems) {
    return bad(
        "workload: x\nprocesses: [{name: p}]\nmachine: {memory: 4GiB, " + keys + "}\n", problems);
  }

  private static Arguments inClaim(String lines, String... problems) {
    return inWorkload(
        "processes: [{name: db, count: 2}]\nclaims:\n  - policy: linux-4.17\n    because: so\n"
            + lines,
        problems);
  }

  static Stream<Arguments> policies() {
    return Stream.of(
        bad("", "1:1: the file is empty"),
        bad("# nothing\n", "1:1: the file is empty"),
        bad("- a\n- b\n", "1:1: expected keys with values, found a list"),
        bad(
            "policy: x\nextends: linux-4.17\nreaper:\n  dealy: 1s\n",
            "4:3: reaper.dealy: no such key; did you mean reaper.delay?"),
        bad(
            "policy: x\nextends: linux-4.17\nkernel: six\n",
            "3:9: kernel: expected a kernel version such as 6.1, found 'six'"),
        bad(
            "policy: x\nextends: linux-4.17\nraeper: {delay: 1s}\n",
            "3:1: raeper: no such key; did you mean reaper?"),
        bad(
            "policy: x\nextends: linux-4.71\n",
            "2:10: extends: no policy 'linux-4.71'; did you mean linux-4.17?"),
        bad(
            "policy: y\nextends: linux-4.17\n",
            "1:9: policy: 'y' is in a file called x; did you mean x?"),
        bad("extends: linux-4.17\n", "1:1: policy is missing"),
        bad(
            "policy: x\nextends: linux-4.17\nreaper: {delay: 1s}\nreaper: {delay: 2s}\n",
            "4:1: reaper: already given in line 3"),
        bad(
            "policy: x\nextends: linux-4.17\nreaper: {delay: 500, retries: 0, list: lifoo}\n",
            "3:17: reaper.delay: 500 has no unit; write 500ms or 500s",
            "3:31: reaper.retries: expected a number from 1 to 1000000000, not 0",
            "3:40: reaper.list: expected one of lifo, round_robin, found 'lifoo'; did you mean"
                + " lifo?"),
        bad(
            "policy: x\nextends: linux-4.17\nkiller:\n  kill_allocating_task: yes\n"
                + "  sleep_after_kill: [1]\n  panic_on_oom: 1.5\n",
            "4:25: killer.kill_allocating_task: expected true or false, found 'yes'",
            "5:21: killer.sleep_after_kill: expected a whole number, found a list",
            "6:17: killer.panic_on_oom: expected a whole number, not '1.5'"),
        bad(
            "policy: x\nextends: linux-4.17\nreaper: 3\n",
            "3:9: reaper: expected keys with values, found '3'"),
        bad("policy: x\nextends: x\n", "2:10: extends: no policy 'x'"),
        bad(
            "policy: x\nextends: linux-4.17\n---\npolicy: z\n",
            "3:1: a second document begins here; a file holds one"),
        bad(
            "policy: x\n  extends: linux-4.17\n",
            "2:10: not YAML: mapping values are not allowed here"),
        bad("policy: *x\n", "1:9: no anchor &x comes before"),
        bad("policy: x\nextends: &a [*a]\n", "2:14: no anchor &a comes before"),
        bad(
            "policy: !!int x\nextends: linux-4.17\n",
            "1:9: the tag tag:yaml.org,2002:int means nothing here"),
        bad(
            "policy: x\nextends: linux-4.17\ntitle: a\u0000b\n",
            "3:9: not a text file: it holds the character U+0000"),
        bad("[".repeat(60), "1:52: nested deeper than 50 levels"));
  }

  static Stream<Arguments> workloads() {
    return Stream.of(
        bad("workload: x\n", "1:1: processes is missing", "1:1: machine is missing"),
        bad(
            "workload: x\nprocesses: []\nmachine: {}\n",
            "2:12: processes: there is no process",
            "3:10: machine: memory is missing"),
        inMachine(
            "memroy: 1GiB", "3:25: machine.memroy: no such key; did you mean machine.memory?"),
        inMachine(
            "free: 4096", "3:31: machine.free: 4096 has no unit; write 4096MiB or 4096 pages"),
        inMachine("free: -4MiB", "3:31: machine.free: -4MiB is negative"),
        inMachine("free:", "3:30: machine.free: expected a size, found nothing"),
        inMachine("hz: 200", "3:29: machine.hz: expected 100, 250, 300 or 1000, found 200"),
        inMachine("cpus: 0", "3:31: machine.cpus: expected a number from 1 to 8192, found 0"),
        inMachine(
            "min: 4096 pages, low: 5000 pages, high: 4999 pages",
            "3:10: machine: the watermarks must ascend: min 16MiB, low 5000 pages, high 4999"
                + " pages"),
        inMachine(
            "min: 1MiB, min_free: 1MiB",
            "3:46: machine.min_free: min is given as well, and they mean the same"),
        inMachine(
            "page_cache: 5GiB",
            "3:37: machine.page_cache: 5.00GiB does not fit in the 4.00GiB left of machine.memory"
                + " (4GiB)"),
        bad(
            "workload: x\nmachine: {memory: 4GiB, free: 1GiB}\nprocesses:\n"
                + "  - name: db\n    count: 4\n    memory:\n      - {size: 900MiB}\n",
            "7:16: processes[0].memory[0].size: 4 times 902MiB does not fit in the 3.00GiB left"
                + " of machine.memory (4GiB) beside machine.free (1GiB)"),
        inProcess(
            "swapped: 1MiB",
            "5:24: processes[0].swapped: 1.00MiB does not fit in the 0KiB left of machine.swap"
                + " (0)"),
        inProcess(
            "oom_score_adj: 1001",
            "5:30: processes[0].oom_score_adj: expected a number from -1000 to 1000, found 1001"),
        inProcess(
            "count: 0", "5:22: processes[0].count: expected a number from 1 to 100000, found 0"),
        inProcess(
            "memory: [{kind: anon, size: 1MiB}]",
            "5:31: processes[0].memory[0].kind: expected one of anonymous, file, shared_file,"
                + " shmem, shared_anonymous, hugetlb, pfnmap, borrowed, found 'anon'"),
        inProcess("memory: [{kind: file}]", "5:24: processes[0].memory[0]: size is missing"),
        inProcess(
            "memory: {size: 1MiB}", "5:23: processes[0].memory: expected a list, found a map"),
        inProcess(
            "kernel_thread: true, memory: [{size: 1MiB}]",
            "5:44: processes[0].memory: a kernel thread has no memory"),
        inProcess(
            "vfork: true",
            "5:5: processes[0]: vfork means that shares_mm says whose memory it borrows"),
        inProcess("cgroup: pod", "5:23: processes[0].cgroup: no cgroup 'pod' is declared"),
        inProcess(
            "robust_list_in: heap",
            "5:31: processes[0].robust_list_in: no memory 'heap' is declared"),
        inProcess("start: 5", "5:22: processes[0].start: 5 has no unit; write 5ms or 5s"),
        inProcess("start: 5ms..2ms", "5:22: processes[0].start: the range ends before it begins"),
        inProcess(
            "start: {normal: [5ms]}",
            "5:31: processes[0].start.normal: expected a list of two, found 1"),
        inProcess("start: {gauss: 5ms}", "5:23: processes[0].start.gauss: no such key"),
        inProcess(
            "start: {uniform: [5ms, x]}",
            "5:38: processes[0].start.uniform[1]: expected a duration with its unit, such as"
                + " 100ms, 2s or never, not 'x'"),
        inProcess("work: {unit: 0s}", "5:28: processes[0].work.unit: must be more than 0s"),
        inWorkload(
            "processes:\n  - {name: a, memory: [{size: 1MiB}]}\n"
                + "  - {name: b, shares_mm: a, memory: [{size: 1MiB}]}\n"
                + "  - {name: c, parent: d}\n  - {name: d}\n  - {name: a}\n  - {name: 'e[1]'}\n",
            "6:37: processes[1].memory: the memory is that of a, which it shares",
            "7:23: processes[2].parent: no process 'd' is declared before this; there is a, b",
            "9:12: processes[4].name: there is another process called 'a'",
            "10:12: processes[5].name: 'e[1]' is no name: it is empty or has one of [ ] ; |"),
        inWorkload(
            "processes: [{name: p}]\ncgroups:\n  - {name: a, parent: b}\n"
                + "  - {name: b, limit: 5}\nhorizon: never\ncosts: x86\n",
            "6:23: cgroups[0].parent: no cgroup 'b' is declared before this",
            "7:22: cgroups[1].limit: 5 has no unit; write 5MiB or 5 pages",
            "8:10: horizon: an episode needs an end, after more than 0s",
            "9:8: costs: no costs 'x86'"),
        inStep(
            "unlock: jorunal",
            "8:17: processes[0].run[0].unlock: no mutex 'jorunal' is declared; did you mean"
                + " journal?"),
        inStep("take_futex: F", "8:21: processes[0].run[0].take_futex: no futex 'F' is declared"),
        inStep("kill: q", "8:15: processes[0].run[0].kill: no process 'q' is declared; there is p"),
        inStep(
            "slep: 1ms",
            "8:9: processes[0].run[0].slep: no such key; did you mean"
                + " processes[0].run[0].sleep?"),
        inStep(
            "{sleep: 1ms, block: 2ms}",
            "8:9: processes[0].run[0]: expected a step under one key, found 2 keys: sleep,"
                + " block"),
        inStep(
            "touch: {size: 1MiB, memory: heap}",
            "8:37: processes[0].run[0].touch.memory: no memory 'heap' is declared"),
        inStep(
            "alloc: {size: 1 page, gfp: kernal}",
            "8:36: processes[0].run[0].alloc.gfp: expected one of kernel, nofs, atomic, nofail,"
                + " high, noretry, retry_mayfail, found 'kernal'; did you mean kernel?"),
        inStep(
            "chance: {probability: 1.5, steps: []}",
            "8:31: processes[0].run[0].chance.probability: expected a number from 0 to 1, found"
                + " 1.5"),
        inStep(
            "repeat: {times: forever, steps: [{lock: journal}, {unlock: journal}]}",
            "8:17: processes[0].run[0].repeat: repeats for ever without taking time; add a"
                + " sleep"),
        inStep("checkpoint: 5", "8:21: processes[0].run[0].checkpoint: takes no value, found '5'"),
        inStep(
            "freeze: {process: p, freezer: v3}",
            "8:39: processes[0].run[0].freeze.freezer: expected one of v1, v2, found 'v3'; did"
                + " you mean v1?"),
        inMachine("free: 5GiB", "3:31: machine.free: 5.00GiB is more than machine.memory (4GiB)"),
        inMachine(
            "page_cache: 1MiB, dirty_cache: 2MiB",
            "3:56: machine.dirty_cache: is part of machine.page_cache, which is less"),
        withKernelThread(
            "shares_mm: k",
            "6:26: processes[1].shares_mm: k is a kernel thread, which has no memory"),
        stepWithKernelThread(
            "mmap_lock: {of: k, time: 1s}",
            "processes[1].run[0].mmap_lock.of: k is a kernel thread, which has no memory"),
        stepWithKernelThread(
            "kill: k", "processes[1].run[0].kill: k is a kernel thread, which takes no signals"),
        stepWithKernelThread(
            "freeze: {process: k, freezer: v2}",
            "processes[1].run[0].freeze.process: k is a kernel thread, which no cgroup freezes"),
        stepWithKernelThread(
            "thaw: k", "processes[1].run[0].thaw: k is a kernel thread, which no cgroup freezes"),
        stepWithKernelThread(
            "mrelease: k",
            "processes[1].run[0].mrelease: k is a kernel thread, which has no memory"),
        stepWithKernelThread(
            "alloc_until_killed: {process: k}",
            "processes[1].run[0].alloc_until_killed.process: k is a kernel thread, which is never"
                + " killed"),
        inKernelThread(
            "touch: 1 page", "processes[0].run[0].touch: a kernel thread has no memory to touch"),
        inKernelThread(
            "drain: 1 page",
            "processes[0].run[0].drain: a kernel thread has no memory to fault in"),
        inKernelThread(
            "take_futex: f",
            "processes[0].run[0].take_futex: a kernel thread has no memory for a futex to be in"),
        inKernelThread(
            "wait_futex: f",
            "processes[0].run[0].wait_futex: a kernel thread has no memory for a futex to be in"),
        inKernelThread(
            "free: all",
            "processes[0].run[0].free: a kernel thread frees what it has allocated, and no alloc is"
                + " before this"),
        inProcess(
            "kernel_thread: true, frozen: v1",
            "5:44: processes[0].frozen: a kernel thread has no memory, is not frozen and takes no"
                + " signals"),
        inProcess(
            "init: true, run: [{kill: p}]",
            "5:40: processes[0].run[0].kill: p is init, which no signal ends"),
        inProcess(
            "init: true, run: [{exit: {}}]",
            "5:40: processes[0].run[0].exit: init must not exit: the kernel would panic"),
        inProcess(
            "memory: [{kind: pfnmap, size: 1MiB, name: gpu}], run: [{touch: {size: 1 page, memory:"
                + " gpu}}]",
            "5:101: processes[0].run[0].touch.memory: gpu is pfnmap, and a fault in it takes no page"
                + " of the machine's"),
        inStep(
            "unlock: journal",
            "8:17: processes[0].run[0].unlock: the thread cannot hold it here: no lock of it is"
                + " before this"),
        inStep(
            "chance: {probability: 0.5, steps: [{lock: journal}, {unlock: journal}, {unlock:"
                + " journal}]}",
            "8:89: processes[0].run[0].chance.steps[2].unlock: the thread cannot hold it here: no"
                + " lock of it is before this"),
        inWorkload(
            "futexes: [f]\nprocesses:\n  - name: p\n    run: [{release_futex: f}, {take_futex: f}]\n",
            "7:27: processes[0].run[0].release_futex: the thread cannot hold it here: no take_futex"
                + " or wait_futex of it is before this"),
        inStep(
            "repeat: {times: forever, steps: [{touch: 1MiB}, {free: 1MiB}]}",
            "8:17: processes[0].run[0].repeat: repeats for ever without taking time; add a sleep"),
        inStep(
            "repeat: {times: forever, steps: [{alloc: {size: 1MiB, gfp: atomic}}]}",
            "8:17: processes[0].run[0].repeat: repeats for ever without taking time; add a sleep"),
        inStep(
            "sleep: {exponential: never}",
            "8:16: processes[0].run[0].sleep: may be drawn as more than there is; a time that ends is"
                + " at most 2305843009s"),
        inStep(
            "touch: {log_normal: [1GiB, 1000]}",
            "8:16: processes[0].run[0].touch: may be drawn as more than there is; a size is at most"
                + " 2305843009213693951 pages"),
        inProcess(
            "count: 100000, threads: 3", "5:3: processes: 300000 threads are more than 200000"),
        inProcess(
            "count: 100000, memory: [" + "{size: 0}, ".repeat(11) + "]",
            "5:3: processes: 1100000 mappings are more than 1000000"),
        inProcess(
            "count: 100000, run: [" + "{sleep: 1s}, ".repeat(11) + "]",
            "5:3: processes: 1100000 written steps are more than 1000000"),
        inStep(
            "repeat: {times: forever, steps: [{sleep: 1ns}]}",
            "6:3: processes: p comes to 3.00e+11 steps by the horizon (300s), and all together may"
                + " come to 1e+09 at the most"),
        inStep(
            "repeat: {times: 2000000000, steps: [{repeat: {times: 2000000000, steps: [{sleep:"
                + " 10ns}]}}]}",
            "6:3: processes: p comes to 3.20e+10 steps by the horizon (300s), and all together may"
                + " come to 1e+09 at the most"),
        inWorkload(
            "processes: [{name: db}]\nobserved:\n  policy: linux-4.71\n  runs:\n"
                + "    - {victims: [web], recovry: 1s}\n",
            "6:11: observed.policy: no policy 'linux-4.71'; did you mean linux-4.17?",
            "8:18: observed.runs[0].victims[0]: no process 'web' is declared; did you mean db?",
            "8:24: observed.runs[0].recovry: no such key; did you mean"
                + " observed.runs[0].recovery?"),
        inWorkload(
            "processes: [{name: db}]\nobserved: {policy: linux-6.1, runs: []}\n",
            "5:37: observed.runs: there is no run"),
        inClaim("", "6:5: claims[0]: claims nothing"),
        inClaim(
            "    kills: 0\n    vary: {}",
            "9:11: claims[0].vary: varies nothing; expected PATH: [VALUE, ...]"),
        inClaim(
            "    kills: 0\n    vary: {machine.cpus: []}",
            "9:11: claims[0].vary: varies nothing; expected PATH: [VALUE, ...]"),
        inClaim(
            "    kills: 0\n    vary: {machine.cpus: [many]}",
            "9:27: machine.cpus: expected a whole number, found 'many'"),
        inClaim(
            "    kills: 0\n    vary: {machine.cpu: [1]}",
            "9:26: machine.cpu: no such key; did you mean machine.cpus?"),
        inClaim(
            "    kills: 0\n    vary: {costs.pass: [1ms]}",
            "9:24: claims[0].vary.costs.pass: costs are not the workload's to vary"),
        inClaim(
            "    seeds: 9..1\n    kills: [1]\n    outcome: paniced\n    killls: 1\n",
            "8:12: claims[0].seeds: expected seeds such as 1..30, the smaller one first",
            "9:12: claims[0].kills: expected a number, a range or a comparison, found a list",
            "10:14: claims[0].outcome: expected one of recovered, panic, livelock, undecided,"
                + " no_oom, found 'paniced'",
            "11:13: claims[0]: no metric 'killls'; did you mean kills?"),
        inClaim(
            "    victims: [db]\n    badness: {web: 3}\n    kills: fewer than linux-4.71\n",
            "8:15: claims[0].victims[0]: no process 'db' is declared; there is db[0], db[1]",
            "9:20: claims[0].badness: no process 'web' is declared; there is db[0], db[1]",
            "10:12: claims[0].kills: no policy 'linux-4.71'; did you mean linux-4.17?"),
        inClaim(
            "    mean: {recovry: 3}\n    share: {dead: '>= 95%', kill=1: '< 5%'}\n",
            "8:21: claims[0].mean: no metric 'recovry'; did you mean recovery?",
            "9:19: claims[0].share.dead: expected a condition, as in outcome=panic",
            "9:37: claims[0].share.kill=1: no metric 'kill'; did you mean kills?"));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void saysWhatIsWrongWithAPolicy(String text, String problems) {
    String file = home.write("x.yaml", text).toString();

    assertThat(home.problemsOf(() -> home.library().resolvePolicies(List.of(file), n -> {})))
        .isEqualTo(problems);
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void saysWhatIsWrongWithAWorkload(String text, String problems) {
    String file = home.write("x.yaml", text).toString();
    Library library = home.library().withMetrics(List.of("kills", "recovery_ms"));

    assertThat(home.problemsOf(() -> library.resolveWorkloads(List.of(file), n -> {})))
        .isEqualTo(problems);
  }

  static Stream<Arguments> costs() {
    return Stream.of(
        Arguments.of("pass: 0s", "costs.pass: a pass must take some time"),
        Arguments.of("pass: {exponential: 0s}", "must take 1us at the least"),
        Arguments.of("pass: 999ns", "must take 1us at the least, with what microsecond says"),
        Arguments.of("microsecond: 10ns", "must take 1us at the least"),
        Arguments.of("microsecond: 0s", "microsecond: must take some time, whatever is drawn"),
        Arguments.of("microsecond: 0s..1us", "microsecond: must take some time"),
        Arguments.of("microsecond: {exponential: 1us}", "microsecond: must take some time"));
  }

  @ParameterizedTest
  @MethodSource("costs")
  void refusesCostsThatWouldLetARequestTryWithoutEnd(String cost, String problem) {
    String text = Home.costs("x") + "microsecond: 1us\n";
    String key = cost.substring(0, cost.indexOf(':'));
    String file = home.write("x.yaml", text.replaceAll("(?m)^" + key + ":.*", cost)).toString();

    assertThat(home.problemsOf(() -> home.library().costs(file)))
        .contains(problem.replace("costs.", ""));
  }

  @Test
  void tellsARootEveryKnobItLacks() {
    String text = Home.rootText("x").replaceAll("(?m)^  (delay|victim):.*\n", "");
    String file = home.write("x.yaml", text).toString();

    assertThat(home.problemsOf(() -> home.library().resolvePolicies(List.of(file), n -> {})))
        .isEqualTo(
            "x.yaml:1:1: a policy that extends no other sets every knob; missing: reaper.delay,"
                + " reserves.victim");
  }

  @Test
  void refusesACircle() {
    home.write("a.yaml", "policy: a\nextends: b\n");
    home.write("b.yaml", "policy: b\nextends: a\n");

    assertThat(
            home.problemsOf(
                () ->
                    home.library()
                        .resolvePolicies(List.of(folder.resolve("a.yaml").toString()), n -> {})))
        .isEqualTo("b.yaml:2:10: extends: goes in a circle: a -> b -> a");
  }

  @Test
  void tellsOfAllFilesAtOnceAndOfASharedAncestorOnce() {
    home.write("a.yaml", "policy: a\nextends: c\nreaper: {delay: 1}\n");
    home.write("b.yaml", "policy: b\nextends: c\ntitel: b\n");
    home.write("c.yaml", "policy: c\nextends: linux-4.17\nreaper: {retries: no}\n");
    List<String> files =
        Stream.of("a.yaml", "missing.yaml", "b.yaml")
            .map(name -> folder.resolve(name).toString())
            .toList();

    assertThat(home.problemsOf(() -> home.library().resolvePolicies(files, n -> {})))
        .isEqualTo(
            """
            a.yaml:3:17: reaper.delay: 1 has no unit; write 1ms or 1s
            c.yaml:3:19: reaper.retries: expected a whole number, not 'no'
            missing.yaml: no such file
            b.yaml:3:1: titel: no such key; did you mean title?""");
  }

  @Test
  void refusesWhatIsNoText() {
    byte[] bytes = "policy: x\ntitle: ?\n".getBytes(StandardCharsets.UTF_8);
    bytes[17] = (byte) 0xff;
    String file = home.write("x.yaml", bytes).toString();

    assertThat(home.problemsOf(() -> home.library().resolvePolicies(List.of(file), n -> {})))
        .isEqualTo("x.yaml:2:8: not a text file: it is not UTF-8");
  }

  @Test
  void refusesAFileLargerThanItReads() throws Exception {
    Path file = folder.resolve("x.yaml");
    try (var channel =
        Files.newByteChannel(
            file,
            EnumSet.of(
                StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.SPARSE))) {
      channel.position((1L << 40) - 1);
      channel.write(ByteBuffer.wrap(new byte[1]));
    }

    assertThat(
            home.problemsOf(
                () -> home.library().resolvePolicies(List.of(file.toString()), n -> {})))
        .isEqualTo("x.yaml:1:1: larger than 16MiB");
  }

  @Test
  void weighsAliasesBeforeItExpandsThem() {
    StringBuilder bomb = new StringBuilder("workload: x\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      String alias = "*a" + (i - 1);
      bomb.append("a" + i + ": &a" + i + " [" + String.join(", ", Collections.nCopies(10, alias)));
      bomb.append("]\n");
    }
    String file = home.write("x.yaml", bomb.toString()).toString();

    assertThat(home.problemsOf(() -> home.library().resolveWorkloads(List.of(file), n -> {})))
        .isEqualTo("x.yaml:7:45: stands for more than 1000000 values");
  }

  @Test
  void aliasesNestNoDeeperThanWhatIsWrittenOut() {
    assertThat(nestedByAliases(24)).doesNotContain("nested");
    assertThat(nestedByAliases(60)).contains("nested deeper than 50 levels");
  }

  private String nestedByAliases(int levels) {
    StringBuilder text = new StringBuilder("workload: x\na0: &a0 [x]\n");
    for (int i = 1; i < levels; i++) {
      text.append("a" + i + ": &a" + i + " [[*a" + (i - 1) + "]]\n");
    }
    Path file = home.write("x.yaml", text.toString());
    return home.problemsOf(
        () -> home.library().resolveWorkloads(List.of(file.toString()), note -> {}));
  }

  @Test
  void readingEndsWhereMoreIsWrongThanAnybodyReads() {
    String wrong =
        IntStream.range(0, 5000)
            .mapToObj(i -> "  - {name: process" + i + ", parent: proces" + i + "}\n")
            .collect(Collectors.joining());
    Path file = home.write("x.yaml", "workload: x\nmachine: {memory: 1GiB}\nprocesses:\n" + wrong);
    String problems =
        home.problemsOf(
            () -> home.library().resolveWorkloads(List.of(file.toString()), note -> {}));

    assertThat(problems.lines()).hasSize(201);
    assertThat(problems).endsWith("more may be wrong with it; this is where reading ended");
  }

  @Test
  void refusesAFolderWithoutWhatItLooksFor() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path mixed = home.write("mixed/p.yaml", "policy: p\nextends: linux-4.17\n").getParent();
    List<String> folders = List.of(empty.toString(), mixed.toString());

    assertThat(home.problemsOf(() -> home.library().resolveWorkloads(folders, n -> {})))
        .isEqualTo(
            "empty: no YAML file in this folder; of kernel logs 'oomlab import oom-report' makes"
                + " some\nmixed: no workload in this folder");
  }

  @Test
  void saysWhatIsWrongWithCosts() {
    String text =
        Home.costs("x")
            .replace("fault: {value: 1us,", "fault: {value: 1,")
            .replace("pass: {value", "pas: {value")
            .replaceAll("timer_wheel.*\n", "");
    String file = home.write("x.yaml", text).toString();

    assertThat(home.problemsOf(() -> home.library().costs(file)))
        .isEqualTo(
            """
            x.yaml:1:1: pass is missing
            x.yaml:1:1: timer_wheel is missing
            x.yaml:5:16: fault.value: 1 has no unit; write 1ms or 1s
            x.yaml:15:1: pas: no such key; did you mean pass?""");
  }

  @Test
  void saysWhatIsWrongWithContention() {
    String text =
        Home.costs("x")
            .replace(
                "page_table_contention: off",
                "page_table_contention: {under_lock: 1.5, visit: 1us, bounse: 1us, freeing: 0}");
    String file = home.write("x.yaml", text).toString();

    assertThat(home.problemsOf(() -> home.library().costs(file)))
        .isEqualTo(
            """
            x.yaml:5:24: page_table_contention: bounce is missing
            x.yaml:5:37: page_table_contention.under_lock: expected a number from 0 to 1, found 1.5
            x.yaml:5:54: page_table_contention.bounse: no such key; did you mean \
            page_table_contention.bounce?""");
  }

  @Test
  void everyKnobHasASection() {
    assertThat(Knobs.all())
        .extracting(Knob::path)
        .allMatch(path -> path.matches("[a-z]+\\.[a-z_]+"));
  }
}
