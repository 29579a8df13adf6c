package org.oomlab.debug;

import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Decimal;
import org.oomlab.unit.Span;
import org.oomlab.unit.Suggestions;

/**
 * Something to be asked of any moment: {@code free < low}, {@code rss(db[1]) < 1GiB and kills > 1}.
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
 * <p>The words are those of {@link Vocabulary}. What is counted in pages cannot be held against
 * what is counted in seconds. A value that is absent compares as false.
 */
final class Expression {
  /** Whoever nests more parentheses than this means something else. */
  private static final int DEEPEST = 50;

  /** A part of an expression: its unit, and how to work it out. */
  private record Part(Unit unit, Value value) {}

  /** Works it out. */
  private interface Value {
    double at(Scene scene);
  }

  private final String text;
  private final Scene world;
  private int at;
  private int depth;
  private @Nullable Part whole;

  private Expression(String text, Scene world) {
    this.text = text;
    this.world = world;
  }

  /**
   * Reads an expression.
   *
   * @param world whose names may occur in it
   * @throws Mistake with the position at which it cannot be read, or means nothing
   */
  static Expression parse(String text, Scene world) {
    Expression expression = new Expression(text, world);
    expression.skipBlanks();
    if (expression.isAtEnd()) {
      throw new Mistake("expected an expression, such as 'free < low' or 'kills = 2'");
    }
    Part whole = expression.either();
    if (!expression.isAtEnd()) {
      throw expression.wrong(expression.at, "expected 'and', 'or' or a comparison");
    }
    expression.whole = whole;
    return expression;
  }

  /** The same for one that is true or not. */
  static Expression parseTruth(String text, Scene world) {
    Expression expression = parse(text, world);
    if (expression.unit() != Unit.TRUTH) {
      throw expression.wrong(0, "expected a comparison, such as '" + text.strip() + " > ...'");
    }
    return expression;
  }

  /** What it is counted in. */
  Unit unit() {
    return part().unit();
  }

  /** Its value at a moment, or NaN. */
  double at(Scene scene) {
    return part().value().at(scene);
  }

  /** Whether it is true. */
  boolean holds(Scene scene) {
    double value = at(scene);
    return value != 0 && !Double.isNaN(value);
  }

  private Part part() {
    Part parsed = whole;
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

  private Part either() {
    if (++depth > DEEPEST) {
      throw wrong(at, "this is nested too deeply");
    }
    Part left = both();
    while (takeWord("or")) {
      Value a = truth(left, at).value();
      int from = at;
      Value b = truth(both(), from).value();
      left = new Part(Unit.TRUTH, s -> Vocabulary.truth(isTrue(a.at(s)) || isTrue(b.at(s))));
    }
    depth--;
    return left;
  }

  private Part both() {
    int start = at;
    Part left = not();
    while (takeWord("and")) {
      Value a = truth(left, start).value();
      int from = at;
      Value b = truth(not(), from).value();
      left = new Part(Unit.TRUTH, s -> Vocabulary.truth(isTrue(a.at(s)) && isTrue(b.at(s))));
    }
    return left;
  }

  private Part not() {
    if (!takeWord("not")) {
      return compare();
    }
    int from = at;
    if (++depth > DEEPEST) {
      throw wrong(at, "this is nested too deeply");
    }
    Value of = truth(not(), from).value();
    depth--;
    return new Part(Unit.TRUTH, s -> Vocabulary.truth(!isTrue(of.at(s))));
  }

  private static boolean isTrue(double value) {
    return value != 0 && !Double.isNaN(value);
  }

  private Part truth(Part part, int from) {
    if (part.unit() != Unit.TRUTH) {
      throw wrong(
          from, "expected something that is true or not, and this is " + part.unit().words());
    }
    return part;
  }

  private Part compare() {
    int start = at;
    Part left = sum();
    String operator = take("<=", ">=", "!=", "==", "<", ">", "=");
    if (operator == null) {
      return left;
    }
    int from = at;
    Part right = sum();
    if (left.unit() == Unit.TRUTH) {
      throw wrong(start, "this is true or not already, and cannot be compared");
    }
    Part[] sides = alike(left, right, from);
    Value a = sides[0].value();
    Value b = sides[1].value();
    return new Part(Unit.TRUTH, s -> Vocabulary.truth(holds(operator, a.at(s), b.at(s))));
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

  /** Both sides in one unit; 0 is 0 in any. */
  private Part[] alike(Part left, Part right, int from) {
    if (left.unit() != right.unit()) {
      throw wrong(
          from, "expected " + left.unit().words() + ", and this is " + right.unit().words());
    }
    return new Part[] {left, right};
  }

  private Part sum() {
    Part left = product();
    String operator;
    while ((operator = take("+", "-")) != null) {
      int from = at;
      Part[] sides = alike(left, product(), from);
      if (left.unit() == Unit.TRUTH) {
        throw wrong(from, "what is true or not cannot be added");
      }
      Value a = sides[0].value();
      Value b = sides[1].value();
      double sign = operator.equals("+") ? 1 : -1;
      left = new Part(left.unit(), s -> a.at(s) + sign * b.at(s));
    }
    return left;
  }

  private Part product() {
    Part left = value();
    String operator;
    while ((operator = take("*", "/")) != null) {
      int from = at;
      Part right = value();
      if (left.unit() == Unit.TRUTH || right.unit() == Unit.TRUTH) {
        throw wrong(from, "expected a number");
      }
      Value a = left.value();
      Value b = right.value();
      if (operator.equals("*")) {
        if (left.unit() != Unit.NUMBER && right.unit() != Unit.NUMBER) {
          throw wrong(from, "expected a number, and this is " + right.unit().words());
        }
        Unit unit = left.unit() == Unit.NUMBER ? right.unit() : left.unit();
        left = new Part(unit, s -> a.at(s) * b.at(s));
      } else {
        if (right.unit() != Unit.NUMBER && right.unit() != left.unit()) {
          throw wrong(from, "expected a number, and this is " + right.unit().words());
        }
        Unit unit = right.unit() == Unit.NUMBER ? left.unit() : Unit.NUMBER;
        left = new Part(unit, s -> a.at(s) / b.at(s));
      }
    }
    return left;
  }

  private Part value() {
    skipBlanks();
    int from = at;
    if (isAtEnd()) {
      throw wrong(from, "expected a value here");
    }
    char c = text.charAt(at);
    if (c == '(') {
      at++;
      Part inside = either();
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
      Part of = value();
      depth--;
      if (of.unit() == Unit.TRUTH) {
        throw wrong(from, "expected a number");
      }
      return new Part(of.unit(), s -> -of.value().at(s));
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
  private Part literal() {
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
      return new Part(Unit.NUMBER, s -> value);
    }
    try {
      boolean isMemory = unit.matches("pages?|B|kB|KiB|MiB|GiB|TiB");
      double value = isMemory ? Bytes.parsePages(number + unit(unit)) : Span.parse(number + unit);
      return new Part(isMemory ? Unit.PAGES : Unit.TIME, s -> value);
    } catch (IllegalArgumentException e) {
      throw wrong(from, "expected a number, an amount such as 30 pages, or a time such as 2ms");
    }
  }

  private static String unit(String written) {
    return written.startsWith("page") ? " " + written : written;
  }

  private Part word() {
    int from = at;
    String name = name();
    Vocabulary.Word word = Vocabulary.find(name);
    if (word == null) {
      String meant = Suggestions.nearest(name, Vocabulary.names());
      throw wrong(
          from,
          "there is no word " + name + (meant == null ? "" : "; did you mean " + meant + "?"));
    }
    String argument = argument(word);
    // An unknown name is said now, and not at each moment.
    try {
      word.reader().read(world, argument);
    } catch (Mistake e) {
      throw wrong(from + name.length() + 1, String.valueOf(e.getMessage()));
    }
    return new Part(word.unit(), s -> word.reader().read(s, argument));
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
  private String argument(Vocabulary.Word word) {
    boolean isThere = at < text.length() && text.charAt(at) == '(';
    if (word.about() == Vocabulary.About.NOTHING) {
      if (isThere) {
        throw wrong(at, word.name() + " takes nothing in parentheses");
      }
      return "";
    }
    if (!isThere) {
      if (word.about() == Vocabulary.About.ANYBODY) {
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

  private Mistake wrong(int position, String what) {
    return new Mistake("'" + text + "': column " + (position + 1) + ": " + what);
  }
}
