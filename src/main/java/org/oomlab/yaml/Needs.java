package org.oomlab.yaml;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.unit.Bytes;
import org.oomlab.workload.Paging;
import org.oomlab.yaml.tree.Value;

/** What must fit in the machine at the least, in the order of the file. */
final class Needs {
  private final List<Need> memory = new ArrayList<>();
  private final List<Need> swap = new ArrayList<>();

  private final List<Value> usedMemory = new ArrayList<>();
  private final List<Value> usedFiles = new ArrayList<>();

  /** A mapping is used, of a file or not: it matters only where it can have left memory. */
  void access(Value value, boolean isFile) {
    (isFile ? usedFiles : usedMemory).add(value);
  }

  /** Notes whatever says how memory is used that never leaves. */
  void checkUse(Paging paging) {
    if (paging.swap() == null) {
      usedMemory.forEach(
          value -> value.problem("changes nothing without a swap device (machine.swap.size)"));
    }
    if (paging.disk() == null) {
      usedFiles.forEach(
          value -> value.problem("changes nothing without a disk to read from (machine.disk)"));
    }
  }

  /** At least so many pages, because of this value. */
  private record Need(Value value, int count, long pages) {}

  /** So many processes have so many pages of memory each. */
  void memory(Value value, int count, long pages) {
    memory.add(new Need(value, count, pages));
  }

  /** So many processes have so many pages in swap each. */
  void swap(Value value, int count, long pages) {
    swap.add(new Need(value, count, pages));
  }

  /** The page cache has so many pages, before any process has some. */
  void pageCache(Value value, long pages) {
    memory.add(0, new Need(value, 1, pages));
  }

  /**
   * Notes the first thing that does not fit any more, in memory and in swap; all in pages.
   *
   * @param free what is to be free in the beginning, or less than 0 if the file does not say
   */
  void check(long memoryPages, long free, long swapPages) {
    String place = "machine.memory (" + Bytes.format(memoryPages) + ")";
    if (free >= 0) {
      place += " beside machine.free (" + Bytes.format(free) + ")";
    }
    check(memory, memoryPages - Math.max(free, 0), place);
    check(swap, swapPages, "machine.swap (" + Bytes.format(swapPages) + ")");
  }

  private static void check(List<Need> needs, long room, String place) {
    long left = room;
    for (Need need : needs) {
      long pages = need.count() * need.pages();
      if (pages > left) {
        String all = need.count() == 1 ? "" : need.count() + " times ";
        need.value()
            .problem(
                all
                    + Bytes.human(need.pages())
                    + " does not fit in the "
                    + Bytes.human(Math.max(left, 0))
                    + " left of "
                    + place);
        return;
      }
      left -= pages;
    }
  }
}
