package org.oomlab.workload;

import java.io.Serializable;

/**
 * The three watermarks of a zone, in pages.
 *
 * @param min below it only privileged requests succeed
 * @param low below it kswapd wakes
 * @param high at it kswapd sleeps
 */
public record Watermarks(long min, long low, long high) implements Serializable {

  /**
   * What min_free_kbytes is on a machine where nobody set it, in pages; mm/page_alloc.c
   * calculate_min_free_kbytes().
   *
   * @param managed pages of the machine
   */
  public static long defaultMin(long managed) {
    double kilobytes = StrictMath.floor(StrictMath.sqrt(managed * 4.0 * 16.0));
    return (long) Math.min(Math.max(kilobytes, 128), 262_144) / 4;
  }

  /**
   * The other two above a min watermark; mm/page_alloc.c __setup_per_zone_wmarks().
   *
   * @param scaleFactor vm.watermark_scale_factor, in 1/10000 of the zone
   */
  public static Watermarks above(long min, long managed, int scaleFactor) {
    // Bytes.parsePages bounds managed far enough for the product to fit.
    long distance = Math.max(min / 4, managed * scaleFactor / 10_000);
    return new Watermarks(min, min + distance, min + 2 * distance);
  }
}
