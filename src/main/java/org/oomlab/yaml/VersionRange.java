package org.oomlab.yaml;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Kernel versions, such as {@code 4.16.13..4.18}, {@code 6.18..} or {@code 4.5}.
 *
 * @param written the range as written
 * @param first the first version
 * @param last the last one, including what has more components: 4.18 includes 4.18.20; empty if
 *     there is no last one
 */
record VersionRange(String written, int[] first, int[] last) {
  private static final Pattern VERSION = Pattern.compile("[0-9]{1,5}(\\.[0-9]{1,5})*");

  /**
   * Reads a range.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  static VersionRange parse(String text) {
    int dots = text.indexOf("..");
    int[] first = version(dots < 0 ? text : text.substring(0, dots));
    int[] last = first;
    if (dots >= 0) {
      String end = text.substring(dots + 2).strip();
      last = end.isEmpty() ? new int[0] : version(end);
    }
    if (last.length > 0 && compare(first, last, last.length) > 0) {
      throw new IllegalArgumentException("'" + text + "' ends before it begins");
    }
    return new VersionRange(text.strip(), first, last);
  }

  /** True for what can be asked for with {@link #includes}. */
  static boolean isVersion(String text) {
    return VERSION.matcher(text).matches();
  }

  boolean includes(String version) {
    int[] asked = version(version);
    return compare(asked, first, Math.max(asked.length, first.length)) >= 0
        && (last.length == 0 || compare(asked, last, last.length) <= 0);
  }

  private static int[] version(String text) {
    String trimmed = text.strip();
    if (!isVersion(trimmed)) {
      throw new IllegalArgumentException(
          "expected versions such as 6.1..6.17 or 6.18.., found '" + text + "'");
    }
    return Arrays.stream(trimmed.split("\\.")).mapToInt(Integer::parseInt).toArray();
  }

  private static int compare(int[] a, int[] b, int components) {
    for (int i = 0; i < components; i++) {
      int difference = (i < a.length ? a[i] : 0) - (i < b.length ? b[i] : 0);
      if (difference != 0) {
        return difference;
      }
    }
    return 0;
  }
}
