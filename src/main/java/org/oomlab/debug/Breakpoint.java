package org.oomlab.debug;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Dimension;

/** Something that stops whoever goes forward. */
final class Breakpoint {
  private final int number;
  private final String text;
  private final @Nullable Predicate<Scene> happened;
  private final @Nullable Expression watched;
  private final boolean onlyWhenTrue;
  private double before;

  private Breakpoint(
      int number,
      String text,
      @Nullable Predicate<Scene> happened,
      @Nullable Expression watched,
      boolean onlyWhenTrue) {
    this.number = number;
    this.text = text;
    this.happened = happened;
    this.watched = watched;
    this.onlyWhenTrue = onlyWhenTrue;
  }

  /** Where something happens. */
  static Breakpoint on(int number, String text, Events.Pattern pattern) {
    return new Breakpoint(number, "break on " + text, pattern::matches, null, false);
  }

  /** Where an expression becomes true. */
  static Breakpoint when(int number, Expression expression) {
    return new Breakpoint(number, "break if " + expression, null, expression, true);
  }

  /** Where the value of an expression becomes another one. */
  static Breakpoint watch(int number, Expression expression) {
    return new Breakpoint(number, "watch " + expression, null, expression, false);
  }

  int number() {
    return number;
  }

  /** Somebody sets out from here. */
  void begin(Scene scene) {
    before = watched == null ? 0 : watched.at(scene);
  }

  /** Why one must stop here, or null. To be asked of each moment on the way. */
  @Nullable String stops(Scene scene) {
    if (happened != null) {
      return happened.test(scene) ? toString() : null;
    }
    Expression expression = watched;
    if (expression == null) {
      return null;
    }
    double was = before;
    double now = expression.at(scene);
    before = now;
    if (Double.compare(was, now) == 0) {
      return null;
    }
    if (onlyWhenTrue) {
      return now != 0 && !Double.isNaN(now) ? toString() : null;
    }
    Dimension unit = expression.dimension();
    return this + ": " + unit.show(was) + " -> " + unit.show(now);
  }

  @Override
  public String toString() {
    return number + ": " + text;
  }
}
