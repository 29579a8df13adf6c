package org.oomlab.article;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitTest {
  @Test
  void everyRowOfTheDocumentIsALimit() throws IOException {
    long rows =
        Files.readString(Path.of("src/site/markdown/limits.md"))
            .lines()
            .filter(line -> line.startsWith("|"))
            .count();
    List<Limit> all = Limit.all();
    assertThat(all).hasSize((int) rows - 2);
    assertThat(all).noneMatch(limit -> limit.what().isBlank() || limit.means().isBlank());
  }

  @Test
  void itIsKnownOfEachWhereItMatters() {
    for (var each : Limit.MATTERS) {
      String begins = each.getKey();
      assertThat(Limit.all().stream().filter(limit -> limit.what().startsWith(begins)))
          .as(begins)
          .hasSize(1);
    }
    assertThat(Limit.MATTERS).hasSameSizeAs(Limit.all());
  }
}
