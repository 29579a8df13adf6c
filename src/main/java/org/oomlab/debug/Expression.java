package org.oomlab.debug;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Dimension;
import org.oomlab.experiment.Formula;

/**
 * Something to be asked of any moment: {@code free < low}, {@code rss(db[1]) < 1GiB and kills > 1}.
 * It is a {@link Formula} of the words of {@link Vocabulary}.
 */
final class Expression {
  private static final String EXAMPLE = "'free < low' or 'kills = 2'";

  private final Formula<Scene> formula;

  private Expression(Formula<Scene> formula) {
    this.formula = formula;
  }

  /**
   * Reads an expression.
   *
   * @param world whose names may occur in it
   * @throws Mistake with the position at which it cannot be read, or means nothing
   */
  static Expression parse(String text, Scene world) {
    try {
      return new Expression(Formula.parse(text, new Words(world), EXAMPLE));
    } catch (Formula.Malformed malformed) {
      throw new Mistake(String.valueOf(malformed.getMessage()));
    }
  }

  /** The same for one that is true or not. */
  static Expression parseTruth(String text, Scene world) {
    try {
      return new Expression(Formula.parseTruth(text, new Words(world), EXAMPLE));
    } catch (Formula.Malformed malformed) {
      throw new Mistake(String.valueOf(malformed.getMessage()));
    }
  }

  /** The words of a debugger, about those who are in this world. */
  private record Words(Scene world) implements Formula.Vocabulary<Scene> {
    @Override
    public Formula.@Nullable Word<Scene> find(String name) {
      Vocabulary.Word word = Vocabulary.find(name);
      if (word == null) {
        return null;
      }
      Formula.Argument argument =
          switch (word.about()) {
            case NOTHING -> Formula.Argument.NONE;
            case ANYBODY -> Formula.Argument.OPTIONAL;
            default -> Formula.Argument.REQUIRED;
          };
      return new Formula.Word<>(
          word.name(), word.usage(), argument, word.dimension(), about -> reader(word, about));
    }

    /** An unknown name is said now, and not at each moment. */
    private Formula.Value<Scene> reader(Vocabulary.Word word, String argument) {
      try {
        word.reader().read(world, argument);
      } catch (Mistake unknown) {
        throw new IllegalArgumentException(unknown.getMessage(), unknown);
      }
      return scene -> word.reader().read(scene, argument);
    }

    @Override
    public Collection<String> names() {
      return Vocabulary.names();
    }
  }

  /** What it is counted in. */
  Dimension dimension() {
    return formula.dimension();
  }

  /** Its value at a moment, or NaN. */
  double at(Scene scene) {
    return formula.at(scene);
  }

  /** Whether it is true. */
  boolean holds(Scene scene) {
    return formula.holds(scene);
  }

  @Override
  public String toString() {
    return formula.toString();
  }
}
