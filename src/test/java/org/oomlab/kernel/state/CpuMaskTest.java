package org.oomlab.kernel.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuMaskTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 128, 8192})
  void theFirstOfAllIsFoundUntilNoneIsLeft(int cpus) {
    CpuMask mask = new CpuMask(cpus);
    mask.setAll();
    for (int cpu = 0; cpu < cpus; cpu++) {
      assertThat(mask.first()).isEqualTo(cpu);
      mask.clear(cpu);
    }
    assertThat(mask.first()).isEqualTo(CpuMask.NONE);
    mask.set(cpus - 1);
    assertThat(mask.first()).isEqualTo(cpus - 1);
  }
}
