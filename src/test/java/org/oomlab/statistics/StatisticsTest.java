package org.oomlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statistics against values from books, or worked out in another way. */
class StatisticsTest {
  /**
   * Hollander and Wolfe, "Nonparametric Statistical Methods", table 3.1: nine patients' depression
   * before and after a tranquilizer.
   */
  private static final double[] DEPRESSION = {
    1.83 - 0.878,
    0.50 - 0.647,
    1.62 - 0.598,
    2.48 - 2.05,
    1.68 - 1.06,
    1.88 - 1.29,
    1.55 - 1.06,
    3.06 - 3.14,
    1.30 - 1.29
  };

  @Test
  void wilcoxonAgreesWithTheBook() {
    // T+ is 40, and P(T+ >= 40) = 0.0195 for one side.
    assertThat(SignedRank.test(DEPRESSION)).isCloseTo(20.0 / 512, within(1e-12));
  }

  @Test
  void hodgesLehmannAgreesWithTheBook() {
    Estimate shift = Estimate.shift(DEPRESSION);
    assertThat(shift.value()).isCloseTo(0.46, within(1e-9));
    assertThat(shift.low()).isCloseTo(0.010, within(1e-9));
    assertThat(shift.high()).isCloseTo(0.786, within(1e-9));
  }

  /** Two-sided critical values at 5 %: the largest T with P at most 0.025, from the usual table. */
  @ParameterizedTest
  @CsvSource({"5,-1", "6,0", "7,2", "8,3", "9,5", "10,8", "15,25", "20,52", "30,137", "50,434"})
  void criticalValuesAreThoseOfTheTables(int n, long critical) {
    assertThat(SignedRank.belowTail(n, 0.025)).isEqualTo(critical);
  }

  @Test
  void theNormalApproximationGoesOnWhereCountingEnds() {
    double[] hundred = new Random(4).doubles(100, -0.5, 0.62).toArray();
    double[] more = DoubleStream.concat(DoubleStream.of(hundred), DoubleStream.of(1e-9)).toArray();
    assertThat(SignedRank.test(more)).isCloseTo(SignedRank.test(hundred), within(0.002));
    assertThat(SignedRank.belowTail(101, 0.025)).isBetween(1990L, 2005L);
  }

  @Test
  void tiesAreExactToo() {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      double[] differences = random.ints(9, -3, 4).asDoubleStream().toArray();
      assertThat(SignedRank.test(differences))
          .as("%s", (Object) differences)
          .isCloseTo(bySigns(differences), within(1e-12));
    }
  }

  /** All ways to put signs before the ranks, one by one. */
  private static double bySigns(double[] all) {
    double[] some = DoubleStream.of(all).filter(d -> d != 0).toArray();
    double[] ranks = new double[some.length];
    for (int i = 0; i < some.length; i++) {
      for (double other : some) {
        double size = Math.abs(some[i]);
        ranks[i] += Math.abs(other) < size ? 1 : Math.abs(other) == size ? 0.5 : 0;
      }
      ranks[i] += 0.5;
    }
    double middle = DoubleStream.of(ranks).sum() / 2;
    double observed = sum(ranks, i -> some[i] > 0);
    int asFar = 0;
    for (int signs = 0; signs < 1 << some.length; signs++) {
      int of = signs;
      double sum = sum(ranks, i -> (of >> i & 1) == 1);
      asFar += Math.abs(sum - middle) >= Math.abs(observed - middle) ? 1 : 0;
    }
    return (double) asFar / (1 << some.length);
  }

  private static double sum(double[] ranks, IntPredicate which) {
    double sum = 0;
    for (int i = 0; i < ranks.length; i++) {
      sum += which.test(i) ? ranks[i] : 0;
    }
    return sum;
  }

  /** SciPy 1.17: wilcoxon(x, method="approx", correction=True), and all signs counted by hand. */
  @Test
  void agreesWithAnotherImplementation() {
    double[] x = IntStream.range(0, 150).mapToDouble(i -> i * 7919 % 41 - 17).toArray();
    assertThat(SignedRank.test(x)).isCloseTo(0.00711101476809496, within(1e-9));
    assertThat(SignedRank.test(Arrays.copyOf(x, 40))).isCloseTo(0.20025695436561364, within(1e-12));
    assertThat(Tests.sign(7, 23)).isCloseTo(0.005222879350185395, within(1e-12));
  }

  @Test
  void withoutAnyDifferenceThereIsNothingToClaim() {
    assertThat(SignedRank.test(new double[] {0, 0, 0})).isEqualTo(1);
    assertThat(Tests.sign(0, 0)).isEqualTo(1);
  }

  /** Conover, "Practical Nonparametric Statistics": binomial tails with p of a half. */
  @ParameterizedTest
  @CsvSource({"0,5,0.0625", "0,6,0.03125", "1,9,0.021484375", "5,5,1", "8,2,0.109375"})
  void signTest(long more, long less, double p) {
    assertThat(Tests.sign(more, less)).isCloseTo(p, within(1e-12));
  }

  /**
   * The first row is Fagerland, Lydersen and Laake, "Recommended tests and confidence intervals for
   * paired binomial proportions", 2014 (airway hyper-responsiveness, printed to three digits); in
   * the others the bounds are from maximising the likelihood numerically, with SciPy 1.17.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 7, 21, -0.517, -0.026, 5e-4",
    "12, 2, 50, 0.06111240683557963, 0.34470874826483955, 1e-6",
    "6, 0, 20, 0.09053729582842278, 0.518972818353464, 1e-6",
    "5, 3, 40, -0.10120810410335104, 0.20445997205860322, 1e-6",
    "0, 43, 100, -0.5278461045078768, -0.33733298524110106, 1e-6",
    "1, 0, 2, -0.48642965874002025, 0.9054687942657696, 1e-6",
    "20, 0, 20, 0.6777496838943385, 1, 1e-6",
    "0, 20, 20, -1, -0.6777496838943385, 1e-6",
    "0, 0, 20, -0.1611251580528282, 0.1611251580528282, 1e-6"
  })
  void intervalsOfDifferencesBetweenShares(
      long more, long less, long pairs, double low, double high, double error) {
    Estimate difference = Estimate.shareDifference(more, less, pairs);
    assertThat(difference.value()).isCloseTo((more - less) / (double) pairs, within(1e-12));
    assertThat(difference.low()).isCloseTo(low, within(error));
    assertThat(difference.high()).isCloseTo(high, within(error));
  }

  @Test
  void whatMcNemarsExactTestClaimsItsIntervalDoesToo() {
    for (int pairs = 1; pairs <= 60; pairs++) {
      for (int more = 0; more <= pairs; more++) {
        for (int less = 0; less < more && more + less <= pairs; less++) {
          if (Tests.sign(more, less) < 0.05) {
            assertThat(Estimate.shareDifference(more, less, pairs).low())
                .as("%d to %d of %d", more, less, pairs)
                .isPositive();
          }
        }
      }
    }
  }

  /** SciPy 1.17: binomtest(k, n).proportion_ci(method="wilson"). */
  @ParameterizedTest
  @CsvSource({
    "0, 20, 0, 0.16112515805281935",
    "20, 20, 0.8388748419471808, 1",
    "7, 20, 0.1811918241010821, 0.5671457233147637",
    "1, 1, 0.20654931437723745, 1"
  })
  void intervalsOfShares(int ones, int n, double low, double high) {
    double[] values = new double[n];
    Arrays.fill(values, 0, ones, 1);
    Estimate share = Estimate.share(values);
    assertThat(share.value()).isEqualTo((double) ones / n);
    assertThat(share.low()).isCloseTo(low, within(1e-9));
    assertThat(share.high()).isCloseTo(high, within(1e-9));
  }

  @Test
  void holmAgreesWithThePaperMethod() {
    assertThat(Tests.holm(new double[] {0.01, 0.04, 0.03, 0.005}))
        .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-12));
  }

  @Test
  void holmDoesNotCountWhatCannotBeTested() {
    assertThat(Tests.holm(new double[] {Double.NaN, 0.02, Double.NaN, 0.04}))
        .containsExactly(new double[] {Double.NaN, 0.04, Double.NaN, 0.04}, within(1e-12));
  }

  /** The ranks between which the median lies with 95 %, as tables have them. */
  @ParameterizedTest
  @CsvSource({"6,1,6", "10,2,9", "15,4,12", "20,6,15", "25,8,18", "30,10,21", "50,18,33"})
  void intervalOfTheMedian(int n, double low, double high) {
    double[] ranks = DoubleStream.iterate(1, rank -> rank + 1).limit(n).toArray();
    Estimate median = Estimate.median(ranks);
    assertThat(median).isEqualTo(new Estimate((n + 1) / 2.0, low, high));
  }

  @Test
  void aFewValuesHaveNoInterval() {
    assertThat(Estimate.median(new double[] {3, 1, 2}).value()).isEqualTo(2);
    assertThat(Estimate.median(new double[] {3, 1, 2}).low()).isNaN();
    assertThat(Estimate.shift(new double[] {1, 2, 3, 4, 5}).low()).isNaN();
    assertThat(Estimate.median(new double[0])).isEqualTo(Estimate.ABSENT);
  }

  @Test
  void hodgesLehmannIsTheMedianOfAllMeansOfTwo() {
    double[] values = new Random(1).doubles(40, -3, 5).toArray();
    double[] means = new double[values.length * (values.length + 1) / 2];
    int next = 0;
    for (int i = 0; i < values.length; i++) {
      for (int j = i; j < values.length; j++) {
        means[next++] = (values[i] + values[j]) / 2;
      }
    }
    Arrays.sort(means);
    Estimate shift = Estimate.shift(values);
    assertThat(shift.value()).isEqualTo((means[409] + means[410]) / 2);
    assertThat(shift.low()).isIn(DoubleStream.of(means).boxed().toList());
  }

  @Test
  void intervalsCoverTheTruthAsOftenAsTheySay() {
    Random random = new Random(11);
    int median = 0;
    int shift = 0;
    int rounds = 2000;
    for (int i = 0; i < rounds; i++) {
      double[] values = new double[21];
      Arrays.setAll(values, k -> random.nextGaussian());
      median += covers(() -> Estimate.median(values));
      shift += covers(() -> Estimate.shift(values));
    }
    assertThat((double) median / rounds).isGreaterThan(0.95);
    assertThat((double) shift / rounds).isBetween(0.94, 0.97);
  }

  /** Of numbers of kills under two policies, of which one kills twice as often. */
  @Test
  void studentsIntervalCoversDifferencesBetweenCounts() {
    Random random = new Random(12);
    double covered = coverage(() -> poisson(random, 1) - poisson(random, 0.5) - 0.5);
    assertThat(covered).isBetween(0.94, 0.96);
  }

  /**
   * One time in ten it is four more, which twenty episodes do not show one time in eight; no
   * interval from the data could then know of it. The page on statistics warns of that.
   */
  @Test
  void rareLargeDifferencesMakeItTooNarrow() {
    Random random = new Random(12);
    double covered =
        coverage(
            () -> {
              double u = random.nextDouble();
              return (u < 0.5 ? 0 : u < 0.9 ? 1 : 4) - 0.8;
            });
    assertThat(covered).isBetween(0.86, 0.90);
  }

  private static int poisson(Random random, double mean) {
    int count = -1;
    for (double time = 0; time < mean; count++) {
      time -= Math.log(1 - random.nextDouble());
    }
    return count;
  }

  private static double coverage(DoubleSupplier differenceFromItsMean) {
    int covered = 0;
    int rounds = 4000;
    for (int i = 0; i < rounds; i++) {
      double[] values = new double[20];
      Arrays.setAll(values, k -> differenceFromItsMean.getAsDouble());
      covered += covers(() -> Estimate.mean(values));
    }
    return (double) covered / rounds;
  }

  private static int covers(Supplier<Estimate> of) {
    Estimate estimate = of.get();
    return estimate.low() <= 0 && 0 <= estimate.high() ? 1 : 0;
  }
}
