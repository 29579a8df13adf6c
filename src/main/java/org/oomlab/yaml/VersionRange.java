package org.oomlab.yaml;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Kernel versions, such as {@code 4.16.13..4.18}, {@code 6.18..} or {@code 4.5}.
 *
 * @param written the range as written
 * @param first the first version
 * @param last the last one, including what has more components: 4.18 includes 4.18.20; empty if
 *     there is no last one
 */
record VersionRange(String written, List<Integer> first, List<Integer> last) {
  private static final int LAST_4 = 20;
  private static final int LAST_OF_OTHERS = 19;

  private static final Pattern VERSION = Pattern.compile("[0-9]{1,5}(\\.[0-9]{1,5}){0,9}");

  /**
   * Reads a range.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  static VersionRange parse(String text) {
    int dots = text.indexOf("..");
    List<Integer> first = version(dots < 0 ? text : text.substring(0, dots));
    List<Integer> last = first;
    if (dots >= 0) {
      String end = text.substring(dots + 2).strip();
      last = end.isEmpty() ? List.of() : version(end);
    }
    if (!last.isEmpty() && compare(first, last, last.size()) > 0) {
      throw new IllegalArgumentException("'" + text + "' ends before it begins");
    }
    return new VersionRange(text.strip(), first, last);
  }

  /** True for what can be asked for with {@link #includes}. */
  static boolean isVersion(String text) {
    return VERSION.matcher(text).matches();
  }

  boolean includes(String version) {
    List<Integer> asked = version(version);
    return wasReleased(asked)
        && compare(asked, first, Math.max(asked.size(), first.size())) >= 0
        && (last.isEmpty() || compare(asked, last, last.size()) <= 0);
  }

  /** Whether a version that was released is later than all of it. */
  boolean isBefore(String version) {
    List<Integer> asked = version(version);
    return wasReleased(asked) && !last.isEmpty() && compare(asked, last, last.size()) > 0;
  }

  /** There was no 4.21, nor a 5.20 or a 6.20: a number that nobody has seen is a slip. */
  private static boolean wasReleased(List<Integer> version) {
    int minor = version.size() > 1 ? version.get(1) : 0;
    return minor <= (version.get(0) == 4 ? LAST_4 : LAST_OF_OTHERS);
  }

  private static List<Integer> version(String text) {
    String trimmed = text.strip();
    if (!isVersion(trimmed)) {
      throw new IllegalArgumentException(
          "expected versions such as 6.1..6.17 or 6.18.., found '" + text + "'");
    }
    return Arrays.stream(trimmed.split("\\.")).map(Integer::valueOf).toList();
  }

  private static int compare(List<Integer> a, List<Integer> b, int components) {
    for (int i = 0; i < components; i++) {
      int difference = (i < a.size() ? a.get(i) : 0) - (i < b.size() ? b.get(i) : 0);
      if (difference != 0) {
        return difference;
      }
    }
    return 0;
  }
}
