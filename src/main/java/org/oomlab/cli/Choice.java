package org.oomlab.cli;

import java.util.List;
import org.oomlab.unit.Suggestions;
import picocli.CommandLine.TypeConversionException;

/** Words of which an option takes one. */
final class Choice {
  private Choice() {}

  /**
   * The word, if it is one of those allowed.
   *
   * @throws TypeConversionException naming those allowed, and the one probably meant
   */
  static String of(String option, String word, String... allowed) {
    List<String> words = List.of(allowed);
    if (words.contains(word)) {
      return word;
    }
    String meant = Suggestions.nearest(word, words);
    throw new TypeConversionException(
        option
            + ": expected one of "
            + String.join(", ", words)
            + ", not '"
            + word
            + "'"
            + (meant == null ? "" : "; did you mean " + meant + "?"));
  }
}
