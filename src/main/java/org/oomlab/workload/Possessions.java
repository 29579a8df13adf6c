package org.oomlab.workload;

import java.util.Collections;
import java.util.IdentityHashMap;
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
  private final Set<Step> empty = Collections.newSetFromMap(new IdentityHashMap<>());

  private Possessions(boolean freesOnlyKernelMemory) {
    this.freesOnlyKernelMemory = freesOnlyKernelMemory;
  }

  /**
   * The steps of a program that give back what the thread cannot have when it comes to them.
   *
   * @param kernelThread whether it has no memory of its own, so that it can free only what it
   *     allocated
   * @return a set by identity: the same words in two places are two steps
   */
  public static Set<Step> emptyHanded(List<Step> program, boolean kernelThread) {
    Possessions possessions = new Possessions(kernelThread);
    possessions.after(program, new TreeSet<>(), true);
    return possessions.empty;
  }

  /**
   * What it may have after these steps; {@code told}: whether this is the last time they are seen.
   */
  private Set<String> after(List<Step> steps, Set<String> before, boolean told) {
    Set<String> held = new TreeSet<>(before);
    for (Step step : steps) {
      if (step instanceof Step.Repeat repeat) {
        Set<String> entering = held;
        // What a round ends with, the next begins with; the set only grows.
        while (entering.addAll(after(repeat.steps(), entering, false))) {}
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
      giveBack(step, held.remove("mutex " + it.mutex()), told);
    } else if (step instanceof Step.TakeFutex it) {
      held.add("futex " + it.futex());
    } else if (step instanceof Step.WaitFutex it) {
      held.add("futex " + it.futex());
    } else if (step instanceof Step.ReleaseFutex it) {
      giveBack(step, held.remove("futex " + it.futex()), told);
    } else if (step instanceof Step.Alloc || step instanceof Step.AllocUntilKilled) {
      held.add(KERNEL_MEMORY);
    } else if (step instanceof Step.Free && freesOnlyKernelMemory) {
      giveBack(step, held.contains(KERNEL_MEMORY), told);
    }
  }

  private void giveBack(Step step, boolean had, boolean told) {
    if (told && !had) {
      empty.add(step);
    }
  }
}
