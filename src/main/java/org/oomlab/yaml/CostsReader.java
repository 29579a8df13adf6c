package org.oomlab.yaml;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Span;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Extent;
import org.oomlab.workload.PageTableContention;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Node;
import org.oomlab.yaml.tree.Source;
import org.oomlab.yaml.tree.Value;

/** Reads a cost file. */
final class CostsReader {
  /** The only key below which there are keys of costs. */
  private static final String GROUP = "page_table_contention";

  static final int MOST_PROCESSORS = 4096;

  /** The shortest pass, in the middle of what is drawn. */
  private static final double LEAST_PASS_NS = Span.MICROSECOND;

  /** The least median of a log-normal factor that is not drawn as nothing. */
  private static final long LEAST_MEDIAN_NS = 100;

  private static final Quantity NOTHING = new Quantity.Constant(0);
  // Where a file does not say: what the laboratory counted on zram, at five instructions a
  // nanosecond.
  private static final Quantity SWAP_OUT = new Quantity.Constant(9 * Span.MICROSECOND);
  private static final Quantity SWAP_IN = new Quantity.Constant(4 * Span.MICROSECOND);
  private static final Quantity FREE_SWAP = new Quantity.Constant(250);

  private static final Quantity MICROSECOND = new Quantity.Constant(1_000);

  private CostsReader() {}

  static Costs read(Value document, Source source) {
    Fields fields = document.fields();
    String name = PolicyFile.fileName(fields.need("costs"), source);
    fields.text("title");
    fields.text("source");
    fields.text("extends"); // What it inherits is in the document by now.
    Costs costs =
        new Costs(
            name,
            cost(fields, "fault"),
            cost(fields, "kernel_page"),
            cost(fields, "unmap"),
            cost(fields, "unmap_locked"),
            cost(fields, "munlock"),
            cost(fields, "unmap_file"),
            cost(fields, "free_shared"),
            cost(fields, "unmap_huge"),
            cost(fields, "page_table"),
            cost(fields, "table_walk", NOTHING),
            cost(fields, "area"),
            cost(fields, "pass"),
            fields.find("charge") == null ? cost(fields, "pass") : cost(fields, "charge"),
            cost(fields, "reclaim_page"),
            cost(fields, "swap_out", SWAP_OUT),
            cost(fields, "swap_in", SWAP_IN),
            cost(fields, "free_swap", FREE_SWAP),
            cost(fields, "exit_latency"),
            cost(fields, "reaper_latency"),
            cost(fields, "lock_latency"),
            cost(fields, "report"),
            cost(fields, "report_task"),
            cost(fields, "scan", NOTHING),
            cost(fields, "scan_counter", NOTHING),
            cost(fields, "microsecond", MICROSECOND),
            required(fields, "kswapd"),
            required(fields, "timer_wheel"),
            required(fields, "cpu_contention"),
            fields.flag("preemptible"),
            processors(fields.find("processors")),
            fields.flag("gather"),
            contention(fields.need(GROUP)));
    mustTakeTime(fields, costs);
    fields.end();
    return costs;
  }

  /** A cost file's document, and below it what it inherits. */
  static Node.Mapping inherit(Node.Mapping inherited, Node.Mapping own) {
    Node.Mapping result = own;
    for (Map.Entry<String, Node.Member> entry : inherited.members().entrySet()) {
      String key = entry.getKey();
      Node mine = own.get(key);
      if (mine == null) {
        result = result.with(key, entry.getValue());
      } else if (key.equals(GROUP)
          && mine instanceof Node.Mapping below
          && entry.getValue().value() instanceof Node.Mapping above) {
        result = result.with(key, new Node.Member(mine.at(), inherit(above, below)));
      }
    }
    return result;
  }

  /** {@code off}, or what it takes to share page tables. */
  private static @Nullable PageTableContention contention(@Nullable Value value) {
    if (value == null) {
      return null;
    }
    if (!value.isMap()) {
      value.choice(List.of("off"));
      return null;
    }
    Fields fields = value.fields();
    PageTableContention contention =
        new PageTableContention(
            fields.require("under_lock", 0.0, CostsReader::share),
            cost(fields, "visit"),
            cost(fields, "bounce"),
            fields.require("freeing", 0.0, CostsReader::share));
    fields.end();
    return contention;
  }

  /** How many processors' worth of time there is, alone or with its source. */
  private static int processors(@Nullable Value value) {
    if (value == null) {
      return Integer.MAX_VALUE;
    }
    Function<Value, Integer> read = count -> count.whole(1, MOST_PROCESSORS);
    return value.isMap() ? explained(value, 1, read, Value::text) : read.apply(value);
  }

  /** A duration, alone or with the range it is uncertain in and the source it was taken from. */
  private static Quantity cost(Fields fields, String key) {
    Value value = fields.need(key);
    return value == null ? NOTHING : cost(value);
  }

  /** The same of a cost that need not be there. */
  private static Quantity cost(Fields fields, String key, Quantity absent) {
    Value value = fields.find(key);
    return value == null ? absent : cost(value);
  }

  private static boolean required(Fields fields, String key) {
    Value value = fields.need(key);
    return value != null && value.flag();
  }

  /**
   * A request that is refused tries again. If that took next to no time it would do so without end,
   * however fast the machine is.
   */
  private static void mustTakeTime(Fields fields, Costs costs) {
    Value microsecond = fields.find("microsecond");
    Quantity factor = costs.microsecond();
    if (microsecond != null && !isPositive(factor)) {
      microsecond.problem("must take some time, whatever is drawn; what all else takes goes by it");
      return;
    }
    mustTakeTime(fields.find("pass"), "a pass", costs.pass(), factor);
    mustTakeTime(fields.find("charge"), "an attempt", costs.charge(), factor);
  }

  private static void mustTakeTime(
      @Nullable Value value, String what, Quantity cost, Quantity microsecond) {
    double ns = Extent.middle(cost) * Extent.middle(microsecond) / Span.MICROSECOND;
    if (value != null && (cost.isZero() || ns < LEAST_PASS_NS)) {
      value.problem(
          cost.isZero()
              ? what + " must take some time"
              : what + " must take 1us at the least, with what microsecond says");
    }
  }

  private static boolean isPositive(Quantity quantity) {
    return quantity.least() > 0
        || (quantity instanceof Quantity.LogNormal it && it.median() >= LEAST_MEDIAN_NS);
  }

  private static Quantity cost(Value value) {
    return value.isMapOfKeys()
        ? explained(value, NOTHING, Value::spans, Value::spans)
        : value.spans();
  }

  /** A share, alone or with its source. */
  private static double share(Value value) {
    Function<Value, Double> read = share -> share.decimal(0, 1);
    return value.isMap() ? explained(value, 0.0, read, Value::text) : read.apply(value);
  }

  private static <T> T explained(
      Value value, T harmless, Function<Value, T> read, Function<Value, ?> readRange) {
    Fields fields = value.fields();
    T explained = fields.require("value", harmless, read);
    fields.get("range", "", readRange);
    fields.text("source");
    fields.end();
    return explained;
  }
}
