package org.oomlab.debug;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Dimension;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.KillRecord;
import org.oomlab.experiment.Outcome;
import org.oomlab.report.ExplainReport;
import org.oomlab.report.Page;
import org.oomlab.report.Story;
import org.oomlab.report.Table;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Table.Head;
import org.oomlab.report.Tone;
import org.oomlab.trace.Happening;
import org.oomlab.unit.Span;

/**
 * Where two courses of one episode part, and what follows from it in each. They part where they no
 * longer announce the same.
 */
final class Parting {
  private final Side a;
  private final Side b;
  private final @Nullable Happening firstOfA;
  private final @Nullable Happening firstOfB;

  /** One of the two. */
  private static final class Side {
    private final Branch branch;
    private final BooleanSupplier stopped;
    private int heard;

    Side(Branch branch, BooleanSupplier stopped) {
      this.branch = branch;
      this.stopped = stopped;
    }

    /** What is announced next, or null at the end. */
    @Nullable Happening next() {
      while (heard == branch.latest().size()) {
        heard = 0;
        if (!branch.advance(() -> !branch.latest().isEmpty(), stopped)) {
          heard = branch.latest().size();
          return null;
        }
      }
      return branch.latest().get(heard++);
    }
  }

  private Parting(Side a, Side b) {
    this.a = a;
    this.b = b;
    Happening one;
    Happening other;
    do {
      one = a.next();
      other = b.next();
    } while (one != null && one.equals(other));
    this.firstOfA = one;
    this.firstOfB = other;
  }

  /**
   * Looks for it.
   *
   * @param a is run to its end
   * @param b too
   */
  static Parting of(Branch a, Branch b, BooleanSupplier stopped) {
    a.seek(0, stopped);
    b.seek(0, stopped);
    Parting parting = new Parting(new Side(a, stopped), new Side(b, stopped));
    a.advance(() -> false, stopped);
    b.advance(() -> false, stopped);
    return parting;
  }

  /** Writes it down. */
  void write(Page page, Cast cast, long zeroNs) {
    if (firstOfA == null && firstOfB == null) {
      page.line(a.branch.name() + " and " + b.branch.name() + " are the same to the end");
      return;
    }
    page.line("they part:");
    part(page, a, firstOfA, zeroNs);
    part(page, b, firstOfB, zeroNs);
    page.blank();
    page.table(outcomes());
  }

  private static void part(Page page, Side side, @Nullable Happening first, long zeroNs) {
    String what = "nothing any more";
    if (first != null) {
      Story story = new Story(side.branch.of().workload());
      story.emit(first.atNs(), first.point(), first.subject(), first.a(), first.b());
      what = ExplainReport.time(first.atNs() - zeroNs) + ", " + story.sentences().get(0);
    }
    page.line(new Field("  in " + side.branch.name() + ": ", Tone.HEADING), Field.of(what));
  }

  private Table outcomes() {
    Table table =
        new Table(
            List.of(
                new Head("", "", false),
                new Head("", a.branch.name(), false),
                new Head("", b.branch.name(), false)));
    Outcome one = outcome(a.branch);
    Outcome other = outcome(b.branch);
    row(table, "outcome", end(one), end(other));
    int kills = Math.max(one.kills().size(), other.kills().size());
    row(table, "kills", "" + one.kills().size(), "" + other.kills().size());
    for (int i = 0; i < kills; i++) {
      row(table, "  " + (i + 1), kill(one, i), kill(other, i));
    }
    row(table, "recovery", span(one.recoveryNs()), span(other.recoveryNs()));
    row(table, "work lost", number(one.workLost()), number(other.workLost()));
    row(
        table,
        "freed by exit",
        Views.amount(one.freedByExitPages()),
        Views.amount(other.freedByExitPages()));
    row(
        table,
        "freed by reaper",
        Views.amount(one.freedByReaperPages()),
        Views.amount(other.freedByReaperPages()));
    return table;
  }

  private static Outcome outcome(Branch branch) {
    return Episode.soFar(branch.of(), branch.seed(), branch.kernel());
  }

  private static void row(Table table, String what, String one, String other) {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.of(what));
    fields.add(Field.of(one));
    fields.add(Field.of(other));
    table.add(fields);
  }

  private static String end(Outcome outcome) {
    return outcome.verdictText() + (outcome.panicText() == null ? "" : ": " + outcome.panicText());
  }

  private static String kill(Outcome outcome, int i) {
    if (i >= outcome.kills().size()) {
      return "-";
    }
    KillRecord kill = outcome.kills().get(i);
    return kill.victim() + " " + ExplainReport.time(kill.atNs());
  }

  private static String span(long ns) {
    return ns < 0 ? "never" : Span.format(ns);
  }

  private static String number(double value) {
    return Dimension.NUMBER.show(value);
  }
}
