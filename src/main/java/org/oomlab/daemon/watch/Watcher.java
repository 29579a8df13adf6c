package org.oomlab.daemon.watch;

import java.util.List;

/**
 * What one kind of daemon does, whenever it is awake: looks, decides, acts, and says what it waits
 * for. It keeps nothing itself; what it has to remember it writes into its notes.
 *
 * <p>A new daemon is one of these and a line in {@link Watchers}; the kernel knows none of them.
 */
public interface Watcher {
  /** How many numbers it remembers, on a machine that has so many. */
  int notes(int processes, int cgroups);

  /** What it has asked the kernel to be woken for. */
  default List<Trigger> triggers() {
    return List.of();
  }

  /**
   * It is awake: for the first time, after what it did last took its time, or because a trigger has
   * fired.
   *
   * @param fired which of the triggers has, by its place in the list, or -1
   */
  void wake(Sight sight, Notes notes, Hands hands, int fired);
}
