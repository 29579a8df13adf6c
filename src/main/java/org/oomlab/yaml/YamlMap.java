package org.oomlab.yaml;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;

/** A map as it will be written: keys in order, without those that have their default. */
final class YamlMap {
  private final Map<String, String> entries = new LinkedHashMap<>();

  /** The keys with their values, which are YAML. */
  Map<String, String> entries() {
    return entries;
  }

  /** The map on one line. */
  String flow() {
    return YamlText.mapping(entries);
  }

  /** A key with a value that is YAML already. */
  void put(String key, String yaml) {
    entries.put(key, yaml);
  }

  void text(String key, @Nullable String text) {
    if (text != null) {
      put(key, YamlText.quote(text));
    }
  }

  void flag(String key, boolean flag) {
    if (flag) {
      put(key, "true");
    }
  }

  void number(String key, long number, long usual) {
    if (number != usual) {
      put(key, Long.toString(number));
    }
  }

  void word(String key, Enum<?> constant, Enum<?> usual) {
    if (constant != usual) {
      put(key, YamlText.word(constant));
    }
  }

  /** Nothing is the default. */
  void quantity(String key, Quantity quantity, boolean time) {
    boolean nothing = quantity instanceof Quantity.Constant constant && constant.value() == 0;
    if (!nothing) {
      put(key, YamlText.quantity(quantity, time));
    }
  }
}
