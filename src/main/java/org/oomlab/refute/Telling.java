package org.oomlab.refute;

import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.kernel.Kernel;
import org.oomlab.report.ExplainReport;
import org.oomlab.report.Story;
import org.oomlab.trace.Happening;
import org.oomlab.worlds.World;

/** Tells, as {@code explain} does, what a refutation turns on. */
public final class Telling {
  private Telling() {}

  /**
   * One sentence on the moment at which two policies part, or on how the one policy's episode ends.
   */
  public static String of(World world, Sides sides) {
    if (sides.policies().size() == 1) {
      return "under " + sides.last().name() + " " + end(world, sides);
    }
    Parting parting = Parting.of(world, sides);
    return "they part: under "
        + sides.policies().get(0).name()
        + " "
        + told(parting.first(), world, parting.firstOomNs())
        + "; under "
        + sides.last().name()
        + " "
        + told(parting.last(), world, parting.firstOomNs());
  }

  private static String told(@Nullable Happening happening, World world, long zeroNs) {
    if (happening == null) {
      return "nothing more happens";
    }
    return ExplainReport.time(happening.atNs() - Math.max(0, zeroNs))
        + " "
        + sentence(happening, world);
  }

  private static String sentence(Happening happening, World world) {
    Story story = new Story(Kernel.populated(world.workload(), world.policy()));
    story.emit(
        happening.atNs(), happening.point(), happening.subject(), happening.a(), happening.b());
    return story.sentences().get(0);
  }

  private static String end(World world, Sides sides) {
    Case of = sides.of(world, 0);
    Kernel kernel = new Kernel(of.workload(), of.costs(), of.policy(), of.rigour());
    Happening[] latest = new Happening[1];
    kernel.boot(
        world.seed(),
        (now, point, subject, a, b) -> {
          if (Cause.decides(point)) {
            latest[0] = new Happening(now, point, subject, a, b);
          }
        });
    for (long i = 0; i < Course.MOST_EVENTS && kernel.step(); i++) {}
    return told(latest[0], world, kernel.ledger().firstOomNs());
  }
}
