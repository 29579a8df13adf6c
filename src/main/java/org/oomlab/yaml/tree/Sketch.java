package org.oomlab.yaml.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.yaml.Schema;

/**
 * What readers ask for, place by place, as they ask for it. {@link Schema} lets them read documents
 * in which there is next to nothing, and has from this what could be there.
 */
public final class Sketch {
  /**
   * A form in which a scalar is read.
   *
   * @param name text, flag, integer, number, word, size, span or nothing
   * @param least the least number, of integers and numbers
   * @param most the greatest number
   * @param words of a word, those that there are
   */
  public record Form(String name, double least, double most, List<String> words) {
    static final Form TEXT = new Form("text", 0, 0, List.of());
    static final Form FLAG = new Form("flag", 0, 0, List.of());
    static final Form NOTHING = new Form("nothing", 0, 0, List.of());
    private static final Form SIZE = new Form("size", 0, 0, List.of());
    private static final Form SPAN = new Form("span", 0, 0, List.of());

    public Form {
      words = List.copyOf(words);
    }

    static Form of(Measure measure) {
      return measure == Measure.SIZE ? SIZE : SPAN;
    }
  }

  /** What there may be at one place. */
  public static final class Place {
    public final Set<Form> forms = new LinkedHashSet<>();

    /** The keys of a map, each with whether it must be there. */
    public final Map<String, Boolean> keys = new LinkedHashMap<>();

    /** Keys that are known of, though not what they mean. */
    public final Set<String> known = new LinkedHashSet<>();

    public boolean hasAnyKey;
    public boolean isList;

    /** Keys of which there is exactly one. */
    public List<String> alternatives = List.of();

    /** What such a key is called, in messages. */
    public String noun = "";
  }

  private final Map<String, Place> places = new LinkedHashMap<>();

  /** Where a form has just been asked for: what is then asked for in general is the same. */
  private @Nullable String specific;

  /** The place; indices of lists make no difference. */
  public Place at(String path) {
    return places.computeIfAbsent(path.replaceAll("\\[\\d+\\]", "[]"), p -> new Place());
  }

  void key(String path, String key, boolean needed) {
    at(path).keys.merge(key, needed, (a, b) -> a || b);
  }

  void anyKey(String path) {
    at(path).hasAnyKey = true;
  }

  void known(String path, Collection<String> keys) {
    at(path).known.addAll(keys);
  }

  void list(String path) {
    at(path).isList = true;
  }

  void oneOf(String path, String noun, Collection<String> valid) {
    at(path).alternatives = new ArrayList<>(valid);
    at(path).noun = noun;
  }

  void form(String path, Form form) {
    boolean general = form.equals(Form.TEXT);
    if (!general || !path.equals(specific)) {
      at(path).forms.add(form);
    }
    specific = general || form.equals(Form.NOTHING) ? null : path;
  }
}
