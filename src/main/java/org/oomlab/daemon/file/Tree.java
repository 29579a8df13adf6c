package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Position;

/** A value of a YAML or JSON file, with its place. */
public sealed interface Tree {
  Position at();

  /** How it is called in messages. */
  String noun();

  /**
   * One value.
   *
   * @param plain written without quotes, so that it may be a number, a flag or nothing
   */
  record Word(Position at, String text, boolean plain) implements Tree {
    boolean isNull() {
      return plain && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }

    @Override
    public String noun() {
      return isNull() ? "nothing" : "'" + (text.length() > 40 ? text.substring(0, 40) : text) + "'";
    }
  }

  /** A list. */
  record Items(Position at, List<Tree> items) implements Tree {
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public String noun() {
      return "a list";
    }
  }

  /** Keys with values. */
  record Keys(Position at, Map<String, Member> members) implements Tree {
    public Keys {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    @Nullable Tree get(String key) {
      Member member = members.get(key);
      return member == null ? null : member.value();
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
  record Member(Position at, Tree value) {}

  /** Whoever knows the formats. What they refuse they throw, with its place. */
  interface Parser {
    /** The documents of a YAML file. */
    List<Tree> yaml(ConfigFile file);

    /** JSON, with the comments and commas that jsoncpp allows. */
    Tree json(ConfigFile file);
  }

  /** The keys of a map; none if it is something else. */
  static Map<String, Member> keys(@Nullable Tree tree) {
    return tree instanceof Keys keys ? keys.members() : Collections.emptyMap();
  }

  /** The items of a list; none if it is something else. */
  static List<Tree> items(@Nullable Tree tree) {
    return tree instanceof Items items ? items.items() : List.of();
  }

  /** What is found by going down keys; null if the way ends before. */
  static @Nullable Tree down(@Nullable Tree tree, String... path) {
    Tree at = tree;
    for (String key : path) {
      at = at instanceof Keys keys ? keys.get(key) : null;
    }
    return at;
  }

  /** The text of a value; null if it is none. */
  static @Nullable String text(@Nullable Tree tree) {
    return tree instanceof Word word && !word.isNull() ? word.text() : null;
  }

  /** Every map in it that has a key, from the top. */
  static List<Keys> having(Tree tree, String key) {
    List<Keys> found = new ArrayList<>();
    collect(tree, key, found);
    return found;
  }

  private static void collect(Tree tree, String key, List<Keys> found) {
    if (tree instanceof Keys keys) {
      if (keys.members().containsKey(key)) {
        found.add(keys);
      }
      keys.members().values().forEach(member -> collect(member.value(), key, found));
    } else {
      items(tree).forEach(item -> collect(item, key, found));
    }
  }
}
