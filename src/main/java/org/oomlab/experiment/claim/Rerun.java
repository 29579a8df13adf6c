package org.oomlab.experiment.claim;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Happenings;

/**
 * Runs episodes of a case once more for what their outcomes do not tell, each when it is asked for.
 */
public final class Rerun implements Statement.Inside {
  private final Case of;
  private final Map<Long, List<OptionalLong>> badness = new TreeMap<>();
  private final Map<Long, Happenings> happenings = new TreeMap<>();

  public Rerun(Case of) {
    this.of = of;
  }

  @Override
  public OptionalLong badness(long seed, int process) {
    return badness.computeIfAbsent(seed, s -> episode().badnessAtFirstOom(s)).get(process);
  }

  @Override
  public Happenings happenings(long seed) {
    return happenings.computeIfAbsent(seed, s -> episode().happenings(s));
  }

  private Episode episode() {
    return new Episode(of, false);
  }
}
