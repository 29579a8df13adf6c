package org.oomlab.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.unit.Position;
import org.oomlab.workload.Claim;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.tree.Entry;

class WorkloadWriterTest {
  private static final Position NOWHERE = new Position("", 1, 1);

  private static Library library(String input) {
    byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
    return Library.open(null, new ByteArrayInputStream(bytes));
  }

  private static Workload read(String text) {
    return library(text).resolveWorkloads(List.of("-"), note -> {}).get(0);
  }

  /** A workload without the places where its claims stood. */
  private static Workload placeless(Workload workload) {
    return new Workload(
        workload.name(),
        workload.title(),
        workload.source(),
        workload.costsName(),
        workload.horizon(),
        workload.machine(),
        workload.cgroups(),
        workload.mutexes(),
        workload.futexes(),
        workload.processes(),
        workload.claims().stream()
            .map(
                claim ->
                    new Claim(
                        NOWHERE,
                        claim.policies(),
                        claim.seeds(),
                        claim.because(),
                        claim.says(),
                        claim.thread(),
                        claim.contradicts(),
                        claim.vary(),
                        claim.expectations().stream()
                            .sorted(java.util.Comparator.comparing(Claim.Expectation::metric))
                            .map(e -> new Claim.Expectation(NOWHERE, e.metric(), e.text()))
                            .toList()))
            .toList(),
        workload.observed());
  }

  @TestFactory
  Stream<DynamicTest> whatIsWrittenIsReadBack() {
    Library library = Library.open(null, InputStream.nullInputStream());
    List<String> names = library.workloads().stream().map(Entry::name).toList();
    return library.resolveWorkloads(names, note -> {}).stream()
        .map(
            workload ->
                DynamicTest.dynamicTest(
                    workload.name(),
                    () -> {
                      String text = WorkloadWriter.write(workload, Map.of());
                      assertThat(placeless(read(text))).as(text).isEqualTo(placeless(workload));
                    }));
  }

  private static final String STRANGE =
      """
      workload: "a: b"
      title: "# \\u0007 \\"quoted\\", {x}"
      source: "null"
      machine: {memory: 1GiB}
      mutexes: ["yes, it is"]
      processes:
        - {name: "- {[x\\u2028}".., run: []}
      """
          .replace("[x\\u2028}\"..", "x\\u2028}\"");

  @Test
  void namesMayBeStrange() {
    Workload workload = read(STRANGE);

    assertThat(read(WorkloadWriter.write(workload, Map.of()))).isEqualTo(workload);
  }

  @Test
  void commentsStandBeforeWhatTheyAreAbout() {
    Map<String, List<String>> comments = new TreeMap<>();
    comments.put("", List.of("the document"));
    comments.put("machine.memory", List.of("memory", "two lines\nin one \u0000"));
    comments.put("processes[0]", List.of("a process"));
    Workload workload = read(STRANGE);
    String text = WorkloadWriter.write(workload, comments);

    assertThat(text.lines())
        .startsWith("# the document")
        .containsSequence("machine:", "  # memory", "  # two lines?in one ?", "  memory: 1GiB")
        .containsSequence("processes:", "  # a process");
    assertThat(read(text)).isEqualTo(workload);
  }

  @Test
  void whatHasItsDefaultIsLeftOut() {
    String text = WorkloadWriter.write(read(STRANGE), Map.of());

    assertThat(text).doesNotContain("costs:", "horizon:", "swap:", "page_cache:", "claims:");
  }
}
