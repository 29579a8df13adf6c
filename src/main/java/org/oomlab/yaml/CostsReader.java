package org.oomlab.yaml;

import org.oomlab.engine.Quantity;
import org.oomlab.workload.Costs;

/** Reads a cost file. */
final class CostsReader {
  private static final Quantity NOTHING = new Quantity.Constant(0);

  private CostsReader() {}

  static Costs read(Value document, Source source) {
    Fields fields = document.fields();
    String name = fields.require("costs", "", value -> PolicyFile.fileName(value, source));
    fields.text("title");
    fields.text("source");
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
            cost(fields, "area"),
            fields.require("pass", NOTHING, CostsReader::pass),
            cost(fields, "reclaim_page"),
            cost(fields, "exit_latency"),
            cost(fields, "reaper_latency"),
            cost(fields, "lock_latency"),
            cost(fields, "report"),
            cost(fields, "report_task"),
            fields.require("kswapd", false, Value::flag),
            fields.require("timer_wheel", false, Value::flag),
            fields.require("cpu_contention", false, Value::flag));
    fields.end();
    return costs;
  }

  /** A duration, alone or with the range it is uncertain in and the source it was taken from. */
  private static Quantity cost(Fields fields, String key) {
    return fields.require(key, NOTHING, CostsReader::cost);
  }

  /** A request that is refused tries again, and if that took no time it would do so for ever. */
  private static Quantity pass(Value value) {
    int before = value.problems().count();
    Quantity pass = cost(value);
    if (value.problems().count() == before && pass.isConstant() && pass.least() == 0) {
      value.problem("a pass must take some time");
    }
    return pass;
  }

  private static Quantity cost(Value value) {
    if (!value.isMapOfKeys()) {
      return value.spans();
    }
    Fields fields = value.fields();
    Quantity cost = fields.require("value", NOTHING, Value::spans);
    fields.get("range", NOTHING, Value::spans);
    fields.text("source");
    fields.end();
    return cost;
  }
}
