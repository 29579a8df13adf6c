package org.oomlab.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Candidate;
import org.oomlab.experiment.Explanation;
import org.oomlab.experiment.KillRecord;
import org.oomlab.kernel.state.Standing;

/**
 * A process at a kill, for programs.
 *
 * @param number of the kill, from 1
 * @param kill the kill
 * @param judged whether it was tried if it was needed
 * @param rank of the process among those that may be chosen, from 1, or null
 * @param process what there is to say of it, or null for a kill that came with another
 * @param behind pages of badness less than the worst, or null
 */
record KillRow(
    int number,
    KillRecord kill,
    boolean judged,
    @Nullable Integer rank,
    @Nullable Candidate process,
    @Nullable Long behind) {

  /**
   * All rows of an episode.
   *
   * @param top how many of the processes that may be chosen, and the victim; or less than 0: all,
   *     and those that may not
   */
  static List<KillRow> of(Explanation explanation, int top) {
    List<KillRow> rows = new ArrayList<>();
    List<KillRecord> kills = explanation.outcome().kills();
    boolean judged = explanation.outcome().judged();
    for (int i = 0; i < kills.size(); i++) {
      List<Candidate> ranking = explanation.rankings().get(i);
      int rank = 0;
      for (Candidate each : ranking) {
        Integer place = each.eligible() ? Integer.valueOf(++rank) : null;
        boolean wanted = top < 0 || place != null && (place <= top || isVictim(each, kills.get(i)));
        if (!wanted) {
          continue;
        }
        Long behind =
            each.eligible() ? Long.valueOf(ranking.get(0).points() - each.points()) : null;
        rows.add(new KillRow(i + 1, kills.get(i), judged, place, each, behind));
      }
      if (ranking.isEmpty()) {
        rows.add(new KillRow(i + 1, kills.get(i), judged, null, null, null));
      }
    }
    return rows;
  }

  private static boolean isVictim(Candidate candidate, KillRecord kill) {
    return candidate.name().equals(kill.victim());
  }

  /** The columns. */
  static List<Column<KillRow>> columns() {
    return List.of(
        new Column<>("kill", KillRow::number),
        new Column<>("at_ms", row -> Numbers.milliseconds(row.kill.atNs())),
        new Column<>("victim", row -> row.kill.victim()),
        new Column<>("reason", row -> row.kill.reason()),
        new Column<>("invoker", row -> row.kill.invoker()),
        new Column<>("free_pages", row -> row.kill.freePages()),
        new Column<>("extra_1s", row -> row.judged ? row.kill.extra1s() : null),
        new Column<>("extra_10s", row -> row.judged ? row.kill.extra10s() : null),
        new Column<>(
            "wait_ms",
            row -> row.kill.waitNs() < 0 ? null : Numbers.milliseconds(row.kill.waitNs())),
        new Column<>("rank", KillRow::rank),
        new Column<>("process", row -> row.process == null ? null : row.process.name()),
        new Column<>("badness", row -> row.rank == null ? null : row.process.points()),
        new Column<>("behind", KillRow::behind),
        new Column<>("rss_pages", row -> term(row, Standing::rss)),
        new Column<>("swap_pages", row -> term(row, Standing::swap)),
        new Column<>("page_table_pages", row -> term(row, Standing::pageTables)),
        new Column<>("root_bonus_pages", row -> term(row, Standing::rootBonus)),
        new Column<>("oom_score_adj", row -> term(row, Standing::oomScoreAdj)),
        new Column<>("adj_share_pages", row -> term(row, Standing::adjShare)),
        new Column<>("not_eligible", KillRow::spared));
  }

  private static @Nullable Object term(
      KillRow row, java.util.function.Function<Standing, Object> term) {
    return row.process == null ? null : term.apply(row.process.standing());
  }

  private static @Nullable Object spared(KillRow row) {
    return row.process == null || row.process.eligible()
        ? null
        : row.process.standing().spared().reason();
  }
}
