package org.oomlab.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Python's re.search() makes of patterns. */
class PythonReTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "^foo$ foo true",
        "^/system\\.slice/ /system.slice/a true",
        "(?P<n>a)(?P=n) aa true",
        "(?P<n>a)(?P=n) ab false",
        "[a&&b] & true",
        "[[a] [ true",
        "a{,2}b b true",
        "a{x a{x true",
        "foo\\Z foo true",
        "(?#remark)a a true",
        "(?i)ABC abc true",
        "(?<=x)y xy true",
      })
  void aPatternMatchesAsItDoesThere(String pattern, String text, boolean matches) {
    assertThat(PythonRe.compile(pattern).matcher(text).find()).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "a)", "[a", "*a", "\\", "\\y", "(?P=n)", "a{99999}", "(?(1)a|b)"})
  void whatIsNoneIsRefused(String pattern) {
    assertThatThrownBy(() -> PythonRe.compile(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("regular expression");
  }
}
