package org.oomlab.experiment.search;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Experiment.Plan;
import org.oomlab.experiment.Fates;
import org.oomlab.experiment.Progress;
import org.oomlab.experiment.claim.Condition;
import org.oomlab.statistics.Share;
import org.oomlab.statistics.Tests;
import org.oomlab.unit.SeedRange;

/**
 * Finds the value from which on, or up to which, something holds in a share of all episodes.
 *
 * <p>At every value that is looked at the same seeds are run. A seed then has a threshold of its
 * own, and the one that is wanted is a quantile of these; so one bisection finds it, and two more
 * the order statistics that are its exact 95 % interval (Conover, "Practical Nonparametric
 * Statistics", 1999, section 3.2), which is to say the values at which a binomial test would not
 * reject the share. Nothing is assumed of how a seed's threshold is distributed. What is assumed is
 * that there is one, and that is looked at: the whole range is tried in a few places first.
 */
public final class Threshold {
  /** Values that are tried first, evenly over the range. */
  public static final int PLACES = 9;

  private static final double TAIL = 0.025;

  /** With so little chance of being one, what looks like a way back is taken for one. */
  private static final double CHANCE = 0.001;

  /**
   * What is looked for.
   *
   * @param until what is to hold
   * @param share in which share of the episodes, above 0 and at most 1
   * @param seeds the episodes at each value
   * @param precision how close together the values on either side of an edge have to be, as a share
   *     of the range
   * @param jobs threads
   */
  public record Terms(Condition until, double share, SeedRange seeds, double precision, int jobs) {}

  /**
   * A value that was looked at.
   *
   * @param value the value
   * @param at where it is, from 0 to 1
   * @param held in how many episodes it held
   * @param usual how most of them ended
   */
  public record Place(String value, double at, Share held, Fates.Counted usual) {}

  /** Where it holds. */
  public enum Side {
    /** From the value on. */
    ABOVE,
    /** Up to the value. */
    BELOW,
    /** At all values that were looked at. */
    EVERYWHERE,
    /** At none. */
    NOWHERE
  }

  /**
   * What was found.
   *
   * @param of under which case, as it is at one of the values
   * @param side where it holds
   * @param fails the value next to the edge at which it does not hold; null if there is no edge
   * @param holds the value next to the edge at which it does, the one that was looked for; or null
   * @param low lower end of the 95 % interval of the edge; null if that is out of the range or
   *     there are too few episodes for one
   * @param high its upper end; or null
   * @param back why the answer is not monotonic, in a sentence; empty if it is, as far as was seen
   * @param places all values that were looked at, in their order
   */
  public record Found(
      Case of,
      Side side,
      @Nullable Place fails,
      @Nullable Place holds,
      @Nullable String low,
      @Nullable String high,
      String back,
      List<Place> places) {
    public Found {
      places = List.copyOf(places);
    }
  }

  /** A place, and in which episodes it held. */
  private record Looked(Place place, BitSet held, Case of) {
    int count() {
      return held.cardinality();
    }
  }

  private final Terms terms;
  private final DoubleFunction<String> values;
  private final Function<String, Case> cases;
  private final Progress progress;
  private final int episodes;

  /** What was looked at, by where it is. */
  private final TreeMap<Double, Looked> looked = new TreeMap<>();

  private final Map<String, Looked> byValue = new TreeMap<>();

  private Threshold(
      Terms terms, DoubleFunction<String> values, Function<String, Case> cases, Progress progress) {
    this.terms = terms;
    this.values = values;
    this.cases = cases;
    this.progress = progress;
    this.episodes = Math.toIntExact(terms.seeds().count());
  }

  /**
   * Finds it.
   *
   * @param values the value at a place in the range, from 0 to 1, ascending
   * @param cases what is run at a value
   * @throws CancellationException if {@code progress} cancelled
   * @throws EpisodeFailure if an episode fails
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static Found find(
      Terms terms, DoubleFunction<String> values, Function<String, Case> cases, Progress progress)
      throws InterruptedException {
    return new Threshold(terms, values, cases, progress).found();
  }

  /** With fewer episodes an interval has an end too few, for they cannot rule out the share. */
  public static long episodesFor(double share) {
    double rarer = Math.min(share, 1 - share);
    return rarer <= 0 ? Long.MAX_VALUE : (long) Math.ceil(Math.log(TAIL) / Math.log(1 - rarer));
  }

  private Found found() throws InterruptedException {
    for (int i = 0; i < PLACES; i++) {
      look((double) i / (PLACES - 1));
    }
    int needed = Math.max(1, (int) Math.ceil(terms.share() * episodes - 1e-9));
    List<Looked> tried = List.copyOf(looked.values());
    int edge = 1;
    while (edge < tried.size()
        && tried.get(edge - 1).count() >= needed == tried.get(edge).count() >= needed) {
      edge++;
    }
    Case of = tried.get(0).of();
    if (edge == tried.size()) {
      Side side = tried.get(0).count() >= needed ? Side.EVERYWHERE : Side.NOWHERE;
      return new Found(of, side, null, null, null, null, back(side), places());
    }
    boolean above = tried.get(edge).count() >= needed;
    Looked[] pair =
        narrowed(tried.get(edge - 1), tried.get(edge), count -> count >= needed == above);
    int few = fewest(needed);
    int many = most();
    Looked[] low = passage(pair, false, count -> count >= (above ? few : many) == above);
    Looked[] high = passage(pair, true, count -> count >= (above ? many : few) == above);
    Side side = above ? Side.ABOVE : Side.BELOW;
    return new Found(
        of,
        side,
        pair[above ? 0 : 1].place(),
        pair[above ? 1 : 0].place(),
        low == null ? null : low[0].place().value(),
        high == null ? null : high[1].place().value(),
        back(side),
        places());
  }

  private List<Place> places() {
    return looked.values().stream().map(Looked::place).toList();
  }

  /** The least count that does not say that the share is missed. */
  private int fewest(int needed) {
    BinomialDistribution counts = new BinomialDistribution(null, episodes, terms.share());
    int few = needed;
    while (few > 0 && counts.cumulativeProbability(few - 1) > TAIL) {
      few--;
    }
    return few;
  }

  /** The least count that says that the share is exceeded; more than there are if none can. */
  private int most() {
    BinomialDistribution counts = new BinomialDistribution(null, episodes, terms.share());
    int many = episodes + 1;
    while (many > 1 && 1 - counts.cumulativeProbability(many - 2) <= TAIL) {
      many--;
    }
    return many;
  }

  /**
   * The two values, as close together as may be, between which the count passes a level: from the
   * edge on, towards an end of the range.
   *
   * @param edge the two values next to the edge
   * @param up towards the upper end
   * @param beyond whether a count is that of a value above the passage
   * @return null if it does not pass it on the way
   */
  private Looked @Nullable [] passage(Looked[] edge, boolean up, IntPredicate beyond)
      throws InterruptedException {
    Looked near = edge[up ? 1 : 0];
    if (beyond.test(near.count()) == up) {
      return edge;
    }
    for (Looked far = next(near, up); far != null; far = next(far, up)) {
      if (beyond.test(far.count()) == up) {
        return up ? narrowed(near, far, beyond) : narrowed(far, near, beyond);
      }
      near = far;
    }
    return null;
  }

  private @Nullable Looked next(Looked from, boolean up) {
    Map.Entry<Double, Looked> entry =
        up ? looked.higherEntry(from.place().at()) : looked.lowerEntry(from.place().at());
    return entry == null ? null : entry.getValue();
  }

  /** Halves what is between two values until they are neighbours. */
  private Looked[] narrowed(Looked first, Looked second, IntPredicate beyond)
      throws InterruptedException {
    Looked low = first;
    Looked high = second;
    double from = low.place().at();
    double to = high.place().at();
    while (to - from > terms.precision()) {
      double middle = (from + to) / 2;
      Looked at = look(middle);
      if (beyond.test(at.count())) {
        high = at;
        to = middle;
      } else {
        low = at;
        from = middle;
      }
    }
    return new Looked[] {low, high};
  }

  /**
   * Runs the episodes at a place; of two places with one value, the first has been run for both.
   */
  private Looked look(double at) throws InterruptedException {
    String value = values.apply(at);
    Looked before = byValue.get(value);
    if (before != null) {
      return before;
    }
    Case of = cases.apply(value);
    Condition until = terms.until().about(of);
    BitSet held = new BitSet(episodes);
    Fates fates = new Fates();
    Experiment.run(
        new Plan(List.of(of), terms.seeds(), terms.jobs(), terms.until().needsCounterfactuals()),
        outcome -> {
          held.set(
              Math.toIntExact(outcome.seed() - terms.seeds().first()), until.holds(outcome, of));
          fates.add(outcome);
        },
        progress);
    if (fates.episodes() < episodes) {
      throw new CancellationException("stopped after " + looked.size() + " values");
    }
    Place place =
        new Place(value, at, Share.of(held.cardinality(), episodes), fates.mostFrequent());
    Looked now = new Looked(place, held, of);
    looked.put(at, now);
    byValue.put(value, now);
    return now;
  }

  /**
   * Whether what holds at a value may not hold further on where it should. A seed that goes back
   * now and then is the noise that a share takes care of; more of them than a fair coin explains
   * are not, and neither are all.
   */
  private String back(Side side) {
    List<Looked> all = new ArrayList<>(looked.values());
    if (side == Side.BELOW) {
      Collections.reverse(all);
    }
    long worst = 0;
    Looked from = null;
    Looked to = null;
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) {
        long lost = lost(all.get(i), all.get(j));
        long won = lost(all.get(j), all.get(i));
        boolean real = lost == episodes || lost > won && Tests.sign(won, lost) <= CHANCE;
        if (real && lost - won > worst) {
          worst = lost - won;
          from = all.get(i);
          to = all.get(j);
        }
      }
    }
    return from == null || to == null
        ? ""
        : "at %s it holds in %d of %d episodes, and at %s in %d"
            .formatted(
                from.place().value(), from.count(), episodes, to.place().value(), to.count());
  }

  /** Episodes in which it held at one value and not at another. */
  private static long lost(Looked at, Looked then) {
    BitSet lost = (BitSet) at.held().clone();
    lost.andNot(then.held());
    return lost.cardinality();
  }
}
