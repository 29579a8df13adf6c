package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users see of {@code oomlab import}. */
class ImportTest {
  @TempDir Path folder = Path.of("");

  private static String log(String name) {
    return Path.of("src/test/resources/oom-reports", name).toString();
  }

  private String out(String name) {
    return folder.resolve(name).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2.6.32-syslog.log",
        "4.14-child.log",
        "5.4-interleaved-memcg.log",
        "6.8-wrapped-kmsg.log",
        "6.1-kdump-panic.log",
        "one-liners.log",
        "container.json.log",
      })
  void whatTheKernelDidIsAClaimThatHolds(String name) {
    assertThat(Cli.run("import", "oom-report", log(name), "-o", out("x.yaml")).code()).isZero();

    Cli.Result check = Cli.run("check", out("x.yaml"));
    assertThat(check.code()).as(check.out() + check.err()).isZero();
    assertThat(check.err()).contains("1 claim");
  }

  @Test
  void theWorkloadSaysWhatTheLogSaysAndWhatItDoesNot() throws IOException {
    Cli.run("import", "oom-report", log("2.6.32-syslog.log"), "-o", out("x.yaml"));

    assertThat(Files.readString(folder.resolve("x.yaml")))
        .contains("workload: x\n")
        .contains("  # 72500 pages RAM less 2500 reserved\n  memory: 70000 pages\n")
        .contains("free: 700 pages", "min: 704 pages", "low: 880 pages", "swap: 40MiB")
        .contains("- who has CAP_SYS_ADMIN: uid 0")
        .contains("# Policy: linux-4.5; 2.6.32-99.test.x86_64 is older than any policy")
        .contains("victims: [\"big baker: one-412\", \"...\"]")
        .contains("The kernel printed a score of 777");
  }

  @Test
  void aCgroupHasItsLimitAndIsFull() throws IOException {
    Cli.run("import", "oom-report", log("5.4-interleaved-memcg.log"), "-o", out("x.yaml"));

    assertThat(Files.readString(folder.resolve("x.yaml")))
        .contains("- {name: \"/kiln\", limit: 40MiB}")
        .contains("- {name: \"/kiln/shop\", parent: \"/kiln\", oom_group: true}")
        .contains("name: rest-of-the-cgroup");
  }

  @Test
  void listShowsEachEventAndWhatIsLeftOfOthers() throws IOException {
    Path both = folder.resolve("both.log");
    Files.writeString(
        both,
        Files.readString(Path.of(log("one-liners.log"))).lines().findFirst().orElseThrow()
            + "\n"
            + Files.readString(Path.of(log("4.14-child.log"))));
    Cli.Result result =
        Cli.run("import", "oom-report", "--list", "--format", "csv", both.toString());

    assertThat(result.code()).isZero();
    assertThat(result.out().lines().map(line -> line.split(",", -1)))
        .extracting(row -> row[0], row -> row[1], row -> row[5], row -> row[6], row -> row[7])
        .containsExactly(
            row("event", "line", "invoker", "victim", "victim_pid"),
            row("", "1", "", "weaver", "51"),
            row("1", "2", "tailor", "apprentice", "701"));
    assertThat(result.err()).contains("1 kill whose report is not in the log");
  }

  private static org.assertj.core.groups.Tuple row(Object... cells) {
    return org.assertj.core.api.Assertions.tuple(cells);
  }

  @Test
  void allWritesAWorkloadForEachEvent() throws IOException {
    Cli.Result result =
        Cli.run("import", "oom-report", "--all", log("one-liners.log"), "-o", out("d"));

    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("2 workloads in");
    try (Stream<Path> files = Files.list(folder.resolve("d"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("one-liners-1.yaml", "one-liners-2.yaml");
    }
  }

  @Test
  void anEventCanBeChosen() {
    String file = log("one-liners.log");

    assertThat(Cli.run("import", "oom-report", "-e", "2", file).out()).contains("spinner-52");
    assertThat(Cli.run("import", "oom-report", "--killed", "spinner", file).out())
        .contains("spinner-52");
    assertThat(Cli.run("import", "oom-report", file).err())
        .contains("2 events, of which the one in line 1 was taken");
    assertThat(Cli.run("import", "oom-report", "-p", "linux-5.4", file).out())
        .contains("policies: [linux-5.4]");
  }

  @Test
  void whatIsRedirectedIntoAFileOfAnyNameCanBeRun() throws IOException {
    Path file = folder.resolve("any.yaml");
    Files.writeString(file, Cli.run("import", "oom-report", log("4.14-child.log")).out());

    Cli.Result result = Cli.run("run", file.toString(), "-r", "1", "-q");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).isEmpty();
  }

  @Test
  void aLogThatRunsBackwardsIsNamed() throws IOException {
    Path file = folder.resolve("backwards.log");
    List<String> lines = new ArrayList<>(Files.readAllLines(Path.of(log("4.14-child.log"))));
    Collections.reverse(lines);
    Files.write(file, lines);

    assertThat(Cli.run("import", "oom-report", "--list", file.toString()).err())
        .contains("its latest line comes first", "'tac'");
  }

  @Test
  void aKillLineThatIsCutShortDoesNotMakeAKernelOld() throws IOException {
    Path file = folder.resolve("short.log");
    Files.writeString(
        file,
        """
        oom-kill:constraint=CONSTRAINT_CPUSET,nodemask=(null),cpuset=loft,mems_allowed=1,task=loom
        Out of memory: Killed process 51 (loom) total-vm:8000kB, anon-rss:4000kB
        """);

    assertThat(Cli.run("import", "oom-report", file.toString()).out())
        .contains("# Policy: linux-7.2; the log does not say which kernel this was");
  }

  private static final int NOTHING = 0;
  private static final int PART = 1;
  private static final int ALL = 5;

  static Stream<Arguments> badInput() throws IOException {
    byte[] log = Files.readAllBytes(Path.of(log("6.8-global.txt")));
    String text = new String(log, StandardCharsets.UTF_8);
    byte[] gzip = gzip(log);
    byte[] noise = new byte[300_000];
    new Random(1).nextBytes(noise);
    return Stream.of(
        Arguments.of(
            "no OOM", bytes("all is well\n"), NOTHING, "there is no OOM report in its 1 line"),
        Arguments.of(
            "somebody speaks of it", bytes("a invoked oom-killer,\"\n"), NOTHING, "no OOM report"),
        Arguments.of("a device that never ends", endless(), NOTHING, "is no text"),
        Arguments.of(
            "xz that wants 1 GiB", xzWithDictionary(36), NOTHING, "xz wants 1024MiB of memory"),
        Arguments.of("nothing", bytes(""), NOTHING, "is empty"),
        Arguments.of("nothing, compressed", gzip(bytes("")), NOTHING, "is empty"),
        Arguments.of("noise", noise, NOTHING, "there is no OOM report in its"),
        Arguments.of("noise around it", joined(noise, log, noise), ALL, "NUL bytes were dropped"),
        Arguments.of("NUL bytes", bytes(text.replace("kB", "kB\0")), ALL, "NUL bytes were dropped"),
        Arguments.of(
            "UTF-16", text.getBytes(StandardCharsets.UTF_16), ALL, "NUL bytes were dropped"),
        Arguments.of(
            "Latin 1",
            text.replace("database", "datab\u00e4se").getBytes(StandardCharsets.ISO_8859_1),
            ALL,
            "lines were not UTF-8"),
        Arguments.of(
            "a line of 10 MB",
            joined(bytes("m".repeat(10_000_000) + "\n"), log, new byte[0]),
            ALL,
            "1 line was cut at 1MiB"),
        Arguments.of("carriage returns alone", bytes(text.replace('\n', '\r')), ALL, ""),
        Arguments.of("carriage returns as well", bytes(text.replace("\n", "\r\n")), ALL, ""),
        Arguments.of("gzip", gzip, ALL, ""),
        Arguments.of("gzip twice", joined(gzip, gzip, new byte[0]), ALL, "2 events"),
        Arguments.of(
            "half a gzip", Arrays.copyOf(gzip, gzip.length / 3), PART, "ends in the middle"),
        Arguments.of("the head of a gzip", Arrays.copyOf(gzip, 8), NOTHING, "ends in the middle"),
        Arguments.of(
            "no gzip after all",
            joined(new byte[] {0x1f, (byte) 0x8b}, log, new byte[0]),
            NOTHING,
            "cannot be read"),
        Arguments.of(
            "lzma", new byte[] {0x5d, 0, 0, (byte) 0x80, 0}, NOTHING, "xz --format=lzma -dc"),
        Arguments.of(
            "zstd", new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0}, NOTHING, "zstd -dc"));
  }

  /** As much of /dev/urandom as is read of it. */
  private static byte[] endless() {
    byte[] noise = new byte[17 << 20];
    new Random(2).nextBytes(noise);
    return noise;
  }

  /** The head of an xz stream whose only filter is LZMA2 with a dictionary of this size. */
  private static byte[] xzWithDictionary(int size) {
    byte[] block = {2, 0, 0x21, 1, (byte) size, 0, 0, 0};
    CRC32 crc = new CRC32();
    crc.update(block);
    return ByteBuffer.allocate(24)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(
            new byte[] {
              (byte) 0xfd, '7', 'z', 'X', 'Z', 0, 0, 0, (byte) 0xff, 0x12, (byte) 0xd9, 0x41
            })
        .put(block)
        .putInt((int) crc.getValue())
        .array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(compressed)) {
      out.write(bytes);
    }
    return compressed.toByteArray();
  }

  /** Whatever can be had is had, each defect is named, and a file is whole or not there. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("badInput")
  void badInputIsNamed(String name, byte[] input, int tasks, String word) throws IOException {
    Path file = folder.resolve("input");
    Files.write(file, input);
    Cli.Result result = Cli.run("import", "oom-report", file.toString(), "-o", out("x.yaml"));

    assertThat(result.code()).as(result.err()).isEqualTo(tasks == NOTHING ? 2 : 0);
    assertThat(result.err()).contains(word);
    assertThat(result.err().lines()).allMatch(line -> line.startsWith("oomlab: "));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(each -> !each.equals(file))).hasSize(tasks == NOTHING ? 0 : 1);
    }
    if (tasks != NOTHING) {
      Path workload = folder.resolve("x.yaml");
      assertThat(Cli.run("check", workload.toString()).code()).isZero();
      assertThat(Files.readString(workload).split("  - (name|\\{name): ", -1).length - 1)
          .isGreaterThanOrEqualTo(tasks);
    }
  }

  @Test
  void figuresThatNoMachineHasAreLeftOutAndTheRestIsRead() throws IOException {
    String log = "src/test/resources/fuzz/log/impossible-zone";
    assertThat(Cli.run("import", "oom-report", log, "-o", out("x.yaml")).code()).isZero();

    assertThat(Files.readString(folder.resolve("x.yaml")))
        .contains("# 1 figures that no machine has were left out.")
        .contains("free: 3000 pages")
        .doesNotContain("88888888888888");
    assertThat(Cli.run("check", out("x.yaml")).code()).isZero();
  }

  @Test
  void whatRunWouldRefuseIsNotWritten() throws IOException {
    String zone = " free:12000kB min:10000kB low:11000kB high:12000kB managed:900000000000kB\n";
    Files.writeString(
        folder.resolve("huge.log"),
        "a invoked oom-killer: gfp_mask=0x0, order=0\nMem-Info:\n"
            + IntStream.range(0, 8).mapToObj(i -> "Node " + i + zone).collect(Collectors.joining())
            + "[  pid  ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name\n"
            + "[    7]     0     7      540      200       9        0             0 weaver\n");
    Cli.Result result = Cli.run("import", "oom-report", out("huge.log"), "-o", out("x.yaml"));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("huge.log: line 1: no workload can be made of it: machine.");
    assertThat(folder.resolve("x.yaml")).doesNotExist();
    assertThat(Cli.run("import", "oom-report", "--all", out("huge.log"), "-o", out("d")).code())
        .isEqualTo(2);
  }

  @Test
  void oneEventOfWhichNoWorkloadCanBeMadeDoesNotKeepTheOthersBack() throws IOException {
    String head =
        "a invoked oom-killer: gfp_mask=0x0, order=0\n"
            + "[  pid  ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name\n";
    String row = "[    %1$d]     0     %1$d      540      %2$d       9        0        0 weaver\n";
    String huge =
        IntStream.range(1, 6)
            .mapToObj(pid -> row.formatted(pid, 270_000_000_000L))
            .collect(Collectors.joining());
    Files.writeString(folder.resolve("two.log"), head + huge + head + row.formatted(7, 200));
    Cli.Result result = Cli.run("import", "oom-report", "--all", out("two.log"), "-o", out("d"));

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("line 1: no workload can be made", "1 workload in");
    assertThat(folder.resolve("d/two-1.yaml")).doesNotExist();
    assertThat(folder.resolve("d/two-2.yaml")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"import oom-report -", "run -", "check -", "repl"})
  void aStandardInputThatIsClosedIsNotReadAsAnotherFile(String words)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "exec \"$0\" -cp \"$1\" org.oomlab.cli.Oomlab $2 <&-",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                words)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(said).contains("standard input is closed").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import|import what: oom-report, proc or policy?",
        "import oom-report no-such-file|no-such-file: cannot be read: no such file or directory",
        "import oom-report .|is a directory",
        "import oom-report -|standard input: is empty",
        "import oom-report pom.xml|there is no OOM report in its",
        "import oom-report --all @|say with -o into which directory",
        "import oom-report --event 3 @|one-liners.log has 2 events",
        "import oom-report --event 0 @|events are counted from 1, not 0",
        "import oom-report --list --all @|exclude each other",
        "import oom-report --killed nobody @|nobody of this name was killed",
        "import oom-report --policy linus-6.1 @|did you mean linux-6.1?",
        "import proc 999999999|there is no process 999999999",
        "import proc --root src|is this Linux?",
      })
  void mistakesAreNamed(String words) {
    String line = words.substring(0, words.indexOf('|')).replace("@", log("one-liners.log"));
    Cli.Result result = Cli.run(line.split(" "));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(words.substring(words.indexOf('|') + 1));
  }

  @Test
  void ofAGroupOnlyThoseAreClaimedWhomTheLogNames() throws IOException {
    String log =
        Files.readString(Path.of("src/test/resources/oom-reports/5.15-memcg.txt"))
            .replaceAll("(?m)^.*Killed process 9002.*\n", "")
            .replaceAll("Tasks in (\\S+)/cri-containerd-00ff.scope are", "Tasks in $1 are");
    String workload = Cli.runWithInput(log, "import", "oom-report", "-").out();

    assertThat(workload)
        .contains("The log names 1 of the 3 in the group.")
        .contains("victims: [worker-9001, \"...\"]")
        .contains("kills: \">= 1\"");
  }
}
