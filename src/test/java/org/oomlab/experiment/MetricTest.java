package org.oomlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oomlab.experiment.Samples.kill;
import static org.oomlab.experiment.Samples.outcome;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.oomlab.experiment.Metric.Unit;

class MetricTest {
  @Test
  void extraKillsAreCountedByHorizon() {
    Outcome outcome =
        outcome("p", 1)
            .kill(kill("a", 0))
            .kill(Samples.extra("b", 1, 1_000_000_000L))
            .kill(Samples.extra("pool[0]", 2, 1_000_000_001L))
            .build();
    assertThat(Metric.KILLS.of(outcome)).isEqualTo(3);
    assertThat(Metric.EXTRA_KILLS_1S.of(outcome)).isEqualTo(1);
    assertThat(Metric.EXTRA_KILLS_10S.of(outcome)).isEqualTo(2);
  }

  @Test
  void whatNobodyAskedForIsAbsent() {
    Outcome outcome = outcome("p", 1).kill(kill("a", 0)).unjudged().build();
    assertThat(Metric.EXTRA_KILLS_10S.of(outcome)).isNaN();
    assertThat(Metric.RECOVERY_MS.of(outcome)).isNaN();
    assertThat(Metric.RECOVERY_MS.exact(outcome)).isNull();
    assertThat(Metric.LIVELOCK_SINCE_MS.exact(outcome)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 0.000001",
    "1000000, 1",
    "12345678901, 12345.678901",
    "300000000000, 300000",
    "7200000000001, 7200000.000001",
    "100000, 0.1"
  })
  void millisecondsAreExact(long nanos, String written) {
    Outcome outcome = outcome("p", 1).recovery(nanos).build();
    assertThat(Metric.RECOVERY_MS.exact(outcome).toPlainString()).isEqualTo(written);
    assertThat(Metric.RECOVERY_MS.exact(outcome).toString()).doesNotContain("E-0");
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.1",
    "1.23456789, 1.23457",
    "1234567.8, 1234568",
    "100000, 100000",
    "0.00000123456789, 0.00000123457",
    "-2.5, -2.5"
  })
  void figuresHaveSixDigits(double value, String written) {
    assertThat(Unit.rounded(value).toPlainString()).isEqualTo(written);
  }

  @ParameterizedTest
  @CsvSource({
    "MILLISECONDS, 97, 97ms",
    "MILLISECONDS, 1500, 1.5s",
    "MILLISECONDS, 0, 0s",
    "PAGES, 2047, 2047 pages",
    "PAGES, 16384, 64MiB",
    "PAGES, 2.5, 2.5 pages",
    "COUNT, 3, 3",
    "COUNT, NaN, absent"
  })
  void valuesAreShownWithTheirUnit(Unit unit, double value, String shown) {
    assertThat(unit.show(value)).isEqualTo(shown);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void columnsAreUniqueAndDocumented(Metric metric) {
    assertThat(metric.column()).matches("[a-z0-9_]+").startsWith(metric.shortName());
    assertThat(metric.doc()).endsWith(".").hasSizeLessThan(100);
    assertThat(Metric.named(metric.column())).contains(metric);
    assertThat(Metric.named(metric.shortName())).contains(metric);
    assertThat(Arrays.stream(Metric.values()).map(Metric::shortName)).doesNotHaveDuplicates();
  }
}
