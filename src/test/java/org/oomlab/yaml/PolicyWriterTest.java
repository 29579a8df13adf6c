package org.oomlab.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;

class PolicyWriterTest {
  private static Policy read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Library library = Library.open(Path.of("no-such-home"), new ByteArrayInputStream(bytes));
    return library.resolvePolicies(List.of("-"), note -> {}).get(0);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void whatIsWrittenIsReadBack(@ForAll("policies") Policy policy) {
    Policy back = read(PolicyWriter.write(policy));

    assertThat(back.about()).isEqualTo(policy.about());
    for (Knob knob : Knobs.all()) {
      assertThat(back.get(knob)).as(knob.path()).isEqualTo(policy.get(knob));
    }
    assertThat(PolicyWriter.write(back)).isEqualTo(PolicyWriter.write(policy));
  }

  @Provide
  Arbitrary<Policy> policies() {
    Arbitrary<String> text = Arbitraries.strings().ofMaxLength(30);
    Arbitrary<String> name =
        Arbitraries.strings()
            .withCharRange(' ', '~')
            .excludeChars('[', ']', ';', '|')
            .ofMinLength(1)
            .ofMaxLength(20);
    Arbitrary<Policy.About> about =
        Combinators.combine(name, text, text, text, text)
            .as(
                (n, title, source, wins, loses) ->
                    new Policy.About(n, title, source, wins, loses, List.of(), "6.1"));
    List<Arbitrary<Long>> each =
        Knobs.all().stream()
            .map(knob -> (Arbitrary<Long>) Arbitraries.longs().between(knob.least(), knob.most()))
            .toList();
    return Combinators.combine(about, Combinators.combine(each).as(values -> values))
        .as(
            (head, values) ->
                new Policy(
                    head, values.stream().mapToLong(Long::longValue).toArray(), new TreeMap<>()));
  }

  @Example
  void showsWhereEachValueComesFrom() {
    Policy root = read(Home.rootText("linux-4.17"));

    assertThat(PolicyWriter.write(root.with(Knobs.REAPER_DELAY, 2_000_000_000L, "--set")).lines())
        .startsWith(
            "policy: linux-4.17",
            "title: Title of linux-4.17",
            "killer:",
            "  panic_on_oom: 0                       # linux-4.17")
        .contains("  delay: 2s                             # --set");
  }
}
