package org.oomlab.experiment;

import java.util.Arrays;
import java.util.TreeMap;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.util.CombinatoricsUtils;

/**
 * Whether two samples of categories may be from one distribution: Fisher's exact test for more than
 * two categories, after Freeman and Halton (Biometrika 38, 1951). It holds for any size, so also
 * for three runs of a kernel beside two hundred episodes.
 */
final class ExactTest {
  private static final double ROUNDING = 1e-7;
  private static final int MOST_TABLES = 200_000;
  private static final int DRAWS = 20_000;
  private static final int SEED = 1951;

  /** Sizes of the categories in both samples together, in ascending order, each once. */
  private final int[] sizes;

  /** How many categories have that size. */
  private final int[] alike;

  /** The logarithm of what a table must not exceed to be as unlikely as the one at hand. */
  private final double limit;

  private double unlikely;
  private int tables;

  private ExactTest(int[] totals, double limit) {
    TreeMap<Integer, Integer> groups = new TreeMap<>();
    for (int total : totals) {
      groups.merge(total, 1, Integer::sum);
    }
    this.sizes = groups.keySet().stream().mapToInt(size -> size).toArray();
    this.alike = groups.values().stream().mapToInt(count -> count).toArray();
    this.limit = limit + ROUNDING;
  }

  /**
   * The probability that a sample of the same size from both together looks as unlikely as the
   * first, or more so.
   *
   * @param first how often each category is in the first sample; some may be absent
   * @param second the same of the second, in the same order
   * @return from 0 to 1; found by drawing, always the same draws, where there are too many tables
   */
  static double p(int[] first, int[] second) {
    int[] totals = new int[first.length];
    double log = 0;
    for (int i = 0; i < first.length; i++) {
      totals[i] = first[i] + second[i];
      log += CombinatoricsUtils.binomialCoefficientLog(totals[i], first[i]);
    }
    int size = Arrays.stream(first).sum();
    int all = Arrays.stream(totals).sum();
    ExactTest test = new ExactTest(totals, log);
    if (test.addUp(test.sizes.length - 1, Integer.MAX_VALUE, -1, size, 0, 0)) {
      double log1 = CombinatoricsUtils.binomialCoefficientLog(all, size);
      return Math.min(1, test.unlikely / Math.exp(log1));
    }
    return test.drawn(totals, size, all);
  }

  /**
   * Goes through all tables: in each group of categories of one size, how many have their highest
   * count, how many one less, and so on.
   *
   * @param group the group at hand
   * @param count the count at hand
   * @param free categories of the group that have no count yet, or -1 at its beginning
   * @param left what is to be shared out
   * @param log of the ways to draw such a table
   * @param ways log of the number of tables that differ only in which of their alike is which
   * @return false if there are too many
   */
  private boolean addUp(int group, int count, int free, int left, double log, double ways) {
    if (left == 0) {
      if (log <= limit) {
        unlikely += Math.exp(log + ways);
      }
      return ++tables <= MOST_TABLES;
    }
    if (group < 0) {
      return true;
    }
    int most = Math.min(count, Math.min(sizes[group], left));
    int of = free < 0 ? alike[group] : free;
    if (most == 0 || of == 0) {
      return addUp(group - 1, Integer.MAX_VALUE, -1, left, log, ways);
    }
    double each = CombinatoricsUtils.binomialCoefficientLog(sizes[group], most);
    for (int n = Math.min(of, left / most); n >= 0; n--) {
      double choices = CombinatoricsUtils.binomialCoefficientLog(of, n);
      if (!addUp(group, most - 1, of - n, left - n * most, log + n * each, ways + choices)) {
        return false;
      }
    }
    return true;
  }

  private double drawn(int[] totals, int size, int all) {
    int[] deck = new int[all];
    int at = 0;
    for (int i = 0; i < totals.length; i++) {
      Arrays.fill(deck, at, at + totals[i], i);
      at += totals[i];
    }
    RandomGenerator random = new Well19937c(SEED);
    int asUnlikely = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      int[] counts = new int[totals.length];
      for (int i = 0; i < size; i++) {
        int j = i + random.nextInt(all - i);
        int card = deck[j];
        deck[j] = deck[i];
        deck[i] = card;
        counts[card]++;
      }
      double log = 0;
      for (int i = 0; i < totals.length; i++) {
        log += CombinatoricsUtils.binomialCoefficientLog(totals[i], counts[i]);
      }
      asUnlikely += log <= limit ? 1 : 0;
    }
    return (asUnlikely + 1.0) / (DRAWS + 1);
  }
}
