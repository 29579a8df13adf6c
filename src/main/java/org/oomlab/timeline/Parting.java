package org.oomlab.timeline;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;

/**
 * Where two courses of one episode part, and what follows from it in each. They part where they no
 * longer announce the same.
 */
public final class Parting {
  private final Recording a;
  private final Recording b;
  private final @Nullable Happening firstOfA;
  private final @Nullable Happening firstOfB;

  private Parting(Recording a, Recording b) {
    this.a = a;
    this.b = b;
    int same = 0;
    int most = Math.min(a.happenings().size(), b.happenings().size());
    while (same < most && a.happenings().get(same).equals(b.happenings().get(same))) {
      same++;
    }
    this.firstOfA = same < a.happenings().size() ? a.happenings().get(same) : null;
    this.firstOfB = same < b.happenings().size() ? b.happenings().get(same) : null;
  }

  /** Looks for it. */
  public static Parting of(Recording a, Recording b) {
    return new Parting(a, b);
  }

  /** Where each of the others parts from the first. */
  public static List<Parting> ofFirst(List<Recording> all) {
    return all.stream().skip(1).map(each -> new Parting(all.get(0), each)).toList();
  }

  /** The earliest of these, to be pointed at; none if all are the same to the end. */
  public static Optional<TextChart.Cursor> first(List<Parting> partings) {
    return partings.stream()
        .filter(Parting::isThere)
        .min(Comparator.comparingLong(Parting::atNs))
        .map(parting -> new TextChart.Cursor(parting.atNs(), "they part,"));
  }

  /** Whether they part at all. */
  public boolean isThere() {
    return firstOfA != null || firstOfB != null;
  }

  /** When: the first time at which something happens in one that does not in the other. */
  public long atNs() {
    return Math.min(
        firstOfA == null ? Long.MAX_VALUE : firstOfA.atNs(),
        firstOfB == null ? Long.MAX_VALUE : firstOfB.atNs());
  }

  /**
   * Writes it down: the moment, and what each comes to.
   *
   * @param zeroNs what times are counted from
   */
  public void write(Page page, long zeroNs) {
    writeMoment(page, zeroNs);
    if (isThere()) {
      page.blank();
      page.table(outcomes());
    }
  }

  /** Draws it: what decides in each, on one axis, beginning a little before they part. */
  public void draw(Page page, int width, boolean ascii) {
    if (!isThere()) {
      return;
    }
    List<Recording> both = List.of(a, b);
    List<Timeline> timelines = both.stream().map(Recording::timeline).toList();
    Window whole = Window.of(timelines, List.of());
    long from = whole.around(atNs(), timelines).fromNs();
    Window window = whole.at(Math.min(from, whole.toNs() - 1), whole.toNs());
    page.blank();
    new TextChart(both, window, width, ascii)
        .writeInBrief(page, new TextChart.Cursor(atNs(), "they part,"));
  }

  /** Writes down the moment alone. */
  public void writeMoment(Page page, long zeroNs) {
    if (!isThere()) {
      page.line(a.name() + " and " + b.name() + " are the same to the end");
      return;
    }
    page.line("they part:");
    part(page, a, firstOfA, zeroNs);
    part(page, b, firstOfB, zeroNs);
  }

  private static void part(Page page, Recording side, @Nullable Happening first, long zeroNs) {
    page.line(
        new Field("  in " + side.name() + ": ", Tone.HEADING),
        Field.of(first == null ? "nothing any more" : sentence(side, first, zeroNs)));
  }

  private static String sentence(Recording side, Happening what, long zeroNs) {
    Story story = new Story(side.of().inhabited());
    return ExplainReport.time(what.atNs() - zeroNs)
        + ", "
        + story.sentence(what.atNs(), what.point(), what.subject(), what.a(), what.b());
  }

  private Table outcomes() {
    Table table =
        new Table(
            List.of(
                new Head("", "", false),
                new Head("", a.name(), false),
                new Head("", b.name(), false)));
    Outcome one = a.outcome();
    Outcome other = b.outcome();
    row(table, "outcome", end(one), end(other));
    int kills = Math.max(one.kills().size(), other.kills().size());
    row(table, "kills", "" + one.kills().size(), "" + other.kills().size());
    for (int i = 0; i < kills; i++) {
      row(table, "  " + (i + 1), kill(one, i), kill(other, i));
    }
    row(table, "recovery", span(one.recoveryNs()), span(other.recoveryNs()));
    row(table, "work lost", number(one.workLost()), number(other.workLost()));
    row(table, "freed by exit", amount(one.freedByExitPages()), amount(other.freedByExitPages()));
    row(
        table,
        "freed by reaper",
        amount(one.freedByReaperPages()),
        amount(other.freedByReaperPages()));
    return table;
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
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : new BigDecimal(value).round(new MathContext(6)).toPlainString();
  }

  private static String amount(long pages) {
    return pages == 0 ? "0" : Bytes.human(pages);
  }
}
