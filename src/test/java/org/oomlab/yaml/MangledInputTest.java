package org.oomlab.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.oomlab.yaml.tree.ProblemException;

/** Whatever a file holds, it is read or refused with a place, and nothing else happens. */
class MangledInputTest {
  private static final String WORKLOAD =
      """
      workload: w
      horizon: 5min
      machine: {memory: 4GiB, free: 1GiB, min: 16MiB, swap: 1GiB, page_cache: 10MiB, hz: 250}
      cgroups:
        - &pod {name: pod, limit: 64MiB}
        - {<<: *pod, name: inner, parent: pod}
      mutexes: [X]
      processes:
        - name: db
          count: 2
          start: 1ms..2ms
          memory: [{name: heap, size: {log_uniform: [1MiB, 2MiB]}}]
          exit: {aio: {exponential: 2ms}}
          run:
            - lock: X
            - touch: {size: 1MiB, memory: heap}
            - repeat: {times: forever, steps: [{sleep: 1s}]}
        - {name: web, shares_mm: 'db[0]', vfork: true, threads: [{name: T, run: [exit: ]}]}
      claims:
        - {policy: p, because: so, seeds: 1..2, kills: '>= 2', victims: [web], mean: {kills: 1}}
      """;

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void isReadOrRefused(@ForAll("mangled") String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Library library = Library.open(Path.of("no-such-home"), new ByteArrayInputStream(bytes));
    for (boolean asPolicy : new boolean[] {false, true}) {
      try {
        if (asPolicy) {
          library.resolvePolicies(List.of("-"), note -> {});
        } else {
          library.resolveWorkloads(List.of("-"), note -> {});
        }
      } catch (ProblemException refused) {
        int lines = 1 + (int) text.lines().count();
        assertThat(refused.problems())
            .isNotEmpty()
            .allSatisfy(
                problem -> {
                  // Of another kind is a file as a whole.
                  int least = problem.message().contains(" is wanted here; ") ? 0 : 1;
                  assertThat(problem.position().line()).isBetween(least, lines);
                  assertThat(problem.message()).doesNotContain("\n", "null");
                });
      }
    }
  }

  /** The workload with a few stretches of it replaced by others or by anything. */
  @Provide
  Arbitrary<String> mangled() {
    Arbitrary<Integer> place = Arbitraries.integers().between(0, WORKLOAD.length());
    Arbitrary<String> piece =
        Arbitraries.oneOf(
            Combinators.combine(place, Arbitraries.integers().between(0, 40))
                .as(
                    (start, length) ->
                        WORKLOAD.substring(start, Math.min(start + length, WORKLOAD.length()))),
            Arbitraries.strings().ofMaxLength(3),
            Arbitraries.of(
                "[", "{", "}", "-1", "9".repeat(30), "~", "*pod", "&pod ", ": ", "\n- "));
    Arbitrary<int[]> cut =
        Combinators.combine(place, Arbitraries.integers().between(0, 12))
            .as((start, length) -> new int[] {start, Math.min(start + length, WORKLOAD.length())});
    return Combinators.combine(cut.list().ofMinSize(1).ofMaxSize(3), piece.list().ofSize(3))
        .as(
            (cuts, pieces) -> {
              String text = WORKLOAD;
              for (int i = 0; i < cuts.size(); i++) {
                int end = Math.min(cuts.get(i)[1], text.length());
                int start = Math.min(cuts.get(i)[0], end);
                text = text.substring(0, start) + pieces.get(i) + text.substring(end);
              }
              return text;
            });
  }
}
