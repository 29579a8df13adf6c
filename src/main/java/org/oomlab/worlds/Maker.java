package org.oomlab.worlds;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.engine.RandomStream;
import org.oomlab.unit.Span;
import org.oomlab.workload.Access;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.DiskSpec;
import org.oomlab.workload.Feature;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Paging;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.ProcessSpec.Freezer;
import org.oomlab.workload.SoftLimits;
import org.oomlab.workload.Step;
import org.oomlab.workload.SwapSpec;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.workload.Watermarks;
import org.oomlab.workload.Workload;
import org.oomlab.workload.WorldSpace;

/** Makes a workload from nothing. */
final class Maker {
  private static final long MIB = 1 << 8;

  /** 256TiB: more than a swap device can be is refused where a file says so. */
  private static final long MOST_SWAP = 1L << 36;

  private static final Quantity NOTHING = new Quantity.Constant(0);

  private final @Nullable WorldSpace space;
  private final Set<Feature> features;
  private final Draw draw;
  private final long memory;
  private final List<CgroupSpec> cgroups = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  private final Paging paging;

  /** Pages that are not yet somebody's. */
  private long room;

  private Maker(RandomStream random, @Nullable WorldSpace space) {
    this.space = space;
    this.features = space == null ? swarm(random) : swarm(random, space);
    long longest = space == null ? Span.FOREVER : space.longestNs();
    this.draw = new Draw(random, has(Feature.DISTRIBUTIONS), has(Feature.EXTREMES), longest);
    this.memory = memory();
    this.room = memory;
    this.paging = paging();
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

  /** The same in a space: each with its chance, in a world of few or of many. */
  static Set<Feature> swarm(RandomStream random, WorldSpace space) {
    Set<Feature> on = EnumSet.noneOf(Feature.class);
    double scale = new double[] {0.25, 0.5, 1, 2}[(int) random.nextBelow(4)];
    for (Feature feature : Feature.values()) {
      if (feature.mustBeNamed() && !space.chances().containsKey(feature)) {
        continue; // These came later: the seeds that documents name make the worlds they did.
      }
      double chance = space.chances().getOrDefault(feature, 0.0);
      // What is certain to be there is there in a world of few things, too.
      if (random.nextDouble() < (chance >= 1 ? 1 : chance * scale)) {
        on.add(feature);
      }
    }
    return on;
  }

  /** A workload that makes sense. */
  static Workload make(RandomStream random, String name, String source) {
    return Sense.of(new Maker(random, null).workload(name, source));
  }

  /** The same in a space. */
  static Workload make(RandomStream random, WorldSpace space, String name, String source) {
    return Sense.of(new Maker(random, space).workload(name, source));
  }

  /** What a space allows, or as it would be without one. */
  private int most(ToIntFunction<WorldSpace> bound, int usual) {
    return space == null ? usual : Math.min(usual, bound.applyAsInt(space));
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
    int count = 1 + draw.below(most(WorldSpace::processes, draw.chance(0.1) ? 8 : 4));
    for (int i = 0; i < count; i++) {
      bare.add(process(i));
    }
    bare.forEach(each -> names.addAll(Sense.names(each)));
    List<String> mutexes = has(Feature.MUTEXES) ? letters("m", 1 + draw.below(3)) : List.of();
    List<String> futexes = has(Feature.FUTEXES) ? letters("f", 1 + draw.below(3)) : List.of();
    long wanted = Math.max(64, Math.min(memory, 2 * Math.max(0, machine.free()) + MIB));
    Programs programs =
        new Programs(
            draw, features, wanted, most(WorldSpace::steps, Programs.ANY), names, mutexes, futexes);
    List<ProcessSpec> processes = new ArrayList<>();
    for (ProcessSpec each : bare) {
      processes.add(Records.with(each, "threads", threads(each, programs)));
    }
    long horizon = draw.of(1L, 5L, 20L, 20L, 80L, 300L) * Span.SECOND;
    if (space != null) {
      horizon = space.horizonNs();
    } else if (draw.chance(0.1)) {
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
    if (space != null) {
      return draw.of(space.memory());
    }
    if (draw.isExtreme()) {
      return draw.of(1L, 2L, 33L, 513L, draw.scaled(1, Draw.MOST_PAGES));
    }
    return draw.chance(0.5) ? draw.of(1L, 2L, 4L, 8L) * 1024 * MIB : draw.scaled(64, 4096 * MIB);
  }

  /** Nothing, or disks of any speed behind the memory. */
  private Paging paging() {
    boolean psi = has(Feature.PRESSURE);
    if (!has(Feature.PAGING)) {
      return psi
          ? new Paging(
              null,
              null,
              Paging.NONE.swappiness(),
              true,
              Paging.NONE.lruRemembered(),
              Paging.NONE.missedInTurn(),
              true)
          : Paging.NONE;
    }
    long size = Math.max(1, Math.min(MOST_SWAP, draw.pages(2 * memory)));
    SwapSpec disk =
        new SwapSpec(size, speed(), speed(), draw.chance(0.5) ? draw.scaled(1, 10_000_000) : 0, 0);
    SwapSpec zram = new SwapSpec(size, 0, 0, 0, draw.of(1.0, 1.5, 3.0, 100.0));
    SwapSpec swap = draw.of(disk, disk, zram, null);
    boolean hasDisk = swap == null || draw.chance(0.5);
    DiskSpec files =
        hasDisk ? new DiskSpec(speed(), draw.chance(0.5) ? draw.scaled(1, 10_000_000) : 0) : null;
    int swappiness = draw.of(60, 0, 1, 100, 200);
    boolean generations = draw.chance(0.5);
    return new Paging(
        swap,
        files,
        swappiness,
        generations,
        draw.chance(0.7) ? Paging.remembered(generations) : draw.below(11) / 10.0,
        draw.chance(0.7) ? Paging.NONE.missedInTurn() : (1 + draw.below(100)) / 100.0,
        true);
  }

  private long speed() {
    return draw.scaled(256, 1024 * MIB);
  }

  private @Nullable Access access(VmaSpec.Kind kind, boolean locked) {
    boolean anon = kind == VmaSpec.Kind.ANONYMOUS && paging.swap() != null;
    boolean file =
        (kind == VmaSpec.Kind.FILE || kind == VmaSpec.Kind.SHARED_FILE) && paging.disk() != null;
    return !locked && (anon || file) && draw.chance(0.5)
        ? new Access(draw.scaled(1_000_000, 10 * Span.SECOND), draw.chance(0.3))
        : null;
  }

  private SoftLimits soft(long limit) {
    long high = draw.chance(0.3) ? Math.min(limit, draw.pages(memory / 2)) : Long.MAX_VALUE;
    long swapMax = draw.chance(0.3) ? draw.of(0L, draw.pages(memory)) : Long.MAX_VALUE;
    return new SoftLimits(high, swapMax, draw.chance(0.3) ? draw.pages(memory / 2) : 0);
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
    if (space != null && free >= 0) {
      free = Math.max(free, min); // Less is there only while somebody dips into the reserves.
    }
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
        swapPages(),
        cache,
        dirty,
        has(Feature.CACHE) && draw.chance(0.5)
            ? draw.sizes(1024 * MIB)
            : new Quantity.Constant(100 * MIB),
        cpus(),
        hz(),
        paging);
  }

  private long swapPages() {
    SwapSpec device = paging.swap();
    return device != null ? device.size() : has(Feature.SWAP) ? draw.pages(memory) : 0;
  }

  private int cpus() {
    if (space != null) {
      return has(Feature.PROCESSORS) ? draw.of(space.cpus()) : space.cpus().get(0);
    }
    return has(Feature.PROCESSORS) ? draw.of(1, 2, 3, 4, 16, (int) draw.scaled(1, 128)) : 2;
  }

  private int hz() {
    if (space != null) {
      return has(Feature.PROCESSORS) ? draw.of(space.hz()) : space.hz().get(0);
    }
    return has(Feature.PROCESSORS) ? draw.of(100, 250, 300, 1000) : 250;
  }

  private void makeCgroups() {
    int count = 1 + draw.below(most(WorldSpace::cgroups, 4));
    for (int i = 0; i < count; i++) {
      String parent = i > 0 && draw.chance(0.5) ? cgroups.get(draw.below(i)).name() : null;
      long limit = draw.chance(0.3) ? Long.MAX_VALUE : draw.pages(memory / 2);
      limit = space == null ? limit : Math.max(limit, WorldSpace.LEAST_LIMIT);
      SoftLimits soft = has(Feature.PRESSURE) ? soft(limit) : SoftLimits.NONE;
      boolean asOne = draw.chance(0.2);
      cgroups.add(new CgroupSpec("g" + i, parent, limit, asOne, draw.chance(0.1), soft));
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
        has(Feature.COUNTERS) && draw.chance(0.5) ? 1 + draw.below(64) : 0,
        List.of(new ThreadSpec(name, 1, null, List.of())));
  }

  private List<VmaSpec> mappings(int count) {
    List<VmaSpec> mappings = new ArrayList<>();
    int size = draw.below(most(WorldSpace::mappings, 3) + 1);
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
    String name = draw.chance(0.5) ? "v" + number : null;
    Quantity size = draw.sizes(most);
    boolean locked = flags && draw.chance(0.4);
    return new VmaSpec(
        name,
        kind,
        size,
        locked,
        flags && draw.chance(0.3) ? draw.of(VmaSpec.Notifier.values()) : VmaSpec.Notifier.NONE,
        flags && draw.chance(0.3),
        flags && draw.chance(0.3),
        flags && draw.chance(0.2),
        flags && draw.chance(0.1) ? draw.pages(most / 64) : -1,
        flags && draw.chance(0.2) ? (int) draw.scaled(1, 1_000_000) : 1,
        paging.moves() ? access(kind, locked) : null);
  }

  private List<ThreadSpec> threads(ProcessSpec of, Programs programs) {
    List<String> mappings = new ArrayList<>();
    for (VmaSpec vma : of.memory()) {
      if (vma.name() != null) {
        mappings.add(vma.name());
      }
    }
    List<ThreadSpec> threads = new ArrayList<>();
    int others = has(Feature.THREADS) ? draw.below(most(WorldSpace::threads, 4)) : 0;
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
