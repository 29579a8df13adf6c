package org.oomlab.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.report.Table.Field;
import org.oomlab.unit.Bytes;
import org.oomlab.workload.MachineSpec;

/**
 * Tables for people, a block for the results that belong together; {@link CellTable} and {@link
 * EpisodeTable} say which.
 */
abstract class TableReport<T> implements Report<T> {
  private final Writer out;
  private final Plan plan;
  private final boolean markdown;
  private final boolean colour;
  private final List<T> block = new ArrayList<>();
  private @Nullable Case first;
  private boolean begun;

  TableReport(Writer out, Plan plan, boolean markdown, boolean colour) {
    this.out = out;
    this.plan = plan;
    this.markdown = markdown;
    this.colour = colour && !markdown;
  }

  /** Which of the plan's cases the next result is of. */
  abstract Case next(T result);

  /** Whether results of these two cases stand in one block. */
  abstract boolean together(Case a, Case b);

  /** The block's title. */
  abstract String title(Case first);

  /** The block's table; what it cannot say in its fields goes into the notes. */
  abstract Table table(List<T> results, Notes notes);

  Plan plan() {
    return plan;
  }

  @Override
  public void accept(T result) {
    Case of = next(result);
    if (first != null && !together(first, of)) {
      print(first);
    }
    if (block.isEmpty()) {
      first = of;
    }
    block.add(result);
  }

  @Override
  public void close() {
    try {
      if (first != null && !block.isEmpty()) {
        print(first);
      }
      out.flush();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private void print(Case of) {
    Notes notes = new Notes();
    Table table = table(block, notes);
    Page page = new Page(colour);
    if (begun) {
      page.blank();
    }
    if (markdown) {
      page.line("### " + title(of)).blank().line(facts(of)).blank().markdown(table);
      notes.lines().forEach(note -> page.blank().line(note));
    } else {
      page.line(new Field(title(of), Tone.HEADING));
      page.line(new Field(facts(of), Tone.QUIET)).blank().table(table);
      notes.lines().forEach(page::line);
    }
    page.print(out);
    begun = true;
    block.clear();
  }

  /** What every row of the block has in common. */
  private String facts(Case of) {
    MachineSpec machine = of.workload().machine();
    String memory = Bytes.format(machine.memory());
    return String.join(
        ", ",
        memory.endsWith("B") ? memory : Bytes.human(machine.memory()),
        machine.cpus() + (machine.cpus() == 1 ? " CPU" : " CPUs"),
        "HZ " + machine.hz(),
        "costs " + of.costs().name(),
        "seeds " + plan.seeds());
  }
}
