package org.oomlab.cli.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.intake.OomReport;
import org.oomlab.report.Column;
import org.oomlab.report.ReportFormat;
import org.oomlab.unit.Bytes;

/**
 * An event of a log, as {@code import oom-report --list} shows it.
 *
 * @param number from 1, or null for kill lines whose report is not in the log
 * @param report what the log says of it
 * @param policy the policy that is nearest to its kernel
 */
public record EventRow(@Nullable Long number, OomReport report, String policy) {

  /** The columns; where people read them, those there is room for. */
  static List<Column<EventRow>> columns(ReportFormat format) {
    boolean people = format == ReportFormat.TABLE || format == ReportFormat.MARKDOWN;
    List<Column<EventRow>> brief =
        List.of(
            new Column<>("event", row -> row.number),
            new Column<>("line", row -> row.report.line()),
            new Column<>("time", row -> absent(row.report.time())),
            new Column<>("kernel", row -> absent(row.report.kernel())),
            new Column<>("constraint", EventRow::constraint),
            new Column<>(
                "invoker", row -> header(row) == null ? null : absent(header(row).invoker())),
            new Column<>("victim", EventRow::name),
            new Column<>("victim_pid", EventRow::pid),
            new Column<>("kills", row -> row.report.kills().size()),
            new Column<>("task_rows", row -> row.report.tasks().size()),
            new Column<>("panic", row -> panic(row.report)));
    List<Column<EventRow>> all = new ArrayList<>(brief);
    Column<EventRow> policy = new Column<>("policy", EventRow::policy);
    if (people) {
      all.add(policy);
      return all;
    }
    all.addAll(
        List.of(
            new Column<>("order", row -> header(row) == null ? null : header(row).order()),
            new Column<>("gfp_mask", row -> header(row) == null ? null : header(row).gfpMask()),
            new Column<>("invoker_adj", row -> header(row) == null ? null : header(row).adj()),
            new Column<>("oom_memcg", row -> absent(row.report.oomCgroup())),
            new Column<>("memcg_limit_kb", row -> known(limit(row.report))),
            new Column<>("victim_total_vm_kb", row -> victimKb(row, OomReport.Kill::totalVmKb)),
            new Column<>("victim_anon_rss_kb", row -> victimKb(row, OomReport.Kill::anonKb)),
            new Column<>("victim_file_rss_kb", row -> victimKb(row, OomReport.Kill::fileKb)),
            new Column<>("victim_shmem_rss_kb", row -> victimKb(row, OomReport.Kill::shmemKb)),
            new Column<>("victim_oom_score_adj", EventRow::victimAdj),
            new Column<>("ram_pages", row -> memory(row) == null ? null : known(memory(row).ram())),
            new Column<>(
                "reserved_pages",
                row -> memory(row) == null ? null : known(memory(row).reserved())),
            new Column<>(
                "swap_kb", row -> memory(row) == null ? null : known(memory(row).swapTotalKb())),
            new Column<>("reaped", row -> row.report.reaped()),
            new Column<>("all_kills", row -> allKills(row.report)),
            policy));
    return all;
  }

  private static OomReport.@Nullable Header header(EventRow row) {
    return row.report.header();
  }

  private static OomReport.@Nullable Kill victim(EventRow row) {
    return row.report.victim();
  }

  private static OomReport.@Nullable Memory memory(EventRow row) {
    return row.report.memory();
  }

  private static @Nullable String name(EventRow row) {
    OomReport.Kill victim = victim(row);
    if (victim != null) {
      return victim.name();
    }
    return row.report.choice() == null
        ? absent(row.report.chosenName())
        : absent(row.report.choice().task());
  }

  private static @Nullable Long pid(EventRow row) {
    OomReport.Kill victim = victim(row);
    if (victim != null) {
      return victim.pid();
    }
    return known(row.report.choice() == null ? row.report.chosenPid() : row.report.choice().pid());
  }

  private static @Nullable String absent(String text) {
    return text.isEmpty() ? null : text;
  }

  private static @Nullable Long known(long number) {
    return number < 0 ? null : Long.valueOf(number);
  }

  private static long limit(OomReport report) {
    return report.memcg() == null ? OomReport.UNKNOWN : report.memcg().limitKb();
  }

  /** As the kernel printed it, or as the words of the report show. */
  private static String constraint(EventRow row) {
    OomReport.Choice choice = row.report.choice();
    String printed = choice == null ? "" : choice.constraint().replaceFirst("CONSTRAINT_", "");
    return printed.isEmpty() || row.report.isMemcg()
        ? (row.report.isMemcg() ? "MEMCG" : "NONE")
        : printed;
  }

  private static @Nullable Object victimKb(
      EventRow row, java.util.function.ToLongFunction<OomReport.Kill> part) {
    return victim(row) == null ? null : known(part.applyAsLong(victim(row)));
  }

  /** From the kill line, or from the task table. */
  private static @Nullable Object victimAdj(EventRow row) {
    OomReport.Kill victim = victim(row);
    if (victim == null || victim.adj() != null) {
      return victim == null ? null : victim.adj();
    }
    OomReport.Task task = row.report.rowsOf(List.of(victim), Bytes.PAGE / 1024).get(victim);
    return task == null ? null : Integer.valueOf(task.adj());
  }

  private static @Nullable String panic(OomReport report) {
    return report.panic().isEmpty() && report.nobody()
        ? "no killable processes"
        : absent(report.panic());
  }

  private static @Nullable String allKills(OomReport report) {
    return absent(
        report.kills().stream()
            .map(kill -> kill.pid() + ":" + kill.name())
            .collect(Collectors.joining(";")));
  }
}
