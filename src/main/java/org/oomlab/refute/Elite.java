package org.oomlab.refute;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.RandomStream;

/**
 * The worlds from which a search goes on: those with the smallest margins, and of each way in which
 * episodes were seen to go the one with the smallest. The first lead uphill, the others to where
 * nobody has been: a world in which something rare happens for the first time is not nearer to the
 * claim, but those that are can be had from it.
 */
final class Elite {
  private static final int NEAREST = 48;

  /** There are not many more ways in which small worlds go; each is a world to be kept. */
  private static final int MOST_WAYS = 4000;

  /** Of those who have children, the share that is among the nearest. */
  private static final double UPHILL = 0.5;

  /** How the two sides went. */
  private record Way(List<Long> traits, boolean parted) {
    static Way of(Courses courses) {
      return new Way(courses.of().stream().map(Course::traits).toList(), courses.part());
    }
  }

  private final Map<Way, Trial> ways = new LinkedHashMap<>();
  private final List<Trial> byWay = new ArrayList<>();
  private final List<Trial> nearest = new ArrayList<>();

  /** Takes note of a world; whether it is nearer than all before. */
  boolean add(Trial trial) {
    Way way = Way.of(trial.courses());
    Trial known = ways.get(way);
    if (known == null ? ways.size() < MOST_WAYS : trial.score() < known.score()) {
      ways.put(way, trial);
      byWay.clear();
    }
    boolean first = nearest.isEmpty() || trial.score() < nearest.get(0).score();
    if (nearest.size() < NEAREST || trial.score() < nearest.get(nearest.size() - 1).score()) {
      nearest.add(trial);
      nearest.sort(Comparator.comparingDouble(Trial::score)); // stable: of equals the first
      if (nearest.size() > NEAREST) {
        nearest.remove(NEAREST);
      }
    }
    return first;
  }

  /** Must be called before parents are drawn by several threads. */
  void settle() {
    if (byWay.isEmpty()) {
      byWay.addAll(ways.values());
    }
  }

  /** Forgets what led uphill: where it led there is no way on. */
  void restart() {
    nearest.clear();
  }

  /** How many ways there are. */
  int ways() {
    return ways.size();
  }

  /** One to go on from, or null if there is none. */
  @Nullable Trial parent(RandomStream random) {
    if (!nearest.isEmpty() && random.nextDouble() < UPHILL) {
      int one = (int) random.nextBelow(nearest.size());
      int other = (int) random.nextBelow(nearest.size());
      return nearest.get(Math.min(one, other));
    }
    return byWay.isEmpty() ? null : byWay.get((int) random.nextBelow(byWay.size()));
  }
}
