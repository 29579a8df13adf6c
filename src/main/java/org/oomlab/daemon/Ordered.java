package org.oomlab.daemon;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Maps whose order is that in which they are written, on every JVM. */
public final class Ordered {
  private Ordered() {}

  /** A map that does not change. */
  @SafeVarargs
  public static <K, V> Map<K, V> map(Map.Entry<K, V>... entries) {
    Map<K, V> map = new LinkedHashMap<>();
    for (Map.Entry<K, V> entry : entries) {
      map.put(entry.getKey(), entry.getValue());
    }
    return Collections.unmodifiableMap(map);
  }
}
