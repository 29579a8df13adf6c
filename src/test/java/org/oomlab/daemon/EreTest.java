package org.oomlab.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What glibc's regcomp(3) and regexec(3) make of patterns; each line was tried with them. */
class EreTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "^(java|chrome)$ chrome true",
        "^(java|chrome)$ chromes false",
        "a) a false",
        "a) a) true",
        "(a|b))| z true",
        "a** aa true",
        "a+? a true",
        "a||b z true",
        "a{,2} b true",
        "a^b a^b false",
        "\\d d true",
        "\\d 1 false",
        "\\wfoo xfoo true",
        "(a)\\1 a false",
        "(a)\\1 aa true",
        "[a\\]] \\] true",
        "[]a] ] true",
        "[^]a] ] false",
        "[--/] . true",
        "[[:digit:]x] 7 true",
        "[[.a.]] a true",
        "\\<x axe false",
        "a{1}{2} aa true",
        "\\`a\\' ba false",
      })
  void aPatternMatchesAsItDoesThere(String pattern, String text, boolean matches) {
    assertThat(Ere.compile(pattern).matcher(text).find()).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*a",
        "a|*b",
        "(*b)",
        "^*",
        "{1}a",
        "a{",
        "a{x",
        "a{2,1}",
        "x\\",
        "[a",
        "[[:foo:]]",
        "[b-a]",
        "(a",
        "\\2(a)",
        "(a\\1)",
        "(?i)a",
        "(?:a)",
        "[[.space.]]",
        "[a-[:digit:]]",
        "[[:alpha:]-z]",
        "a{40000}",
        "+"
      })
  void whatItRefusesIsRefused(String pattern) {
    assertThatThrownBy(() -> Ere.compile(pattern)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aParenthesisThatClosesNothingIsTold() {
    assertThat(Ere.hasStray("^(a|b))$")).isTrue();
    assertThat(Ere.hasStray("^(a|b)$")).isFalse();
    assertThat(Ere.hasStray("[)]")).isFalse();
    assertThat(Ere.hasStray("a\\)")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 5000, 1_000_000})
  void whatIsTooDeepOrTooLongIsRefusedAndNoStackEnds(int depth) {
    for (String open : new String[] {"(", "a*".repeat(2) + "*", "["}) {
      assertThatThrownBy(() -> Ere.compile(open.repeat(depth)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
