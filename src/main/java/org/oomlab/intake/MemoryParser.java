package org.oomlab.intake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Reads Mem-Info: show_mem() and show_free_areas() of mm/page_alloc.c, lib/show_mem.c. */
final class MemoryParser {
  private static final long UNKNOWN = OomReport.UNKNOWN;

  /** The counters that are of use. */
  private static final Set<String> KNOWN =
      Set.of(
          "active_anon",
          "inactive_anon",
          "isolated_anon",
          "active_file",
          "inactive_file",
          "isolated_file",
          "unevictable",
          "slab",
          "slab_reclaimable",
          "slab_unreclaimable",
          "mapped",
          "shmem",
          "pagetables",
          "free");

  /** A kernel has five zones in each of 1024 nodes at most. */
  private static final int MOST_ZONES = 5 * 1024;

  /** Counters of pages by their names in small letters; the first of a name counts. */
  private final Map<String, Long> counters = new TreeMap<>();

  private final Map<String, OomReport.Zone> zones = new LinkedHashMap<>();
  private final Slips slips;
  private boolean isFound;
  private long pageCache = UNKNOWN;
  private long swapFreeKb = UNKNOWN;
  private long swapTotalKb = UNKNOWN;
  private long ram = UNKNOWN;
  private long reserved = UNKNOWN;

  MemoryParser(Slips slips) {
    this.slips = slips;
  }

  /** Takes a line if it is one of Mem-Info's. */
  boolean accept(String text) {
    char first = text.isEmpty() ? ' ' : text.charAt(0);
    if (first >= '0' && first <= '9') {
      return total(text);
    }
    if (text.startsWith("Free swap") || text.startsWith("Total swap")) {
      long kb =
          slips.kilobytes(
              Text.number(
                  Text.squeeze(text).replace(':', '='), first == 'F' ? "Freeswap=" : "Totalswap="));
      if (first == 'F') {
        swapFreeKb = swapFreeKb < 0 ? kb : swapFreeKb;
      } else {
        swapTotalKb = swapTotalKb < 0 ? kb : swapTotalKb;
      }
      return true;
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      return false;
    }
    if (text.contains("free:") && text.contains("min:") && text.contains("high:")) {
      return zone(text);
    }
    return isCounter(text, colon) && counters(text);
  }

  /** {@code 2071645 pages RAM} and its like. */
  private boolean total(String text) {
    int blank = text.indexOf(' ');
    long number = blank < 0 ? UNKNOWN : Text.leading(text, 0);
    String what = blank < 0 ? "" : text.substring(blank + 1).strip();
    switch (what) {
      case "pages RAM", "pages of RAM" -> ram = ram < 0 ? slips.pages(number) : ram;
      case "pages reserved", "reserved pages" ->
          reserved = reserved < 0 ? slips.pages(number) : reserved;
      case "total pagecache pages" -> pageCache = pageCache < 0 ? slips.pages(number) : pageCache;
      default -> {
        return what.startsWith("pages ");
      }
    }
    return true;
  }

  /** {@code active_anon:7006 ...}: a number of pages and not of kB. */
  private static boolean isCounter(String text, int colon) {
    int i = colon + 1;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    if (i == colon + 1 || (i < text.length() && text.charAt(i) > ' ')) {
      return false;
    }
    for (int k = 0; k < colon; k++) {
      char c = text.charAt(k);
      if (!(c >= 'a' && c <= 'z') && c != '_' && !(k == 0 && c >= 'A' && c <= 'Z')) {
        return false;
      }
    }
    return true;
  }

  private boolean counters(String text) {
    for (String token : text.split("\\s+")) {
      int colon = token.indexOf(':');
      if (colon > 0) {
        long number = Text.leading(token, colon + 1);
        if (number >= 0 && token.charAt(token.length() - 1) != 'B') {
          count(token.substring(0, colon).toLowerCase(Locale.ROOT), number);
        }
      }
    }
    return true;
  }

  private void count(String name, long printed) {
    isFound = true;
    if (KNOWN.contains(name) && !counters.containsKey(name)) {
      long number = slips.pages(printed);
      if (number >= 0) {
        counters.put(name, number);
      }
    }
  }

  private boolean zone(String text) {
    int free = text.indexOf("free:");
    String name = text.substring(0, free).strip();
    String squeezed = Text.squeeze(text.substring(free));
    OomReport.Zone zone =
        new OomReport.Zone(
            name,
            Text.number(squeezed, "free:"),
            Text.number(squeezed, "min:"),
            Text.number(squeezed, "low:"),
            Text.number(squeezed, "high:"),
            Text.number(squeezed, "present:"),
            Text.number(squeezed, "managed:"));
    if (zone.freeKb() >= 0 && zone.minKb() >= 0 && isPossible(zone) && zones.size() < MOST_ZONES) {
      zones.putIfAbsent(name, zone);
    }
    return true;
  }

  /** Of a zone with a figure that cannot be, no other is believed. */
  private boolean isPossible(OomReport.Zone zone) {
    int before = slips.count();
    slips.kilobytes(
        LongStream.of(
                zone.freeKb(),
                zone.minKb(),
                zone.lowKb(),
                zone.highKb(),
                zone.presentKb(),
                zone.managedKb())
            .max()
            .orElseThrow());
    return slips.count() == before;
  }

  private long counter(String name) {
    return counters.getOrDefault(name, UNKNOWN);
  }

  /** Whether nothing was printed. */
  boolean isEmpty() {
    return !isFound && zones.isEmpty() && ram < 0 && swapTotalKb < 0;
  }

  /** What was printed, or null if it was nothing. */
  OomReport.@Nullable Memory memory() {
    if (isEmpty()) {
      return null;
    }
    // 2.6 before 2.6.28 did not tell anonymous pages from those of files.
    long slab = counter("slab");
    return new OomReport.Memory(
        Text.sum(counter("active_anon"), counter("inactive_anon"), counter("isolated_anon")),
        Text.sum(counter("active_file"), counter("inactive_file"), counter("isolated_file")),
        counter("unevictable"),
        counter("slab_reclaimable"),
        slab >= 0 ? slab : counter("slab_unreclaimable"),
        counter("mapped"),
        counter("shmem"),
        counter("pagetables"),
        counter("free"),
        List.copyOf(zones.values()),
        pageCache,
        swapFreeKb,
        swapTotalKb,
        ram,
        reserved);
  }
}
