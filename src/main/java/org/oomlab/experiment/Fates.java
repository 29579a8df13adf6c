package org.oomlab.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.oomlab.statistics.Share;

/** In which ways the episodes of a case ended, and how many in each. */
public final class Fates {
  /**
   * One of the ways.
   *
   * @param fate which
   * @param share how many of the episodes
   * @param firstSeed the first seed that ends so
   */
  public record Counted(Fate fate, Share share, long firstSeed) {}

  private record Tally(long count, long firstSeed) {}

  private final Map<Fate, Tally> tallies = new LinkedHashMap<>();
  private long episodes;

  /** One more episode. */
  public void add(Outcome outcome) {
    episodes++;
    tallies.merge(
        Fate.of(outcome),
        new Tally(1, outcome.seed()),
        (before, now) -> new Tally(before.count() + 1, before.firstSeed()));
  }

  /** How many episodes there are. */
  public long episodes() {
    return episodes;
  }

  /** All ways, the most frequent first, of equally frequent ones the one that was seen first. */
  public List<Counted> all() {
    List<Counted> all = new ArrayList<>();
    tallies.forEach(
        (fate, tally) ->
            all.add(new Counted(fate, Share.of(tally.count(), episodes), tally.firstSeed())));
    all.sort(
        Comparator.comparingLong((Counted each) -> each.share().count())
            .reversed()
            .thenComparingLong(Counted::firstSeed));
    return all;
  }

  /**
   * The most frequent way.
   *
   * @throws java.util.NoSuchElementException if there is no episode
   */
  public Counted mostFrequent() {
    return Objects.requireNonNull(all().iterator().next());
  }

  /** How many of all episodes may end in a way that none of these did, at most, with 95 %. */
  public double unseen() {
    return Share.of(0, episodes).high();
  }
}
