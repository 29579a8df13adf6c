package org.oomlab.diagnosis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Step;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;

/** A process through all reports of a {@link Succession}. */
final class Being {
  final ProcessSpec spec;

  /** What it has resident in each report, page tables included; -1 where it has no row. */
  final long[] resident;

  /** Of that, what it takes of the machine or its cgroup. */
  final long[] own;

  int killed = -1;
  final List<List<Step>> asks = new ArrayList<>();
  List<VmaSpec> memory;
  @Nullable Step stuck;
  long stuckFrom;

  Being(ProcessSpec spec, int reports) {
    this.spec = spec;
    this.memory = spec.memory();
    this.resident = new long[reports];
    this.own = new long[reports];
    Arrays.fill(resident, -1);
    for (int i = 0; i < reports; i++) {
      asks.add(List.of());
    }
  }

  /**
   * It as a workload has it.
   *
   * @param at when each report was made
   */
  ProcessSpec lives(long[] at) {
    int last = at.length - 1;
    List<Step> run = new ArrayList<>();
    run.add(Growth.sleep(Succession.LEAD));
    long anonymous = 0;
    for (VmaSpec each : memory) {
      anonymous += each.kind() == VmaSpec.Kind.ANONYMOUS ? ((Constant) each.size()).value() : 0;
    }
    List<VmaSpec> mapped = new ArrayList<>(memory);
    Growth steps = new Growth(run, anonymous);
    boolean grows = false;
    for (int i = 0; i <= last; i++) {
      run.addAll(asks.get(i));
      if (i == last || killed == i) {
        break;
      }
      long was = Math.max(0, resident[i]);
      long is = Math.max(0, resident[i + 1]);
      if (is == 0 && was > 0 && !spec.init()) {
        run.add(Growth.sleep((at[i + 1] - at[i]) / 2));
        run.add(new Step.Exit());
        break;
      }
      grows |= is > was;
      steps.change(at[i + 1] - at[i], spec.kernelThread() ? 0 : is - was);
    }
    if (last > 0 && killed < 0 && resident[last] > 0 && !spec.kernelThread()) {
      long before = Math.max(0, resident[last - 1]);
      steps.goOn(at[last] - at[last - 1], before == 0 ? 0 : resident[last] - before);
    }
    if (grows && mapped.stream().noneMatch(each -> each.kind() == VmaSpec.Kind.ANONYMOUS)) {
      mapped.add(Mappings.mapping(VmaSpec.Kind.ANONYMOUS, 1));
    }
    Growth.dropSleeps(run);
    List<ThreadSpec> threads = new ArrayList<>();
    String name = spec.name();
    threads.add(new ThreadSpec(name, 1, null, run));
    Step held = stuck;
    if (held != null) {
      threads.add(new ThreadSpec(name + "/stuck", 1, null, List.of(Growth.sleep(stuckFrom), held)));
    }
    return spec.with(spec.oomScoreAdj(), mapped, threads);
  }
}
