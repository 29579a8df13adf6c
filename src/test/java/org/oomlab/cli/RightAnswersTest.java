package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Small logs in each of which one thing makes the obvious answer wrong, a variant of each kind, and
 * what holds of every log that there is.
 */
class RightAnswersTest {
  private static final Path LOGS = Path.of("src/test/resources/reports-2");

  /**
   * A log and the fact that the answer must have.
   *
   * @param file the log
   * @param right what is said
   * @param wrong what is not
   */
  private record Fact(String file, String right, String wrong) {}

  private static final List<Fact> FACTS =
      List.of(
          new Fact(
              "01-second-kill-while-the-first-still-dies",
              "cannot tell: worker (2301), killed 1.10s before, still had 1017MiB",
              "needed      yes: without"),
          new Fact(
              "02-cpuset-kill-that-cannot-help",
              "cannot tell: only memory of node 0 would do (cpuset test)",
              "yes:"),
          new Fact(
              "03-memcg-full-of-dirty-page-cache",
              "1023MiB of it dirty or being written back, which reclaim or writeback would have given"
                  + " back",
              "yes:"),
          new Fact("04-all-free-memory-is-cma", "502MiB of CMA, for movable pages only", "yes:"),
          new Fact(
              "05-order-1-and-only-single-pages",
              "the request was for 8kB in one piece (order 1), 20.3MiB was free in smaller pieces,"
                  + " this kernel has no compaction",
              "yes:"),
          new Fact(
              "06-mempolicy-one-node-empty-8GiB-free",
              "only memory of node 3 would do (memory policy), and the model has one node; 0KiB was"
                  + " free there, and 8.43GiB elsewhere",
              "yes:"),
          new Fact(
              "07-kernel-leak-two-thirds-owned-by-nobody",
              "81.2MiB, 70% of the memory, belong to no process, cache or slab",
              "yes:"),
          new Fact(
              "08-hugepages-take-29GiB",
              "huge pages have taken the memory; of the 31.9GiB there are:",
              "processes have filled"),
          new Fact(
              "11-report-without-table-becomes-a-panic",
              "cannot tell: the log has no table of tasks for it",
              "panic"),
          new Fact("13-two-hosts-in-one-log", "2 machines, kept apart", "incident 3"),
          new Fact("14-only-the-line-that-chose", "java (21834) was chosen, score 786", "yes:"),
          new Fact(
              "16-lines-chopped-by-a-pager",
              "the ends of 9 of its lines are cut off, and with them names and oom_score_adj",
              " > "),
          new Fact(
              "17-kernel-version-only-in-the-boot-banner",
              "linux-5.10 chooses the same victim",
              "linux-6.18"),
          new Fact(
              "18-absurd-watermarks-make-an-invalid-workload",
              "1 figures that no machine has were left out",
              "99395541895224"),
          new Fact("20-trailing-quote-of-logfmt", "next was npm start-2350, ", "worker\""),
          new Fact("22-pstore-parts-latest-first", "6.1.90-example", "incident 2"),
          new Fact("23-vendor-console-prefix", "worker (2501) of x.service", "880:batchd"),
          new Fact("25-prose-counted-as-an-event", "incident 1: ", "incident 2: "),
          new Fact(
              "27-user-space-killers",
              "earlyoom killed Isolated Web Co (4242): badness 1201, VmRSS 3400 MiB",
              "yes:"),
          new Fact(
              "30-more-memory-or-swap-changes-nothing",
              "with 2.35MiB more: this request is satisfied",
              "panic"));

  @TestFactory
  Stream<DynamicTest> theAnswerHasTheFactThatTheLogIsAbout() {
    return FACTS.stream()
        .map(
            fact ->
                DynamicTest.dynamicTest(
                    fact.file(),
                    () ->
                        assertThat(diagnose(log(fact.file())))
                            .contains(fact.right())
                            .doesNotContain(fact.wrong())));
  }

  @Test
  void everyLogThatIsThereHasItsFact() throws IOException {
    try (Stream<Path> files = Files.list(LOGS)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".log", "")).sorted())
          .containsExactlyElementsOf(FACTS.stream().map(Fact::file).sorted().toList());
    }
  }

  /** Of the log with another number, what is changed and what the answer then has. */
  private static Stream<DynamicTest> variant(
      String name, String file, UnaryOperator<String> change, String... right) {
    return Stream.of(
        DynamicTest.dynamicTest(
            name, () -> assertThat(diagnose(change.apply(log(file)))).contains(right)));
  }

  @TestFactory
  Stream<DynamicTest> aVariantOfEachKindHasItsRightAnswer() {
    return Stream.of(
            variant(
                "the first victim has gone, and all of its memory is back: the second was needed",
                FACTS.get(0).file(),
                RightAnswersTest::afterTheFirstHasGone,
                "needed      yes: without it nothing within 10s: the victims before had given back",
                "the 2 reports as one workload: the simulation kills the same"),
            variant(
                "a cpuset of two nodes",
                FACTS.get(1).file(),
                log -> log.replace("mems_allowed=0,", "mems_allowed=0-1,"),
                "cannot tell: only memory of node 0-1 would do",
                "1.44GiB was free there"),
            variant(
                "half of a cgroup is clean page cache",
                FACTS.get(2).file(),
                log -> log.replace("file_dirty 1072365568", "file_dirty 0"),
                "cannot tell: 1023MiB of what the cgroup holds were page cache, which reclaim"),
            variant(
                "HighMem alone is free",
                FACTS.get(3).file(),
                log -> log.replace("free_cma:513592kB", "free_cma:0kB"),
                "2.94GiB of HighMem"),
            variant(
                "an order of 3, with compaction",
                FACTS.get(4).file(),
                log ->
                    log.replace("order=1", "order=3")
                        .replaceAll("(?m)^.*COMPACTION is disabled.*\n", ""),
                "the request was for 32kB in one piece (order 3)"),
            variant(
                "a memory policy of two nodes",
                FACTS.get(5).file(),
                log -> log.replace("nodemask=3", "nodemask=1,3"),
                "only memory of node 1,3 would do (memory policy)",
                "5.00GiB was free there"),
            variant(
                "a leak of a third",
                FACTS.get(6).file(),
                log -> log.replace("slab_unreclaimable:5310", "slab_unreclaimable:14000"),
                "belong to no process, cache or slab"),
            variant(
                "huge pages of 1GiB, in use",
                FACTS.get(7).file(),
                log ->
                    log.replace(
                        "hugepages_total=15000 hugepages_free=15000 hugepages_surp=0"
                            + " hugepages_size=2048kB",
                        "hugepages_total=28 hugepages_free=0 hugepages_surp=0"
                            + " hugepages_size=1048576kB"),
                "huge pages have taken the memory",
                "28.0GiB  huge pages, reserved (0KiB of them not in use)"),
            variant(
                "a table that is empty",
                FACTS.get(8).file(),
                log ->
                    log.replace(
                        "[  828.600090] oom-kill",
                        "[  828.600085] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes"
                            + " swapents oom_score_adj name\n[  828.600090] oom-kill"),
                "cannot tell: the log has no table of tasks for it"),
            variant(
                "three machines",
                FACTS.get(9).file(),
                log -> log + log.replace("web-1", "web-3").replaceAll("(?m)^.*web-2.*\n", ""),
                "3 machines, kept apart",
                "web-3"),
            variant(
                "a choice of a cgroup",
                FACTS.get(10).file(),
                log -> log.replace("Out of memory", "Memory cgroup out of memory"),
                "java (22102) was chosen, score 790; cgroup unknown was full"),
            variant(
                "lines cut without a mark",
                FACTS.get(11).file(),
                log -> log.replace(">", ""),
                "cannot tell: "),
            variant(
                "the version in another trace, before",
                FACTS.get(12).file(),
                log ->
                    log.replaceFirst(
                        "Linux version .*", "CPU: 0 PID: 7 Comm: x Not tainted 5.15.3-example #1"),
                "linux-5.15 chooses the same victim"),
            variant(
                "a row with a size that cannot be",
                FACTS.get(13).file(),
                log -> log.replace("   180000   121300", "   180000   9999999999999999"),
                "were"),
            variant(
                "JSON around each line, with its escapes",
                FACTS.get(14).file(),
                log ->
                    log.lines()
                        .map(
                            line ->
                                "{\"log\":\""
                                    + line.replaceFirst(".*msg=\"", "").replaceFirst("\"$", "")
                                    + "\\n\",\"stream\":\"stdout\"}")
                        .collect(Collectors.joining("\n")),
                "next was npm start-2350, "),
            variant(
                "three parts, latest first",
                FACTS.get(15).file(),
                RightAnswersTest::inThreeParts,
                "next was npm start-2350, ",
                "6.1.90-example"),
            variant(
                "a prefix with a dash",
                FACTS.get(16).file(),
                log -> log.replace(".(1)[880:batchd]", "-(1)[880:batchd]").replace(" c1 ", " c0 "),
                "worker (2301) of x.service",
                "worker (2501) of x.service"),
            variant(
                "prose with a mask in words",
                FACTS.get(17).file(),
                log -> "it says: x invoked oom-killer: with some gfp_mask\n" + log,
                "incident 1: "),
            variant(
                "the kubelet and oomd",
                FACTS.get(18).file(),
                log ->
                    "E0304 10:00:00.000000 1 eviction_manager.go:1] Eviction manager: pod"
                        + " \"shop/cart-1\" evicted successfully\n"
                        + "[   90.000000] oomd kill: 1.00 2.00 3.00 app.slice 99 ruleset:[protect] killed=4\n"
                        + log,
                "kubelet killed shop/cart-1",
                "oomd killed app.slice"),
            variant(
                "another size of memory",
                FACTS.get(19).file(),
                log -> log.replace("free:41600kB", "free:40600kB"),
                "more: this request is satisfied"))
        .flatMap(each -> each);
  }

  private static String afterTheFirstHasGone(String log) {
    int second = log.indexOf("[  101.100000]");
    return log.substring(0, second).replace("unable to reap pid:2301 (worker)", "")
        + "[  100.300000] oom_reaper: reaped process 2301 (worker), now anon-rss:0kB,"
        + " file-rss:0kB, shmem-rss:0kB\n"
        + log.substring(second)
            .replaceAll("(?m)^.*\\[   2301\\].*\n", "")
            .replace("180000   121300", "440000   381700")
            .replace(
                "total-vm:720000kB, anon-rss:485200kB", "total-vm:1760000kB, anon-rss:1526800kB");
  }

  private static String inThreeParts(String log) {
    List<String> lines = new ArrayList<>(log.lines().toList());
    int second = lines.indexOf("Panic#1 Part2");
    List<String> later = lines.subList(1, second);
    int half = later.size() / 2;
    return "Panic#1 Part1\n"
        + String.join("\n", later.subList(half, later.size()))
        + "\nPanic#1 Part2\n"
        + String.join("\n", later.subList(0, half))
        + "\nPanic#1 Part3\n"
        + String.join("\n", lines.subList(second + 1, lines.size()))
        + "\n";
  }

  private static final Pattern KILLED = Pattern.compile("illed process (\\d+),? \\(?([^,)]*)\\)?");

  @TestFactory
  Stream<DynamicTest> noPanicAndNoKillIsToldThatTheLogDoesNotHave() throws IOException {
    List<Path> logs = new ArrayList<>();
    for (Path folder : List.of(LOGS, Path.of("src/test/resources/oom-reports"))) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.filter(Files::isRegularFile).sorted().forEach(logs::add);
      }
    }
    return logs.stream()
        .map(
            log ->
                DynamicTest.dynamicTest(
                    log.getFileName().toString(), () -> nothingIsInvented(Files.readString(log))));
  }

  private static void nothingIsInvented(String log) {
    List<String> killed = new ArrayList<>();
    Matcher line = KILLED.matcher(log);
    while (line.find()) {
      killed.add(line.group(1));
    }
    String page = diagnose(log);
    Matcher told = Pattern.compile("(?m)^  who +[^\n]*\\((\\d+)\\)[^\n]* was killed").matcher(page);
    while (told.find()) {
      assertThat(killed).contains(told.group(1));
    }
    boolean panics = log.contains("anic - not syncing");
    String facts = page.replaceAll("(?ms)^  avoided by.*?(?=^  trust)", "");
    assertThat(panics || !facts.contains("panic")).as(facts).isTrue();
  }

  private static String log(String file) throws IOException {
    return Files.readString(LOGS.resolve(file + ".log"));
  }

  /** The page and the notes, each paragraph in one line. */
  private static String diagnose(String log) {
    Cli.Result result = Cli.runWithInput(log, "diagnose", "-");
    assertThat(result.code()).as(result.err()).isLessThan(2);
    return result.out().replaceAll("\\n {14}(?! )", " ") + result.err();
  }
}
