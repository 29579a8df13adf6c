package org.oomlab.worlds;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Span;
import org.oomlab.workload.Feature;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.ProcessSpec.Freezer;
import org.oomlab.workload.Step;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.workload.Workload;

/** Changes a workload here and there. */
final class Mutator {
  private final Draw draw;

  Mutator(Draw draw) {
    this.draw = draw;
  }

  /** The workload with a few changes, as far as they make sense. */
  Workload changed(Workload of) {
    Workload changed = of;
    int changes = 1 + draw.below(draw.chance(0.2) ? 12 : 4);
    for (int i = 0; i < changes; i++) {
      changed = changedOnce(changed);
    }
    return Sense.of(changed);
  }

  private Workload changedOnce(Workload of) {
    int what = draw.below(16);
    if (what == 0) {
      return Records.with(of, "machine", machine(of.machine()));
    } else if (what == 1) {
      return Records.with(of, "horizon", 1 + draw.scaled(0, 300 * Span.SECOND));
    } else if (what == 2 && of.mutexes().isEmpty()) {
      return Records.with(of, "mutexes", List.of("X"));
    } else if (what == 3 && of.futexes().isEmpty()) {
      return Records.with(of, "futexes", List.of("F"));
    }
    int index = draw.below(of.processes().size());
    ProcessSpec process = of.processes().get(index);
    if (what == 4 && of.processes().size() > 1) {
      return Records.with(of, "processes", Records.with(of.processes(), index, null));
    } else if (what == 5) {
      return Records.with(of, "processes", doubled(of, process));
    }
    return Records.with(of, "processes", Records.with(of.processes(), index, process(process, of)));
  }

  private List<ProcessSpec> doubled(Workload of, ProcessSpec process) {
    List<ProcessSpec> processes = new ArrayList<>(of.processes());
    int number = 2;
    String name = process.name() + "-" + number;
    while (isTaken(of, name)) {
      name = process.name() + "-" + ++number;
    }
    List<ThreadSpec> threads = new ArrayList<>();
    for (ThreadSpec each : process.threads()) {
      String own = each.name().substring(process.name().length());
      threads.add(Records.with(each, "name", name + own));
    }
    processes.add(Records.with(Records.with(process, "name", name), "threads", threads));
    return processes;
  }

  private static boolean isTaken(Workload of, String name) {
    return of.processes().stream().anyMatch(each -> each.name().equals(name));
  }

  private MachineSpec machine(MachineSpec of) {
    return switch (draw.below(6)) {
      case 0 -> Records.with(of, "free", Math.min(of.memory(), draw.pages(of.memory() / 8)));
      case 1 -> Records.with(of, "cpus", (int) draw.scaled(1, 16));
      case 2 -> Records.with(of, "hz", draw.of(100, 250, 300, 1000));
      case 3 -> Records.with(of, "pageCache", draw.sizes(of.memory() / 8));
      case 4 -> Records.with(of, "lowmemReserve", draw.pages(of.memory() / 64));
      default -> Records.with(of, "swap", draw.pages(of.memory()));
    };
  }

  private ProcessSpec process(ProcessSpec of, Workload in) {
    return switch (draw.below(16)) {
      case 0 -> Records.with(of, "oomScoreAdj", draw.of(-1000, 0, 1000, draw.below(2001) - 1000));
      case 1 -> Records.with(of, "frozen", draw.of(Freezer.values()));
      case 2 -> Records.with(of, "start", draw.times(0.05));
      case 3 -> Records.with(of, "oomOrigin", !of.oomOrigin());
      case 4 -> Records.with(of, "aio", draw.times(0.1));
      case 5 -> Records.with(of, "exe", draw.times(0.1));
      case 6 -> Records.with(of, "sharesMm", Sense.names(draw.of(in.processes())).get(0));
      case 7 -> Records.with(of, "swapped", draw.sizes(Math.max(1, in.machine().swap())));
      case 8, 9, 10 -> Records.with(of, "memory", mappings(of.memory(), in.machine().memory()));
      default -> programmed(of, in);
    };
  }

  private ProcessSpec programmed(ProcessSpec of, Workload in) {
    int index = draw.below(of.threads().size());
    ThreadSpec thread = of.threads().get(index);
    List<Step> run = steps(thread.run(), programs(in), mappingNames(of));
    ThreadSpec changed = Records.with(thread, "run", run);
    return Records.with(of, "threads", Records.with(of.threads(), index, changed));
  }

  private List<VmaSpec> mappings(List<VmaSpec> of, long memory) {
    if (of.isEmpty()) {
      return of;
    }
    int index = draw.below(of.size());
    VmaSpec vma = of.get(index);
    UnaryOperator<VmaSpec> change =
        draw.<UnaryOperator<VmaSpec>>of(
            it -> Records.with(it, "kind", draw.of(VmaSpec.Kind.values())),
            it -> Records.with(it, "size", draw.sizes(memory / 2)),
            it -> Records.with(it, "locked", !it.locked()),
            it -> Records.with(it, "huge", !it.huge()),
            it -> Records.with(it, "referenced", !it.referenced()),
            it -> Records.with(it, "dirty", !it.dirty()),
            it -> Records.with(it, "pageTables", draw.pages(memory / 512)),
            it -> Records.with(it, "notifier", draw.of(VmaSpec.Notifier.values())));
    return Records.with(of, index, draw.chance(0.1) ? null : change.apply(vma));
  }

  private Programs programs(Workload in) {
    List<String> names = new ArrayList<>();
    in.processes().forEach(each -> names.addAll(Sense.names(each)));
    EnumSet<Feature> features = EnumSet.allOf(Feature.class);
    if (in.mutexes().isEmpty()) {
      features.remove(Feature.MUTEXES);
    }
    if (in.futexes().isEmpty()) {
      features.remove(Feature.FUTEXES);
    }
    long room = Math.max(1, in.machine().memory() / 16);
    return new Programs(draw, features, room, Programs.ANY, names, in.mutexes(), in.futexes());
  }

  private static List<String> mappingNames(ProcessSpec of) {
    List<String> names = new ArrayList<>();
    for (VmaSpec vma : of.memory()) {
      if (vma.name() != null) {
        names.add(vma.name());
      }
    }
    return names;
  }

  private List<Step> steps(List<Step> of, Programs programs, List<String> mappings) {
    List<Step> steps = new ArrayList<>(of);
    int place = draw.below(steps.size() + 1);
    Step there = place < steps.size() ? steps.get(place) : null;
    if (there instanceof Step.Repeat it && draw.chance(0.7)) {
      steps.set(place, new Step.Repeat(it.times(), steps(it.steps(), programs, mappings)));
    } else if (there instanceof Step.Chance it && draw.chance(0.7)) {
      steps.set(place, new Step.Chance(it.probability(), steps(it.steps(), programs, mappings)));
    } else if (there != null && draw.chance(0.3)) {
      steps.remove(place);
    } else if (there instanceof Step.Touch it && draw.chance(0.3)) {
      Quantity size = draw.sizes(2 * Math.max(1, it.size().least()));
      steps.set(place, new Step.Touch(size, it.memory(), it.rate()));
    } else {
      steps.addAll(place, programs.program(mappings));
    }
    return steps;
  }
}
