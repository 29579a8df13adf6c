package org.oomlab.report;

import java.util.Locale;
import org.oomlab.workload.Step;

/**
 * A request's gfp_mask as a kernel prints it, with {@code %#x(%pGg)}.
 *
 * <p>The bits are those of include/linux/gfp.h (gfp_types.h from 6.0): one set up to 4.9, one to
 * 4.15, one to 4.20, and one since. That the zeroing of a user page shows, and from 6.1 the folio,
 * is from logs.
 */
final class GfpMask {
  private static final long IO_FS = 0xc0;
  private static final long HIGHMEM_MOVABLE = 0x0a;
  private static final long HIGH = 0x20;

  private GfpMask() {}

  /** The mask of a page fault of user space; a cgroup that is charged for it sees another. */
  static String ofFault(KernelRelease kernel, boolean charge) {
    if (charge && kernel.isSince(4, 19)) {
      return text(kernel, kernelMask(kernel), "GFP_KERNEL");
    }
    long mask = kernelMask(kernel) | HIGHMEM_MOVABLE | bit(kernel, 0x20000, 0x100000);
    String flags = "GFP_HIGHUSER_MOVABLE";
    if (kernel.isSince(6, 1)) {
      mask |= 0x40000;
      flags += "|__GFP_COMP";
    }
    return text(kernel, mask | bit(kernel, 0x8000, 0x100), flags + "|__GFP_ZERO");
  }

  /** The mask of a request of the kernel's own. */
  static String of(KernelRelease kernel, Step.Gfp gfp) {
    long mask = kernelMask(kernel);
    return switch (gfp) {
      case KERNEL -> text(kernel, mask, "GFP_KERNEL");
      case NOFS -> text(kernel, mask & ~0x80L, "GFP_NOFS");
      case NOFAIL -> text(kernel, mask | bit(kernel, 0x800, 0x8000), "GFP_KERNEL|__GFP_NOFAIL");
      case HIGH -> text(kernel, mask | HIGH, "GFP_KERNEL|__GFP_HIGH");
      case ATOMIC ->
          text(
              kernel,
              (mask & ~(IO_FS | directReclaim(kernel))) | HIGH | bit(kernel, 0x80000, 0x200),
              "GFP_ATOMIC");
      case NORETRY -> text(kernel, mask | bit(kernel, 0x1000, 0x10000), "GFP_KERNEL|__GFP_NORETRY");
      case RETRY_MAYFAIL ->
          text(
              kernel,
              mask | bit(kernel, 0x400, 0x4000),
              kernel.isSince(4, 13) ? "GFP_KERNEL|__GFP_RETRY_MAYFAIL" : "GFP_KERNEL|__GFP_REPEAT");
    };
  }

  private static long bit(KernelRelease kernel, long before, long since) {
    return kernel.isSince(5, 0) ? since : before;
  }

  private static long directReclaim(KernelRelease kernel) {
    return kernel.isSince(5, 0) ? 0x400 : kernel.isSince(4, 16) ? 0x200000 : 0x400000;
  }

  private static long kswapdReclaim(KernelRelease kernel) {
    if (kernel.isSince(5, 0)) {
      return 0x800;
    }
    return kernel.isSince(4, 16) ? 0x400000 : kernel.isSince(4, 10) ? 0x1000000 : 0x2000000;
  }

  private static long kernelMask(KernelRelease kernel) {
    return IO_FS | directReclaim(kernel) | kswapdReclaim(kernel);
  }

  private static String text(KernelRelease kernel, long mask, String flags) {
    String number = String.format(Locale.ROOT, "%#x", mask);
    return kernel.isSince(4, 6) ? number + "(" + flags + ")" : number;
  }
}
