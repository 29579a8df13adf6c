package org.oomlab.intake;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The time of day in what a log writes before a line, in whatever form the day is. */
final class Clock {
  private static final Pattern TIME =
      Pattern.compile("(\\d\\d):(\\d\\d):(\\d\\d(?:[.,]\\d{1,9})?)");

  private Clock() {}

  /** Seconds since midnight, or -1. */
  static double seconds(String time) {
    Matcher found = TIME.matcher(time);
    return found.find()
        ? Text.leading(found.group(1), 0) * 3600.0
            + Text.leading(found.group(2), 0) * 60.0
            + Double.parseDouble(found.group(3).replace(',', '.'))
        : -1;
  }

  /** What stands before and behind the time: the day, and a zone. */
  static String day(String time) {
    return TIME.matcher(time).replaceFirst("");
  }
}
