package org.oomlab.workload;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a thread may have in its hands at each step of its program, on any way through it: mutexes,
 * futexes, and memory of the kernel's. A step that gives back what the thread cannot have there
 * means nothing.
 */
public final class Possessions {
  /** Stands for kernel memory among the names of locks, which have a prefix. */
  private static final String KERNEL_MEMORY = "";

  private final boolean freesOnlyKernelMemory;
  private final Set<Integer> empty = new TreeSet<>();

  /** The number of the next step that gives something back. */
  private int next;

  private Possessions(boolean freesOnlyKernelMemory) {
    this.freesOnlyKernelMemory = freesOnlyKernelMemory;
  }

  /** Whether a step gives something back. */
  public static boolean givesBack(Step step) {
    return step instanceof Step.Unlock
        || step instanceof Step.ReleaseFutex
        || step instanceof Step.Free;
  }

  /**
   * The steps of a program that give back what the thread cannot have when it comes to them.
   *
   * @param kernelThread whether it has no memory of its own, so that it can free only what it
   *     allocated
   * @return their numbers, counting from 0 those that {@link #givesBack} in the order they are
   *     written in
   */
  public static Set<Integer> emptyHanded(List<Step> program, boolean kernelThread) {
    Possessions possessions = new Possessions(kernelThread);
    possessions.after(program, new TreeSet<>(), true);
    return possessions.empty;
  }

  /**
   * What it may have after these steps.
   *
   * @param told whether this is the last time they are seen, with all that one may have before
   */
  private Set<String> after(List<Step> steps, Set<String> before, boolean told) {
    Set<String> held = new TreeSet<>(before);
    for (Step step : steps) {
      if (step instanceof Step.Repeat repeat) {
        int first = next;
        Set<String> entering = new TreeSet<>(held);
        // What a round ends with, the next begins with; the set only grows.
        while (entering.addAll(after(repeat.steps(), entering, false))) {
          next = first;
        }
        next = first;
        held = after(repeat.steps(), entering, told);
      } else if (step instanceof Step.Chance chance) {
        held.addAll(after(chance.steps(), held, told));
      } else {
        one(step, held, told);
      }
    }
    return held;
  }

  private void one(Step step, Set<String> held, boolean told) {
    if (step instanceof Step.Lock it) {
      held.add("mutex " + it.mutex());
    } else if (step instanceof Step.Unlock it) {
      giveBack(held.remove("mutex " + it.mutex()), told);
    } else if (step instanceof Step.TakeFutex it) {
      held.add("futex " + it.futex());
    } else if (step instanceof Step.WaitFutex it) {
      held.add("futex " + it.futex());
    } else if (step instanceof Step.ReleaseFutex it) {
      giveBack(held.remove("futex " + it.futex()), told);
    } else if (step instanceof Step.Alloc || step instanceof Step.AllocUntilKilled) {
      held.add(KERNEL_MEMORY);
    } else if (step instanceof Step.Free && freesOnlyKernelMemory) {
      giveBack(held.contains(KERNEL_MEMORY), told);
    }
    next += givesBack(step) ? 1 : 0;
  }

  private void giveBack(boolean had, boolean told) {
    if (told && !had) {
      empty.add(next);
    }
  }
}
