package org.oomlab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.oomlab.experiment.Candidate;
import org.oomlab.kernel.state.Standing;

/** The processes at a kill, worst first, with each term of their badness in pages. */
final class BadnessTable {
  /** Names of those that may not be chosen, as many as a line holds. */
  private static final int SPARED = 6;

  private final List<Candidate> eligible;
  private final List<Candidate> spared;
  private final int top;

  /**
   * A table.
   *
   * @param ranking the processes, worst first
   * @param victim who is chosen: among the shown, for nobody would look for it among those that are
   *     not
   * @param top how many are shown of those that may be chosen
   */
  BadnessTable(List<Candidate> ranking, String victim, int top) {
    List<Candidate> worst = new ArrayList<>(ranking.stream().filter(Candidate::eligible).toList());
    for (int i = top; top > 0 && i < worst.size(); i++) {
      if (worst.get(i).name().equals(victim)) {
        worst.add(placeOf(worst.get(i), worst, top), worst.remove(i));
        break;
      }
    }
    this.eligible = worst;
    this.spared = ranking.stream().filter(each -> !each.eligible()).toList();
    this.top = top;
  }

  /** Before its equals, or else the last of those that are shown. */
  private static int placeOf(Candidate victim, List<Candidate> worst, int top) {
    for (int i = 0; i < top; i++) {
      if (worst.get(i).points() == victim.points()) {
        return i;
      }
    }
    return top - 1;
  }

  /** The table, if anybody is to be shown. */
  Optional<Table> shown() {
    List<Candidate> shown = eligible.subList(0, Math.min(top, eligible.size()));
    return shown.isEmpty() ? Optional.empty() : Optional.of(table(shown));
  }

  /** What is to be said of those who are not in it. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    int left = eligible.size() - Math.min(top, eligible.size());
    if (left > 0) {
      notes.add(
          (left == eligible.size() ? "" : "and ") + left + " more with less; --top shows more");
    }
    if (!spared.isEmpty()) {
      notes.add("not eligible: " + names());
    }
    return notes;
  }

  private Table table(List<Candidate> shown) {
    List<Table.Head> heads = new ArrayList<>();
    List<ToLongFunction<Standing>> terms = new ArrayList<>();
    head(heads, "badness =");
    head(heads, "rss");
    terms.add(Standing::rss);
    optional(heads, terms, "+ swap", Standing::swap);
    head(heads, "+ page tables");
    terms.add(Standing::pageTables);
    optional(heads, terms, "- root's 3%", Standing::rootBonus);
    optional(heads, terms, "+ adj share", Standing::adjShare);
    optional(heads, terms, "(adj)", Standing::oomScoreAdj);
    heads.add(new Table.Head("", "process", false));
    Table table = new Table(heads);
    for (Candidate each : shown) {
      List<Table.Field> row = new ArrayList<>();
      row.add(Table.Field.of(Long.toString(each.points())));
      for (ToLongFunction<Standing> term : terms) {
        row.add(Table.Field.of(Long.toString(term.applyAsLong(each.standing()))));
      }
      row.add(Table.Field.of(each.name()));
      table.add(row);
    }
    return table;
  }

  private static void head(List<Table.Head> heads, String name) {
    heads.add(new Table.Head("", name, true));
  }

  /** A term that is 0 for all is not worth a column. */
  private void optional(
      List<Table.Head> heads,
      List<ToLongFunction<Standing>> terms,
      String name,
      ToLongFunction<Standing> term) {
    if (eligible.stream().anyMatch(each -> term.applyAsLong(each.standing()) != 0)) {
      head(heads, name);
      terms.add(term);
    }
  }

  private String names() {
    String names =
        spared.stream()
            .limit(SPARED)
            .map(each -> each.name() + " (" + each.standing().spared().reason() + ")")
            .collect(Collectors.joining(", "));
    int rest = spared.size() - SPARED;
    return rest > 0 ? names + " and " + rest + " more" : names;
  }
}
