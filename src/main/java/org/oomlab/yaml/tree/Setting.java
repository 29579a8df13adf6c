package org.oomlab.yaml.tree;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Position;
import org.oomlab.unit.Suggestions;
import org.oomlab.yaml.tree.Node.Mapping;
import org.oomlab.yaml.tree.Node.Member;
import org.oomlab.yaml.tree.Node.Scalar;
import org.oomlab.yaml.tree.Node.Sequence;

/**
 * One value to be set otherwise than the files say, as {@code --set PATH=VALUE} asks.
 *
 * <p>The path of a knob speaks of every policy. Any other path speaks of the keys of every
 * workload, or, after {@code costs.}, of the cost file. An item of a list is named by its number,
 * {@code processes[0].count}, or by its name, {@code processes.db.memory.heap.size}.
 */
public final class Setting {
  private static final Pattern SEGMENT = Pattern.compile("\\[([0-9]{1,9})]|\\.?([^.\\[\\]]+)");

  private final String path;
  private final String text;
  private final List<Segment> segments;
  private final Node value;

  /**
   * One step down the tree.
   *
   * @param key a key, or the name or (as a number) the index of an item
   * @param end where it ends in the path
   */
  private record Segment(Position at, String key, int end) {}

  private Setting(String path, String text, List<Segment> segments, Node value) {
    this.path = path;
    this.text = text;
    this.segments = segments;
    this.value = value;
  }

  /**
   * Reads {@code PATH=VALUE}.
   *
   * @throws ProblemException if it is not that, or VALUE is not YAML
   */
  public static Setting parse(String written) {
    return parse("--set", written);
  }

  /**
   * The same.
   *
   * @param option where it stands on the command line
   */
  public static Setting parse(String option, String written) {
    Problems problems = new Problems();
    int equals = written.indexOf('=');
    if (equals < 1 || written.substring(equals + 1).isBlank()) {
      problems.add(new Position(option, 1, 1), "expected PATH=VALUE, found '" + written + "'");
      problems.throwIfAny();
    }
    String path = written.substring(0, equals).stripTrailing();
    List<Segment> segments = segments(path, new Position(option, 1, 1), 1, problems);
    // Blanks in place of the path give the value its true column.
    String padded = " ".repeat(equals + 1) + written.substring(equals + 1);
    Node value = Document.parseAny(option, padded.getBytes(StandardCharsets.UTF_8), problems);
    problems.throwIfAny();
    return new Setting(
        path, written.substring(equals + 1).strip(), segments, Objects.requireNonNull(value));
  }

  /** The same for a value that stands in a file already. */
  public static Setting of(String path, Value value) {
    Position at = value.node().at();
    return new Setting(path, value.text(), segments(path, at, 0, value.problems()), value.node());
  }

  private static List<Segment> segments(String path, Position at, int width, Problems problems) {
    List<Segment> segments = new ArrayList<>();
    Matcher matcher = SEGMENT.matcher(path);
    int end = 0;
    while (segments.size() < Document.DEEPEST && matcher.find() && matcher.start() == end) {
      boolean index = matcher.group(1) != null;
      int start = index ? matcher.start() : matcher.start(2);
      String key = index ? matcher.group(1) : matcher.group(2);
      segments.add(new Segment(within(at, start * width), key, matcher.end()));
      end = matcher.end();
    }
    if (end < path.length()) {
      problems.add(within(at, end * width), "'" + path + "' is no path of keys");
    }
    return segments;
  }

  private static Position within(Position at, int columns) {
    return new Position(at.file(), at.line(), at.column() + columns);
  }

  /** The knob or key that is set. */
  public String path() {
    return path;
  }

  /** The value, as written. */
  public String text() {
    return text;
  }

  /** The value and its place. */
  public Value value(Problems problems) {
    return new Value(value, path, problems);
  }

  /** Where the path stands. */
  public Position at() {
    return segments.get(0).at();
  }

  /** The first key of the path. */
  public String head() {
    return segments.get(0).key();
  }

  /** True if the path goes on below this first key. */
  public boolean isBelow(String key) {
    return segments.size() > 1 && head().equals(key);
  }

  /** A document with the value in it; the keys are checked when the document is read. */
  public Mapping applyTo(Mapping document, Problems problems) {
    return (Mapping) edit(document, 0, problems);
  }

  /** What stands at the path in a document, or null. */
  @Nullable Node find(Node document) {
    Node node = document;
    for (Segment segment : segments) {
      if (node instanceof Mapping mapping) {
        node = mapping.get(segment.key());
      } else if (node instanceof Sequence sequence) {
        int index = index(sequence, segment.key());
        node = index < 0 ? null : sequence.items().get(index);
      } else {
        return null;
      }
    }
    return node;
  }

  /** The same without the first step of the path, for cost files. */
  public Mapping applyBelowHead(Mapping document, Problems problems) {
    return (Mapping) edit(document, 1, problems);
  }

  private Node edit(Node node, int depth, Problems problems) {
    if (depth == segments.size()) {
      return value;
    }
    Segment segment = segments.get(depth);
    if (node instanceof Mapping mapping) {
      Member member = mapping.members().get(segment.key());
      Node below = member == null ? new Mapping(segment.at(), Map.of()) : member.value();
      Position at = member == null ? segment.at() : member.at();
      return mapping.with(segment.key(), new Member(at, edit(below, depth + 1, problems)));
    }
    if (node instanceof Sequence sequence) {
      int index = index(sequence, segment.key());
      if (index >= 0) {
        return sequence.with(index, edit(sequence.items().get(index), depth + 1, problems));
      }
      List<String> names = names(sequence);
      problems.add(
          segment.at(),
          path + ": there is no " + prefix(depth),
          nearestPath(depth, Suggestions.nearest(segment.key(), names)));
      return node;
    }
    if (node instanceof Scalar scalar && scalar.isNull()) {
      return edit(new Mapping(node.at(), Map.of()), depth, problems);
    }
    problems.add(segment.at(), path + ": there are no keys below " + prefix(depth - 1));
    return node;
  }

  private static int index(Sequence sequence, String key) {
    int named = names(sequence).indexOf(key);
    if (named >= 0 || !key.matches("[0-9]{1,9}")) {
      return named;
    }
    int number = Integer.parseInt(key);
    return number < sequence.items().size() ? number : -1;
  }

  /** The names of a list's items; empty for those without one. */
  private static List<String> names(Sequence sequence) {
    return sequence.items().stream()
        .map(item -> item instanceof Mapping mapping ? mapping.text("name") : null)
        .map(name -> name == null ? "" : name)
        .toList();
  }

  /** The path as written up to a segment. */
  private String prefix(int depth) {
    return path.substring(0, segments.get(depth).end());
  }

  private @Nullable String nearestPath(int depth, @Nullable String nearest) {
    return nearest == null ? null : prefix(depth - 1) + "." + nearest;
  }

  @Override
  public String toString() {
    return path + "=" + text;
  }
}
