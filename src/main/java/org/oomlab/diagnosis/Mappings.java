package org.oomlab.diagnosis;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.unit.Span;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.ProcessSpec.Freezer;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;

/** What a process of a workload has mapped, and processes that are nobody's. */
final class Mappings {
  private Mappings() {}

  /** Pages of all mappings, with or without those that are accounted for elsewhere. */
  static long size(ProcessSpec spec, boolean borrowed) {
    long pages = 0;
    for (VmaSpec each : spec.memory()) {
      boolean counts = borrowed || each.kind() != VmaSpec.Kind.BORROWED;
      pages += (counts ? ((Constant) each.size()).value() : 0) + Math.max(0, each.pageTables());
    }
    return pages;
  }

  static VmaSpec mapping(VmaSpec.Kind kind, long pages) {
    return new VmaSpec(
        null,
        kind,
        new Constant(pages),
        false,
        VmaSpec.Notifier.NONE,
        kind == VmaSpec.Kind.FILE,
        false,
        false,
        0,
        1);
  }

  static ProcessSpec withoutMemory(ProcessSpec spec) {
    List<VmaSpec> none =
        spec.kernelThread() ? List.of() : List.of(mapping(VmaSpec.Kind.ANONYMOUS, 1));
    return spec.with(spec.oomScoreAdj(), none, spec.threads());
  }

  static ProcessSpec nobodys(
      String name, @Nullable String cgroup, List<VmaSpec> memory, List<ThreadSpec> threads) {
    Constant none = new Constant(0);
    return new ProcessSpec(
        name,
        1,
        -1000,
        false,
        false,
        false,
        false,
        null,
        null,
        false,
        cgroup,
        Freezer.NONE,
        none,
        memory,
        none,
        none,
        none,
        false,
        Span.SECOND,
        Span.FOREVER,
        0,
        threads);
  }
}
