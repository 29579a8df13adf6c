package org.oomlab.kernel.state;

/**
 * The pace of a walk that frees pages through an mmu_gather: pages that it has unmapped stay in the
 * gather until that is full, and are then freed together; tlb_flush_mmu() of mm/mmu_gather.c. What
 * is in it when a mapping ends is still in it when the next one begins.
 */
public final class Gather {
  /** Nanoseconds to unmap a page, which is then in the gather. */
  private double fillNs;

  /** Nanoseconds to free a page that is in a full gather. */
  private double emptyNs;

  /** Pages of a full gather, or 0 where the walk frees each page as it unmaps it. */
  private long blockPages;

  /** Pages of this mapping that make the gather full which it has found begun. */
  private long firstPages;

  /** Pages that were in the gather before. */
  private long heldPages;

  /** Nanoseconds to free those. */
  private double heldNs;

  /** Whether the gather ends with the mapping: tlb_finish_mmu(). */
  private boolean finishes;

  public void clear() {
    fillNs = 0;
    emptyNs = 0;
    blockPages = 0;
    firstPages = 0;
    heldPages = 0;
    heldNs = 0;
    finishes = false;
  }

  void copyFrom(Gather that) {
    fillNs = that.fillNs;
    emptyNs = that.emptyNs;
    blockPages = that.blockPages;
    firstPages = that.firstPages;
    heldPages = that.heldPages;
    heldNs = that.heldNs;
    finishes = that.finishes;
  }

  /** From now on with a full gather of so many pages, of which the first is full after fewer. */
  public void begin(double fillNs, double emptyNs, long blockPages, long firstPages) {
    this.fillNs = fillNs;
    this.emptyNs = emptyNs;
    this.blockPages = blockPages;
    this.firstPages = firstPages;
    heldPages = 0;
    heldNs = 0;
    finishes = false;
  }

  /** It has found so many pages in the gather, which take so long to free. */
  public void finds(long pages, double ns) {
    heldPages = pages;
    heldNs = ns;
  }

  /** It is emptied at the end, full or not. */
  public void finishes() {
    finishes = true;
  }

  public boolean isInUse() {
    return blockPages > 0;
  }

  /** Of so many pages of the mapping, those that are unmapped after so many nanoseconds. */
  public long unmappedAfter(long ns, long pages) {
    return after((double) ns, pages, false);
  }

  /** The pages that are free after so many nanoseconds, those among them that it has found. */
  public long freedAfter(long ns, long pages) {
    return after((double) ns, pages, true);
  }

  private long after(double ns, long pages, boolean freed) {
    if (pages < firstPages) {
      return within(ns, pages, finishes, heldPages, heldNs, freed);
    }
    double firstNs = firstPages * (fillNs + emptyNs) + heldNs;
    if (ns < firstNs) {
      return within(ns, firstPages, true, heldPages, heldNs, freed);
    }
    double blockNs = blockPages * (fillNs + emptyNs);
    long fullBlocks = (pages - firstPages) / blockPages;
    long blocks =
        blockNs == 0 ? fullBlocks : Math.min(fullBlocks, (long) ((ns - firstNs) / blockNs));
    long before = firstPages + blocks * blockPages;
    boolean isFull = blocks < fullBlocks;
    long block = isFull ? blockPages : pages - before;
    return before
        + (freed ? heldPages : 0)
        + within(ns - firstNs - blocks * blockNs, block, isFull || finishes, 0, 0, freed);
  }

  /** The same within one gather, which is emptied in the end or not. */
  private long within(
      double ns, long pages, boolean empties, long found, double foundNs, boolean freed) {
    if (!freed) {
      return fillNs == 0 ? pages : Math.min(pages, (long) (ns / fillNs));
    }
    double emptyingNs = ns - pages * fillNs;
    if (!empties || emptyingNs < 0) {
      return 0;
    }
    double wholeNs = pages * emptyNs + foundNs;
    return emptyingNs >= wholeNs ? found + pages : (long) ((found + pages) * emptyingNs / wholeNs);
  }

  /** Nanoseconds for so many pages of the mapping. */
  public long wholeNs(long pages) {
    boolean empties = finishes || pages >= firstPages;
    double ns = pages * fillNs + (pages - keptOf(pages)) * emptyNs + (empties ? heldNs : 0);
    return (long) Math.ceil(ns);
  }

  /** How many pages will be free after all of the mapping's. */
  public long freedOf(long pages) {
    boolean empties = finishes || pages >= firstPages;
    return pages - keptOf(pages) + (empties ? heldPages : 0);
  }

  /** Of so many pages of the mapping, those that are in the gather after it. */
  private long keptOf(long pages) {
    if (finishes) {
      return 0;
    }
    return pages < firstPages ? pages : (pages - firstPages) % blockPages;
  }

  /** Nanoseconds to free what is in the gather after so many pages of the mapping. */
  public double keptNs(long pages) {
    return keptOf(pages) * emptyNs + (finishes || pages >= firstPages ? 0 : heldNs);
  }
}
