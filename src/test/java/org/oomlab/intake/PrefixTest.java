package org.oomlab.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mem-Info:",
        "    Mem-Info:",
        "> > Mem-Info:",
        ">  | [  599.515700][T23028] Mem-Info:",
        "[   12.345678] Mem-Info:",
        "[   12.345678][ T123] Mem-Info:",
        "[   12.345678] [    C1] Mem-Info:",
        "<4>[   12.345678] Mem-Info:",
        "<6>[   12.345678]  (0)[58:kswapd0]Mem-Info:",
        "[   12.345678]  [1:        swapper/0:    1] Mem-Info:",
        "4,1234,567890,-;Mem-Info:",
        "4,1234,567890,-,caller=T12;Mem-Info:",
        "[Fri Sep 25 15:29:47 2020] Mem-Info:",
        "[\u6708 12\u65e5 24 16:02:24 2017] Mem-Info:",
        "[  +0.000003] Mem-Info:",
        "Jun 18 07:44:52 host kernel: [64377.426677] Mem-Info:",
        "Jun 18 07:44:52 host kernel: Mem-Info:",
        "2024-03-11T10:16:36.123456+00:00 host kernel: [   12.345678] Mem-Info:",
        "2024-03-11T10:16:36,123456+00:00 Mem-Info:",
        "2024-03-11T10:16:36.123456789Z stdout F [   12.345678] Mem-Info:",
        "1500316299 host [30533610.306528] Mem-Info:",
        "09-07 01:54:50.195     0     0 W kernel  : [   12.345678] Mem-Info:",
        "kern  :warn  : [   12.345678] Mem-Info:",
        "kernel: Mem-Info:",
        "{\"log\":\"[   12.345678] Mem-Info:\\n\",\"stream\":\"stderr\"}",
        "{\"PRIORITY\":\"4\",\"MESSAGE\" : \"Mem-Info:\"}",
        "some words on a console: [   12.345678] Mem-Info:",
      })
  void isTakenAway(String line) {
    assertThat(Prefix.strip(line).text()).isEqualTo("Mem-Info:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[  390]     0   390    39012     6739      78       51             0 systemd-journal",
        "[ 1234] 1 1234 1 1 1 1 0 a: b",
        "swapper/0 invoked oom-killer: gfp_mask=0x0(), order=0, oom_score_adj=0",
        "Node 0 DMA: 1*4kB (U) = 4kB",
        "R10: 0000000000000002 R11: 0000000000000246",
      })
  void isNotFoundWhereThereIsNone(String line) {
    assertThat(Prefix.strip(line)).isEqualTo(new Prefix.Words(line, false, false, "", "", "", -1));
  }

  @Test
  void tellsWhoSpeaksAndWhen() {
    assertThat(Prefix.strip("[   12.345678][ T123] x"))
        .isEqualTo(new Prefix.Words("x", true, false, "T123", "12.345678", "", 12.345678));
    assertThat(Prefix.strip("Dec 12 16:07:34 host systemd[1]: a unit failed").foreign()).isTrue();
  }
}
