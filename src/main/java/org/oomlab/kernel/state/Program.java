package org.oomlab.kernel.state;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.workload.Step;

/**
 * A thread's steps, flattened so that a position in them is one number: {@code repeat} and {@code
 * chance} become jumps.
 */
public final class Program {
  /** What one instruction does: a step of the workload, or a jump. */
  public enum Code {
    SLEEP,
    BLOCK,
    COMPUTE,
    TOUCH,
    ALLOC,
    DRAIN,
    ALLOC_UNTIL_KILLED,
    FREE,
    LOCK,
    UNLOCK,
    WAIT_LOCKED,
    MMAP_LOCK,
    TAKE_FUTEX,
    WAIT_FUTEX,
    RELEASE_FUTEX,
    FREEZE,
    THAW,
    KILL,
    WAIT_KILLED,
    WAIT_OOM_SKIP,
    MRELEASE,
    CHECKPOINT,
    EXIT,
    /** The daemon goes on: it looks, or does what it has decided on. */
    WATCH,
    /** Begins a loop of {@code count} rounds; {@code target} is behind it. */
    LOOP,
    /** Ends a loop; {@code target} is its first step. */
    AGAIN,
    /** With probability 1 - {@code probability}, goes to {@code target}. */
    CHANCE;

    /**
     * Whether it may free memory, or end what somebody else waits for. A program without such a
     * step only lets time go by and asks for more.
     */
    public boolean mayHelp() {
      return switch (this) {
        case FREE, UNLOCK, MMAP_LOCK, RELEASE_FUTEX, THAW, KILL, MRELEASE, EXIT, WATCH -> true;
        default -> false;
      };
    }
  }

  /**
   * An instruction.
   *
   * @param step what the workload says, unless it is a jump
   * @param subject the number of the process, mutex, futex or mapping the step names, or -1
   * @param amount the step's quantity; nothing if it has none
   * @param target where to jump
   * @param count rounds of a loop, -1 for ever
   * @param slot which of the task's loop counters
   */
  public record Op(
      Code code,
      @Nullable Step step,
      int subject,
      Quantity amount,
      int target,
      long count,
      int slot,
      double probability) {

    /** Whether it takes no time, and only says where to go on. */
    public boolean isJump() {
      return step == null;
    }
  }

  private static final Quantity NOTHING = new Quantity.Constant(0);

  private final Op[] ops;
  private final int loopDepth;
  private final boolean mayHelp;

  private Program(Op[] ops, int loopDepth) {
    this.ops = ops;
    this.loopDepth = loopDepth;
    boolean helps = false;
    for (Op op : ops) {
      helps |= op.code().mayHelp();
    }
    this.mayHelp = helps;
  }

  /** What the task of a daemon does, for ever. */
  static Program watch() {
    Op look = of(Code.WATCH, new Step.Sleep(NOTHING), -1, NOTHING);
    return new Program(
        new Op[] {jump(Code.LOOP, 2, -1, 0, 0), look, jump(Code.AGAIN, 1, -1, 0, 0)}, 1);
  }

  /** Flattens steps; {@code subjects} gives the number of what a step names. */
  static Program of(List<Step> steps, ToIntFunction<Step> subjects) {
    List<Op> out = new ArrayList<>();
    int depth = flatten(steps, subjects, 0, out);
    return new Program(out.toArray(new Op[0]), depth);
  }

  private static int flatten(
      List<Step> steps, ToIntFunction<Step> subjects, int depth, List<Op> out) {
    int deepest = depth;
    for (Step step : steps) {
      if (step instanceof Step.Repeat repeat) {
        int begin = out.size();
        out.add(jump(Code.LOOP, 0, repeat.times(), depth, 0));
        deepest = Math.max(deepest, flatten(repeat.steps(), subjects, depth + 1, out));
        out.add(jump(Code.AGAIN, begin + 1, repeat.times(), depth, 0));
        out.set(begin, jump(Code.LOOP, out.size(), repeat.times(), depth, 0));
      } else if (step instanceof Step.Chance chance) {
        int begin = out.size();
        out.add(jump(Code.CHANCE, 0, 0, depth, chance.probability()));
        deepest = Math.max(deepest, flatten(chance.steps(), subjects, depth, out));
        out.set(begin, jump(Code.CHANCE, out.size(), 0, depth, chance.probability()));
      } else {
        out.add(instruction(step, subjects.applyAsInt(step)));
      }
      deepest = Math.max(deepest, depth);
    }
    return Math.max(deepest, depth);
  }

  private static Op jump(Code code, int target, long count, int slot, double probability) {
    return new Op(code, null, -1, NOTHING, target, count, slot, probability);
  }

  private static Op instruction(Step step, int subject) {
    if (step instanceof Step.Sleep s) {
      return of(Code.SLEEP, s, subject, s.time());
    } else if (step instanceof Step.Block s) {
      return of(Code.BLOCK, s, subject, s.time());
    } else if (step instanceof Step.Compute s) {
      return of(Code.COMPUTE, s, subject, s.time());
    } else if (step instanceof Step.Touch s) {
      return of(Code.TOUCH, s, subject, s.size());
    } else if (step instanceof Step.Alloc s) {
      return of(Code.ALLOC, s, subject, s.size());
    } else if (step instanceof Step.Drain s) {
      return of(Code.DRAIN, s, subject, s.size());
    } else if (step instanceof Step.AllocUntilKilled s) {
      return of(Code.ALLOC_UNTIL_KILLED, s, subject, s.then());
    } else if (step instanceof Step.Free s) {
      return of(Code.FREE, s, subject, s.size());
    } else if (step instanceof Step.MmapLock s) {
      return of(Code.MMAP_LOCK, s, subject, s.time());
    }
    return of(codeOf(step), step, subject, NOTHING);
  }

  private static Code codeOf(Step step) {
    if (step instanceof Step.Lock) {
      return Code.LOCK;
    } else if (step instanceof Step.Unlock) {
      return Code.UNLOCK;
    } else if (step instanceof Step.WaitLocked) {
      return Code.WAIT_LOCKED;
    } else if (step instanceof Step.TakeFutex) {
      return Code.TAKE_FUTEX;
    } else if (step instanceof Step.WaitFutex) {
      return Code.WAIT_FUTEX;
    } else if (step instanceof Step.ReleaseFutex) {
      return Code.RELEASE_FUTEX;
    } else if (step instanceof Step.Freeze) {
      return Code.FREEZE;
    } else if (step instanceof Step.Thaw) {
      return Code.THAW;
    } else if (step instanceof Step.Kill) {
      return Code.KILL;
    } else if (step instanceof Step.WaitKilled) {
      return Code.WAIT_KILLED;
    } else if (step instanceof Step.WaitOomSkip) {
      return Code.WAIT_OOM_SKIP;
    } else if (step instanceof Step.Mrelease) {
      return Code.MRELEASE;
    } else if (step instanceof Step.Checkpoint) {
      return Code.CHECKPOINT;
    } else if (step instanceof Step.Exit) {
      return Code.EXIT;
    }
    throw new IllegalStateException("a step without a meaning: " + step);
  }

  private static Op of(Code code, Step step, int subject, Quantity amount) {
    return new Op(code, step, subject, amount, 0, 0, 0, 0);
  }

  /** Whether any of its steps may help others who wait for memory. */
  public boolean mayHelp() {
    return mayHelp;
  }

  /** Whether it waits for what happens to others. */
  public boolean watches() {
    for (Op op : ops) {
      if (op.code() == Code.WAIT_KILLED || op.code() == Code.WAIT_OOM_SKIP) {
        return true;
      }
    }
    return false;
  }

  public int length() {
    return ops.length;
  }

  public Op op(int pc) {
    return ops[pc];
  }

  int loopDepth() {
    return loopDepth;
  }
}
