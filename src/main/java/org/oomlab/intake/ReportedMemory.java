package org.oomlab.intake;

import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.oomlab.intake.OomReport.Memory;
import org.oomlab.intake.OomReport.Zone;

/** The zones of a machine as one, in pages of 4 KiB. */
final class ReportedMemory {
  private static final long UNKNOWN = OomReport.UNKNOWN;

  private final @Nullable Memory memory;
  private final long factor;

  /**
   * Figures of a machine.
   *
   * @param memory what was printed, or null
   * @param factor pages of 4 KiB in one of the kernel's
   */
  ReportedMemory(@Nullable Memory memory, long factor) {
    this.memory = memory;
    this.factor = factor;
  }

  /** totalram_pages(): what badness divides, without swap. */
  long managed() {
    if (memory == null) {
      return UNKNOWN;
    }
    if (memory.ram() > 0 && memory.reserved() >= 0) {
      return (memory.ram() - memory.reserved()) * factor;
    }
    long managed = sum(Zone::managedKb);
    long present = managed > 0 ? managed : sum(Zone::presentKb);
    if (memory.ram() > 0) {
      return managed > 0 ? managed : memory.ram() * factor;
    }
    return present > 0 ? present : UNKNOWN;
  }

  long free() {
    if (memory == null) {
      return UNKNOWN;
    }
    long zones = sum(Zone::freeKb);
    return memory.free() >= 0 && memory.free() * factor > zones ? memory.free() * factor : zones;
  }

  long min() {
    return sum(Zone::minKb);
  }

  long low() {
    return sum(Zone::lowKb);
  }

  long high() {
    return sum(Zone::highKb);
  }

  long swap() {
    return memory == null || memory.swapTotalKb() < 0 ? UNKNOWN : memory.swapTotalKb() / 4;
  }

  private long sum(ToLongFunction<Zone> part) {
    if (memory == null || memory.zones().isEmpty()) {
      return UNKNOWN;
    }
    long kilobytes = 0;
    for (Zone zone : memory.zones()) {
      kilobytes += Math.max(0, part.applyAsLong(zone));
    }
    return kilobytes / 4;
  }

  /** Says how the zones became one, and what is not in the figures. */
  void explain(BiConsumer<String, String> say) {
    if (memory == null) {
      return;
    }
    if (memory.ram() > 0 && memory.reserved() >= 0) {
      say.accept(
          "machine.memory", memory.ram() + " pages RAM less " + memory.reserved() + " reserved");
    }
    if (!memory.zones().isEmpty()) {
      say.accept("machine.free", "free and the watermarks are the sums of those of the zones:");
      for (Zone zone : memory.zones()) {
        say.accept(
            "machine.free",
            "  %s: free %dkB, min %dkB, low %dkB, high %dkB"
                .formatted(
                    zone.name().isEmpty() ? "all" : zone.name(),
                    zone.freeKb(),
                    zone.minKb(),
                    zone.lowKb(),
                    zone.highKb()));
      }
    }
    if (free() > Math.max(0, min())) {
      say.accept(
          "machine.lowmem_reserve",
          "what was free above the watermarks and yet of no use to this request (kept for other");
      say.accept(
          "machine.lowmem_reserve", "zones, on other nodes, too fragmented, or freed meanwhile)");
    }
    if (memory.swapFreeKb() >= 0 && memory.swapTotalKb() > 0) {
      say.accept("machine.swap", memory.swapFreeKb() + "kB of it free");
    }
    String cache = text("page cache", memory.pageCache()) + text("shmem", memory.shmem());
    String slab =
        text("slab that can be reclaimed", memory.slabReclaimable())
            + text("slab that cannot", memory.slabUnreclaimable());
    if (!cache.isEmpty() || !slab.isEmpty()) {
      say.accept(
          "machine",
          "Reclaim had found nothing more, so what no process has mapped is the kernel's:");
      say.accept("machine", (cache + slab).substring(2));
    }
  }

  private String text(String what, long pages) {
    return pages < 0 ? "" : ", " + what + " " + pages * factor + " pages";
  }
}
