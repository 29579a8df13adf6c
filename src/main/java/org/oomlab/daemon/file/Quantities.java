package org.oomlab.daemon.file;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.Ordered;

/** Quantities and durations as Kubernetes and Docker write them; null for what they refuse. */
final class Quantities {
  private static final Pattern KUBERNETES =
      Pattern.compile(
          "([+-]?(?:[0-9]{1,30}(?:\\.[0-9]{0,30})?|\\.[0-9]{1,30}))"
              + "([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,2})?");
  private static final Pattern DOCKER =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?) ?([kKmMgGtTpP])?([iI]?[bB])?");
  private static final Pattern GO =
      Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{0,15})?|\\.[0-9]{1,15})(ns|us|µs|μs|ms|s|m|h)");
  private static final Map<String, Double> UNITS =
      Ordered.map(
          Map.entry("ns", 1.0),
          Map.entry("us", 1e3),
          Map.entry("µs", 1e3),
          Map.entry("μs", 1e3),
          Map.entry("ms", 1e6),
          Map.entry("s", 1e9),
          Map.entry("m", 60e9),
          Map.entry("h", 3600e9));

  private Quantities() {}

  /** resource.ParseQuantity(). */
  static @Nullable Double kubernetes(String text) {
    Matcher matcher = KUBERNETES.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    double number = Double.parseDouble(matcher.group(1));
    String unit = matcher.group(2) == null ? "" : matcher.group(2);
    if (unit.matches("[eE].+")) {
      return new BigDecimal(matcher.group(1) + unit).doubleValue();
    }
    if (unit.endsWith("i")) {
      return number * Math.pow(1024, 1 + "KMGTPE".indexOf(unit.charAt(0)));
    }
    int decimal = unit.isEmpty() ? 0 : "numxkMGTPE".indexOf(unit.charAt(0)) - 3;
    return unit.isEmpty() ? number : number * Math.pow(1000, decimal);
  }

  /** units.RAMInBytes(), to the base of 1024 with or without the i. */
  static @Nullable Double docker(String text) {
    Matcher matcher = DOCKER.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    String unit = matcher.group(2) == null ? "" : matcher.group(2).toUpperCase(Locale.ROOT);
    int power = unit.isEmpty() ? 0 : 1 + "KMGTP".indexOf(unit);
    return Math.floor(Double.parseDouble(matcher.group(1)) * Math.pow(1024, power));
  }

  /** time.ParseDuration(): nanoseconds. */
  static @Nullable Double duration(String text) {
    if (text.equals("0")) {
      return 0.0;
    }
    boolean negative = text.startsWith("-");
    String bare = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    Matcher matcher = GO.matcher(bare);
    double nanos = 0;
    int at = 0;
    while (at < bare.length()) {
      matcher.region(at, bare.length());
      Double unit = matcher.lookingAt() ? UNITS.get(matcher.group(2)) : null;
      if (unit == null) {
        return null;
      }
      nanos += Double.parseDouble(matcher.group(1)) * unit;
      at = matcher.end();
    }
    return bare.isEmpty() ? null : Double.valueOf(negative ? -nanos : nanos);
  }
}
