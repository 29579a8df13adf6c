package org.oomlab.yaml.tree;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Position;
import org.oomlab.yaml.tree.Node.Mapping;
import org.oomlab.yaml.tree.Node.Member;
import org.oomlab.yaml.tree.Node.Scalar;
import org.oomlab.yaml.tree.Node.Sequence;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Makes a tree of {@link Node}s from the text of a YAML file.
 *
 * <p>It is made from parser events and not by a data binding, because events carry exact lines and
 * columns, and because here an alias can be weighed before it is expanded: a page of text can stand
 * for more values than there are atoms.
 */
public final class Document {
  /** More than any honest file has; 16 MiB. */
  public static final int MOST_BYTES = 16 << 20;

  /** Values in a document, those behind aliases counted every time. */
  static final long MOST_VALUES = 1_000_000;

  /** How deep values are nested at most, those behind aliases included. */
  static final int DEEPEST = 50;

  private final String file;
  private final Parser events;
  private final Problems problems;

  /**
   * Whether it is a file of somebody else's: with several documents, and tags that mean something.
   */
  private final boolean foreign;

  private final Map<String, Anchor> anchors = new HashMap<>(); // only ever looked up
  private long values;

  /** How deep the node that is being read has turned out to go. */
  private int reached;

  /** What an alias stands for, how many values that is, and how many levels. */
  private record Anchor(Node node, long values, int height) {}

  private Document(String file, String text, Problems problems, boolean foreign) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MOST_BYTES);
    this.file = file;
    this.events = new ParserImpl(new StreamReader(new StringReader(text)), options);
    this.problems = problems;
    this.foreign = foreign;
  }

  /**
   * Parses a file that holds one document of keys and values.
   *
   * @param file its name in messages
   * @return the document, or null if there is none that could be looked at, for a noted reason
   */
  public static @Nullable Mapping parse(String file, byte[] bytes, Problems problems) {
    Node node = parseAny(file, bytes, problems);
    if (node == null || node instanceof Mapping) {
      return (Mapping) node;
    }
    problems.add(node.at(), "expected keys with values, found " + node.noun());
    return null;
  }

  /** Parses a document of any shape. */
  static @Nullable Node parseAny(String file, byte[] bytes, Problems problems) {
    List<Node> only = parse(file, bytes, problems, false);
    return only.isEmpty() ? null : only.get(0);
  }

  /** The documents of a file that is none of ours. */
  public static List<Node> parseForeign(String file, byte[] bytes, Problems problems) {
    return parse(file, bytes, problems, true);
  }

  private static List<Node> parse(String file, byte[] bytes, Problems problems, boolean foreign) {
    Position start = new Position(file, 1, 1);
    if (bytes.length > MOST_BYTES) {
      problems.add(start, "larger than " + (MOST_BYTES >> 20) + "MiB");
      return List.of();
    }
    String text = decode(file, bytes, problems);
    if (text == null) {
      return List.of();
    }
    try {
      Document document = new Document(file, text, problems, foreign);
      if (foreign) {
        return document.documents();
      }
      Node only = document.document(start);
      return only == null ? List.of() : List.of(only);
    } catch (Refused refused) {
      problems.add(refused.at, refused.reason);
    } catch (MarkedYAMLException notYaml) {
      Mark mark = notYaml.getProblemMark();
      problems.add(
          new Position(file, mark.getLine() + 1, mark.getColumn() + 1),
          "not YAML: " + oneLine(notYaml.getProblem()));
    } catch (ReaderException notPrintable) {
      int at = text.offsetByCodePoints(0, notPrintable.getPosition());
      problems.add(
          positionOf(file, text.substring(0, at)),
          String.format(
              Locale.ROOT,
              "not a text file: it holds the character U+%04X",
              notPrintable.getCodePoint()));
    } catch (YAMLException other) {
      problems.add(start, "not YAML: " + oneLine(other.getMessage()));
    }
    return List.of();
  }

  /** What the parser says, which quotes the character it stumbled over even if it ends a line. */
  private static String oneLine(@Nullable String message) {
    return String.valueOf(message).replaceAll("\\s+", " ");
  }

  private static @Nullable String decode(String file, byte[] bytes, Problems problems) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    CharBuffer decoded = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), decoded, true);
    String text = decoded.flip().toString();
    if (result.isError()) {
      problems.add(positionOf(file, text), "not a text file: it is not UTF-8");
      return null;
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** The place that follows some text. */
  private static Position positionOf(String file, String before) {
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    int start = before.lastIndexOf('\n') + 1;
    return new Position(file, line, 1 + before.codePointCount(start, before.length()));
  }

  private @Nullable Node document(Position start) {
    events.getEvent(); // the stream begins
    if (events.checkEvent(Event.ID.StreamEnd)) {
      problems.add(start, "the file is empty");
      return null;
    }
    events.getEvent(); // the document begins
    Node root = node(0);
    if (root instanceof Scalar scalar && scalar.isNull()) {
      problems.add(start, "the file is empty");
      return null;
    }
    events.getEvent(); // the document ends
    if (!events.checkEvent(Event.ID.StreamEnd)) {
      problems.add(position(events.peekEvent()), "a second document begins here; a file holds one");
    }
    return root;
  }

  private List<Node> documents() {
    List<Node> all = new ArrayList<>();
    events.getEvent(); // the stream begins
    while (!events.checkEvent(Event.ID.StreamEnd)) {
      events.getEvent(); // the document begins
      Node root = node(0);
      if (!(root instanceof Scalar scalar && scalar.isNull())) {
        all.add(root);
      }
      events.getEvent(); // the document ends
      anchors.clear();
    }
    return all;
  }

  private Node node(int depth) {
    Event event = events.getEvent();
    Position at = position(event);
    reach(depth, at);
    if (event instanceof AliasEvent alias) {
      Anchor anchor = anchors.get(alias.getAnchor());
      if (anchor == null) {
        // Also what refers to itself, since an anchor is known only when its value is complete.
        throw new Refused(at, "no anchor &" + alias.getAnchor() + " comes before");
      }
      count(at, anchor.values());
      reach(depth + anchor.height(), at);
      return anchor.node();
    }
    int reachedBefore = reached;
    reached = depth;
    long before = values;
    count(at, 1);
    Node node;
    if (event instanceof ScalarEvent scalar) {
      refuseTag(scalar.getTag(), at);
      node = new Scalar(at, scalar.getValue(), scalar.isPlain());
    } else if (event instanceof SequenceStartEvent sequence) {
      refuseTag(sequence.getTag(), at);
      node = sequence(at, depth);
    } else if (event instanceof MappingStartEvent mapping) {
      refuseTag(mapping.getTag(), at);
      node = mapping(at, depth);
    } else {
      throw new AssertionError(event);
    }
    String anchor = ((NodeEvent) event).getAnchor();
    if (anchor != null) {
      anchors.put(anchor, new Anchor(node, values - before, reached - depth));
    }
    reached = Math.max(reached, reachedBefore);
    return node;
  }

  private void reach(int depth, Position at) {
    if (depth > DEEPEST) {
      throw new Refused(at, "nested deeper than " + DEEPEST + " levels");
    }
    reached = Math.max(reached, depth);
  }

  private Sequence sequence(Position at, int depth) {
    List<Node> items = new ArrayList<>();
    while (!events.checkEvent(Event.ID.SequenceEnd)) {
      items.add(node(depth + 1));
    }
    events.getEvent();
    return new Sequence(at, items);
  }

  private Mapping mapping(Position at, int depth) {
    Map<String, Member> members = new LinkedHashMap<>();
    List<Node> merged = new ArrayList<>();
    while (!events.checkEvent(Event.ID.MappingEnd)) {
      Node key = node(depth + 1);
      Node value = node(depth + 1);
      if (!(key instanceof Scalar name)) {
        problems.add(key.at(), "expected a key, found " + key.noun());
      } else if (name.plain() && name.text().equals("<<")) {
        merged.add(value);
      } else {
        Member first = members.putIfAbsent(name.text(), new Member(key.at(), value));
        if (first != null) {
          problems.add(key.at(), name.text() + ": already given in line " + first.at().line());
        }
      }
    }
    events.getEvent();
    merged.forEach(value -> merge(members, value));
    return new Mapping(at, members);
  }

  /** Merge keys: what is written out wins over what is merged, the earlier over the later. */
  private void merge(Map<String, Member> members, Node value) {
    if (value instanceof Mapping mapping) {
      mapping.members().forEach(members::putIfAbsent);
    } else if (value instanceof Sequence sequence) {
      sequence.items().forEach(item -> merge(members, item));
    } else {
      problems.add(value.at(), "<<: expected a map to merge, found " + value.noun());
    }
  }

  private void count(Position at, long more) {
    values += more;
    if (values > MOST_VALUES) {
      throw new Refused(at, "stands for more than " + MOST_VALUES + " values");
    }
  }

  private void refuseTag(@Nullable String tag, Position at) {
    if (tag != null && !foreign) {
      problems.add(at, "the tag " + tag + " means nothing here");
    }
  }

  private Position position(Event event) {
    Mark mark = event.getStartMark();
    return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** Something no further look at the file is worth while after. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Position at;
    private final String reason;

    Refused(Position at, String reason) {
      super(reason, null, false, false);
      this.at = at;
      this.reason = reason;
    }
  }
}
