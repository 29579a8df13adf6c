package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.Option;
import org.oomlab.daemon.Place;
import org.oomlab.daemon.Section;
import org.oomlab.unit.Position;
import org.oomlab.unit.Suggestions;

/** What was found out while reading: what the daemon ignores, takes otherwise, or refuses. */
public final class Findings {
  /** More than anybody reads; a file that is not what it should be can have one in every line. */
  private static final int MOST = 200;

  /** What the daemon makes of something. */
  public enum Effect {
    /** It is as if it were not there. */
    IGNORED,
    /** It has an effect, but not the one that it seems to have. */
    TAKEN_OTHERWISE,
    /** It has the effect that it says, and none that the simulator knows. */
    NO_BEARING,
    /** The daemon does not start, or leaves the whole file out. */
    REFUSED,
    /** Something to know about the whole. */
    NOTE
  }

  /**
   * One thing.
   *
   * @param option the name it was written under, or empty
   * @param value what was written
   * @param message in one line
   */
  public record Remark(Effect effect, Position at, String option, String value, String message) {}

  private final List<Remark> remarks = new ArrayList<>();
  private final Map<Effect, Integer> left = new LinkedHashMap<>();
  private boolean refused;

  public List<Remark> remarks() {
    return List.copyOf(remarks);
  }

  /** How many more there were than anybody reads. */
  public int leftOut() {
    return left.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Whether the daemon would refuse. */
  public boolean refused() {
    return refused;
  }

  void add(Effect effect, Position at, String option, String value, String message) {
    boolean first = effect == Effect.REFUSED && !refused;
    refused |= effect == Effect.REFUSED;
    if (!isFull() || first) {
      remarks.add(new Remark(effect, at, shortened(option), shortened(value), message));
    } else {
      left.merge(effect, 1, Integer::sum);
    }
  }

  /** Whether nobody reads what more is found. */
  private boolean isFull() {
    return remarks.size() >= MOST;
  }

  /** What was meant by a word, while anybody wants to know. */
  @Nullable String nearest(String written, Collection<String> candidates) {
    return isFull() ? null : Suggestions.nearest(written, candidates);
  }

  /** The daemon ignores it; it would have meant something. */
  void ignored(Located value, String option, String message) {
    add(Effect.IGNORED, value.at(), option, value.toString(), message);
  }

  void otherwise(Located value, String option, String message) {
    add(Effect.TAKEN_OTHERWISE, value.at(), option, value.toString(), message);
  }

  void noBearing(Located value, String option, String message) {
    add(Effect.NO_BEARING, value.at(), option, value.toString(), message);
  }

  /** The daemon does not start with it. */
  void refused(Located value, String option, String message) {
    add(Effect.REFUSED, value.at(), option, value.toString(), message);
  }

  void note(Position at, String message) {
    add(Effect.NOTE, at, "", "", message);
  }

  /**
   * Sets an option to what a reader has made of a value.
   *
   * @param text as a policy file writes it
   * @return the section as it was, with a refusal noted, if oomlab cannot have that value
   */
  Section set(Section section, String option, String text, Located from) {
    return set(section, option, text, from.place());
  }

  /** The same of a value in a tree. */
  Section set(Section section, String option, String text, Place from) {
    try {
      return section.with(option, text, from);
    } catch (IllegalArgumentException wrong) {
      add(
          Effect.REFUSED,
          from.position(),
          option,
          from.words(),
          String.valueOf(wrong.getMessage()));
      return section;
    }
  }

  void refused(Position at, String option, String message) {
    add(Effect.REFUSED, at, option, "", message);
  }

  /** What a reader quotes of a long text. */
  static String shortened(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }

  /** The default of an option, with where it is written, for messages. */
  static String fallback(Section section, String name) {
    Option option = section.get(name).option();
    Section bare = Section.of(section.table());
    @Nullable String text = bare.get(name).has() ? bare.get(name).text() : null;
    return text == null
        ? "nothing is set"
        : "the default " + text + " stays (" + option.where() + ")";
  }
}
