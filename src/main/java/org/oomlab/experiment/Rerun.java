package org.oomlab.experiment;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.oomlab.experiment.Experiment.Case;

/** Looks into episodes of a case by running each once more, when it is first asked about. */
final class Rerun implements Statement.Inside {
  private final Case of;
  private final Map<Long, List<OptionalLong>> badness = new TreeMap<>();
  private final Map<Long, Happenings> happenings = new TreeMap<>();

  Rerun(Case of) {
    this.of = of;
  }

  @Override
  public OptionalLong badness(long seed, int process) {
    return badness
        .computeIfAbsent(seed, s -> new Episode(of, false).badnessAtFirstOom(s))
        .get(process);
  }

  @Override
  public Happenings happenings(long seed) {
    return happenings.computeIfAbsent(seed, s -> new Episode(of, false).happenings(s));
  }
}
