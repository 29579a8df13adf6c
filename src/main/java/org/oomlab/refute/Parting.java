package org.oomlab.refute;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.kernel.Kernel;
import org.oomlab.trace.Happening;
import org.oomlab.worlds.World;

/**
 * Where the courses of a world under the first and the last policy part: the first announcements
 * that differ.
 *
 * @param first what comes under the first policy; null if nothing does
 * @param last what comes under the last
 * @param firstOomNs the first OOM call, after boot, or -1
 */
record Parting(@Nullable Happening first, @Nullable Happening last, long firstOomNs) {
  static Parting of(World world, Sides sides) {
    List<Happening> one = happenings(sides.of(world, 0), world.seed());
    Case last = sides.of(world, sides.policies().size() - 1);
    List<Happening> other = happenings(last, world.seed());
    int at = 0;
    while (at < one.size() && at < other.size() && one.get(at).equals(other.get(at))) {
      at++;
    }
    return new Parting(
        at < one.size() ? one.get(at) : null,
        at < other.size() ? other.get(at) : null,
        firstOom(last, world.seed()));
  }

  private static List<Happening> happenings(Case of, long seed) {
    Kernel kernel = new Kernel(of.workload(), of.costs(), of.policy(), of.rigour());
    List<Happening> happenings = new ArrayList<>();
    kernel.boot(
        seed,
        (now, point, subject, a, b) -> happenings.add(new Happening(now, point, subject, a, b)));
    for (long i = 0; i < Course.MOST_EVENTS && kernel.step(); i++) {}
    return happenings;
  }

  private static long firstOom(Case of, long seed) {
    return Course.of(of, seed, false).outcome().firstOomNs();
  }
}
