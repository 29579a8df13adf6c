package org.oomlab.daemon.file;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.Ordered;
import org.oomlab.daemon.Type;

/** Values as systemd reads them; null for what it does not take. */
final class SystemdValues {
  static final double INFINITY = Double.POSITIVE_INFINITY;

  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,7})(?:\\.([0-9]{1,2}))?%");
  private static final Pattern PERMILLE = Pattern.compile("([0-9]{1,7})(?:\\.([0-9]))?‰");
  private static final Pattern PERMYRIAD = Pattern.compile("([0-9]{1,9})‱");
  private static final Pattern TIME =
      Pattern.compile("\\s*([0-9]{1,18})(?:\\.([0-9]{1,9}))?\\s*([A-Za-zµμ]*)");
  private static final Pattern SIZE =
      Pattern.compile("\\s*([0-9]{1,18})(?:\\.([0-9]{0,9}))?\\s*([EPTGMKB]?)");
  private static final String SIZES = "BKMGTPE";

  private static final Map<String, Double> UNITS =
      Ordered.map(
          Map.entry("seconds", 1e9),
          Map.entry("second", 1e9),
          Map.entry("sec", 1e9),
          Map.entry("s", 1e9),
          Map.entry("", 1e9),
          Map.entry("minutes", 60e9),
          Map.entry("minute", 60e9),
          Map.entry("min", 60e9),
          Map.entry("m", 60e9),
          Map.entry("months", 2629800e9),
          Map.entry("month", 2629800e9),
          Map.entry("M", 2629800e9),
          Map.entry("msec", 1e6),
          Map.entry("ms", 1e6),
          Map.entry("hours", 3600e9),
          Map.entry("hour", 3600e9),
          Map.entry("hr", 3600e9),
          Map.entry("h", 3600e9),
          Map.entry("days", 86400e9),
          Map.entry("day", 86400e9),
          Map.entry("d", 86400e9),
          Map.entry("weeks", 604800e9),
          Map.entry("week", 604800e9),
          Map.entry("w", 604800e9),
          Map.entry("years", 31557600e9),
          Map.entry("year", 31557600e9),
          Map.entry("y", 31557600e9),
          Map.entry("usec", 1e3),
          Map.entry("us", 1e3),
          Map.entry("µs", 1e3),
          Map.entry("μs", 1e3));

  private SystemdValues() {}

  /** parse_permyriad(): percent. */
  static @Nullable Double percent(String text) {
    Matcher percent = PERCENT.matcher(text);
    Matcher permille = PERMILLE.matcher(text);
    Matcher permyriad = PERMYRIAD.matcher(text);
    double value;
    if (percent.matches()) {
      value = Double.parseDouble(text.substring(0, text.length() - 1));
    } else if (permille.matches()) {
      value = Double.parseDouble(text.substring(0, text.length() - 1)) / 10;
    } else if (permyriad.matches()) {
      value = Double.parseDouble(permyriad.group(1)) / 100;
    } else {
      return null;
    }
    return value > 100 ? null : Double.valueOf(value);
  }

  /** parse_sec(): nanoseconds, or {@link #INFINITY}. */
  static @Nullable Double span(String text) {
    if (text.strip().equals("infinity")) {
      return INFINITY;
    }
    double nanos = 0;
    int at = 0;
    Matcher matcher = TIME.matcher(text);
    boolean any = false;
    while (at < text.stripTrailing().length()) {
      matcher.region(at, text.length());
      Double unit = matcher.lookingAt() ? UNITS.get(matcher.group(3)) : null;
      if (unit == null) {
        return null;
      }
      String fraction = matcher.group(2) == null ? "0" : matcher.group(2);
      nanos += Double.parseDouble(matcher.group(1) + "." + fraction) * unit;
      any = true;
      at = matcher.end();
    }
    return any ? Double.valueOf(nanos) : null;
  }

  /** parse_size() to the base of 1024: bytes. */
  static @Nullable Double size(String text) {
    double bytes = 0;
    int at = 0;
    int last = Integer.MAX_VALUE;
    Matcher matcher = SIZE.matcher(text);
    while (at < text.stripTrailing().length()) {
      matcher.region(at, text.length());
      if (!matcher.lookingAt()) {
        return null;
      }
      String unit = matcher.group(3).isEmpty() ? "B" : matcher.group(3);
      int power = SIZES.indexOf(unit);
      if (power >= last) {
        return null; // Components must come in falling order.
      }
      last = power;
      String fraction =
          matcher.group(2) == null || matcher.group(2).isEmpty() ? "0" : matcher.group(2);
      bytes +=
          Math.floor(Double.parseDouble(matcher.group(1) + "." + fraction) * Math.pow(1024, power));
      at = matcher.end();
    }
    return last == Integer.MAX_VALUE || bytes >= 1.8446744073709552E19
        ? null
        : Double.valueOf(bytes);
  }

  /** Writes a duration as a unit file has it. */
  static String writeSpan(double nanos) {
    if (nanos % 1e9 == 0) {
      return Type.decimal(nanos / 1e9) + "s";
    }
    return nanos % 1e6 == 0
        ? Type.decimal(nanos / 1e6) + "ms"
        : Type.decimal(Math.floor(nanos / 1e3)) + "us";
  }

  /** The path of a unit's cgroup below the root, with wildcards for the instances of a template. */
  static String cgroup(String unit, @Nullable String slice) {
    String name = unit.replaceFirst("@\\.", "@*.");
    if (name.equals("-.slice")) {
      return "/";
    }
    if (name.endsWith(".slice")) {
      StringBuilder path = new StringBuilder();
      String bare = name.substring(0, name.length() - ".slice".length());
      List<String> parts = List.of(bare.split("-", -1));
      for (int i = 0; i < Math.min(parts.size(), 20); i++) {
        path.append(i == 0 ? "" : "/")
            .append(String.join("-", parts.subList(0, i + 1)))
            .append(".slice");
      }
      return path.toString();
    }
    if (name.startsWith("user@")) {
      String who = name.substring("user@".length(), name.length() - ".service".length());
      return "user.slice/user-" + who + ".slice/" + name;
    }
    return slice != null && slice.endsWith(".slice")
        ? cgroup(slice, null) + "/" + name
        : name.endsWith(".service") ? "system.slice/" + name : name;
  }

  /**
   * The unit that a file is of: its own name, or that of the folder of drop-ins it is in; null if
   * neither says.
   */
  static @Nullable String unitOf(ConfigFile file) {
    String path = file.name();
    Matcher folder =
        Pattern.compile("(?:^|/)([^/]+\\.(?:service|slice|scope|socket|mount|swap))\\.d/[^/]+$")
            .matcher(path);
    if (folder.find()) {
      return folder.group(1);
    }
    if (file.base().matches(".+\\.(service|slice|scope|socket|mount|swap)")) {
      return file.base();
    }
    // What Fedora and Debian call the two files they ship.
    String base = file.base().replace("-", "");
    if (base.contains("userservice")) {
      return "user@.service";
    }
    return base.contains("rootslice") ? "-.slice" : null;
  }
}
