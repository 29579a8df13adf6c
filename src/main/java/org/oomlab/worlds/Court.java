package org.oomlab.worlds;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All judges, one after another.
 *
 * @param judges the quick ones first
 */
public record Court(List<Judge> judges) {
  public Court {
    judges = List.copyOf(judges);
  }

  /** The first fault that a judge finds in a world, or null. */
  public @Nullable Fault tried(World world) {
    for (Judge judge : judges) {
      try {
        judge.judge(world);
      } catch (RuntimeException | Error broken) {
        return Fault.of(broken);
      }
    }
    return null;
  }
}
