package org.oomlab.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitTest {
  @ParameterizedTest
  @CsvSource({
    "250ns, 250",
    "100us, 100000",
    "1.5ms, 1500000",
    "2s, 2000000000",
    "2 s, 2000000000",
    "5min, 300000000000",
    "1h, 3600000000000"
  })
  void spans(String text, long nanos) {
    assertThat(Span.parse(text)).isEqualTo(nanos);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "-1s", "2 sec", "", "1e3s", "0.1ns", "99999999999h", "s"})
  void spansThatAreNone(String text) {
    assertThatThrownBy(() -> Span.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1 page, 1",
    "30 pages, 30",
    "4KiB, 1",
    "1B, 1",
    "5KiB, 2",
    "900MiB, 230400",
    "4GiB, 1048576",
    "1.5GiB, 393216",
    "218780kB, 54695",
    "0, 0"
  })
  void sizes(String text, long pages) {
    assertThat(Bytes.parsePages(text)).isEqualTo(pages);
  }

  @ParameterizedTest
  @ValueSource(strings = {"30", "-4KiB", "4 k", "", "1e6B", "99999999TiB", "MiB"})
  void sizesThatAreNone(String text) {
    assertThatThrownBy(() -> Bytes.parsePages(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void whatASpanIsWrittenAsIsReadBack(
      @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long nanos) {
    assertThat(Span.parse(Span.format(nanos))).isEqualTo(nanos);
  }

  @Property
  void whatASizeIsWrittenAsIsReadBack(@ForAll @LongRange(min = 0, max = 1L << 40) long pages) {
    assertThat(Bytes.parsePages(Bytes.format(pages))).isEqualTo(pages);
  }

  @Test
  void foreverIsNever() {
    assertThat(Span.parse("never")).isEqualTo(Span.parse("forever")).isEqualTo(Span.FOREVER);
    assertThat(Span.format(Span.FOREVER)).isEqualTo("never");
  }

  @Test
  void sizesForReadersHaveThreeDigits() {
    assertThat(Bytes.human(1)).isEqualTo("4KiB");
    assertThat(Bytes.human(10_547)).isEqualTo("41.2MiB");
    assertThat(Bytes.human(1 << 20)).isEqualTo("4.00GiB");
  }

  @Test
  void seeds() {
    assertThat(SeedRange.parse("1..30").count()).isEqualTo(30);
    assertThat(SeedRange.parse("7")).isEqualTo(new SeedRange(7, 7));
    assertThatThrownBy(() -> SeedRange.parse("3..1")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SeedRange.parse("x")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyNumberMayHaveTheDigitsOfADoubleAndNoneHasMore() {
    String least = new BigDecimal(Double.MIN_VALUE).toPlainString();
    assertThat(Decimal.parse(least).doubleValue()).isEqualTo(Double.MIN_VALUE);
    String most = new BigDecimal(Double.MAX_VALUE).toPlainString();
    assertThat(Decimal.parse("-" + most).doubleValue()).isEqualTo(-Double.MAX_VALUE);
    assertThat(Bytes.parsePages("0" + least.substring(1) + "B")).isEqualTo(1);
    assertThat(Span.parse("0".repeat(1099) + "1." + "0".repeat(1100) + "s")).isEqualTo(Span.SECOND);
    assertThat(Decimal.isWritten("1".repeat(1101))).isFalse();
    assertThat(Decimal.isWritten("0." + "1".repeat(1101))).isFalse();
    assertThatThrownBy(() -> Decimal.parse("+1")).hasMessage("expected a number, not '+1'");
  }

  @Test
  void anAmountHasNoMoreDigitsThanItCanMean() {
    String digits = "9".repeat(100_000);
    assertThatThrownBy(() -> Bytes.parsePages(digits + "GiB"))
        .hasMessageStartingWith("expected a size");
    assertThatThrownBy(() -> Span.parse("0." + digits + "s"))
        .hasMessageStartingWith("expected a dur");
  }

  @Test
  void seedsCanBeCounted() {
    assertThat(new SeedRange(0, Long.MAX_VALUE - 1).count()).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> SeedRange.parse("0.." + Long.MAX_VALUE))
        .hasMessageContaining("at most");
  }
}
