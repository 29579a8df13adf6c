package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.oomlab.cli.Completion.Proposal;

class CompletionTest {
  private final Completion completion =
      new Completion(Commands.tree(Cli.session("")).getCommandSpec());

  /** What begins like the last word, given a line up to the cursor. */
  private List<String> after(String line) {
    List<String> words = List.of(line.split(" ", -1));
    String current = words.get(words.size() - 1);
    return completion.propose(words.subList(0, words.size() - 1), current).stream()
        .map(Proposal::value)
        .filter(value -> value.startsWith(current))
        .toList();
  }

  @Test
  void commands() {
    assertThat(after("")).contains("run", "check", "list", "show", "explain");
    assertThat(after("ch")).containsExactly("check");
    assertThat(after("help ex")).containsExactly("explain", "export");
  }

  @Test
  void options() {
    assertThat(after("run reference --se")).containsExactly("--seeds", "--set");
    assertThat(after("run --seeds 1..3 --se")).containsExactly("--set");
    assertThat(after("run --policy a --pol")).containsExactly("--policy");
  }

  @Test
  void valuesOfOptions() {
    assertThat(after("run --format c")).containsExactly("csv");
    assertThat(after("run --format=c")).containsExactly("--format=csv");
    assertThat(after("run --color a")).containsExactly("always", "auto");
    assertThat(after("run -p linux-6.1")).contains("linux-6.1", "linux-6.18");
    assertThat(after("run -p linux-4.17,linux-6.1")).contains("linux-4.17,linux-6.18");
    assertThat(after("run -p old=linux-4.1,new=linux-6.18"))
        .containsExactly("old=linux-4.1,new=linux-6.18");
    assertThat(after("run --set reaper.de")).containsExactly("reaper.dead_mm=", "reaper.delay=");
    assertThat(after("run --set reaper.dead_mm=r")).containsExactly("reaper.dead_mm=reap");
    assertThat(after("run --seeds ")).isEmpty();
  }

  @Test
  void arguments() {
    assertThat(after("run refer")).containsExactly("reference");
    assertThat(after("run -p linux-6.18 refer")).isNotEmpty();
    assertThat(after("list me")).containsExactly("metrics");
    assertThat(after("show reaper.del")).containsExactly("reaper.delay");
    assertThat(after("run -- --se")).isEmpty();
  }

  @Test
  void everyProposalHasALineAboutItWhereThereIsOne() {
    assertThat(completion.propose(List.of(), "")).noneMatch(p -> p.description().isEmpty());
    assertThat(completion.propose(List.of("run"), "--")).noneMatch(p -> p.description().isEmpty());
  }

  @Test
  void whatIsSaidOfACommandIsALineWithoutFormatting() {
    assertThat(completion.propose(List.of(), ""))
        .extracting(Proposal::description)
        .isNotEmpty()
        .allSatisfy(it -> assertThat(it).doesNotContain("%n", "@|", "\n", "${").isNotBlank());
  }
}
