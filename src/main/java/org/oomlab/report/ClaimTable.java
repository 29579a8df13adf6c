package org.oomlab.report;

import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.claim.ClaimResult;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Table.Head;
import org.oomlab.workload.Claim;

/** Claims for people, a block for each: who says what, what was measured, and the verdict. */
final class ClaimTable implements Report<ClaimResult> {
  private static final List<Head> HEADS =
      List.of(
          new Head("", "verdict", false),
          new Head("", "policy", false),
          new Head("", "metric", false),
          new Head("", "expected", false),
          new Head("", "measured", false));

  private final Writer out;
  private final boolean markdown;
  private final boolean colour;
  private final List<ClaimResult> block = new ArrayList<>();
  private boolean begun;

  /**
   * A table.
   *
   * @param out where it goes; stays open
   * @param colour whether it may use colours
   */
  ClaimTable(Writer out, boolean markdown, boolean colour) {
    this.out = out;
    this.markdown = markdown;
    this.colour = colour && !markdown;
  }

  @Override
  public void accept(ClaimResult result) {
    if (!block.isEmpty() && !block.get(0).claim().equals(result.claim())) {
      print();
    }
    block.add(result);
  }

  @Override
  public void close() {
    if (!block.isEmpty()) {
      print();
    }
  }

  private void print() {
    ClaimResult first = block.get(0);
    Claim claim = first.claim();
    String says = claim.says().isEmpty() ? claim.because() : claim.says();
    String source = claim.thread().isEmpty() ? first.position().file() : claim.thread();
    String title = first.workload() + ": " + says;
    Page page = new Page(colour);
    if (begun) {
      page.blank();
    }
    if (markdown) {
      page.line("### " + title).blank().line(source).blank().markdown(table()).blank();
    } else {
      page.line(new Field(title, Tone.HEADING)).line(new Field(source, Tone.QUIET)).table(table());
    }
    note(page, "because", claim.says().isEmpty() ? null : claim.because());
    note(page, "but", claim.contradicts().isEmpty() ? null : claim.contradicts());
    for (ClaimResult result : block) {
      note(page, "see", result.holds() ? null : result.position() + ": " + result.reproduce());
    }
    page.print(out);
    begun = true;
    block.clear();
  }

  private static void note(Page page, String head, @Nullable String note) {
    if (note != null) {
      page.line(head + ": " + note);
    }
  }

  private Table table() {
    Table table = new Table(HEADS);
    for (ClaimResult result : block) {
      Tone tone =
          switch (result.verdict()) {
            case HOLDS -> Tone.GOOD;
            case CONTRADICTED -> Tone.DOUBTFUL;
            case FAILS -> Tone.BAD;
          };
      String verdict =
          switch (result.verdict()) {
            case HOLDS -> "holds";
            case CONTRADICTED -> "not as said";
            case FAILS -> "fails";
          };
      table.add(
          List.of(
              new Field(verdict, tone),
              Field.of(result.policy()),
              Field.of(result.metric()),
              Field.of(result.expected()),
              Field.of(result.measured())));
    }
    return table;
  }
}
