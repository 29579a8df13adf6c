package org.oomlab.daemon.watch;

/**
 * What a daemon is as a process.
 *
 * @param name what it is called
 * @param memory pages it has
 * @param locked whether they are locked into memory: mlockall()
 * @param nice its nice value, -20 to 19
 * @param realTime whether it runs before all that are not: SCHED_FIFO
 * @param adj its oom_score_adj
 * @param lookNs processor time of one look, in nanoseconds
 * @param scanNs processor time for each process in /proc, in nanoseconds
 */
public record Body(
    String name,
    long memory,
    boolean locked,
    int nice,
    boolean realTime,
    int adj,
    long lookNs,
    long scanNs) {}
