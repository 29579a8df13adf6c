package org.oomlab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;

class NamesTest {
  @Test
  void aThreadIsNamedAfterItsProcessOnce() {
    Workload workload =
        Library.open(Path.of(""))
            .resolveWorkloads(List.of("where-robust-futexes-broke"), note -> {})
            .get(0);
    assertThat(new Names(workload).task(1)).isEqualTo("V400/T");
  }
}
