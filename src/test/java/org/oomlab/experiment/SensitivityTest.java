package org.oomlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.oomlab.experiment.Sensitivity.Found;
import org.oomlab.experiment.Sensitivity.Influence;
import org.oomlab.experiment.Sensitivity.Model;
import org.oomlab.statistics.Estimate;

/** Indices against functions whose indices are known. */
class SensitivityTest {
  private static Model model(ToDoubleFunction<double[]> of) {
    return points -> points.stream().mapToDouble(of).toArray();
  }

  /** Ishigami and Homma, 1990, with a = 7 and b = 0.1; indices as in Saltelli's books. */
  private static double ishigami(double[] share) {
    double[] x = new double[3];
    for (int i = 0; i < 3; i++) {
      x[i] = Math.PI * (2 * share[i] - 1);
    }
    return Math.sin(x[0])
        + 7 * Math.pow(Math.sin(x[1]), 2)
        + 0.1 * Math.pow(x[2], 4) * Math.sin(x[0]);
  }

  @Test
  void ishigamisFunction() throws InterruptedException {
    Found found = Sensitivity.sobol(3, 4096, 1, model(SensitivityTest::ishigami));
    check(found.influences().get(0), 0.3139, 0.5576);
    check(found.influences().get(1), 0.4424, 0.4424);
    check(found.influences().get(2), 0.0000, 0.2437);
    assertThat(found.results()).hasSize(4096 * 5);
  }

  /** Sobol's g-function with a = 0, 1, 4.5, 9, 99; indices from its closed form. */
  @Test
  void sobolsFunction() throws InterruptedException {
    double[] a = {0, 1, 4.5, 9, 99};
    ToDoubleFunction<double[]> g =
        x -> {
          double product = 1;
          for (int i = 0; i < a.length; i++) {
            product *= (Math.abs(4 * x[i] - 2) + a[i]) / (1 + a[i]);
          }
          return product;
        };
    Found found = Sensitivity.sobol(5, 4096, 1, model(g));
    double[] variances = new double[a.length];
    double all = 1;
    for (int i = 0; i < a.length; i++) {
      variances[i] = 1 / (3 * (1 + a[i]) * (1 + a[i]));
      all *= 1 + variances[i];
    }
    for (int i = 0; i < a.length; i++) {
      double total = variances[i] * all / (1 + variances[i]);
      check(found.influences().get(i), variances[i] / (all - 1), total / (all - 1));
    }
  }

  private static void check(Influence influence, double first, double total) {
    assertThat(influence.main().value()).isCloseTo(first, within(0.02));
    assertThat(influence.total().value()).isCloseTo(total, within(0.02));
    assertThat(influence.main().low()).isLessThanOrEqualTo(first + 0.01);
    assertThat(influence.main().high()).isGreaterThanOrEqualTo(first - 0.01);
  }

  @Test
  void aLinearFunctionHasItsCoefficientsAsEffectsAndNoSpread() throws InterruptedException {
    Found found = Sensitivity.morris(3, 10, 1, model(x -> 5 * x[0] - 2 * x[1]));
    assertThat(found.results()).hasSize(10 * 4);
    double[] expected = {5, 2, 0};
    for (int i = 0; i < 3; i++) {
      assertThat(found.influences().get(i).main().value()).isCloseTo(expected[i], within(1e-9));
      assertThat(found.influences().get(i).total().value()).isCloseTo(0, within(1e-9));
    }
  }

  @Test
  void whatActsTogetherHasASpread() throws InterruptedException {
    Found found = Sensitivity.morris(2, 50, 1, model(x -> x[0] * x[1]));
    assertThat(found.influences().get(0).total().value()).isGreaterThan(0.2);
  }

  /**
   * Morris's own example of 1991: twenty inputs, of which the first ten matter, numbers 3, 5 and 7
   * with a bend, 1, 2 and 4 with interactions, 8 to 10 in a straight line. In place of his random
   * coefficients there is 1, plus or minus.
   */
  @Test
  void morrissFunction() throws InterruptedException {
    Found found = Sensitivity.morris(20, 40, 1, model(SensitivityTest::morris));
    double[] effects =
        found.influences().stream().mapToDouble(influence -> influence.main().value()).toArray();
    double[] spreads =
        found.influences().stream().mapToDouble(influence -> influence.total().value()).toArray();
    for (int i = 0; i < 20; i++) {
      if (i >= 10) {
        assertThat(effects[i]).as("effect %d", i + 1).isLessThan(10);
      } else {
        assertThat(effects[i]).as("effect %d", i + 1).isGreaterThan(25);
      }
      if (i < 7) {
        assertThat(spreads[i]).as("spread %d", i + 1).isGreaterThan(15);
      } else {
        assertThat(spreads[i]).as("spread %d", i + 1).isLessThan(10);
      }
    }
    for (int i = 7; i < 10; i++) { // the coefficients of w are 20, and w has twice the range of x
      assertThat(effects[i]).isCloseTo(40, within(4.0));
    }
  }

  private static double morris(double[] x) {
    double[] w = new double[20];
    for (int i = 0; i < 20; i++) {
      boolean bent = i == 2 || i == 4 || i == 6;
      w[i] = 2 * (bent ? 1.1 * x[i] / (x[i] + 0.1) - 0.5 : x[i] - 0.5);
    }
    double y = 0;
    for (int i = 0; i < 20; i++) {
      y += (i < 10 ? 20 : i % 2 == 0 ? -1 : 1) * w[i];
      for (int j = i + 1; j < 20; j++) {
        y += (j < 6 ? -15 : (i + j) % 2 == 0 ? 1 : -1) * w[i] * w[j];
        for (int l = j + 1; l < 5; l++) {
          y += -10 * w[i] * w[j] * w[l];
        }
      }
    }
    return y + 5 * w[0] * w[1] * w[2] * w[3];
  }

  @Test
  void whatIsKnownWhenItIsStoppedIsFromWholeGroups() throws InterruptedException {
    Model linear = model(x -> 5 * x[0] - 2 * x[1]);
    Model stopped = points -> Arrays.copyOf(linear.at(points), 14);
    assertThat(Sensitivity.morris(2, 10, 1, stopped).results()).hasSize(12);
    assertThat(Sensitivity.morris(2, 10, 1, stopped).influences().get(0).main().value())
        .isCloseTo(5, within(1e-9));
    assertThat(Sensitivity.sobol(2, 10, 1, stopped).results()).hasSize(12);
    Model early = points -> new double[5];
    assertThatThrownBy(() -> Sensitivity.morris(2, 10, 1, early))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void aConstantDependsOnNothing() throws InterruptedException {
    for (Influence influence : Sensitivity.sobol(2, 32, 1, model(x -> 3)).influences()) {
      assertThat(influence).isEqualTo(new Influence(new Estimate(0, 0, 0), new Estimate(0, 0, 0)));
    }
  }
}
