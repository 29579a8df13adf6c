package org.oomlab.yaml.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Suggestions;
import org.oomlab.yaml.tree.Node.Mapping;
import org.oomlab.yaml.tree.Node.Member;

/**
 * The keys of a map that is being read. It remembers which keys were asked for: at the {@link #end}
 * these are the valid ones and all others are mistakes.
 */
public final class Fields {
  private final Value of;
  private final Map<String, Member> members;
  private final boolean readable;
  private final List<String> known = new ArrayList<>();

  Fields(Value of, Mapping mapping) {
    this(of, mapping.members(), true);
  }

  private Fields(Value of, Map<String, Member> members, boolean readable) {
    this.of = of;
    this.members = members;
    this.readable = readable;
  }

  /** Stands in for what is no map: it has no keys and misses none. */
  public static Fields unreadable(Value of) {
    return new Fields(of, Map.of(), false);
  }

  /** The map itself. */
  public Value self() {
    return of;
  }

  public boolean has(String key) {
    return members.containsKey(key);
  }

  /** The value under a key, or null; the key is valid from now on. */
  public @Nullable Value find(String key) {
    return find(key, false);
  }

  private @Nullable Value find(String key, boolean needed) {
    known.add(key);
    Sketch sketch = of.problems().sketch();
    if (sketch != null && readable) {
      sketch.key(of.path(), key, needed);
    }
    Member member = members.get(key);
    return member == null ? null : new Value(member.value(), path(key), of.problems());
  }

  /** The same for a key that must be there: its absence is noted. */
  public @Nullable Value need(String key) {
    if (readable && !has(key)) {
      of.problem(key + " is missing");
    }
    return find(key, true);
  }

  /** What the value under a key is read as, or {@code absent} without the key. */
  public <T extends @Nullable Object> T get(
      String key, T absent, Function<Value, ? extends T> read) {
    Value value = find(key);
    return value == null ? absent : read.apply(value);
  }

  /** The same for a key that must be there. */
  public <T extends @Nullable Object> T require(
      String key, T harmless, Function<Value, ? extends T> read) {
    Value value = need(key);
    return value == null ? harmless : read.apply(value);
  }

  // The common kinds have methods of their own: to link a method reference takes an interpreter
  // longer than to read what it refers to, and a file has some fifty keys.

  public boolean flag(String key) {
    Value value = find(key);
    return value != null && value.flag();
  }

  public String text(String key) {
    Value value = find(key);
    return value == null ? "" : value.text();
  }

  public int whole(String key, int absent, int least, int most) {
    Value value = find(key);
    return value == null ? absent : value.whole(least, most);
  }

  /** One of the constants of the enum that {@code absent} is of. */
  public <E extends Enum<E>> E choice(String key, E absent) {
    Value value = find(key);
    return value == null ? absent : value.choice(absent.getDeclaringClass());
  }

  /** An amount of memory in pages. */
  public long size(String key, long absent) {
    Value value = find(key);
    return value == null ? absent : value.size();
  }

  /** A duration in nanoseconds. */
  public long span(String key, long absent) {
    Value value = find(key);
    return value == null ? absent : value.span();
  }

  /** An amount of memory that may be uncertain, in pages. */
  public Quantity sizes(String key, Quantity absent) {
    Value value = find(key);
    return value == null ? absent : value.sizes();
  }

  /** A duration that may be uncertain, in nanoseconds. */
  public Quantity spans(String key, Quantity absent) {
    Value value = find(key);
    return value == null ? absent : value.spans();
  }

  /** Reads every item of the list under a key; none without the key. */
  public <T> List<T> list(String key, Function<Value, T> read) {
    Value value = find(key);
    return value == null ? List.of() : value.list(read);
  }

  /**
   * Reads a map of which the only key says what it is.
   *
   * @param read returns null for a key it does not know
   */
  public <T> T oneOf(
      T harmless,
      String noun,
      BiFunction<String, Value, @Nullable T> read,
      Collection<String> valid) {
    Sketch sketch = of.problems().sketch();
    if (sketch != null) {
      sketch.oneOf(of.path(), noun, valid);
    }
    if (!readable) {
      return harmless;
    }
    if (members.size() != 1) {
      of.problem(
          "expected "
              + noun
              + " under one key, found "
              + members.size()
              + " keys: "
              + String.join(", ", members.keySet()));
      return harmless;
    }
    Map.Entry<String, Member> only = members.entrySet().iterator().next();
    Value value = new Value(only.getValue().value(), path(only.getKey()), of.problems());
    T result = read.apply(only.getKey(), value);
    if (result == null) {
      unknown(only.getKey(), only.getValue(), valid);
      return harmless;
    }
    return result;
  }

  /** Every key with its value, in the order they are written in; all of them become valid. */
  public List<Map.Entry<String, Value>> all() {
    List<Map.Entry<String, Value>> all = new ArrayList<>();
    Sketch sketch = of.problems().sketch();
    if (sketch != null) {
      sketch.anyKey(of.path());
    }
    members.forEach(
        (key, member) -> {
          known.add(key);
          all.add(Map.entry(key, new Value(member.value(), path(key), of.problems())));
        });
    return all;
  }

  /** Names some of the keys that {@link #all} finds: what they mean is found out elsewhere. */
  public void mayHave(Supplier<? extends Collection<String>> keys) {
    Sketch sketch = of.problems().sketch();
    if (sketch != null) {
      sketch.known(of.path(), keys.get());
    }
  }

  /** Notes the keys that nobody has asked for. */
  public void end() {
    for (Map.Entry<String, Member> each : members.entrySet()) {
      if (!known.contains(each.getKey())) {
        unknown(each.getKey(), each.getValue(), known);
      }
    }
  }

  private void unknown(String key, Member member, Collection<String> valid) {
    String nearest = Suggestions.nearest(key, valid);
    of.problems()
        .add(member.at(), path(key) + ": no such key", nearest == null ? null : path(nearest));
  }

  private String path(String key) {
    return of.path().isEmpty() ? key : of.path() + "." + key;
  }
}
