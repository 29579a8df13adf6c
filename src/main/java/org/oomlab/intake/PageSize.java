package org.oomlab.intake;

/** Of how many bytes the pages of a kernel are, found from figures that it printed in two units. */
final class PageSize {
  private static final int[] KILOBYTES = {4, 8, 16, 64};

  private PageSize() {}

  /** The size of a page, in bytes; 4096 if nothing speaks against it. */
  static long of(OomReport report) {
    OomReport.Kill victim = report.victim();
    OomReport.Task row = victim == null ? null : report.taskOf(victim.pid());
    if (row != null && row.totalVm() > 0 && victim.totalVmKb() > 0) {
      return nearest((double) victim.totalVmKb() / row.totalVm());
    }
    OomReport.Memory memory = report.memory();
    if (memory != null && memory.free() > 1000 && !memory.zones().isEmpty()) {
      long kilobytes = memory.zones().stream().mapToLong(OomReport.Zone::freeKb).sum();
      if (kilobytes >= 3 * memory.free()) {
        return nearest((double) kilobytes / memory.free());
      }
    }
    long rows = report.tasks().stream().filter(task -> task.tableBytes() > 0).count();
    boolean large =
        rows >= 8
            && report.tasks().stream()
                .allMatch(task -> Math.max(0, task.tableBytes()) % 65536 == 0);
    return large ? 65536 : 4096;
  }

  private static long nearest(double kilobytes) {
    long best = KILOBYTES[0];
    for (int each : KILOBYTES) {
      if (Math.abs(each - kilobytes) < Math.abs(best - kilobytes)) {
        best = each;
      }
    }
    return best * 1024;
  }
}
