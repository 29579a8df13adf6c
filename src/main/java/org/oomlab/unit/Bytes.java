package org.oomlab.unit;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amounts of memory as people write them: {@code 30 pages}, {@code 64KiB}, {@code 900MiB}, {@code
 * 4GiB}, or {@code 218780kB} as the kernel's own reports print it (its kB is 1024 bytes).
 *
 * <p>Inside oomlab an amount is a {@code long} of 4 KiB pages. Amounts that are not whole pages are
 * rounded up, as an allocator would have to.
 */
public final class Bytes {
  /** Bytes in a page; see PAGE_SHIFT of the x86 and (by default) arm64 kernels. */
  public static final long PAGE = 4096;

  private static final Pattern WRITTEN =
      Pattern.compile("(" + Decimal.UNSIGNED + ") ?(pages?|B|kB|KiB|MiB|GiB|TiB)");

  private Bytes() {}

  /**
   * Reads an amount of memory.
   *
   * @return pages of 4 KiB, rounded up
   * @throws IllegalArgumentException with what was expected, for anything else
   */
  public static long parsePages(String text) {
    String trimmed = text.strip();
    if (trimmed.equals("0")) {
      return 0;
    }
    Matcher matcher = WRITTEN.matcher(trimmed);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a size with its unit, such as 900MiB, 64KiB or 30 pages, not '"
              + trimmed
              + "'");
    }
    BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(bytesPer(matcher.group(2)));
    BigDecimal pages = bytes.divide(BigDecimal.valueOf(PAGE), 0, RoundingMode.CEILING);
    if (pages.compareTo(BigDecimal.valueOf(1L << 40)) > 0) {
      throw new IllegalArgumentException("'" + trimmed + "' is more than 4 PiB");
    }
    return pages.longValueExact();
  }

  private static BigDecimal bytesPer(String unit) {
    return BigDecimal.valueOf(
        switch (unit) {
          case "page", "pages" -> PAGE;
          case "B" -> 1L;
          case "kB", "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          case "TiB" -> 1L << 40;
          default -> throw new IllegalArgumentException("unknown unit of memory: " + unit);
        });
  }

  /** Writes pages so that {@link #parsePages} reads them back exactly: the largest whole unit. */
  public static String format(long pages) {
    if (pages == 0) {
      return "0";
    }
    if (pages % (1L << 18) == 0) {
      return (pages >> 18) + "GiB";
    }
    if (pages % (1L << 8) == 0) {
      return (pages >> 8) + "MiB";
    }
    return pages == 1 ? "1 page" : pages + " pages";
  }

  /** Writes pages for a reader: three significant digits and a binary unit, such as 41.2MiB. */
  public static String human(long pages) {
    double kib = pages * 4.0;
    String[] units = {"KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    while (kib >= 1024 && unit < units.length - 1) {
      kib /= 1024;
      unit++;
    }
    int digits = kib >= 100 || unit == 0 ? 0 : kib >= 10 ? 1 : 2;
    return BigDecimal.valueOf(kib).setScale(digits, RoundingMode.HALF_EVEN).toPlainString()
        + units[unit];
  }
}
