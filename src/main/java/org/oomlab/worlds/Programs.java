package org.oomlab.worlds;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Span;
import org.oomlab.workload.Feature;
import org.oomlab.workload.ProcessSpec.Freezer;
import org.oomlab.workload.Step;

/** Makes what threads do, of every kind of step, about anybody and in any order. */
final class Programs {
  /** More than any process has: what {@code free: all} gives back. */
  private static final Quantity ALL = new Quantity.Constant(Draw.MOST_PAGES);

  private static final int DEEPEST = 3;

  /** As many steps as there happen to be. */
  static final int ANY = Integer.MAX_VALUE;

  private final Draw draw;
  private final Set<Feature> features;

  /** Pages there are to be had, more or less. */
  private final long room;

  /** Steps of a program, at most. */
  private final int most;

  private final List<String> processes;
  private final List<String> mutexes;
  private final List<String> futexes;

  /**
   * Programs for the threads of one world.
   *
   * @param features what may be in them
   * @param room pages there are to be had, more or less
   * @param most steps of a program, at most
   * @param processes names of all that there are
   */
  Programs(
      Draw draw,
      Set<Feature> features,
      long room,
      int most,
      List<String> processes,
      List<String> mutexes,
      List<String> futexes) {
    this.draw = draw;
    this.features = EnumSet.copyOf(features);
    this.room = room;
    this.most = most;
    this.processes = processes;
    this.mutexes = mutexes;
    this.futexes = futexes;
  }

  /**
   * A program.
   *
   * @param mappings names of the mappings it may touch
   */
  List<Step> program(List<String> mappings) {
    return steps(mappings, 0);
  }

  private List<Step> steps(List<String> mappings, int depth) {
    List<Step> steps = new ArrayList<>();
    int length = draw.below(draw.chance(0.1) ? 12 : 5) + (depth == 0 ? 0 : 1);
    for (int i = 0; i < Math.min(length, most); i++) {
      steps.addAll(some(mappings, depth));
    }
    return steps;
  }

  /** A step, or some that belong together. */
  private List<Step> some(List<String> mappings, int depth) {
    if (depth < DEEPEST && draw.chance(0.15)) {
      if (features.contains(Feature.LOOPS) && draw.chance(0.5)) {
        return List.of(new Step.Repeat(times(), steps(mappings, depth + 1)));
      }
      if (features.contains(Feature.CHANCE)) {
        return List.of(new Step.Chance(probability(), steps(mappings, depth + 1)));
      }
      return section(mappings, depth);
    }
    return List.of(step(mappings));
  }

  private long times() {
    return draw.chance(0.2) ? -1 : draw.of(1L, 2L, 3L, draw.scaled(1, 100));
  }

  private double probability() {
    return draw.of(0.0, 0.1, 0.5, 0.9, 1.0);
  }

  /** A critical section, of which the end is sometimes missing. */
  private List<Step> section(List<String> mappings, int depth) {
    List<Step> steps = new ArrayList<>();
    boolean futex = features.contains(Feature.FUTEXES) && draw.chance(0.5);
    if (!futex && !features.contains(Feature.MUTEXES)) {
      return List.of(step(mappings));
    }
    String name = futex ? draw.of(futexes) : draw.of(mutexes);
    steps.add(futex ? new Step.TakeFutex(name) : new Step.Lock(name));
    steps.addAll(steps(mappings, depth + 1));
    if (draw.chance(0.8)) {
      steps.add(futex ? new Step.ReleaseFutex(name) : new Step.Unlock(name));
    }
    return steps;
  }

  private @Nullable Quantity rate() {
    boolean paced = features.contains(Feature.PACES) && draw.chance(0.5);
    return paced ? new Quantity.Constant(draw.scaled(256, 1L << 20)) : null;
  }

  private Step step(List<String> mappings) {
    List<Supplier<Step>> kinds = new ArrayList<>();
    kinds.add(() -> new Step.Touch(draw.sizes(room), mapping(mappings), rate()));
    kinds.add(() -> new Step.Sleep(draw.times(0.02)));
    if (features.contains(Feature.SLEEPS)) {
      kinds.add(() -> new Step.Sleep(draw.times(0.05)));
    }
    if (features.contains(Feature.BLOCKING)) {
      kinds.add(() -> new Step.Block(draw.times(0.05)));
    }
    if (features.contains(Feature.COMPUTING)) {
      kinds.add(() -> new Step.Compute(draw.times(0.05)));
    }
    if (features.contains(Feature.ALLOC)) {
      kinds.add(() -> new Step.Alloc(draw.sizes(room), draw.of(Step.Gfp.values())));
    }
    if (features.contains(Feature.DRAIN)) {
      kinds.add(() -> new Step.Drain(draw.sizes(room)));
    }
    if (features.contains(Feature.UNTIL_KILLED)) {
      kinds.add(() -> new Step.AllocUntilKilled(anybody(), draw.sizes(room)));
    }
    if (features.contains(Feature.FREE)) {
      kinds.add(() -> new Step.Free(draw.chance(0.2) ? ALL : draw.sizes(room)));
    }
    if (features.contains(Feature.MUTEXES)) {
      kinds.add(() -> new Step.Lock(draw.of(mutexes)));
      kinds.add(() -> new Step.Unlock(draw.of(mutexes)));
      kinds.add(() -> new Step.WaitLocked(draw.of(mutexes)));
    }
    if (features.contains(Feature.FUTEXES)) {
      kinds.add(() -> new Step.TakeFutex(draw.of(futexes)));
      kinds.add(() -> new Step.ReleaseFutex(draw.of(futexes)));
      kinds.add(() -> new Step.WaitFutex(draw.of(futexes)));
    }
    if (features.contains(Feature.MMAP_LOCK)) {
      kinds.add(() -> new Step.MmapLock(anybody(), draw.times(0.05)));
    }
    if (features.contains(Feature.FREEZER)) {
      kinds.add(() -> new Step.Freeze(anybody(), draw.of(Freezer.V1, Freezer.V2)));
      kinds.add(() -> new Step.Thaw(anybody()));
    }
    if (features.contains(Feature.KILLS)) {
      kinds.add(() -> new Step.Kill(anybody()));
      kinds.add(() -> new Step.WaitKilled(anybody()));
    }
    if (features.contains(Feature.MRELEASE)) {
      kinds.add(() -> new Step.Mrelease(anybody()));
      kinds.add(() -> new Step.WaitOomSkip(anybody()));
    }
    if (features.contains(Feature.WORK)) {
      kinds.add(Step.Checkpoint::new);
    }
    if (features.contains(Feature.EXITS) && draw.chance(0.5)) {
      kinds.add(Step.Exit::new);
    }
    return draw.of(kinds).get();
  }

  private String anybody() {
    return draw.of(processes);
  }

  private @Nullable String mapping(List<String> mappings) {
    return mappings.isEmpty() || draw.chance(0.6) ? null : draw.of(mappings);
  }

  /** What an ordinary victim-to-be does: in the end it wants more than there is. */
  List<Step> asking() {
    List<Step> steps = new ArrayList<>();
    if (draw.chance(0.3)) {
      steps.add(new Step.Sleep(draw.quantity(draw.scaled(0, Span.SECOND), Span.FOREVER - 1)));
    }
    steps.add(new Step.Touch(draw.sizes(room), null));
    return steps;
  }
}
