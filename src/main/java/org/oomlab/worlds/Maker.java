package org.oomlab.worlds;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.oomlab.engine.Quantity;
import org.oomlab.engine.RandomStream;
import org.oomlab.unit.Span;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.ProcessSpec.Freezer;
import org.oomlab.workload.Step;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.workload.Watermarks;
import org.oomlab.workload.Workload;

/** Makes a workload from nothing. */
final class Maker {
  private static final long MIB = 1 << 8;
  private static final Quantity NOTHING = new Quantity.Constant(0);

  private final Set<Feature> features;
  private final Draw draw;
  private final long memory;
  private final List<CgroupSpec> cgroups = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  /** Pages that are not yet somebody's. */
  private long room;

  private Maker(RandomStream random) {
    this.features = swarm(random);
    this.draw = new Draw(random, has(Feature.DISTRIBUTIONS), has(Feature.EXTREMES));
    this.memory = memory();
    this.room = memory;
  }

  /** Which features are on: few or many. */
  static Set<Feature> swarm(RandomStream random) {
    Set<Feature> on = EnumSet.noneOf(Feature.class);
    double share = new double[] {0.05, 0.15, 0.3, 0.6}[(int) random.nextBelow(4)];
    for (Feature feature : Feature.values()) {
      if (random.nextDouble() < share) {
        on.add(feature);
      }
    }
    return on;
  }

  /** A workload that makes sense. */
  static Workload make(RandomStream random, String name, String source) {
    return Sense.of(new Maker(random).workload(name, source));
  }

  private boolean has(Feature feature) {
    return features.contains(feature);
  }

  private Workload workload(String name, String source) {
    if (has(Feature.CGROUPS)) {
      makeCgroups();
    }
    MachineSpec machine = machine();
    List<ProcessSpec> bare = new ArrayList<>();
    int count = 1 + draw.below(draw.chance(0.1) ? 8 : 4);
    for (int i = 0; i < count; i++) {
      bare.add(process(i));
    }
    bare.forEach(each -> names.addAll(Sense.names(each)));
    List<String> mutexes = has(Feature.MUTEXES) ? letters("m", 1 + draw.below(3)) : List.of();
    List<String> futexes = has(Feature.FUTEXES) ? letters("f", 1 + draw.below(3)) : List.of();
    long wanted = Math.max(64, Math.min(memory, 2 * Math.max(0, machine.free()) + MIB));
    Programs programs = new Programs(draw, features, wanted, names, mutexes, futexes);
    List<ProcessSpec> processes = new ArrayList<>();
    for (ProcessSpec each : bare) {
      processes.add(Records.with(each, "threads", threads(each, programs)));
    }
    long horizon = draw.of(1L, 5L, 20L, 20L, 80L, 300L) * Span.SECOND;
    if (draw.chance(0.1)) {
      horizon = 1 + draw.scaled(0, 600 * Span.SECOND);
    }
    return new Workload(
        name,
        "A world from nothing",
        source,
        "x86-64",
        horizon,
        machine,
        cgroups,
        mutexes,
        futexes,
        processes,
        List.of(),
        null);
  }

  private static List<String> letters(String prefix, int count) {
    List<String> letters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      letters.add(prefix + i);
    }
    return letters;
  }

  // The machine.

  private long memory() {
    if (draw.isExtreme()) {
      return draw.of(1L, 2L, 33L, 513L, draw.scaled(1, Draw.MOST_PAGES));
    }
    return draw.chance(0.5) ? draw.of(1L, 2L, 4L, 8L) * 1024 * MIB : draw.scaled(64, 4096 * MIB);
  }

  private MachineSpec machine() {
    boolean watermarks = has(Feature.WATERMARKS);
    int scale = watermarks && draw.chance(0.3) ? (int) draw.scaled(1, 3000) : 10;
    long min = Watermarks.defaultMin(memory);
    if (watermarks && draw.chance(0.5)) {
      min = draw.chance(0.2) ? 0 : draw.pages(memory / 16);
    }
    Watermarks marks = Watermarks.above(min, memory, scale);
    long low = watermarks && draw.chance(0.2) ? min + draw.pages(memory / 16) : marks.low();
    long high = Math.max(low, marks.high());
    if (watermarks && draw.chance(0.2)) {
      high = low + draw.pages(memory / 16);
    }
    long free = draw.of(-1L, 0L, min, high, min + draw.pages(64 * MIB), draw.pages(memory / 8));
    free = Math.min(free, memory);
    room -= Math.max(0, free);
    Quantity cache = has(Feature.CACHE) ? draw.sizes(room / 4) : NOTHING;
    Quantity dirty = has(Feature.CACHE) && draw.chance(0.5) ? draw.sizes(room / 4) : NOTHING;
    room -= Math.min(room, cache.least());
    return new MachineSpec(
        memory,
        free,
        Math.min(min, Draw.MOST_PAGES),
        Math.min(low, Draw.MOST_PAGES),
        Math.min(high, Draw.MOST_PAGES),
        10, // What was drawn is in the watermarks.
        watermarks && draw.chance(0.2) ? draw.pages(memory / 16) : 0,
        has(Feature.SWAP) ? draw.pages(memory) : 0,
        cache,
        dirty,
        has(Feature.CACHE) && draw.chance(0.5)
            ? draw.sizes(1024 * MIB)
            : new Quantity.Constant(100 * MIB),
        has(Feature.PROCESSORS) ? draw.of(1, 2, 3, 4, 16, (int) draw.scaled(1, 128)) : 2,
        has(Feature.PROCESSORS) ? draw.of(100, 250, 300, 1000) : 250);
  }

  private void makeCgroups() {
    int count = 1 + draw.below(4);
    for (int i = 0; i < count; i++) {
      String parent = i > 0 && draw.chance(0.5) ? cgroups.get(draw.below(i)).name() : null;
      long limit = draw.chance(0.3) ? Long.MAX_VALUE : draw.pages(memory / 2);
      cgroups.add(new CgroupSpec("g" + i, parent, limit, draw.chance(0.2), draw.chance(0.1)));
    }
  }

  // Who lives on it.

  private ProcessSpec process(int number) {
    boolean kernelThread = has(Feature.KERNEL_THREADS) && draw.chance(0.25);
    boolean attributes = has(Feature.ATTRIBUTES);
    int count = has(Feature.COPIES) && draw.chance(0.3) ? 1 + draw.below(5) : 1;
    String name = "p" + number;
    boolean shares = has(Feature.SHARED_MM) && number > 0 && draw.chance(0.3);
    String relative = number == 0 ? null : "p" + draw.below(number);
    List<VmaSpec> mappings = kernelThread || shares ? List.of() : mappings(count);
    Quantity start = has(Feature.START_TIMES) ? draw.times(0.05) : NOTHING;
    boolean slowExit = has(Feature.EXITS) && draw.chance(0.5);
    boolean work = has(Feature.WORK) && draw.chance(0.5);
    return new ProcessSpec(
        name,
        count,
        attributes && draw.chance(0.5) ? draw.of(-1000, -999, -1, 1, 1000, draw.below(1000)) : 0,
        attributes && draw.chance(0.2),
        attributes && draw.chance(0.1),
        kernelThread,
        attributes && draw.chance(0.1),
        has(Feature.FAMILIES) && draw.chance(0.5) ? relative : null,
        shares ? relative : null,
        shares && draw.chance(0.3),
        cgroups.isEmpty() || draw.chance(0.3) ? null : draw.of(cgroups).name(),
        has(Feature.FREEZER) && draw.chance(0.3) ? draw.of(Freezer.V1, Freezer.V2) : Freezer.NONE,
        start,
        mappings,
        has(Feature.SWAP) && draw.chance(0.5) ? draw.sizes(memory / 4) : NOTHING,
        slowExit ? draw.times(0.05) : NOTHING,
        slowExit ? draw.times(0.05) : NOTHING,
        attributes && draw.chance(0.1),
        work ? Math.max(1, draw.ns()) : Span.SECOND,
        work ? Math.max(1, draw.nsOrForever(0.3)) : Span.FOREVER,
        List.of(new ThreadSpec(name, 1, null, List.of())));
  }

  private List<VmaSpec> mappings(int count) {
    List<VmaSpec> mappings = new ArrayList<>();
    int size = draw.below(4);
    for (int i = 0; i < size; i++) {
      mappings.add(mapping(i, room / count));
      room -= Math.min(room, mappings.get(i).size().least() * count);
    }
    return mappings;
  }

  private VmaSpec mapping(int number, long most) {
    boolean flags = has(Feature.MAPPING_FLAGS);
    VmaSpec.Kind kind =
        has(Feature.MAPPING_KINDS) ? draw.of(VmaSpec.Kind.values()) : VmaSpec.Kind.ANONYMOUS;
    return new VmaSpec(
        draw.chance(0.5) ? "v" + number : null,
        kind,
        draw.sizes(most),
        flags && draw.chance(0.4),
        flags && draw.chance(0.3) ? draw.of(VmaSpec.Notifier.values()) : VmaSpec.Notifier.NONE,
        flags && draw.chance(0.3),
        flags && draw.chance(0.3),
        flags && draw.chance(0.2),
        flags && draw.chance(0.1) ? draw.pages(most / 64) : -1,
        flags && draw.chance(0.2) ? (int) draw.scaled(1, 1_000_000) : 1);
  }

  private List<ThreadSpec> threads(ProcessSpec of, Programs programs) {
    List<String> mappings = new ArrayList<>();
    for (VmaSpec vma : of.memory()) {
      if (vma.name() != null) {
        mappings.add(vma.name());
      }
    }
    List<ThreadSpec> threads = new ArrayList<>();
    int others = has(Feature.THREADS) ? draw.below(4) : 0;
    for (int i = 0; i <= others; i++) {
      String name = i == 0 ? of.name() : of.name() + "/" + draw.of("thread", "t" + i);
      int count = i > 0 && draw.chance(0.3) ? 1 + draw.below(5) : 1;
      String robust = mappings.isEmpty() || draw.chance(0.7) ? null : draw.of(mappings);
      List<Step> run = draw.chance(0.3) ? programs.asking() : programs.program(mappings);
      threads.add(new ThreadSpec(name, count, robust, run));
    }
    return threads;
  }
}
