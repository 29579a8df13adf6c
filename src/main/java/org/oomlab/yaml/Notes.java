package org.oomlab.yaml;

/** Hears what a user should know although nothing is wrong. */
@FunctionalInterface
public interface Notes {
  /** For what is said elsewhere or does not matter. */
  Notes NONE = line -> {};

  /** One line, without a line feed. */
  void note(String line);
}
