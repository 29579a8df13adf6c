package org.oomlab.experiment.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A candidate of a {@link Search} that was tried.
 *
 * @param values its values on the axes
 * @param scores its objectives
 * @param tried how many were tried before it
 */
public record Trial(List<String> values, List<Double> scores, int tried) {
  public Trial {
    values = List.copyOf(values);
    scores = List.copyOf(scores);
  }

  /** Whether it is nowhere worse and somewhere better. */
  boolean dominates(Trial other) {
    boolean better = false;
    for (int i = 0; i < scores.size(); i++) {
      int order = scores.get(i).compareTo(other.scores.get(i));
      if (order > 0) {
        return false;
      }
      better |= order < 0;
    }
    return better;
  }

  /** By the objectives in turn. */
  int compareScores(Trial other) {
    return order(scores, other.scores);
  }

  /** By the objectives in turn; of equals, the one that was tried first. */
  static int order(Trial a, Trial b) {
    int order = a.compareScores(b);
    return order == 0 ? a.tried() - b.tried() : order;
  }

  /** The best of some, in order: by how many dominate them, then by the objectives in turn. */
  static List<Trial> best(List<Trial> all, int most) {
    Map<Trial, Integer> rank = new LinkedHashMap<>();
    for (Trial each : all) {
      rank.put(each, (int) all.stream().filter(other -> other.dominates(each)).count());
    }
    List<Trial> sorted = new ArrayList<>(all);
    sorted.sort(
        (a, b) -> rank.get(a).equals(rank.get(b)) ? order(a, b) : rank.get(a) - rank.get(b));
    return sorted.subList(0, Math.min(most, sorted.size()));
  }

  /** Compares scores by the first objective in which they differ. */
  public static int order(List<Double> a, List<Double> b) {
    for (int i = 0; i < a.size(); i++) {
      int order = a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
