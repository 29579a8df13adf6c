package org.oomlab.yaml;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Step;

/** Reads the steps of one process's threads. */
final class StepReader {
  private static final Step NONE = new Step.Exit();

  /** More than any process has: what {@code free: all} gives back. */
  private static final Quantity ALL = new Quantity.Constant(1L << 40);

  private static final List<String> KEYS =
      List.of(
          "sleep",
          "block",
          "compute",
          "touch",
          "alloc",
          "drain",
          "alloc_until_killed",
          "free",
          "lock",
          "unlock",
          "wait_locked",
          "mmap_lock",
          "take_futex",
          "release_futex",
          "wait_futex",
          "freeze",
          "thaw",
          "kill",
          "mrelease",
          "checkpoint",
          "repeat",
          "chance",
          "exit");

  private final References references;
  private final Collection<String> memory;
  private final boolean kernelThread;

  /**
   * A reader.
   *
   * @param memory the names of the process's mappings
   * @param kernelThread whether the process has no memory to touch
   */
  StepReader(References references, Collection<String> memory, boolean kernelThread) {
    this.references = references;
    this.memory = memory;
    this.kernelThread = kernelThread;
  }

  List<Step> steps(Value value) {
    return value.list(this::step);
  }

  private Step step(Value value) {
    return value.fields().oneOf(NONE, "a step", this::step, KEYS);
  }

  private @Nullable Step step(String key, Value value) {
    return switch (key) {
      case "sleep" -> new Step.Sleep(value.spans());
      case "block" -> new Step.Block(value.spans());
      case "compute" -> new Step.Compute(value.spans());
      case "touch" -> touch(value);
      case "alloc" -> alloc(value);
      case "drain" -> new Step.Drain(value.sizes());
      case "alloc_until_killed" -> allocUntilKilled(value);
      case "free" -> new Step.Free(isWord(value, "all") ? ALL : value.sizes());
      case "lock" -> new Step.Lock(references.mutex(value));
      case "unlock" -> new Step.Unlock(references.mutex(value));
      case "wait_locked" -> new Step.WaitLocked(references.mutex(value));
      case "mmap_lock" -> mmapLock(value);
      case "take_futex" -> new Step.TakeFutex(references.futex(value));
      case "release_futex" -> new Step.ReleaseFutex(references.futex(value));
      case "wait_futex" -> new Step.WaitFutex(references.futex(value));
      case "freeze" -> freeze(value);
      case "thaw" -> new Step.Thaw(references.process(value));
      case "kill" -> new Step.Kill(references.process(value));
      case "mrelease" -> new Step.Mrelease(references.process(value));
      case "checkpoint" -> bare(value, new Step.Checkpoint());
      case "repeat" -> repeat(value);
      case "chance" -> chance(value);
      case "exit" -> bare(value, new Step.Exit());
      default -> null;
    };
  }

  private static boolean isWord(Value value, String word) {
    return value.node() instanceof Node.Scalar scalar && scalar.text().equals(word);
  }

  /** A step that takes nothing: its value is null or an empty map. */
  private static Step bare(Value value, Step step) {
    if (value.isMap()) {
      value.fields().end();
    } else if (!value.isNull()) {
      value.problem("takes no value, found " + value.node().noun());
    }
    return step;
  }

  private Step touch(Value value) {
    if (kernelThread) {
      value.problem("a kernel thread has no memory to touch");
    }
    if (!value.isMapOfKeys()) {
      return new Step.Touch(value.sizes(), null);
    }
    Fields fields = value.fields();
    Step step =
        new Step.Touch(
            fields.require("size", ALL, Value::sizes),
            fields.<@Nullable String>get("memory", null, this::memory));
    fields.end();
    return step;
  }

  /** The name of one of the process's own mappings. */
  String memory(Value value) {
    return references.refer(value, "memory", memory);
  }

  private static Step alloc(Value value) {
    if (!value.isMapOfKeys()) {
      return new Step.Alloc(value.sizes(), Step.Gfp.KERNEL);
    }
    Fields fields = value.fields();
    Step step =
        new Step.Alloc(
            fields.require("size", ALL, Value::sizes), fields.choice("gfp", Step.Gfp.KERNEL));
    fields.end();
    return step;
  }

  private Step allocUntilKilled(Value value) {
    Fields fields = value.fields();
    Step step =
        new Step.AllocUntilKilled(
            fields.require("process", "", references::process),
            fields.sizes("then", new Quantity.Constant(0)));
    fields.end();
    return step;
  }

  private Step mmapLock(Value value) {
    Fields fields = value.fields();
    Step step =
        new Step.MmapLock(
            fields.require("of", "", references::process),
            fields.require("time", ALL, Value::spans));
    fields.end();
    return step;
  }

  private Step freeze(Value value) {
    Fields fields = value.fields();
    Step step =
        new Step.Freeze(
            fields.require("process", "", references::process),
            fields.require(
                "freezer",
                ProcessSpec.Freezer.V1,
                freezer ->
                    freezer.choice(List.of("v1", "v2")) == 0
                        ? ProcessSpec.Freezer.V1
                        : ProcessSpec.Freezer.V2));
    fields.end();
    return step;
  }

  private Step repeat(Value value) {
    Fields fields = value.fields();
    long times =
        fields.require(
            "times",
            1L,
            count -> isWord(count, "forever") ? -1L : (long) count.whole(1, Integer.MAX_VALUE));
    int before = value.problems().count();
    List<Step> steps = fields.require("steps", List.of(), this::steps);
    if (times < 0
        && value.problems().count() == before
        && steps.stream().noneMatch(StepReader::takesTime)) {
      value.problem("repeats for ever without taking time; add a sleep");
    }
    fields.end();
    return new Step.Repeat(times, steps);
  }

  /** False for a step that can be done over and over in the same instant. */
  private static boolean takesTime(Step step) {
    if (step instanceof Step.Sleep sleep) {
      return !isZero(sleep.time());
    }
    if (step instanceof Step.Block block) {
      return !isZero(block.time());
    }
    if (step instanceof Step.Compute compute) {
      return !isZero(compute.time());
    }
    if (step instanceof Step.MmapLock lock) {
      return !isZero(lock.time());
    }
    if (step instanceof Step.Repeat repeat) {
      return repeat.times() < 0 || repeat.steps().stream().anyMatch(StepReader::takesTime);
    }
    if (step instanceof Step.Chance chance) {
      return chance.probability() > 0 && chance.steps().stream().anyMatch(StepReader::takesTime);
    }
    // Memory runs out in the end, an exit is an end, and a futex must be waited for.
    return step instanceof Step.Touch
        || step instanceof Step.Alloc
        || step instanceof Step.Drain
        || step instanceof Step.AllocUntilKilled
        || step instanceof Step.WaitFutex
        || step instanceof Step.Exit;
  }

  private static boolean isZero(Quantity quantity) {
    return quantity instanceof Quantity.Constant constant && constant.value() == 0;
  }

  private Step chance(Value value) {
    Fields fields = value.fields();
    Step step =
        new Step.Chance(
            fields.require("probability", 0.0, probability -> probability.decimal(0, 1)),
            fields.require("steps", List.of(), this::steps));
    fields.end();
    return step;
  }
}
