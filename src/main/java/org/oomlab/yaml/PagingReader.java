package org.oomlab.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.workload.DiskSpec;
import org.oomlab.workload.Paging;
import org.oomlab.workload.SwapSpec;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Value;

/** Reads what of a machine says how memory moves: its swap, its disk, and what reclaim goes by. */
final class PagingReader {
  private static final int MOST_SWAPPINESS = 200;

  /** A swap device larger than this no kernel takes: MAX_SWAPFILES and the bits of swp_entry_t. */
  private static final long MOST_SWAP = 1L << 36;

  /** No memory compresses better than this on average, nor is it worse than not at all. */
  private static final double LEAST_MISSED = 0.001;

  private static final double MOST_RATIO = 100;

  private final Fields fields;
  private final @Nullable Value swap;
  private final @Nullable SwapSpec device;
  private final long pages;

  PagingReader(Fields machine) {
    this.fields = machine;
    this.swap = machine.find("swap");
    this.device = swap != null && swap.isMap() ? device(swap) : null;
    this.pages = device != null ? device.size() : swap == null ? 0 : swap.size();
  }

  /** Pages of swap, whether there is a device or their number alone. */
  long swapPages() {
    return pages;
  }

  Paging read() {
    DiskSpec disk = disk(fields.find("disk"));
    boolean moves = device != null || disk != null;
    Value swappiness = fields.find("swappiness");
    Value lru = fields.find("lru");
    Value remembered = fields.find("lru_remembered");
    Value inTurn = fields.find("missed_in_turn");
    for (Value value : new Value[] {swappiness, lru, remembered, inTurn}) {
      if (value != null && !moves) {
        value.problem("changes nothing on a machine without a swap device and without a disk");
      }
    }
    Value psi = fields.find("psi");
    boolean generations = lru == null || lru.choice(List.of("generations", "classic")) == 0;
    return new Paging(
        device,
        disk,
        swappiness == null ? Paging.NONE.swappiness() : swappiness.whole(0, MOST_SWAPPINESS),
        generations,
        remembered == null ? Paging.remembered(generations) : remembered.decimal(0, 1),
        inTurn == null ? Paging.NONE.missedInTurn() : inTurn.decimal(LEAST_MISSED, 1),
        moves || psi != null && psi.flag());
  }

  private static SwapSpec device(Value value) {
    Fields fields = value.fields();
    Value sizeValue = fields.need("size");
    long size = sizeValue == null ? 1 : sizeValue.size();
    if (sizeValue != null && size > MOST_SWAP) {
      sizeValue.problem("is more than a swap device can be: 256TiB");
    }
    Value ratio = fields.find("ratio");
    Value read = fields.find("read");
    Value write = fields.find("write");
    Value latency = fields.find("latency");
    SwapSpec device;
    if (ratio != null) {
      for (Value value1 : new Value[] {read, write, latency}) {
        if (value1 != null) {
          value1.problem(
              "zram, which has a ratio, is as fast as swap_out and swap_in of the costs");
        }
      }
      device = new SwapSpec(size, 0, 0, 0, ratio.decimal(1, MOST_RATIO));
    } else {
      device =
          new SwapSpec(
              size,
              speed(value, read, "read"),
              speed(value, write, "write"),
              latency == null ? 0 : latency.span(),
              0);
    }
    fields.end();
    return device;
  }

  private static @Nullable DiskSpec disk(@Nullable Value value) {
    if (value == null) {
      return null;
    }
    Fields fields = value.fields();
    long read = speed(value, fields.find("read"), "read");
    long latency = fields.get("latency", 0L, Value::span);
    fields.end();
    return new DiskSpec(read, latency);
  }

  /** So much a second; a device without is none. */
  private static long speed(Value device, @Nullable Value value, String key) {
    if (value == null) {
      device.problem(key + " is missing: how much a second, or ratio if it is zram");
      return 1;
    }
    int before = value.problems().count();
    long pages = value.size();
    if (value.problems().count() == before && pages == 0) {
      value.problem("a device that does nothing in a second never ends");
    }
    return Math.max(1, pages);
  }
}
