package org.oomlab.yaml;

import java.util.List;
import org.oomlab.yaml.tree.Setting;

/** A document that was read once and is made use of many times, each time with other values. */
@FunctionalInterface
public interface Template<T> {
  /**
   * What the document says with these values in it.
   *
   * @throws ProblemException if it cannot have them
   */
  T with(List<Setting> settings);
}
