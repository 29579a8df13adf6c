package org.oomlab.yaml.tree;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;

/** A map as it will be written: keys in order, without those that have their default. */
public final class YamlMap {
  private final Map<String, String> entries = new LinkedHashMap<>();

  /** The keys with their values, which are YAML. */
  public Map<String, String> entries() {
    return entries;
  }

  /** The map on one line. */
  public String flow() {
    return YamlText.mapping(entries);
  }

  /** A key with a value that is YAML already. */
  public void put(String key, String yaml) {
    entries.put(key, yaml);
  }

  public void text(String key, @Nullable String text) {
    if (text != null) {
      put(key, YamlText.quote(text));
    }
  }

  public void flag(String key, boolean flag) {
    if (flag) {
      put(key, "true");
    }
  }

  public void number(String key, long number, long usual) {
    if (number != usual) {
      put(key, Long.toString(number));
    }
  }

  public void word(String key, Enum<?> constant, Enum<?> usual) {
    if (constant != usual) {
      put(key, YamlText.word(constant));
    }
  }

  /** Nothing is the default. */
  public void quantity(String key, Quantity quantity, boolean time) {
    boolean nothing = quantity instanceof Quantity.Constant constant && constant.value() == 0;
    if (!nothing) {
      put(key, YamlText.quantity(quantity, time));
    }
  }
}
