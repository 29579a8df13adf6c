package org.oomlab.yaml;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.unit.Bytes;
import org.oomlab.workload.Extent;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Watermarks;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Value;

/** Reads the machine of a workload; after all else, for then it is known what must fit in it. */
final class MachineReader {
  private static final Quantity ZERO = new Constant(0);

  private final Value self;
  private final Fields fields;
  private final Needs needs;

  MachineReader(Value machine, Needs needs) {
    this.self = machine;
    this.fields = machine.fields();
    this.needs = needs;
  }

  MachineSpec read() {
    int before = self.problems().count();
    Value memoryValue = fields.need("memory");
    long memory = memoryValue == null ? 0 : memoryValue.size();
    boolean known = self.problems().count() == before;
    long free = fields.size("free", -1L);
    int scale = fields.whole("watermark_scale_factor", 10, 1, 3000);
    Watermarks marks = watermarks(memory, scale);
    PagingReader paging = new PagingReader(fields);
    long swap = paging.swapPages();
    Value cache = fields.find("page_cache");
    Quantity pageCache = cache == null ? ZERO : cache.sizes();
    MachineSpec machine =
        new MachineSpec(
            memory,
            free,
            marks.min(),
            marks.low(),
            marks.high(),
            scale,
            fields.size("lowmem_reserve", 0L),
            swap,
            pageCache,
            fields.sizes("dirty_cache", ZERO),
            fields.sizes("writeback", new Constant(100 << 8)),
            fields.whole("cpus", 2, 1, 8192),
            hz(fields.find("hz")),
            paging.read());
    fields.end();
    needs.checkUse(machine.paging());
    if (known) {
      tooMuch(free, memory, pageCache, machine.dirtyCache());
      if (cache != null) {
        needs.pageCache(cache, pageCache.least());
      }
      needs.check(memory, free, swap);
    }
    return machine;
  }

  /** What is part of something cannot be more than that. */
  private void tooMuch(long free, long memory, Quantity pageCache, Quantity dirty) {
    Value freeValue = fields.find("free");
    if (freeValue != null && free > memory) {
      freeValue.problem(
          Bytes.human(free) + " is more than machine.memory (" + Bytes.format(memory) + ")");
    }
    Value dirtyValue = fields.find("dirty_cache");
    if (dirtyValue != null && dirty.least() > Extent.largest(pageCache)) {
      dirtyValue.problem("is part of machine.page_cache, which is less");
    }
  }

  private static int hz(@Nullable Value value) {
    if (value == null) {
      return 250;
    }
    int hz = value.whole(100, 1000);
    if (hz != 100 && hz != 250 && hz != 300 && hz != 1000) {
      value.problem("expected 100, 250, 300 or 1000, found " + hz);
    }
    return hz;
  }

  private Watermarks watermarks(long memory, int scale) {
    Value minFree = fields.find("min_free");
    Value minValue = fields.find("min");
    if (minFree != null && minValue != null) {
      minFree.problem("min is given as well, and they mean the same");
    }
    Value written = minValue == null ? minFree : minValue;
    long min = written == null ? Watermarks.defaultMin(memory) : written.size();
    Watermarks above = Watermarks.above(min, memory, scale);
    long low = fields.size("low", above.low());
    long high = fields.size("high", above.high());
    Value factor = fields.find("watermark_scale_factor");
    if (factor != null && fields.has("low") && fields.has("high")) {
      factor.problem("decides low and high, and both are given");
    }
    if (min > low || low > high) {
      self.problem(
          String.format(
              Locale.ROOT,
              "the watermarks must ascend: min %s, low %s, high %s",
              Bytes.format(min),
              Bytes.format(low),
              Bytes.format(high)));
    }
    return new Watermarks(min, low, high);
  }
}
