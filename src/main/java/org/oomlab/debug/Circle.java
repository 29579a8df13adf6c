package org.oomlab.debug;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.kernel.Vmcore;

/**
 * Looks for a circle of tasks each of which waits for the next: for a lock it holds, for the memory
 * of a victim it is a thread of, or for oom_lock.
 */
final class Circle {
  private final Scene scene;
  private final Vmcore core;
  private final List<Vmcore.Lock> locks;

  /** A task that waits for another, and in what words. */
  private record Wait(int by, int on, String why) {}

  Circle(Scene scene) {
    this.scene = scene;
    this.core = scene.vmcore();
    this.locks = core.locks();
  }

  /** The waits of a circle, in words; none if there is no circle. */
  List<String> find() {
    boolean[] seen = new boolean[core.tasks()];
    for (int task = 0; task < core.tasks(); task++) {
      List<Wait> path = new ArrayList<>();
      if (!seen[task] && reaches(task, path, seen, new boolean[core.tasks()])) {
        return path.stream().map(Wait::why).toList();
      }
    }
    return List.of();
  }

  /** Whether waiting leads back onto the path; if so, the path is the circle. */
  private boolean reaches(int task, List<Wait> path, boolean[] seen, boolean[] onPath) {
    seen[task] = true;
    onPath[task] = true;
    for (Wait wait : waitsOf(task)) {
      path.add(wait);
      if (onPath[wait.on]) {
        while (path.get(0).by != wait.on) {
          path.remove(0);
        }
        return true;
      }
      if (!seen[wait.on] && reaches(wait.on, path, seen, onPath)) {
        return true;
      }
      path.remove(path.size() - 1);
    }
    onPath[task] = false;
    return false;
  }

  private List<Wait> waitsOf(int task) {
    List<Wait> waits = new ArrayList<>();
    for (Vmcore.Lock lock : locks) {
      if (lock.owner() >= 0 && lock.owner() != task && lock.waiters().contains(task)) {
        waits.add(
            new Wait(
                task,
                lock.owner(),
                name(task)
                    + " waits for "
                    + scene.cast().nameOf(lock)
                    + " of "
                    + name(lock.owner())));
      }
    }
    int awaited = core.awaited(task);
    if (awaited >= 0) {
      for (int thread : core.tasksOf(awaited)) {
        if (thread != task && core.doing(thread) != Vmcore.Doing.DEAD) {
          String victim = scene.cast().names().process(awaited);
          waits.add(
              new Wait(task, thread, name(task) + " waits for the memory of the victim " + victim));
        }
      }
    }
    return waits;
  }

  private String name(int task) {
    return scene.cast().names().task(task);
  }
}
