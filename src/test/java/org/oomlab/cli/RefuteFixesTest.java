package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.oomlab.cli.session.ExitCodes;

/**
 * Each fix of the threads against what there was before it: a world in which "before" fails is
 * found from nothing; and what the fix costs is looked for in the same way. The long form writes
 * the rows of what-each-fix-costs.md to {@code target/fixes}: {@code -Doomlab.fixes=WORLDS}.
 */
class RefuteFixesTest {
  private static final String LONG = System.getProperty("oomlab.fixes", "");

  private static final String ONLY = System.getProperty("oomlab.fixes.only", ".*");

  /** Which fixes, oldest first: before, after, space. */
  private static final List<String> FIXES =
      List.of(
          "linux-4.5,linux-4.6,small",
          "linux-4.5,rientjes-reserves-2016,small",
          "linux-4.5,handa-timers-2016,small",
          "linux-4.5,weiner-decaying-wait-2016,small",
          "linux-4.6,linux-4.7,small",
          "linux-4.7,linux-4.8,small",
          "linux-4.8,linux-4.9,small",
          "linux-4.13,arcangeli-2017,small",
          "linux-4.13,linux-4.14,small",
          "linux-4.14,linux-4.15,small",
          "linux-4.16,linux-4.17,small",
          "linux-4.17,rientjes-reap-timeout-2018,small",
          "linux-4.17,rientjes-reap-timeout-2018-1s,small",
          "linux-4.17,rientjes-reap-timeout-2018-rfc,small",
          "rientjes-companion-2018,handa-oom-lock-2018,cgroups",
          "linux-4.17,linux-4.19,small",
          "linux-4.19,handa-direct-2018,small",
          "linux-4.19,handa-direct-quota-2018,small",
          "linux-4.19,handa-rounds-2018,small",
          "linux-4.19,hocko-mlock,small",
          "linux-4.19,hocko-handover-2018,small",
          "linux-5.17,linux-5.18,small",
          "linux-6.16,zhongjinji-thaw-2025,small",
          "linux-6.16,zhongjinji-frozen-intended-2025,small",
          "linux-6.16,zhongjinji-futex-2025,small",
          "linux-6.16,zhongjinji-reverse-2025,small",
          "linux-6.16,linux-6.18,small",
          "linux-6.18,howlett-early-skip-2025,small",
          "linux-6.18,do-not-reap-2025,small",
          "lmkd-kill-only,lmkd-mrelease,small",
          "linux-6.1,linux-6.16,cgroups",
          "linux-6.18,linux-7.0,cgroups",
          "linux-7.0,with-dead-2026,cgroups",
          "linux-7.0,counted-victims-2026,cgroups",
          "linux-7.0,linux-7.2,cgroups");

  /** What "no worse" means, of one side W and the other V. */
  private static final Map<String, String> MEASURES = measures();

  private static Map<String, String> measures() {
    Map<String, String> measures = new LinkedHashMap<>();
    measures.put("end", "outcome(W) = recovered or outcome(W) = no_oom or outcome(V) != recovered");
    measures.put("extra kills", "extra_kills(W) <= extra_kills(V)");
    measures.put("futexes", "broken_futexes(W) <= broken_futexes(V)");
    measures.put("recovery", "recovery(W) <= 2 * recovery(V) + 10ms or outcome(W) != recovered");
    measures.put("work lost", "work_lost(W) <= 1.1 * work_lost(V)");
    return measures;
  }

  private static String claim(String measure, String worse, String other) {
    return MEASURES
        .get(measure)
        .replace("(W)", "(" + worse + ")")
        .replace("(V)", "(" + other + ")");
  }

  /** What came of one command. */
  private record Cell(String command, Cli.Result cli, String file, double cpuSeconds) {
    boolean isRefuted() {
      return cli.code() == ExitCodes.CLAIM_FAILED;
    }

    String found(String pattern) {
      Matcher matcher = Pattern.compile(pattern).matcher(file + cli.out() + cli.err());
      return matcher.find() ? matcher.group(1) : "";
    }

    String row(String direction, String measure, String fix) {
      String result =
          isRefuted()
              ? "refuted|"
                  + found("after ([0-9]+) world")
                  + "|"
                  + found("Size: (.*)\\.")
                  + "|"
                  + found("and at ([0-9]+) of")
                  + "|"
                  + found("Cause: (.*)\\.")
                  + "|"
                  + found("as in .* mends it: (.*)\\.")
              : "not refuted|"
                  + found("not refuted in ([0-9]+)")
                  + "|||"
                  + found("margin ([0-9.]+)")
                  + "|";
      return String.join("|", fix, direction, measure, result, command)
          + String.format(Locale.ROOT, "|%.1f", cpuSeconds);
    }
  }

  private static Cell cell(String fix, String claim, String worlds, Path file) throws IOException {
    String[] parts = fix.split(",");
    List<String> words =
        new ArrayList<>(
            List.of("refute", claim, "-p", parts[0] + "," + parts[1], "--in", parts[2]));
    words.addAll(List.of("-n", worlds));
    String command = String.join(" ", words).replace(claim, "'" + claim + "'");
    words.addAll(List.of("-o", file.toString()));
    Files.deleteIfExists(file);
    double before = cpuSeconds();
    Cli.Result cli = Cli.run(words.toArray(String[]::new));
    double spent = cpuSeconds() - before;
    return new Cell(
        "oomlab " + command, cli, Files.exists(file) ? Files.readString(file) : "", spent);
  }

  private static double cpuSeconds() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  static List<String> everySixthFix() {
    List<String> some = new ArrayList<>();
    for (int i = 0; i < FIXES.size(); i += 6) {
      some.add(FIXES.get(i));
    }
    return some;
  }

  @ParameterizedTest
  @MethodSource("everySixthFix")
  void aWorldInWhichBeforeFailsAndAfterDoesNotIsFoundFromNothing(String fix, @TempDir Path folder)
      throws IOException {
    List<String> tried = new ArrayList<>();
    for (String measure : MEASURES.keySet()) {
      Cell cell = cell(fix, claim(measure, "A", "B"), "3000", folder.resolve("w.yaml"));
      tried.add(cell.row("before", measure, fix));
      if (cell.isRefuted()) {
        Cli.Result check = Cli.run("check", folder.resolve("w.yaml").toString());
        assertThat(check.code()).as(cell.file() + check.out() + check.err()).isZero();
        return;
      }
    }
    assertThat(tried).as("none is refuted").isEmpty();
  }

  @Test
  void everyFixIsLookedAtFromBothSides() throws IOException {
    if (LONG.isEmpty()) {
      return;
    }
    Path folder = Files.createDirectories(Path.of("target/fixes"));
    List<String> rows = new ArrayList<>();
    for (String fix : FIXES.stream().filter(each -> each.matches(ONLY)).toList()) {
      boolean helps = false;
      for (String direction : List.of("before", "after")) {
        for (String measure : MEASURES.keySet()) {
          if (direction.equals("before") && helps) {
            continue;
          }
          boolean isBefore = direction.equals("before");
          String claim = claim(measure, isBefore ? "A" : "B", isBefore ? "B" : "A");
          String name = fix.replace(',', '_') + "-" + direction + "-" + measure.replace(' ', '-');
          Cell cell = cell(fix, claim, LONG, folder.resolve(name + ".yaml"));
          helps |= isBefore && cell.isRefuted();
          rows.add(cell.row(direction, measure, fix));
          Files.write(folder.resolve("rows.txt"), rows);
        }
      }
    }
    assertThat(rows).isNotEmpty();
  }
}
