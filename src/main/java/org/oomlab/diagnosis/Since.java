package org.oomlab.diagnosis;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Span;

/**
 * A moment from which on incidents are of interest: a day and a time, as logs write them, or a time
 * since boot. Zones are left alone, as in the log: what it writes is what is compared.
 */
public final class Since {
  private static final Pattern ISO =
      Pattern.compile("(\\d{4})-(\\d\\d)-(\\d\\d)(?:[T ](\\d\\d):(\\d\\d)(?::(\\d\\d))?)?");

  /** Of syslog, whose years are not written. */
  private static final Pattern SYSLOG =
      Pattern.compile(
          "(?i)\\b([A-Z][a-z]{2}) +(\\d{1,2}),? (?:\\d{4} )?(\\d\\d):(\\d\\d):(\\d\\d)");

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

  private static final Pattern YEAR = Pattern.compile("\\b(\\d{4})\\b");

  private final @Nullable LocalDateTime moment;
  private final double seconds;

  private Since(@Nullable LocalDateTime moment, double seconds) {
    this.moment = moment;
    this.seconds = seconds;
  }

  /**
   * Reads {@code 2025-03-04}, {@code 2025-03-04 10:00} or, since boot, {@code 90s}.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Since parse(String written) {
    String text = written.strip();
    Matcher iso = ISO.matcher(text);
    if (iso.matches()) {
      LocalDateTime moment = iso(iso);
      if (moment != null) {
        return new Since(moment, -1);
      }
    }
    try {
      return new Since(null, Span.parse(text) / 1e9);
    } catch (IllegalArgumentException no) {
      throw new IllegalArgumentException(
          "expected a day, a day and a time, or a time since boot, such as 2025-03-04,"
              + " '2025-03-04 10:00' or 90s",
          no);
    }
  }

  /**
   * Whether something happened since then.
   *
   * @param time as the log writes it, or empty
   * @param uptime seconds since boot, or -1
   * @return null if that cannot be compared
   */
  public @Nullable Boolean isBefore(String time, double uptime) {
    if (moment == null) {
      return uptime < 0 ? null : uptime >= seconds;
    }
    LocalDateTime then = read(time, moment.getYear());
    return then == null ? null : !then.isBefore(moment);
  }

  private static @Nullable LocalDateTime read(String time, int year) {
    Matcher iso = ISO.matcher(time);
    if (iso.find()) {
      return iso(iso);
    }
    Matcher syslog = SYSLOG.matcher(time);
    if (!syslog.find()) {
      return null;
    }
    int month = MONTHS.indexOf(syslog.group(1).toLowerCase(Locale.ROOT)) + 1;
    Matcher written = YEAR.matcher(time);
    try {
      return month == 0
          ? null
          : LocalDateTime.of(
              written.find() ? Integer.parseInt(written.group(1)) : year,
              month,
              Integer.parseInt(syslog.group(2)),
              Integer.parseInt(syslog.group(3)),
              Integer.parseInt(syslog.group(4)),
              Integer.parseInt(syslog.group(5)));
    } catch (DateTimeException none) {
      return null;
    }
  }

  private static @Nullable LocalDateTime iso(Matcher iso) {
    try {
      LocalDate day =
          LocalDate.of(
              Integer.parseInt(iso.group(1)),
              Integer.parseInt(iso.group(2)),
              Integer.parseInt(iso.group(3)));
      return iso.group(4) == null
          ? day.atStartOfDay()
          : day.atTime(
              LocalTime.of(
                  Integer.parseInt(iso.group(4)),
                  Integer.parseInt(iso.group(5)),
                  iso.group(6) == null ? 0 : Integer.parseInt(iso.group(6))));
    } catch (DateTimeException none) {
      return null;
    }
  }
}
