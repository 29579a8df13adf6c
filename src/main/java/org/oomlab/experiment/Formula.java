package org.oomlab.experiment;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Decimal;
import org.oomlab.unit.Span;
import org.oomlab.unit.Suggestions;

/**
 * What may be said in an expression, whoever's words it is made of: {@code free < low}, {@code
 * recovery(B) <= 1.1 * recovery(A) and outcome(B) != panic}.
 *
 * <pre>
 *   either  := both ("or" both)*
 *   both    := not ("and" not)*
 *   not     := "not" not | compare
 *   compare := sum (("&lt;" | "&lt;=" | "=" | "!=" | "&gt;=" | "&gt;") sum)?
 *   sum     := product (("+" | "-") product)*
 *   product := value (("*" | "/") value)*
 *   value   := NUMBER | AMOUNT | TIME | WORD | WORD "(" NAME ")" | "(" either ")" | "-" value
 * </pre>
 *
 * <p>What is counted in pages cannot be held against what is counted in seconds. A value that is
 * absent compares as false.
 *
 * @param <S> what it is asked of
 */
public final class Formula<S> {
  /** Whoever nests more parentheses than this means something else. */
  private static final int DEEPEST = 50;

  /** A number read off what a formula is asked of; NaN if there is none. */
  @FunctionalInterface
  public interface Value<S> {
    double at(S scene);

    /** How far it is from being another, 0 to 1. */
    default double from(double other, S scene) {
      return Math.abs(gap(at(scene), other));
    }
  }

  /** Whether a word is followed by a name in parentheses. */
  public enum Argument {
    NONE,
    OPTIONAL,
    REQUIRED
  }

  /**
   * A word.
   *
   * @param name as it is written
   * @param usage as it is written with its argument
   */
  public record Word<S>(
      String name, String usage, Argument argument, Dimension dimension, Reader<S> reader) {}

  /** Reads a word's value. */
  @FunctionalInterface
  public interface Reader<S> {
    /**
     * The value of a word about something.
     *
     * @param argument what stands in parentheses, or nothing
     * @throws IllegalArgumentException saying why it cannot be about that
     */
    Value<S> about(String argument);
  }

  /** The words that a formula is made of. */
  public interface Vocabulary<S> {
    /** A word, or null. */
    @Nullable Word<S> find(String name);

    /** Names that somebody may have meant. */
    Collection<String> names();
  }

  /** It cannot be read, or means nothing; the message has the column. */
  @SuppressWarnings("serial") // Caught where it is thrown for, and never written down.
  public static final class Malformed extends IllegalArgumentException {
    Malformed(String message) {
      super(message);
    }
  }

  /**
   * A part of it.
   *
   * @param margin of what is true or not: how far it is from being otherwise, below 0 if it is
   *     false, NaN if it says nothing; else null
   */
  private record Part<S>(Dimension dimension, Value<S> value, @Nullable Value<S> margin) {
    Part(Dimension dimension, Value<S> value) {
      this(dimension, value, null);
    }
  }

  /** The margin of what is as false as it can be by no measure. */
  private static final double BARELY = 1e-9;

  private final String text;
  private final Vocabulary<S> vocabulary;
  private final Set<String> used = new LinkedHashSet<>();
  private int at;
  private int depth;
  private @Nullable Part<S> whole;

  private Formula(String text, Vocabulary<S> vocabulary) {
    this.text = text;
    this.vocabulary = vocabulary;
  }

  /**
   * Reads a formula.
   *
   * @param example what is expected if there is nothing
   * @throws Malformed with the column at which it cannot be read, or means nothing
   */
  public static <S> Formula<S> parse(String text, Vocabulary<S> vocabulary, String example) {
    Formula<S> formula = new Formula<>(text, vocabulary);
    formula.skipBlanks();
    if (formula.isAtEnd()) {
      throw new Malformed("expected an expression, such as " + example);
    }
    Part<S> whole = formula.either();
    if (!formula.isAtEnd()) {
      throw formula.wrong(formula.at, "expected 'and', 'or' or a comparison");
    }
    formula.whole = whole;
    return formula;
  }

  /** The same for one that is true or not. */
  public static <S> Formula<S> parseTruth(String text, Vocabulary<S> vocabulary, String example) {
    Formula<S> formula = parse(text, vocabulary, example);
    if (formula.dimension() != Dimension.TRUTH) {
      throw formula.wrong(0, "expected a comparison, such as '" + text.strip() + " > ...'");
    }
    return formula;
  }

  /** What it is counted in. */
  public Dimension dimension() {
    return part().dimension();
  }

  /** The names of the words in it, each once. */
  public Set<String> words() {
    return Collections.unmodifiableSet(used);
  }

  /** Its value, or NaN. */
  public double at(S scene) {
    return part().value().at(scene);
  }

  /** Whether it is true; what is absent makes a comparison false. */
  public boolean holds(S scene) {
    return isTrue(at(scene));
  }

  /**
   * How far it is from being otherwise: from 0 (as near as can be) to 1 if it is true, below 0 if
   * it is not. Two numbers are as far apart as their difference is of their sum.
   *
   * @return NaN if it says nothing, since something is absent
   */
  public double margin(S scene) {
    Value<S> margin = part().margin();
    return margin == null ? (holds(scene) ? 1 : -1) : margin.at(scene);
  }

  private Part<S> part() {
    Part<S> parsed = whole;
    if (parsed == null) {
      throw new IllegalStateException("not parsed");
    }
    return parsed;
  }

  @Override
  public String toString() {
    return text.strip();
  }

  // The grammar.

  private Part<S> either() {
    if (++depth > DEEPEST) {
      throw wrong(at, "this is nested too deeply");
    }
    Part<S> left = both();
    while (takeWord("or")) {
      Part<S> a = truth(left, at);
      int from = at;
      Part<S> b = truth(both(), from);
      left =
          truth(
              s -> truth(isTrue(a.value().at(s)) || isTrue(b.value().at(s))),
              s -> either(marginOf(a, s), marginOf(b, s)));
    }
    depth--;
    return left;
  }

  private Part<S> both() {
    int start = at;
    Part<S> left = not();
    while (takeWord("and")) {
      Part<S> a = truth(left, start);
      int from = at;
      Part<S> b = truth(not(), from);
      left =
          truth(
              s -> truth(isTrue(a.value().at(s)) && isTrue(b.value().at(s))),
              s -> -either(-marginOf(a, s), -marginOf(b, s)));
    }
    return left;
  }

  private Part<S> not() {
    if (!takeWord("not")) {
      return compare();
    }
    int from = at;
    if (++depth > DEEPEST) {
      throw wrong(at, "this is nested too deeply");
    }
    Part<S> of = truth(not(), from);
    depth--;
    return truth(s -> truth(!isTrue(of.value().at(s))), s -> -marginOf(of, s));
  }

  private static <S> Part<S> truth(Value<S> value, Value<S> margin) {
    return new Part<>(Dimension.TRUTH, value, margin);
  }

  private static double truth(boolean holds) {
    return holds ? 1 : 0;
  }

  private static <S> double marginOf(Part<S> truth, S scene) {
    Value<S> margin = truth.margin();
    return margin == null ? (isTrue(truth.value().at(scene)) ? 1 : -1) : margin.at(scene);
  }

  /** The larger; of two of which one says nothing, the other if that is true. */
  private static double either(double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      double said = Double.isNaN(a) ? b : a;
      return said >= 0 ? said : Double.NaN;
    }
    return Math.max(a, b);
  }

  /** The difference between two numbers as a part of both, from -1 to 1; 0 of equal ones. */
  private static double gap(double a, double b) {
    if (a == b) {
      return 0;
    }
    if (Double.isInfinite(a) || Double.isInfinite(b)) {
      return a > b ? 1 : a < b ? -1 : Double.NaN;
    }
    return (a - b) / (Math.abs(a) + Math.abs(b));
  }

  private static boolean isTrue(double value) {
    return value != 0 && !Double.isNaN(value);
  }

  private Part<S> truth(Part<S> part, int from) {
    if (part.dimension() != Dimension.TRUTH) {
      throw wrong(
          from, "expected something that is true or not, and this is " + part.dimension().words());
    }
    return part;
  }

  private Part<S> compare() {
    int start = at;
    Part<S> left = sum();
    String operator = take("<=", ">=", "!=", "==", "<", ">", "=");
    if (operator == null) {
      return left;
    }
    int from = at;
    Part<S> right = sum();
    if (left.dimension() == Dimension.TRUTH) {
      throw wrong(start, "this is true or not already, and cannot be compared");
    }
    Part<S> same = alike(left, right, from);
    boolean orders = operator.contains("<") || operator.contains(">");
    if (orders && left.dimension() == Dimension.OUTCOME) {
      throw wrong(start, "outcomes have no order: expected = or !=");
    }
    Value<S> a = left.value();
    Value<S> b = same.value();
    return truth(s -> truth(holds(operator, a.at(s), b.at(s))), s -> margin(operator, a, b, s));
  }

  private static <S> double margin(String operator, Value<S> left, Value<S> right, S scene) {
    double a = left.at(scene);
    double b = right.at(scene);
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return Double.NaN;
    }
    double distance =
        switch (operator) {
          case "<", "<=" -> gap(b, a);
          case ">", ">=" -> gap(a, b);
          case "!=" -> left.from(b, scene);
          default -> holds(operator, a, b) ? BARELY : -left.from(b, scene);
        };
    return holds(operator, a, b) ? Math.max(0, distance) : Math.min(-BARELY, distance);
  }

  private static boolean holds(String operator, double a, double b) {
    return switch (operator) {
      case "<" -> a < b;
      case "<=" -> a <= b;
      case ">" -> a > b;
      case ">=" -> a >= b;
      case "!=" -> a != b && !Double.isNaN(a) && !Double.isNaN(b);
      default -> a == b;
    };
  }

  /** The right side, which is counted in the same. */
  private Part<S> alike(Part<S> left, Part<S> right, int from) {
    if (left.dimension() != right.dimension()) {
      throw wrong(
          from,
          "expected " + left.dimension().words() + ", and this is " + right.dimension().words());
    }
    return right;
  }

  private Part<S> sum() {
    Part<S> left = product();
    String operator;
    while ((operator = take("+", "-")) != null) {
      int from = at;
      Part<S> same = alike(left, product(), from);
      if (left.dimension() == Dimension.TRUTH || left.dimension() == Dimension.OUTCOME) {
        throw wrong(from, "this cannot be added: expected numbers, amounts or times");
      }
      Value<S> a = left.value();
      Value<S> b = same.value();
      double sign = operator.equals("+") ? 1 : -1;
      left = new Part<>(left.dimension(), s -> a.at(s) + sign * b.at(s));
    }
    return left;
  }

  private Part<S> product() {
    Part<S> left = value();
    String operator;
    while ((operator = take("*", "/")) != null) {
      int from = at;
      Part<S> right = value();
      if (!isCounted(left) || !isCounted(right)) {
        throw wrong(from, "expected a number");
      }
      Value<S> a = left.value();
      Value<S> b = right.value();
      if (operator.equals("*")) {
        if (left.dimension() != Dimension.NUMBER && right.dimension() != Dimension.NUMBER) {
          throw wrong(from, "expected a number, and this is " + right.dimension().words());
        }
        Dimension of = left.dimension() == Dimension.NUMBER ? right.dimension() : left.dimension();
        left = new Part<>(of, s -> a.at(s) * b.at(s));
      } else {
        if (right.dimension() != Dimension.NUMBER && right.dimension() != left.dimension()) {
          throw wrong(from, "expected a number, and this is " + right.dimension().words());
        }
        Dimension of = right.dimension() == Dimension.NUMBER ? left.dimension() : Dimension.NUMBER;
        left = new Part<>(of, s -> a.at(s) / b.at(s));
      }
    }
    return left;
  }

  private boolean isCounted(Part<S> part) {
    return part.dimension() != Dimension.TRUTH && part.dimension() != Dimension.OUTCOME;
  }

  private Part<S> value() {
    skipBlanks();
    int from = at;
    if (isAtEnd()) {
      throw wrong(from, "expected a value here");
    }
    char c = text.charAt(at);
    if (c == '(') {
      at++;
      Part<S> inside = either();
      if (take(")") == null) {
        throw wrong(at, "expected ')'");
      }
      return inside;
    }
    if (c == '-') {
      at++;
      if (++depth > DEEPEST) {
        throw wrong(at, "this is nested too deeply");
      }
      Part<S> of = value();
      depth--;
      if (!isCounted(of)) {
        throw wrong(from, "expected a number");
      }
      return new Part<>(of.dimension(), s -> -of.value().at(s));
    }
    if (Character.isDigit(c)) {
      return literal();
    }
    if (isLetter(c)) {
      return word();
    }
    throw wrong(from, "expected a value here");
  }

  /** A number, with a unit or without. */
  private Part<S> literal() {
    int from = at;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    String number = text.substring(from, at);
    int beforeUnit = at;
    if (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    int unitFrom = at;
    while (at < text.length() && isLetter(text.charAt(at))) {
      at++;
    }
    String unit = text.substring(unitFrom, at);
    if (unit.isEmpty() || unit.equals("and") || unit.equals("or")) {
      at = beforeUnit;
      if (!Decimal.isWritten(number)) {
        throw wrong(from, "expected a number, not '" + number + "'");
      }
      double value = Decimal.parse(number).doubleValue();
      return new Part<>(Dimension.NUMBER, s -> value);
    }
    try {
      boolean isMemory = unit.matches("pages?|B|kB|KiB|MiB|GiB|TiB");
      double value = isMemory ? Bytes.parsePages(number + unit(unit)) : Span.parse(number + unit);
      return new Part<>(isMemory ? Dimension.PAGES : Dimension.TIME, s -> value);
    } catch (IllegalArgumentException e) {
      throw wrong(from, "expected a number, an amount such as 30 pages, or a time such as 2ms");
    }
  }

  private static String unit(String written) {
    return written.startsWith("page") ? " " + written : written;
  }

  private Part<S> word() {
    int from = at;
    String name = name();
    Word<S> word = vocabulary.find(name);
    if (word == null) {
      String meant = Suggestions.nearest(name, vocabulary.names());
      throw wrong(
          from,
          "there is no word " + name + (meant == null ? "" : "; did you mean " + meant + "?"));
    }
    String argument = argument(word);
    used.add(word.name());
    try {
      return new Part<>(word.dimension(), word.reader().about(argument));
    } catch (IllegalArgumentException e) {
      throw wrong(from + name.length() + 1, String.valueOf(e.getMessage()));
    }
  }

  private String name() {
    int from = at;
    while (at < text.length()
        && (isLetter(text.charAt(at)) || Character.isDigit(text.charAt(at)))) {
      at++;
    }
    return text.substring(from, at);
  }

  /** What stands in parentheses behind a word, as it is. */
  private String argument(Word<S> word) {
    boolean isThere = at < text.length() && text.charAt(at) == '(';
    if (word.argument() == Argument.NONE) {
      if (isThere) {
        throw wrong(at, word.name() + " takes nothing in parentheses");
      }
      return "";
    }
    if (!isThere) {
      if (word.argument() == Argument.OPTIONAL) {
        return "";
      }
      throw wrong(at, "expected " + word.usage());
    }
    int from = ++at;
    for (int open = 1; open > 0; at++) {
      if (at == text.length()) {
        throw wrong(from - 1, "this '(' is not closed");
      }
      open += text.charAt(at) == '(' ? 1 : text.charAt(at) == ')' ? -1 : 0;
    }
    return text.substring(from, at - 1).strip();
  }

  // Characters.

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == 'µ';
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private boolean isAtEnd() {
    skipBlanks();
    return at == text.length();
  }

  /** Takes the first of these that comes next, or null. */
  private @Nullable String take(String... signs) {
    skipBlanks();
    for (String sign : signs) {
      if (text.startsWith(sign, at)) {
        at += sign.length();
        skipBlanks();
        return sign;
      }
    }
    return null;
  }

  private boolean takeWord(String word) {
    skipBlanks();
    int end = at + word.length();
    boolean isNext =
        text.startsWith(word, at) && (end == text.length() || !isLetter(text.charAt(end)));
    if (isNext) {
      at = end;
      skipBlanks();
    }
    return isNext;
  }

  private Malformed wrong(int position, String what) {
    return new Malformed("'" + text + "': column " + (position + 1) + ": " + what);
  }
}
