package org.oomlab.workload;

import java.io.Serializable;
import org.oomlab.engine.Quantity;

/**
 * How two walkers that take the same address space apart get in each other's way. A walker holds
 * the lock of a page table while it takes the pages out of it (zap_pte_range() of mm/memory.c), and
 * does the rest, such as handing the pages back, without.
 *
 * @param underLock the share of unmapping a page that is done with its page table locked, 0 to 1
 * @param visit lock a page table that another walker has emptied, find nothing and go on
 * @param bounce how much longer the next page table takes, locked, after having waited for one:
 *     what it needs is in the other processor's cache
 * @param freeing the share of unmapping a page that only one walker can do at a time, wherever the
 *     others are, 0 to 1
 */
public record PageTableContention(double underLock, Quantity visit, Quantity bounce, double freeing)
    implements Serializable {}
