package org.oomlab.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.unit.Bytes;

class WatermarksTest {
  /** The zones DMA, DMA32 and Normal as a Linux 6.18 machine of 13 GiB printed them. */
  @ParameterizedTest
  @CsvSource({
    "3840, 18, 22, 26",
    "772918, 3770, 4712, 5654",
    "2686976, 13106, 16382, 19658",
  })
  void areThoseOfARealMachine(long managed, long min, long low, long high) {
    assertThat(Watermarks.above(min, managed, 10)).isEqualTo(new Watermarks(min, low, high));
  }

  @ParameterizedTest
  @CsvSource({"1GiB, 4096kB", "4GiB, 8192kB", "16GiB, 16384kB", "64KiB, 128kB", "64TiB, 256MiB"})
  void defaultMinGrowsWithTheRootOfTheMemory(String memory, String min) {
    assertThat(Watermarks.defaultMin(Bytes.parsePages(memory))).isEqualTo(Bytes.parsePages(min));
  }

  @Test
  void aLargeScaleFactorSpreadsThem() {
    assertThat(Watermarks.above(1000, 1_000_000, 1000))
        .isEqualTo(new Watermarks(1000, 101_000, 201_000));
  }
}
