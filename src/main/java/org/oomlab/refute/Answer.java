package org.oomlab.refute;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.oomlab.report.Page;
import org.oomlab.report.Table;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Table.Head;
import org.oomlab.workload.Workload;

/** What is said of a claim that no world has refuted: where was looked, and how near it came. */
public final class Answer {
  /** So many pairs that never came together are told by name. */
  private static final int TOLD_PAIRS = 8;

  private final Hunt.Plan plan;
  private final Hunt.Result result;

  /** An answer to a plan. */
  public Answer(Hunt.Plan plan, Hunt.Result result) {
    this.plan = plan;
    this.result = result;
  }

  /**
   * Writes it.
   *
   * @param space the name of the space
   */
  public Page page(Page page, String space) {
    Coverage coverage = result.coverage();
    long worlds = coverage.worlds();
    page.line(
        "not refuted in %d %s of space %s, seed %d%s"
            .formatted(
                worlds,
                worlds == 1 ? "world" : "worlds",
                space,
                plan.seed(),
                plan.blind() ? ", drawn blindly" : ""));
    page.line("claim: " + plan.claim().text());
    page.line("This is no proof: it says where was looked and how near the nearest world came.");
    page.blank();
    nearest(page);
    if (plan.sides().policies().size() > 1) {
      page.line("the policies part in " + coverage.parted() + " of them");
    }
    page.blank();
    page.table(traits(coverage));
    page.blank();
    pairs(page, coverage);
    return page;
  }

  private void nearest(Page page) {
    if (result.nearest() == null) {
      page.line("nearest: no world says anything about the claim");
      return;
    }
    Workload nearest = result.nearest().workload();
    page.line(
        "nearest: margin "
            + margin(result.margin())
            + " (from 1, far away, to 0, as near as can be), in "
            + nearest.name()
            + " with "
            + Counterexample.size(nearest));
  }

  private static String margin(double margin) {
    return String.format(Locale.ROOT, "%.4f", margin);
  }

  private static Table traits(Coverage coverage) {
    Table table = new Table(List.of(new Head("seen", "", false), new Head("in worlds", "", true)));
    for (Trait trait : Trait.values()) {
      table.add(List.of(Field.of(trait.words()), Field.of(Long.toString(coverage.of(trait)))));
    }
    return table;
  }

  private static void pairs(Page page, Coverage coverage) {
    int all = 0;
    List<String> never = new ArrayList<>();
    Trait[] traits = Trait.values();
    for (int i = 0; i < traits.length; i++) {
      for (int j = i + 1; j < traits.length; j++) {
        if (coverage.of(traits[i]) > 0 && coverage.of(traits[j]) > 0) {
          all++;
          if (coverage.of(traits[i], traits[j]) == 0) {
            never.add(traits[i].words() + " + " + traits[j].words());
          }
        }
      }
    }
    page.line(
        "pairs of what was seen: "
            + (all - never.size())
            + " of "
            + all
            + " in one world together");
    for (int i = 0; i < Math.min(TOLD_PAIRS, never.size()); i++) {
      page.line((i == 0 ? "never: " : "       ") + never.get(i));
    }
    if (never.size() > TOLD_PAIRS) {
      page.line("       and " + (never.size() - TOLD_PAIRS) + " more");
    }
  }
}
