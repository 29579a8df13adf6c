package org.oomlab.worlds;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Span;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.SoftLimits;
import org.oomlab.workload.Step;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.Workload;

/**
 * Makes in a finished workload what {@link Maker} never does: machines of thousands of processors,
 * cgroups below cgroups below cgroups, relatives that are one of many alike. A step of its own,
 * with chance of its own, because what is drawn earlier has to stay as it was: others name those
 * worlds by their seeds.
 */
final class Rarities {
  private static final int MOST_CPUS = 8192;
  private static final int MOST_SPREAD = 4096;
  private static final int DEEP = 12;

  private final Draw draw;

  Rarities(Draw draw) {
    this.draw = draw;
  }

  /** The workload with some of them, as far as they make sense in it. */
  Workload changed(Workload of) {
    Workload changed = of;
    int changes = 1 + draw.below(3);
    for (int i = 0; i < changes; i++) {
      changed = changedOnce(changed);
    }
    return Sense.of(changed);
  }

  private Workload changedOnce(Workload of) {
    return switch (draw.below(9)) {
      case 0 -> Records.with(of, "machine", Records.with(of.machine(), "cpus", cpus()));
      case 1 -> process(of, it -> Records.with(it, "oomScoreAdj", draw.below(2001) - 1000));
      case 2 -> process(of, it -> Records.with(it, "spread", (int) draw.scaled(1, MOST_SPREAD)));
      case 3 -> process(of, it -> Records.with(it, "parent", anyOf(of)));
      case 4 -> process(of, it -> Records.with(it, "sharesMm", anyOf(of)));
      case 5 -> process(of, this::paced);
      case 6 -> process(of, it -> Records.with(it, "count", 1 + draw.below(40)));
      case 7 -> Records.with(of, "cannotTell", List.of("nobody knows"));
      default -> nested(of);
    };
  }

  private int cpus() {
    return draw.of(64, 65, 128, 129, MOST_CPUS, (int) draw.scaled(1, MOST_CPUS));
  }

  /** Also one of many that are alike. */
  private String anyOf(Workload of) {
    List<String> names = new ArrayList<>();
    of.processes().forEach(each -> names.addAll(Sense.names(each)));
    return draw.of(names);
  }

  private Workload process(Workload of, UnaryOperator<ProcessSpec> change) {
    int index = draw.below(of.processes().size());
    ProcessSpec changed = change.apply(of.processes().get(index));
    return Records.with(of, "processes", Records.with(of.processes(), index, changed));
  }

  /** Its leader faults memory in at a pace that is drawn. */
  private ProcessSpec paced(ProcessSpec of) {
    ThreadSpec leader = of.threads().get(0);
    Quantity rate = new Quantity.Uniform(1 + draw.scaled(0, 1024), 1025 + draw.scaled(0, 1 << 18));
    List<Step> run = new ArrayList<>(leader.run());
    run.add(draw.below(run.size() + 1), new Step.Touch(draw.sizes(1 << 16), null, rate));
    return Records.with(
        of, "threads", Records.with(of.threads(), 0, Records.with(leader, "run", run)));
  }

  /** Somebody lives at the lower end of a line of cgroups, each with limits of its own. */
  private Workload nested(Workload of) {
    List<CgroupSpec> cgroups = new ArrayList<>(of.cgroups());
    int first = cgroups.size();
    int depth = 2 + draw.below(DEEP);
    for (int i = 0; i < depth; i++) {
      String parent = cgroups.isEmpty() ? null : cgroups.get(cgroups.size() - 1).name();
      long limit = draw.chance(0.7) ? Long.MAX_VALUE : draw.pages(of.machine().memory());
      long high = draw.chance(0.3) ? draw.pages(of.machine().memory()) : Long.MAX_VALUE;
      SoftLimits soft =
          new SoftLimits(
              high,
              draw.chance(0.2) ? 0 : Long.MAX_VALUE,
              draw.chance(0.2) ? draw.pages(of.machine().memory()) : 0);
      String name = "n" + (first + i);
      cgroups.add(new CgroupSpec(name, parent, limit, draw.chance(0.2), draw.chance(0.05), soft));
    }
    Workload changed = Records.with(of, "cgroups", cgroups);
    String last = cgroups.get(first + draw.below(depth)).name();
    return process(changed, it -> Records.with(it, "cgroup", last));
  }

  /** A machine whose speed is another in each episode. */
  Quantity microsecond() {
    return draw.of(
        new Quantity.LogNormal(Span.MICROSECOND, 1 + draw.below(20) / 10.0),
        new Quantity.Uniform(Span.MICROSECOND / 2, draw.scaled(Span.MICROSECOND, 100_000)));
  }
}
