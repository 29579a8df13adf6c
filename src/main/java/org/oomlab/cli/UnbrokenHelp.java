package org.oomlab.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Help whose lines end between words. Left to itself picocli may begin a line in the middle of
 * {@code policy.reaper.delay}, since it looks for places after punctuation as well; so that what
 * stands within words is a letter of nobody's while it looks, and {@link #writer} turns it back.
 */
final class UnbrokenHelp extends Help {
  /** The first of Unicode's letters for private use. */
  private static final char PRIVATE = '\ue000';

  /** Punctuation next to a word, but what picocli means by a percent sign. */
  private static final Pattern PUNCTUATION = Pattern.compile("[^\\sA-Za-z0-9%\u0080-\uffff]");

  UnbrokenHelp(CommandSpec command, ColorScheme colours) {
    super(command, colours);
  }

  /** A writer for help, and for whatever else picocli prints. */
  static PrintWriter writer(Writer out) {
    return new PrintWriter(out, true) {
      @Override
      public void write(String text, int from, int length) {
        StringBuilder shown = new StringBuilder(text.substring(from, from + length));
        for (int i = 0; i < shown.length(); i++) {
          char c = shown.charAt(i);
          if (c >= PRIVATE && c < PRIVATE + 128) {
            shown.setCharAt(i, (char) (c - PRIVATE));
          }
        }
        super.write(shown.toString(), 0, shown.length());
      }
    };
  }

  @Override
  public IOptionRenderer createDefaultOptionRenderer() {
    IOptionRenderer usual = super.createDefaultOptionRenderer();
    return (option, labels, colours) -> glued(usual.render(option, labels, colours));
  }

  @Override
  public IParameterRenderer createDefaultParameterRenderer() {
    IParameterRenderer usual = super.createDefaultParameterRenderer();
    return (parameter, labels, colours) -> glued(usual.render(parameter, labels, colours));
  }

  @Override
  public String description(Object... parameters) {
    StringBuilder out = new StringBuilder();
    for (String paragraph : commandSpec().usageMessage().description()) {
      int column = 0;
      for (String word : String.format(Locale.ROOT, paragraph).split(" ")) {
        boolean begins = column == 0;
        boolean fits = column + 1 + word.length() <= commandSpec().usageMessage().width();
        out.append(begins ? "" : fits ? " " : System.lineSeparator()).append(word);
        column = begins || !fits ? word.length() : column + 1 + word.length();
      }
      out.append(System.lineSeparator());
    }
    return out.toString();
  }

  /** The last column, which has the description, in the rows of one option. */
  private Text[][] glued(Text[][] rows) {
    for (Text[] row : rows) {
      row[row.length - 1] = ansi().new Text(glued(row[row.length - 1].toString()));
    }
    return rows;
  }

  private static String glued(String text) {
    return PUNCTUATION
        .matcher(text)
        .replaceAll(match -> String.valueOf((char) (PRIVATE + match.group().charAt(0))));
  }
}
