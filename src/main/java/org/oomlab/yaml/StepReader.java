package org.oomlab.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.workload.Possessions;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Step;
import org.oomlab.workload.VmaSpec;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Value;

/** Reads the steps of one process's threads. */
final class StepReader {
  private static final Step NONE = new Step.Exit();

  /** More than any process has: what {@code free: all} gives back. */
  private static final Quantity ALL = new Quantity.Constant(1L << 40);

  // What a kernel thread is not.
  private static final String WITHOUT_MEMORY = "has no memory";
  private static final String UNFROZEN = "no cgroup freezes";

  private static final String NOT_HELD = "the thread cannot hold it here: no ";

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
          "wait_killed",
          "wait_oom_skip",
          "mrelease",
          "checkpoint",
          "repeat",
          "chance",
          "exit");

  private final References references;
  private final Map<String, VmaSpec.Kind> memory;
  private final boolean kernelThread;
  private final boolean init;

  /** Steps that give something back, with where they stand. */
  private final List<Return> returns = new ArrayList<>();

  private record Return(Value value, String problem) {}

  /**
   * A reader.
   *
   * @param memory what backs the process's mappings, by their names
   * @param kernelThread whether the process has no memory to touch
   * @param init whether it must not exit
   */
  StepReader(
      References references, Map<String, VmaSpec.Kind> memory, boolean kernelThread, boolean init) {
    this.references = references;
    this.memory = memory;
    this.kernelThread = kernelThread;
    this.init = init;
  }

  /** What a thread does. */
  List<Step> program(Value value) {
    returns.clear();
    int before = value.problems().count();
    List<Step> program = steps(value);
    if (value.problems().count() == before && !returns.isEmpty()) {
      for (int number : Possessions.emptyHanded(program, kernelThread)) {
        Return idle = returns.get(number);
        if (!idle.problem().isEmpty()) {
          idle.value().problem(idle.problem());
        }
      }
    }
    return program;
  }

  private List<Step> steps(Value value) {
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
      case "drain" -> drain(value);
      case "alloc_until_killed" -> allocUntilKilled(value);
      case "free" -> free(value);
      case "lock" -> new Step.Lock(references.mutex(value));
      case "unlock" -> unlock(value);
      case "wait_locked" -> new Step.WaitLocked(references.mutex(value));
      case "mmap_lock" -> mmapLock(value);
      case "take_futex" -> new Step.TakeFutex(futex(value));
      case "release_futex" -> releaseFutex(value);
      case "wait_futex" -> new Step.WaitFutex(futex(value));
      case "freeze" -> freeze(value);
      case "thaw" -> new Step.Thaw(references.user(value, UNFROZEN));
      case "kill" -> new Step.Kill(references.mortal(value));
      case "wait_killed" -> new Step.WaitKilled(references.user(value, "is never killed"));
      case "wait_oom_skip" -> new Step.WaitOomSkip(references.user(value, WITHOUT_MEMORY));
      case "mrelease" -> new Step.Mrelease(references.user(value, WITHOUT_MEMORY));
      case "checkpoint" -> bare(value, new Step.Checkpoint());
      case "repeat" -> repeat(value);
      case "chance" -> chance(value);
      case "exit" -> exit(value);
      default -> null;
    };
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
            fields.<@Nullable String>get("memory", null, this::faulted),
            fields.<@Nullable Quantity>get("rate", null, StepReader::rate));
    fields.end();
    return step;
  }

  private static Quantity rate(Value value) {
    int before = value.problems().count();
    Quantity rate = value.sizes();
    if (value.problems().count() == before && rate.least() == 0) {
      value.problem("must be more than nothing in a second, or the step never ends");
    }
    return rate;
  }

  /** The name of a mapping into which a fault brings a page of the machine's. */
  private String faulted(Value value) {
    String name = memory(value);
    VmaSpec.Kind kind = memory.get(name);
    if (kind == VmaSpec.Kind.HUGETLB
        || kind == VmaSpec.Kind.PFNMAP
        || kind == VmaSpec.Kind.BORROWED) {
      value.problem(
          name
              + " is "
              + kind.name().toLowerCase(Locale.ROOT)
              + ", and a fault in it takes no page of the machine's");
    }
    return name;
  }

  /** The name of one of the process's own mappings. */
  String memory(Value value) {
    return references.refer(value, "memory", memory.keySet());
  }

  private Step drain(Value value) {
    if (kernelThread) {
      value.problem("a kernel thread has no memory to fault in");
    }
    return new Step.Drain(value.sizes());
  }

  private Step free(Value value) {
    Step step = new Step.Free(value.isWord("all") ? ALL : value.sizes());
    return given(
        step, value, "a kernel thread frees what it has allocated, and no alloc is before this");
  }

  private Step unlock(Value value) {
    String mutex = references.mutex(value);
    boolean known = references.mutexes.contains(mutex);
    return given(
        new Step.Unlock(mutex), value, known ? NOT_HELD + "lock of it is before this" : "");
  }

  private Step releaseFutex(Value value) {
    String futex = futex(value);
    boolean known = references.futexes.contains(futex);
    return given(
        new Step.ReleaseFutex(futex),
        value,
        known ? NOT_HELD + "take_futex or wait_futex of it is before this" : "");
  }

  /**
   * A step that gives something back.
   *
   * @param problem what there is to say if the thread cannot have it; nothing if something worse is
   *     said already
   */
  private Step given(Step step, Value value, String problem) {
    returns.add(new Return(value, problem));
    return step;
  }

  private String futex(Value value) {
    if (kernelThread) {
      value.problem("a kernel thread has no memory for a futex to be in");
    }
    return references.futex(value);
  }

  private Step exit(Value value) {
    if (init) {
      value.problem("init must not exit: the kernel would panic");
    }
    return bare(value, new Step.Exit());
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
            fields.require("process", "", process -> references.user(process, "is never killed")),
            fields.sizes("then", new Quantity.Constant(0)));
    fields.end();
    return step;
  }

  private Step mmapLock(Value value) {
    Fields fields = value.fields();
    Step step =
        new Step.MmapLock(
            fields.require("of", "", of -> references.user(of, WITHOUT_MEMORY)),
            fields.require("time", ALL, Value::spans));
    fields.end();
    return step;
  }

  private Step freeze(Value value) {
    Fields fields = value.fields();
    Step step =
        new Step.Freeze(
            fields.require("process", "", process -> references.user(process, UNFROZEN)),
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
            count -> count.isWord("forever") ? -1L : (long) count.whole(1, Integer.MAX_VALUE));
    int before = value.problems().count();
    List<Step> steps = fields.require("steps", List.of(), this::steps);
    if (times < 0
        && value.problems().count() == before
        && steps.stream().noneMatch(step -> takesTime(step, frees(steps)))) {
      value.problem("repeats for ever without taking time; add a sleep");
    }
    fields.end();
    return new Step.Repeat(times, steps);
  }

  /**
   * False for a step that can be done over and over in the same instant.
   *
   * @param frees whether memory is given back in the same loop, and so does not run out
   */
  private static boolean takesTime(Step step, boolean frees) {
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
      return repeat.times() < 0 || repeat.steps().stream().anyMatch(it -> takesTime(it, frees));
    }
    if (step instanceof Step.Chance chance) {
      return chance.probability() > 0
          && chance.steps().stream().anyMatch(it -> takesTime(it, frees));
    }
    if (step instanceof Step.Alloc alloc) {
      return !frees && !isZero(alloc.size()) && alloc.gfp() != Step.Gfp.ATOMIC;
    }
    // Memory runs out in the end, an exit is an end, and a futex must be waited for.
    return (step instanceof Step.Touch touch && !frees && !isZero(touch.size()))
        || (step instanceof Step.Drain drain && !frees && !isZero(drain.size()))
        || (step instanceof Step.AllocUntilKilled && !frees)
        || step instanceof Step.WaitFutex
        || step instanceof Step.Exit;
  }

  private static boolean frees(List<Step> steps) {
    return steps.stream()
        .anyMatch(
            step ->
                step instanceof Step.Free
                    || (step instanceof Step.Repeat repeat && frees(repeat.steps()))
                    || (step instanceof Step.Chance chance && frees(chance.steps())));
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
