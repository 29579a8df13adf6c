package org.oomlab.cli.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void splitsAtBlanks() {
    assertThat(Words.split("  run\tmlocked  -p a,b "))
        .containsExactly("run", "mlocked", "-p", "a,b");
  }

  @Test
  void skipsComments() {
    assertThat(Words.split("# all of it")).isEmpty();
    assertThat(Words.split("run a # the rest")).containsExactly("run", "a");
    assertThat(Words.split("run a#b")).containsExactly("run", "a#b");
  }

  @Test
  void keepsWhatIsQuoted() {
    assertThat(Words.split("run 'my file.yaml' \"a \\\"b\\\" \\c\" d\\ e ''"))
        .containsExactly("run", "my file.yaml", "a \"b\" \\c", "d e", "");
  }

  @Test
  void refusesAnOpenQuote() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Words.split("run 'a"))
        .withMessageContaining("'");
  }

  @Test
  void quotedWordsAreReadBack() {
    for (String word : new String[] {"", "a b", "it's", "x=\"1\"", "plain-1.yaml", "#", "$HOME"}) {
      assertThat(Words.split(Words.quote(word))).containsExactly(word);
    }
    assertThat(Words.quote("processes[0].count=3")).isEqualTo("processes[0].count=3");
  }
}
