package org.oomlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.commons.math3.util.CombinatoricsUtils;
import org.junit.jupiter.api.Test;

class ExactTestTest {
  @Test
  void isFishersTestForTwoCategories() {
    assertThat(ExactTest.p(new int[] {3, 1}, new int[] {1, 3})).isCloseTo(0.4857, within(1e-4));
    assertThat(ExactTest.p(new int[] {8, 2}, new int[] {1, 5})).isCloseTo(0.03497, within(1e-5));
  }

  @Test
  void whatNeverHappenedIsImplausibleAndWhatAlwaysDoesIsNot() {
    assertThat(ExactTest.p(new int[] {3, 0}, new int[] {0, 200})).isLessThan(1e-4);
    assertThat(ExactTest.p(new int[] {3}, new int[] {200})).isEqualTo(1);
  }

  @Test
  void aRareOrderIsPlausibleWhereEveryOrderIsRare() {
    int[] observed = new int[200];
    observed[7] = 1;
    int[] simulated = new int[200];
    Arrays.fill(simulated, 1);
    assertThat(ExactTest.p(observed, simulated)).isGreaterThan(0.9);
    observed[7] = 5;
    assertThat(ExactTest.p(observed, simulated)).as("five times the same").isLessThan(1e-6);
  }

  @Test
  void manyTablesAreDrawnAndGiveNearlyTheSame() {
    int[] first = new int[40];
    int[] second = new int[40];
    for (int i = 0; i < 40; i++) {
      first[i] = 3 + i % 2;
      second[i] = 30 + i;
    }
    double p = ExactTest.p(first, second);
    assertThat(p).isBetween(0.9, 1.0).isEqualTo(ExactTest.p(first, second));
  }

  @Property(tries = 300)
  void isWhatAllDrawsAddUpTo(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 0, max = 3) Integer> first,
      @ForAll @Size(4) List<@IntRange(min = 0, max = 6) Integer> second) {
    int[] a = first.stream().mapToInt(n -> n).toArray();
    int[] b = second.stream().limit(a.length).mapToInt(n -> n).toArray();
    int size = first.stream().mapToInt(n -> n).sum();
    Assume.that(size > 0);
    int all = size;
    for (int n : b) {
      all += n;
    }
    Assume.that(all > size);
    double far = far(new int[a.length], 0, size, a, b, size, all - size);
    assertThat(ExactTest.p(a, b))
        .isCloseTo(far / CombinatoricsUtils.binomialCoefficientDouble(all, size), within(1e-9));
  }

  private static double far(int[] table, int at, int left, int[] a, int[] b, int size, int rest) {
    if (at == table.length) {
      boolean isFar = distance(table, a, b, size, rest) >= distance(a, a, b, size, rest) - 1e-9;
      return left == 0 && isFar ? ways(table, a, b) : 0;
    }
    double sum = 0;
    for (int n = 0; n <= Math.min(left, a[at] + b[at]); n++) {
      table[at] = n;
      sum += far(table, at + 1, left - n, a, b, size, rest);
    }
    table[at] = 0;
    return sum;
  }

  private static double distance(int[] table, int[] a, int[] b, int size, int rest) {
    double sum = 0;
    for (int i = 0; i < table.length; i++) {
      sum += Math.pow((double) table[i] / size - (double) (a[i] + b[i] - table[i]) / rest, 2);
    }
    return sum;
  }

  private static double ways(int[] table, int[] a, int[] b) {
    double ways = 1;
    for (int i = 0; i < table.length; i++) {
      ways *= CombinatoricsUtils.binomialCoefficientDouble(a[i] + b[i], table[i]);
    }
    return ways;
  }
}
