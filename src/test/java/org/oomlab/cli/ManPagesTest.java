package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.Costs;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Paging;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.SoftLimits;
import org.oomlab.workload.Step;
import org.oomlab.workload.VmaSpec;

/** The manual says what the program does. */
class ManPagesTest {
  private static Path page(String name) {
    return Path.of("man", name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oomlab.1",
        "oomlab-debug.1",
        "oomlab-timeline.1",
        "oomlab-diff.1",
        "oomlab-plot.1",
        "oomlab-report.1",
        "oomlab-policy.5"
      })
  void generatedPartsAreUpToDate(String name) throws IOException {
    String committed = Files.readString(page(name));
    String current = pages().regenerate(committed);
    if (System.getProperty("oomlab.man", "").equals("write")) {
      Files.writeString(page(name), current);
    } else {
      assertThat(committed)
          .as("rewrite it: mvn -q test -Dtest=ManPagesTest -Doomlab.man=write")
          .isEqualTo(current);
    }
  }

  private static ManPages pages() {
    return new ManPages(Commands.tree(Cli.session("")).getCommandSpec(), Cli.EPISODE_COLUMNS);
  }

  @Test
  void everyKeyOfAWorkloadIsExplained() throws IOException {
    String text = Files.readString(page("oomlab-workload.5"));
    for (Class<?> step : Step.class.getPermittedSubclasses()) {
      assertThat(text).contains(key(step.getSimpleName()) + ": ".strip());
    }
    for (Class<?> record :
        new Class<?>[] {
          CgroupSpec.class,
          Costs.class,
          MachineSpec.class,
          Paging.class,
          ProcessSpec.class,
          SoftLimits.class,
          VmaSpec.class
        }) {
      for (RecordComponent component : record.getRecordComponents()) {
        if (component.getType() == Paging.class || component.getType() == SoftLimits.class) {
          continue; // Their keys are those of the machine and of the cgroup.
        }
        // "aio" and the two halves of "work" are keys of maps.
        String key = key(component.getName()).replace("work_unit", "unit");
        assertThat(text).containsPattern("(?m)^\\.B.*\\b" + key + "\\b");
      }
    }
  }

  private static String key(String javaName) {
    String key = javaName.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    return key;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oomlab.1",
        "oomlab-debug.1",
        "oomlab-refute.1",
        "oomlab-timeline.1",
        "oomlab-diff.1",
        "oomlab-plot.1",
        "oomlab-report.1",
        "oomlab-policy.5",
        "oomlab-workload.5",
        "oomlab-daemons.7"
      })
  void groffHasNothingToComplainOf(String name) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "no groff here");
    Process groff =
        new ProcessBuilder("groff", "-man", "-Tutf8", "-ww", "-z", page(name).toString())
            .redirectErrorStream(true)
            .start();
    String complaints = new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    groff.waitFor();
    assertThat(complaints).isEmpty();
  }
}
