package org.oomlab.cli.session;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.oomlab.unit.Suggestions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The few words of which an option takes one. */
public record Choice(List<String> words) implements Names, ITypeConverter<String> {
  /** The option takes one of these words. */
  public static Choice of(String... words) {
    return new Choice(List.of(words));
  }

  @Override
  public Map<String, String> described() {
    Map<String, String> described = new TreeMap<>();
    for (String word : words) {
      described.put(word, "");
    }
    return described;
  }

  /**
   * The word, if it is one of those allowed.
   *
   * @throws TypeConversionException naming those allowed, and the one probably meant
   */
  @Override
  public String convert(String word) {
    if (words.contains(word)) {
      return word;
    }
    String meant = Suggestions.nearest(word, words);
    throw new TypeConversionException(
        "expected one of "
            + String.join(", ", words)
            + ", not '"
            + word
            + "'"
            + (meant == null ? "" : "; did you mean " + meant + "?"));
  }
}
