package org.oomlab.worlds;

import org.oomlab.kernel.state.LawBroken;

/** Somebody who runs a world to see whether a law holds in it. */
public interface Judge {
  /**
   * Runs the world.
   *
   * @throws LawBroken if a law does not hold; whatever else is thrown breaks one too
   */
  void judge(World world);
}
