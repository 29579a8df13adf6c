package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.output.Printable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Names that would move somebody's terminal, in a log, in documents, as names of files and as
 * arguments of every command: nothing but what can be printed comes out.
 */
class HostileNamesTest {
  /** A terminal reset, a bell, a cleared screen, a backspace, a title, and text turned round. */
  private static final String EVIL =
      "a\u001bc\u0007\u009b2J\b\u009d0\u009c\u202eb\u2066c\u200bd\u007f";

  /** As YAML writes it. */
  private static final String QUOTED = "a\\ec\\a\\x9b2J\\b\\x9d0\\x9c\u202eb\\u2066c\\u200bd\\x7f";

  /** The worst that may be the name of a process. */
  private static final String NAME = "a\u202eb\u2066c\u200bd\ufeff";

  private static final String WORKLOAD =
      """
      workload: NAME
      title: "QUOTED\\e[31m\\e]8;;http://x\\n+1s  kill 1: nobody"
      source: "QUOTED"
      costs: x86-64
      machine: {memory: 256MiB, cpus: 1}
      cgroups: [{name: "CALLED", limit: 200MiB}]
      processes:
        - name: "CALLED"
          cgroup: "CALLED"
          memory: [{kind: anonymous, size: 100MiB..120MiB}]
        - name: grower
          oom_score_adj: -1000
          run: [{touch: 200MiB}]
      claims:
        - policy: linux-6.18
          because: "QUOTED"
          says: "QUOTED"
          thread: "QUOTED"
          contradicts: "QUOTED"
          seeds: 1..2
          kills: KILLS
      """;

  private static final String POLICY =
      """
      policy: POLICY
      extends: linux-6.18
      title: "QUOTED"
      source: "QUOTED"
      """;

  private static final String MEASUREMENTS =
      """
      measurements: m
      title: "QUOTED"
      source: "QUOTED"
      costs: x86-64
      fit: {}
      figures:
        - {workload: "QUOTED", policy: linux-6.18, seeds: 1..2, metric: kills, value: 1}
      """;

  /** What a daemon is started with, in which everything may stand. */
  private static final String KILLER = "EARLYOOM_ARGS=\"-m 4 -k -N '/EVIL'\"\nEVIL=1\n";

  private static final String LOG =
      """
      [  100.000000] EVIL invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
      [  100.000010] CPU: 1 PID: 880 Comm: EVIL Not tainted 6.1.90-EVIL #1
      [  100.000020] Mem-Info:
      [  100.000050]  free:10400 free_pcp:90 free_cma:0
      [  100.000070] 520160 pages RAM
      [  100.000090] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
      [  100.000100] [   2301]  1000  2301   420000   260400  2650112        0             0 EVIL
      [  100.000120] [    880]     0   880     9000     2100    98304        0             0 EVIL
      [  100.000140] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/EVIL,task=EVIL,pid=2301,uid=1000
      [  100.000150] Out of memory: Killed process 2301 (EVIL) total-vm:1680000kB, anon-rss:1041600kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:2588kB oom_score_adj:0
      """;

  @TempDir Path folder;

  private String workload;
  private String failing;
  private String policy;
  private String log;
  private String measurements;
  private String script;
  private String killer;
  private String unit;
  private String killing;

  @BeforeEach
  void write() throws IOException {
    // Names of files are hostile too, as far as a name of a document has to be that of its file.
    Path evil = Files.createDirectory(folder.resolve(EVIL.replace("/", "_")));
    String document = WORKLOAD.replace("CALLED", NAME.replace("\ufeff", "\\ufeff"));
    workload = write(evil.resolve("w.yaml"), document.replace("NAME", "w").replace("KILLS", "1"));
    failing = write(evil.resolve("f.yaml"), document.replace("NAME", "f").replace("KILLS", "9"));
    policy = write(evil.resolve("p.yaml"), POLICY.replace("POLICY", "p"));
    killer = write(evil.resolve("earlyoom"), KILLER.replace("EVIL", EVIL.replace("\n", " ")));
    unit =
        write(evil.resolve("a.slice"), "[Slice]\nMemoryMax=" + EVIL + "\nMemory" + EVIL + "=1\n");
    killing =
        write(
            evil.resolve("k.yaml"),
            POLICY.replace("POLICY", "k")
                + "daemon: {kind: earlyoom, mem_min_percent: 4%, notify_script: \"QUOTED\"}\n");
    measurements = write(evil.resolve("m.yaml"), MEASUREMENTS);
    script =
        write(
            evil.resolve("script"),
            "# "
                + EVIL
                + "\ndebug '"
                + workload
                + "'\nrun\nps\nlog\nwhy\nlocks\ntimeline\nps '"
                + EVIL
                + "'\n");
    log = write(evil.resolve("kern.log"), LOG.replace("EVIL", EVIL));
  }

  private static String write(Path file, String text) throws IOException {
    Files.write(file, text.replace("QUOTED", QUOTED).getBytes(StandardCharsets.UTF_8));
    return file.toString();
  }

  /** For each command what makes it print what it was given. */
  private Map<String, List<List<String>>> lines() {
    Map<String, List<List<String>>> lines = new TreeMap<>();
    put(lines, "diagnose", log);
    put(lines, "diagnose", log, "--brief", "--group", "cause");
    put(lines, "diagnose", log, "--killed", EVIL);
    put(lines, "run", workload, "-p", policy + ",linux-6.18", "-r", "2");
    put(lines, "run", workload, "--each", "-r", "2", "--verbose");
    put(lines, "compare", workload, "-p", "linux-6.18," + policy, "-r", "2");
    put(lines, "sweep", workload, "--vary", "reaper.delay=0s,1s", "-r", "1", "-v");
    put(lines, "sweep", workload, "--vary", "workload.processes." + EVIL + ".count=1,2");
    put(lines, "merge", workload, log);
    put(lines, "search", workload, "--budget", "2", "-r", "1", "--vary", "reaper.delay=0s,1s");
    put(lines, "search", workload, "-w", folder + "/" + EVIL);
    put(lines, "sensitivity", workload, "--samples", "1", "-r", "1");
    put(lines, "threshold", workload, "--vary", "reaper.delay=0s..1s", "--until", EVIL, "-r", "1");
    put(lines, "threshold", workload, "--vary", "reaper.delay=0s..1s", "--until", "kills=1");
    put(lines, "outcomes", workload, "-r", "2");
    put(lines, "outcomes", workload, "-r", "2", "--claims");
    put(lines, "check", workload, failing, "-p", policy);
    put(lines, "fuzz", "-n", "1", "-p", policy, "-j", "1");
    put(lines, "refute", "kills < 9", "-n", "1", "-p", policy, "-j", "1");
    put(lines, "refute", EVIL, "-n", "1", "-p", policy, "-j", "1");
    put(lines, "refute", "kills < 9", "-n", "1", "-p", policy, "--in", EVIL);
    put(lines, "bundle", "run", workload, "-p", policy);
    put(lines, "list", "policies");
    put(lines, "show", workload);
    put(lines, "show", policy);
    put(lines, "explain", workload);
    put(lines, "trace", workload);
    put(lines, "timeline", workload, "-p", policy + ",linux-6.18");
    put(lines, "timeline", workload, "--only", EVIL);
    put(lines, "plot", log);
    put(lines, "report", workload, "-p", policy + ",linux-6.18", "-r", "2", "--no-sensitivity");
    put(lines, "report", "--from-log", log, "-r", "2", "--no-sensitivity");
    put(lines, "diff", workload, "-p", policy + ",linux-6.18");
    put(lines, "trace", workload, "--format", "ndjson");
    put(lines, "fidelity", workload);
    put(lines, "debug", workload, "--script", script);
    put(lines, "tour");
    put(lines, "tour", script);
    put(lines, "import oom-report", log, "--list");
    put(lines, "import oom-report", log);
    put(lines, "import oom-report", log, "--name", EVIL);
    put(lines, "import oom-report", log, "--killed", EVIL);
    put(lines, "import proc", "--root", folder + "/" + EVIL);
    put(lines, "import");
    put(lines, "import policy", killer);
    put(lines, "import policy", killer, "--facts");
    put(lines, "import policy", killer, "--name", EVIL);
    put(lines, "import policy", unit);
    put(lines, "import policy", "-", "--as", "earlyoom");
    put(lines, "export");
    put(lines, "export policy", "earlyoom");
    put(lines, "export policy", killing);
    put(lines, "calibrate", measurements);
    put(lines, "repl");
    put(lines, "help");
    put(lines, "generate-completion");
    return lines;
  }

  private static void put(Map<String, List<List<String>>> lines, String command, String... rest) {
    List<String> line = new ArrayList<>(List.of(command.split(" ")));
    line.addAll(List.of(rest));
    lines.computeIfAbsent(command, it -> new ArrayList<>()).add(line);
  }

  @TestFactory
  Stream<DynamicTest> onlyWhatCanBePrintedComesOut() {
    Map<String, List<List<String>>> lines = lines();
    return HelpTest.commands().stream()
        .map(CommandSpec::qualifiedName)
        .map(name -> name.replaceFirst("oomlab ?", ""))
        .filter(name -> !name.isEmpty())
        .map(name -> DynamicTest.dynamicTest(name, () -> check(name, lines.get(name))));
  }

  private void check(String command, List<List<String>> lines) {
    assertThat(lines).as("a command that nobody has tried").isNotNull();
    // For a minute, unless they are told for how long.
    boolean searches = command.equals("fuzz") || command.equals("refute");
    List<String> words = List.of((command + (searches ? " -n 1 -j 1" : "")).split(" "));
    for (List<String> line : lines) {
      run(line);
      // A diagnosis takes a while, and says the same in each form of it.
      boolean again = line.contains("--brief") || line.contains("--killed");
      if (!line.contains("--format") && !again) {
        for (String format : List.of("csv", "json", "markdown")) {
          run(plus(plus(line, "--format"), format));
        }
      }
    }
    // As an argument, an option, the values of options, and a destination.
    for (String more : List.of(EVIL, "--" + EVIL, "--format=" + EVIL, "--seeds=" + EVIL)) {
      run(plus(words, more));
    }
    for (String option : List.of("-p", "-o", "--set", "--costs", "--vary", "--resume", "--color")) {
      // What is made is made where it does not stay, to be taken for a document by the next.
      String place = option.equals("-o") ? folder + "/" : "";
      run(plus(plus(words, option), place + EVIL + ".out"));
      run(plus(plus(words, option), place + EVIL + "=/" + EVIL));
    }
  }

  private static List<String> plus(List<String> words, String word) {
    List<String> all = new ArrayList<>(words);
    all.add(word);
    return all;
  }

  private static void run(List<String> line) {
    Cli.Result result = Cli.runWithInput(EVIL, line.toArray(String[]::new));
    assertThat(result.code()).as("%s: %s", line, result.err()).isNotEqualTo(ExitCodes.BUG);
    assertThat(result.out()).as("%s", line).isEqualTo(Printable.text(result.out()));
    assertThat(result.err()).as("%s", line).isEqualTo(Printable.text(result.err()));
  }

  @Test
  void theNamesAreThereAsEscapes() {
    Cli.Result good = Cli.run("run", workload, "-r", "1");
    assertThat(good.code()).as(good.err()).isZero();
    String shown = Printable.line(EVIL);
    assertThat(Cli.run("import", "oom-report", log, "--list").out()).contains("a\\u001bc\\u0007");
    for (String format : List.of("table", "csv", "markdown")) {
      String out = Cli.run("run", workload, "--each", "-r", "1", "--format", format).out();
      assertThat(out.replace("\\\\", "\\")).as(format).contains(Printable.line(NAME));
    }
    assertThat(Cli.run("explain", workload).out()).contains(Printable.line(NAME));
    assertThat(Cli.run("trace", workload).out()).contains("(" + Printable.line(NAME) + ")");
    assertThat(Cli.run("check", failing).out()).contains(shown);
    assertThat(Cli.run("run", EVIL).err()).contains(shown);
    assertThat(Cli.run("--" + EVIL).err()).contains("--" + shown);
    assertThat(Cli.run("run", workload, "-o", folder + "/x/" + EVIL).err()).contains(shown);
  }

  @Test
  void dataStaysWhatItWas() throws IOException {
    Path out = folder.resolve("out.yaml");
    assertThat(Cli.run("import", "oom-report", log, "-o", out.toString()).code()).isZero();
    assertThat(Files.readString(out)).isEqualTo(Printable.text(Files.readString(out)));
    Cli.Result result = Cli.run("show", out.toString(), "--format", "csv");
    assertThat(result.code()).as(result.err()).isZero();
  }

  @Test
  void aNameOnATerminalIsNoColour() {
    for (String command : List.of("run", "explain", "check")) {
      String out = Cli.run(command, failing, "--color", "always").out();
      String plain = out.replaceAll("\u001b\\[[0-9]+m", "");
      assertThat(plain).isNotEqualTo(out).isEqualTo(Printable.text(plain));
    }
    String measured = Cli.run("check", failing, "--color", "always").out();
    assertThat(measured).contains("a\\u001bc\\u0007");
  }

  @Test
  void whatIsAbsurdlyLongIsShortened() {
    String err = Cli.run("run", "x".repeat(100_000)).err();
    assertThat(err).hasSizeLessThan(1500).startsWith("oomlab: xxx").contains(" characters ...] ");
    assertThat(err).endsWith("\n");
  }
}
