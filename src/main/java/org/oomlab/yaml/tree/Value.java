package org.oomlab.yaml.tree;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Decimal;
import org.oomlab.unit.Span;
import org.oomlab.unit.Suggestions;
import org.oomlab.workload.Extent;
import org.oomlab.yaml.tree.Node.Mapping;
import org.oomlab.yaml.tree.Node.Scalar;
import org.oomlab.yaml.tree.Node.Sequence;

/**
 * A value that is being read. Every reading method notes a problem if the value is of another kind,
 * and then returns something harmless.
 *
 * @param node the value and its place
 * @param path its name in messages, such as {@code processes[0].memory[1].size}
 */
public record Value(Node node, String path, Problems problems) {
  private static final Quantity NOTHING = new Quantity.Constant(0);
  private static final Pattern NAME = Pattern.compile("[^\\[\\];|\\p{Cntrl}]+");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?" + Decimal.UNSIGNED + "([eE][+-]?[0-9]{1,9})?");
  private static final List<String> DISTRIBUTIONS =
      List.of("uniform", "log_uniform", "exponential", "normal", "log_normal");

  public void problem(String message) {
    problem(message, null);
  }

  public void problem(String message, @Nullable String suggestion) {
    String prefix = path.isEmpty() ? "" : path + ": ";
    problems.add(node.at(), prefix + message, suggestion);
  }

  /** The keys of a map; none if it is not one. */
  public Fields fields() {
    if (node instanceof Mapping mapping) {
      return new Fields(this, mapping);
    }
    problem("expected keys with values, found " + node.noun());
    return Fields.unreadable(this);
  }

  public boolean isMap() {
    return node instanceof Mapping;
  }

  /** True for a map that cannot be a quantity; then it has keys of its own. */
  public boolean isMapOfKeys() {
    return node instanceof Mapping mapping
        && Collections.disjoint(DISTRIBUTIONS, mapping.members().keySet());
  }

  public boolean isList() {
    return node instanceof Sequence;
  }

  public boolean isNull() {
    asked(Sketch.Form.NOTHING);
    return node instanceof Scalar scalar && scalar.isNull();
  }

  /** Whether it is this word, which means something of its own where it is read. */
  public boolean isWord(String word) {
    asked(new Sketch.Form("word", 0, 0, List.of(word)));
    return node instanceof Scalar scalar && scalar.text().equals(word);
  }

  /** Tells whoever makes a schema of the readers in what form this was asked for. */
  private void asked(Sketch.Form form) {
    Sketch sketch = problems.sketch();
    if (sketch != null) {
      sketch.form(path, form);
    }
  }

  /** The items of a list; none if it is not one. */
  public List<Value> items() {
    Sketch sketch = problems.sketch();
    if (sketch != null) {
      sketch.list(path);
    }
    if (node instanceof Sequence sequence) {
      List<Value> items = new ArrayList<>();
      for (Node item : sequence.items()) {
        items.add(new Value(item, path + "[" + items.size() + "]", problems));
      }
      return items;
    }
    problem("expected a list, found " + node.noun());
    return List.of();
  }

  /** What the items of a list are read as. */
  public <T> List<T> list(Function<Value, T> read) {
    List<T> list = new ArrayList<>();
    for (Value item : items()) {
      list.add(read.apply(item));
    }
    return list;
  }

  public String text() {
    String text = scalar("a text");
    return text == null ? "" : text;
  }

  /** A name: a text that is not empty and can be told from what surrounds it in messages. */
  public String name() {
    asked(Sketch.Form.TEXT);
    String text = scalar("a name");
    if (text == null || NAME.matcher(text).matches()) {
      return text == null ? "" : text;
    }
    problem("'" + text + "' is no name: it is empty or has one of [ ] ; |");
    return "";
  }

  public boolean flag() {
    asked(Sketch.Form.FLAG);
    String text = scalar("true or false");
    if (text != null && !text.equals("true") && !text.equals("false")) {
      problem("expected true or false, found '" + text + "'");
    }
    return "true".equals(text);
  }

  public int whole(int least, int most) {
    asked(new Sketch.Form("integer", least, most, List.of()));
    String text = scalar("a whole number");
    if (text == null) {
      return least;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return (int) number;
      }
      problem("expected a number from " + least + " to " + most + ", found " + text);
    } catch (NumberFormatException notANumber) {
      problem("expected a whole number, found '" + text + "'");
    }
    return least;
  }

  public double decimal(double least, double most) {
    asked(new Sketch.Form("number", least, most, List.of()));
    String text = scalar("a number");
    if (text == null) {
      return least;
    }
    if (!DECIMAL.matcher(text).matches()) {
      problem("expected a number, found '" + text + "'");
      return least;
    }
    double number = Double.parseDouble(text);
    if (number < least || number > most) {
      problem(
          String.format(
              Locale.ROOT, "expected a number from %.0f to %.0f, found %s", least, most, text));
      return least;
    }
    return number;
  }

  /** One of the constants of an enum, written in lower case. */
  public <E extends Enum<E>> E choice(Class<E> type) {
    E[] constants = type.getEnumConstants();
    List<String> names = new ArrayList<>();
    for (E constant : constants) {
      names.add(constant.name().toLowerCase(Locale.ROOT));
    }
    return constants[choice(names)];
  }

  /** Which of these it is; the first if none. */
  public int choice(List<String> names) {
    asked(new Sketch.Form("word", 0, 0, names));
    String text = scalar("one of " + String.join(", ", names));
    int index = text == null ? 0 : names.indexOf(text);
    if (index < 0) {
      problem(
          "expected one of " + String.join(", ", names) + ", found '" + text + "'",
          Suggestions.nearest(text, names));
    }
    return Math.max(index, 0);
  }

  /** An amount of memory in pages. */
  public long size() {
    return amount(Measure.SIZE);
  }

  /** A duration in nanoseconds. */
  public long span() {
    return amount(Measure.SPAN);
  }

  /** An amount of memory that may be uncertain, in pages. */
  public Quantity sizes() {
    return quantity(Measure.SIZE);
  }

  /** A duration that may be uncertain, in nanoseconds. */
  public Quantity spans() {
    return quantity(Measure.SPAN);
  }

  private long amount(Measure measure) {
    asked(Sketch.Form.of(measure));
    return parse("a " + measure.name().toLowerCase(Locale.ROOT), 0L, measure::parse);
  }

  private Quantity quantity(Measure measure) {
    if (isMap()) {
      return distribution(measure);
    }
    asked(Sketch.Form.of(measure));
    return parse(
        "a " + measure.name().toLowerCase(Locale.ROOT), NOTHING, text -> quantity(measure, text));
  }

  private static Quantity quantity(Measure measure, String text) {
    int dots = text.indexOf("..");
    if (dots < 0) {
      return new Quantity.Constant(measure.parse(text));
    }
    long low = measure.parse(text.substring(0, dots));
    long high = measure.parse(text.substring(dots + 2));
    return uniform(low, high);
  }

  private static Quantity uniform(long low, long high) {
    if (high >= Span.FOREVER) {
      throw new IllegalArgumentException("a range cannot end at never");
    }
    return new Quantity.Uniform(low, high);
  }

  private Quantity distribution(Measure measure) {
    int before = problems.count();
    Quantity drawn = drawn(measure);
    if (problems.count() == before && Extent.largest(drawn) >= Span.FOREVER) {
      problem("may be drawn as more than there is; " + measure.most());
      return NOTHING;
    }
    return drawn;
  }

  private Quantity drawn(Measure measure) {
    return fields()
        .oneOf(
            NOTHING,
            "a distribution",
            (key, value) ->
                switch (key) {
                  case "uniform" -> value.pair(measure, Value::uniform);
                  case "log_uniform" -> value.pair(measure, Quantity.LogUniform::new);
                  case "exponential" -> new Quantity.Exponential(value.amount(measure));
                  case "normal" -> value.pair(measure, Quantity.Normal::new);
                  case "log_normal" -> value.logNormal(measure);
                  default -> null;
                },
            DISTRIBUTIONS);
  }

  private interface Pair {
    Quantity of(long first, long second);
  }

  private Quantity pair(Measure measure, Pair pair) {
    List<Value> both = two();
    if (both.isEmpty()) {
      return NOTHING;
    }
    int before = problems.count();
    long first = both.get(0).amount(measure);
    long second = both.get(1).amount(measure);
    return construct(before, () -> pair.of(first, second));
  }

  private Quantity logNormal(Measure measure) {
    List<Value> both = two();
    if (both.isEmpty()) {
      return NOTHING;
    }
    int before = problems.count();
    long median = both.get(0).amount(measure);
    double factor = both.get(1).decimal(1, 1000);
    return construct(before, () -> new Quantity.LogNormal(median, factor));
  }

  private List<Value> two() {
    List<Value> items = items();
    if (isList() && items.size() != 2) {
      problem("expected a list of two, found " + items.size());
      return List.of();
    }
    return items;
  }

  private Quantity construct(int before, Supplier<Quantity> constructor) {
    if (problems.count() > before) {
      return NOTHING; // the parts are harmless stand-ins and no fair arguments
    }
    try {
      return constructor.get();
    } catch (IllegalArgumentException refused) {
      problem(String.valueOf(refused.getMessage()));
      return NOTHING;
    }
  }

  /**
   * Reads a scalar by a parser that throws {@link IllegalArgumentException}s with what is wrong.
   *
   * @param noun what is expected, for the message if this is no scalar
   * @param otherwise the harmless value
   */
  public <T> T parse(String noun, T otherwise, Function<String, T> parser) {
    String text = scalar(noun);
    if (text == null) {
      return otherwise;
    }
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException wrong) {
      problem(String.valueOf(wrong.getMessage()));
      return otherwise;
    }
  }

  /** The text of a scalar; null, with a note that {@code noun} was expected, for anything else. */
  public @Nullable String scalar(String noun) {
    asked(Sketch.Form.TEXT);
    if (node instanceof Scalar scalar && !scalar.isNull()) {
      return scalar.text();
    }
    problem("expected " + noun + ", found " + node.noun());
    return null;
  }
}
