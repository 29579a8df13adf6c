package org.oomlab.statistics;

import java.util.Arrays;
import java.util.TreeMap;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.util.CombinatoricsUtils;

/**
 * Whether two samples of categories may be from one distribution: an exact permutation test. All
 * ways are gone through to draw the first sample from both together, and those count in which the
 * two are as far from each other as they are, or farther. It holds for any size, so also for three
 * runs of a kernel beside two hundred episodes.
 *
 * <p>The distance is the sum of squared differences of shares. (Fisher's test for more than two
 * categories orders draws by their probability, and finds five equal runs plausible beside two
 * hundred different ones.)
 */
public final class ExactTest {
  private static final double ROUNDING = 1e-9;
  private static final int MOST_TABLES = 200_000;
  private static final int DRAWS = 20_000;
  private static final int SEED = 1951;

  /** Sizes of the categories in both samples together, in ascending order, each once. */
  private final int[] sizes;

  /** How many categories have that size. */
  private final int[] alike;

  private final int first;
  private final int second;

  /** The distance that a draw must have to be as far as what is at hand. */
  private final double limit;

  private double far;
  private int tables;

  private ExactTest(int[] totals, int first, int second, double limit) {
    this.first = first;
    this.second = second;
    TreeMap<Integer, Integer> groups = new TreeMap<>();
    for (int total : totals) {
      groups.merge(total, 1, Integer::sum);
    }
    this.sizes = groups.keySet().stream().mapToInt(size -> size).toArray();
    this.alike = groups.values().stream().mapToInt(count -> count).toArray();
    this.limit = limit - ROUNDING;
  }

  /**
   * The probability that a sample of the same size from both together is as far from the rest as
   * the first is from the second, or farther.
   *
   * @param first how often each category is in the first sample; some may be absent
   * @param second the same of the second, in the same order
   * @return from 0 to 1; found by drawing, always the same draws, where there are too many tables
   */
  public static double p(int[] first, int[] second) {
    int size = Arrays.stream(first).sum();
    int rest = Arrays.stream(second).sum();
    int[] totals = new int[first.length];
    double distance = 0;
    for (int i = 0; i < first.length; i++) {
      totals[i] = first[i] + second[i];
      distance += distance(first[i], totals[i], size, rest);
    }
    ExactTest test = new ExactTest(totals, size, rest, distance);
    double none = 0;
    for (int total : totals) {
      none += distance(0, total, size, rest);
    }
    if (test.addUp(test.sizes.length - 1, Integer.MAX_VALUE, -1, size, none, 0)) {
      double all = CombinatoricsUtils.binomialCoefficientLog(size + rest, size);
      return Math.min(1, test.far / Math.exp(all));
    }
    return test.drawn(totals);
  }

  /** What a category contributes of which so many of a total are in the first sample. */
  private static double distance(int count, int total, int first, int second) {
    double difference = (double) count / first - (double) (total - count) / second;
    return difference * difference;
  }

  /**
   * Goes through all tables: in each group of categories of one size, how many have their highest
   * count, how many one less, and so on.
   *
   * @param group the group at hand
   * @param count the count at hand
   * @param free categories of the group that have no count yet, or -1 at its beginning
   * @param left what is to be shared out
   * @param distance of what has been shared out, with nothing of what has not
   * @param ways log of the number of draws
   * @return false if there are too many
   */
  private boolean addUp(int group, int count, int free, int left, double distance, double ways) {
    if (left == 0) {
      if (distance >= limit) {
        far += Math.exp(ways);
      }
      return ++tables <= MOST_TABLES;
    }
    if (group < 0) {
      return true;
    }
    int most = Math.min(count, Math.min(sizes[group], left));
    int of = free < 0 ? alike[group] : free;
    if (most == 0 || of == 0) {
      return addUp(group - 1, Integer.MAX_VALUE, -1, left, distance, ways);
    }
    int total = sizes[group];
    double each = CombinatoricsUtils.binomialCoefficientLog(total, most);
    double more = distance(most, total, first, second) - distance(0, total, first, second);
    for (int n = Math.min(of, left / most); n >= 0; n--) {
      double choices = CombinatoricsUtils.binomialCoefficientLog(of, n);
      double drawn = ways + choices + n * each;
      if (!addUp(group, most - 1, of - n, left - n * most, distance + n * more, drawn)) {
        return false;
      }
    }
    return true;
  }

  private double drawn(int[] totals) {
    int all = first + second;
    int[] deck = new int[all];
    int at = 0;
    for (int i = 0; i < totals.length; i++) {
      Arrays.fill(deck, at, at + totals[i], i);
      at += totals[i];
    }
    RandomGenerator random = new Well19937c(SEED);
    int asFar = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      int[] counts = new int[totals.length];
      for (int i = 0; i < first; i++) {
        int j = i + random.nextInt(all - i);
        int card = deck[j];
        deck[j] = deck[i];
        deck[i] = card;
        counts[card]++;
      }
      double distance = 0;
      for (int i = 0; i < totals.length; i++) {
        distance += distance(counts[i], totals[i], first, second);
      }
      asFar += distance >= limit ? 1 : 0;
    }
    return (asFar + 1.0) / (DRAWS + 1);
  }
}
