package org.oomlab.yaml.tree;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Position;

/**
 * A value in a YAML file, with its place. Immutable: an alias and its anchor are the same node, so
 * an edit must make a new one.
 */
public sealed interface Node {
  /** Where it begins. */
  Position at();

  /** What it is called in messages. */
  String noun();

  /**
   * One word or text.
   *
   * @param plain written without quotes, so that it may also be a null
   */
  record Scalar(Position at, String text, boolean plain) implements Node {
    /** More of it than this does not help who reads a message: any text file can be named. */
    private static final int LONGEST = 40;

    /** True for what YAML reads as no value at all. */
    boolean isNull() {
      return plain && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }

    @Override
    public String noun() {
      if (isNull()) {
        return "nothing";
      }
      boolean isLong = text.length() > LONGEST;
      return "'" + (isLong ? text.substring(0, LONGEST) + "..." : text) + "'";
    }
  }

  /** A list. */
  record Sequence(Position at, List<Node> items) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }

    public Sequence with(int index, Node item) {
      List<Node> changed = new ArrayList<>(items);
      changed.set(index, item);
      return new Sequence(at, changed);
    }

    @Override
    public String noun() {
      return "a list";
    }
  }

  /** Keys with values, in the order they are written in. */
  record Mapping(Position at, Map<String, Member> members) implements Node {
    public Mapping {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    public @Nullable Node get(String key) {
      Member member = members.get(key);
      return member == null ? null : member.value();
    }

    /** The text of a scalar member, or null. */
    public @Nullable String text(String key) {
      return get(key) instanceof Scalar scalar && !scalar.isNull() ? scalar.text() : null;
    }

    public Mapping without(String key) {
      Map<String, Member> fewer = new LinkedHashMap<>(members);
      fewer.remove(key);
      return new Mapping(at, fewer);
    }

    public Mapping with(String key, Member member) {
      Map<String, Member> changed = new LinkedHashMap<>(members);
      changed.put(key, member);
      return new Mapping(at, changed);
    }

    @Override
    public String noun() {
      return "a map";
    }
  }

  /**
   * A value under a key.
   *
   * @param at where the key stands
   */
  record Member(Position at, Node value) {}
}
