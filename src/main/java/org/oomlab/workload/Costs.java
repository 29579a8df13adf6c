package org.oomlab.workload;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;

/**
 * What things cost, in nanoseconds. A file of its own, because it describes a machine and neither a
 * policy nor a workload.
 *
 * <p>Costs "per page" and "each" are drawn once an episode: they say how fast this machine is.
 * Latencies are drawn every time, from the stream of the task that waits.
 *
 * @param name the file's name
 * @param fault fault in and zero a page
 * @param kernelPage allocate a page for the kernel
 * @param unmap unmap and free a page, by exit or reaper
 * @param unmapLocked more for a locked page where there is no separate munlock pass (from 5.18)
 * @param munlock unlock a page in a pass of its own (up to 5.17)
 * @param unmapFile unmap a page of a file without freeing it
 * @param freeShared free a page of shared memory when its last file reference goes
 * @param unmapHuge unmap and free a huge page of 2 MiB
 * @param pageTable free a page of page tables
 * @param tableWalk more for each page table below which an exit unmaps pages, where it gathers
 * @param area tear down one VMA beside its pages
 * @param pass one failing pass of the allocator's slow path
 * @param charge one failing attempt to charge a memory cgroup that is full: what it finds to
 *     reclaim is its own, so it is far less than a pass
 * @param reclaimPage reclaim a clean page
 * @param swapOut swap a page out: processor time beside that of the device; with zram, to compress
 * @param swapIn fault in a page that was swapped out, or a page of a file that was evicted
 * @param freeSwap free a swap entry of a process that exits
 * @param exitLatency from SIGKILL to do_exit() of a thread that can run
 * @param reaperLatency from waking the reaper to its first look
 * @param lockLatency from the release of a mutex to its next owner running
 * @param report print an OOM report, without its task table
 * @param reportTask print one row of the task table
 * @param scan look at one process, to choose whom to kill, holding oom_lock; of all processes, once
 *     a choice. Zero in the files that have it measured as part of a report
 * @param scanCounter add up the part of a process's counters of pages that lies on one processor,
 *     where the killer wants it exactly
 * @param microsecond what a microsecond of all these takes, drawn once an episode: one factor for
 *     everything, as when a host is busy
 * @param kswapd whether kswapd reclaims in the background
 * @param timerWheel whether sleeps are rounded up as the kernel's timer wheel does
 * @param cpuContention whether tasks share the machine's processors; if not, each has its own
 * @param preemptible whether the kernel can be preempted (CONFIG_PREEMPT): if not, whoever prints a
 *     report keeps its processor
 * @param processors how many processors' worth of time there is at the most: a virtual machine on a
 *     busy host may have less of it than processors; the machine's own number is the other limit
 * @param gather whether an exiting process's pages stay in its mmu_gather until that is full; if
 *     not, each is free as soon as it is unmapped
 * @param pageTableContention how walkers in one address space get in each other's way; null if they
 *     are taken to share nothing, so that the second waits for the first and then looks at what is
 *     left
 */
public record Costs(
    String name,
    Quantity fault,
    Quantity kernelPage,
    Quantity unmap,
    Quantity unmapLocked,
    Quantity munlock,
    Quantity unmapFile,
    Quantity freeShared,
    Quantity unmapHuge,
    Quantity pageTable,
    Quantity tableWalk,
    Quantity area,
    Quantity pass,
    Quantity charge,
    Quantity reclaimPage,
    Quantity swapOut,
    Quantity swapIn,
    Quantity freeSwap,
    Quantity exitLatency,
    Quantity reaperLatency,
    Quantity lockLatency,
    Quantity report,
    Quantity reportTask,
    Quantity scan,
    Quantity scanCounter,
    Quantity microsecond,
    boolean kswapd,
    boolean timerWheel,
    boolean cpuContention,
    boolean preemptible,
    int processors,
    boolean gather,
    @Nullable PageTableContention pageTableContention)
    implements Serializable {}
