package org.oomlab.kernel;

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
final class Program {
  /** What one instruction does. */
  enum Code {
    STEP,
    /** Begins a loop of {@code count} rounds; {@code target} is behind it. */
    LOOP,
    /** Ends a loop; {@code target} is its first step. */
    AGAIN,
    /** With probability 1 - {@code probability}, goes to {@code target}. */
    CHANCE
  }

  /**
   * An instruction.
   *
   * @param step for STEP
   * @param subject the number of the process, mutex, futex or mapping the step names, or -1
   * @param amount the step's quantity, or null
   * @param target where to jump
   * @param count rounds of a loop, -1 for ever
   * @param slot which of the task's loop counters
   */
  record Op(
      Code code,
      @Nullable Step step,
      int subject,
      @Nullable Quantity amount,
      int target,
      long count,
      int slot,
      double probability) {}

  private final Op[] ops;
  private final int loopDepth;
  private final boolean mayHelp;

  private Program(Op[] ops, int loopDepth) {
    this.ops = ops;
    this.loopDepth = loopDepth;
    boolean helps = false;
    for (Op op : ops) {
      helps |= mayHelp(op.step());
    }
    this.mayHelp = helps;
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
        out.add(new Op(Code.STEP, step, subjects.applyAsInt(step), amountOf(step), 0, 0, depth, 0));
      }
      deepest = Math.max(deepest, depth);
    }
    return Math.max(deepest, depth);
  }

  private static Op jump(Code code, int target, long count, int slot, double probability) {
    return new Op(code, null, -1, null, target, count, slot, probability);
  }

  private static @Nullable Quantity amountOf(Step step) {
    if (step instanceof Step.Sleep s) {
      return s.time();
    } else if (step instanceof Step.Block s) {
      return s.time();
    } else if (step instanceof Step.Compute s) {
      return s.time();
    } else if (step instanceof Step.Touch s) {
      return s.size();
    } else if (step instanceof Step.Alloc s) {
      return s.size();
    } else if (step instanceof Step.Drain s) {
      return s.size();
    } else if (step instanceof Step.AllocUntilKilled s) {
      return s.then();
    } else if (step instanceof Step.Free s) {
      return s.size();
    } else if (step instanceof Step.MmapLock s) {
      return s.time();
    }
    return null;
  }

  /**
   * Whether a step may free memory, or end what somebody else waits for. A program without one only
   * lets time go by and asks for more.
   */
  private static boolean mayHelp(@Nullable Step step) {
    return step instanceof Step.Free
        || step instanceof Step.Unlock
        || step instanceof Step.MmapLock
        || step instanceof Step.ReleaseFutex
        || step instanceof Step.Thaw
        || step instanceof Step.Kill
        || step instanceof Step.Mrelease
        || step instanceof Step.Exit;
  }

  /** Whether any of its steps may help others who wait for memory. */
  boolean mayHelp() {
    return mayHelp;
  }

  int length() {
    return ops.length;
  }

  Op op(int pc) {
    return ops[pc];
  }

  int loopDepth() {
    return loopDepth;
  }
}
