package org.oomlab.yaml;

/** Hears what a user should know although nothing is wrong. */
@FunctionalInterface
public interface Notes {
  /** One line, without a line feed. */
  void note(String line);
}
