package org.oomlab.intake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
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
          "dirty",
          "writeback",
          "slab",
          "slab_reclaimable",
          "slab_unreclaimable",
          "mapped",
          "shmem",
          "pagetables",
          "sec_pagetables",
          "bounce",
          "kernel_misc_reclaimable",
          "free",
          "free_pcp",
          "free_cma");

  /** A kernel has five zones in each of 1024 nodes at most. */
  private static final int MOST_ZONES = 5 * 1024;

  /** And so many kinds of zones, with room for those of patches. */
  private static final int MOST_KINDS = 8;

  /** MAX_ORDER of 64 KiB pages was 14. */
  private static final int MOST_ORDERS = 16;

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
  private long cma = UNKNOWN;
  private long highmem = UNKNOWN;

  /** Kernel stacks, by the node or zone that has them: a line may come twice. */
  private final Map<String, Long> stackKb = new TreeMap<>();

  /** Pools of huge pages, by the node and the size of their pages. */
  private final Map<String, Pool> pools = new TreeMap<>();

  private record Pool(long totalKb, long freeKb) {}

  /** Counters that the line of a zone has as well, in kB. */
  private static final List<String> OF_ZONES =
      List.of("active_anon", "inactive_anon", "active_file", "inactive_file", "unevictable");

  /** What the zones have together. */
  private final Map<String, Long> zoneKb = new TreeMap<>();

  /** What else was printed of a zone, by its name. */
  private final Map<String, ZoneLines> parts = new LinkedHashMap<>();

  private @Nullable ZoneLines latest;

  /** The lines about a zone, but for the first. */
  private static final class ZoneLines {
    private long freeCmaKb;
    private long pcpKb;
    private List<Long> reserves = List.of();
    private List<Long> blocks = List.of();
  }

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
    if (text.contains("hugepages_total=")) {
      return hugePages(text);
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      return false;
    }
    if (text.contains("free:") && text.contains("min:") && text.contains("low:")) {
      return zone(text);
    }
    if (text.startsWith("lowmem_reserve[]:")) {
      return reserves(text.substring(colon + 1));
    }
    if (text.contains("*4kB") || text.contains("*16kB") || text.contains("*64kB")) {
      return blocks(text, colon);
    }
    if (text.startsWith("Node ") && text.contains("kernel_stack:")) {
      stack(text.substring(0, Math.max(0, text.indexOf(' ', 5))), Text.squeeze(text));
      return true;
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
      case "pages cma reserved" -> cma = cma < 0 ? slips.pages(number) : cma;
      case "pages HighMem/MovableOnly" -> highmem = highmem < 0 ? slips.pages(number) : highmem;
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
      latest = part(name);
      latest.freeCmaKb = Math.max(0, slips.kilobytes(Text.number(squeezed, "free_cma:")));
      latest.pcpKb = Math.max(0, slips.kilobytes(Text.number(squeezed, "free_pcp:")));
      zoneKb.merge("free", zone.freeKb(), Long::sum);
      for (String counter : OF_ZONES) {
        long kb = slips.kilobytes(Text.number(squeezed, counter + ":"));
        if (kb >= 0) {
          zoneKb.merge(counter, kb, Long::sum);
        }
      }
      // On the zone up to 5.9, on the node from then on; there is one of both kinds only.
      stack(name, squeezed);
    }
    return true;
  }

  private void stack(String where, String squeezed) {
    long kb = slips.kilobytes(Text.number(squeezed, "kernel_stack:"));
    if (kb > 0 && stackKb.size() < MOST_ZONES) {
      stackKb.putIfAbsent(where, kb);
    }
  }

  private ZoneLines part(String name) {
    return parts.computeIfAbsent(name, key -> new ZoneLines());
  }

  /** {@code lowmem_reserve[]: 0 200 200}, about the zone before it. */
  private boolean reserves(String numbers) {
    if (latest != null && latest.reserves.isEmpty()) {
      latest.reserves =
          Stream.of(numbers.strip().split(" +"))
              .limit(MOST_KINDS)
              .map(word -> Text.leading(word, 0))
              .takeWhile(number -> number >= 0 && number <= Slips.MOST_PAGES)
              .toList();
    }
    return true;
  }

  /** {@code Node 0 DMA: 275*4kB (U) 0*8kB = 1100kB}: how many free blocks there are of a size. */
  private boolean blocks(String text, int colon) {
    List<Long> blocks = new ArrayList<>();
    for (String word : text.substring(colon + 1).split(" +")) {
      long number = Text.leading(word, 0);
      if (number >= 0 && word.indexOf('*') > 0 && blocks.size() < MOST_ORDERS) {
        blocks.add(Math.min(number, Slips.MOST_PAGES));
      }
    }
    String name = text.substring(0, colon).strip();
    if (zones.containsKey(name)) {
      ZoneLines zone = part(name);
      zone.blocks = zone.blocks.isEmpty() ? blocks : zone.blocks;
    }
    return true;
  }

  /** {@code Node 0 hugepages_total=15 hugepages_free=15 hugepages_surp=0 hugepages_size=2048kB}. */
  private boolean hugePages(String text) {
    long size = slips.kilobytes(Text.number(text, "hugepages_size="));
    long total = Text.number(text, "hugepages_total=");
    long free = Text.number(text, "hugepages_free=");
    if (size > 0 && total >= 0 && total <= Slips.MOST_KB / size && pools.size() < MOST_ZONES) {
      String where = text.substring(0, text.indexOf("hugepages_total=")) + size;
      pools.putIfAbsent(where, new Pool(total * size, Math.min(total, Math.max(0, free)) * size));
    }
    return true;
  }

  /** The counters in pages, by their names. */
  SortedMap<String, Long> counters() {
    SortedMap<String, Long> all = new TreeMap<>(counters);
    if (!stackKb.isEmpty()) {
      all.put("kernel_stack_kb", stackKb.values().stream().mapToLong(Long::longValue).sum());
    }
    return all;
  }

  /** What was printed of the zones beside the first line of each. */
  List<Circumstances.ZonePart> zoneParts() {
    return parts.entrySet().stream()
        .map(
            part ->
                new Circumstances.ZonePart(
                    part.getKey(),
                    part.getValue().freeCmaKb,
                    part.getValue().pcpKb,
                    part.getValue().reserves,
                    part.getValue().blocks))
        .toList();
  }

  /** What the pools of huge pages hold, in kB, or UNKNOWN. */
  long hugeTotalKb() {
    return pools.isEmpty() ? UNKNOWN : pools.values().stream().mapToLong(Pool::totalKb).sum();
  }

  /** Of that, what is not in use. */
  long hugeFreeKb() {
    return pools.isEmpty() ? UNKNOWN : pools.values().stream().mapToLong(Pool::freeKb).sum();
  }

  /** Pages set aside for CMA, or UNKNOWN. */
  long cma() {
    return cma;
  }

  /** Pages of HighMem, or UNKNOWN. */
  long highmem() {
    return highmem;
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

  /** As it was printed, or else what the zones have together. */
  private long counter(String name) {
    Long printed = counters.get(name);
    Long kb = zoneKb.get(name);
    long page = pageKb();
    return printed != null ? printed : kb != null && page > 0 ? kb / page : UNKNOWN;
  }

  /** Kilobytes in a page, from what the zones have and how many pages that is; or UNKNOWN. */
  private long pageKb() {
    long kb = zones.values().stream().mapToLong(zone -> Math.max(0, zone.managedKb())).sum();
    long pages = ram - Math.max(0, reserved);
    long page = ram > 0 && pages > 0 ? (kb + pages / 2) / pages : 0;
    return page == 4 || page == 16 || page == 64 ? page : UNKNOWN;
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
