package org.oomlab.experiment;

import java.io.Serializable;

/**
 * One process killed by the OOM killer, and whether that was necessary.
 *
 * @param victim the process's name
 * @param atNs when, in nanoseconds after the episode's first OOM call
 * @param badness its badness at that moment, in pages
 * @param invoker the process whose request led to the kill
 * @param reason why it was this one, a name of {@code Ledger.Reason} in lower case
 * @param freePages free pages at that moment
 * @param waitNs how long the request behind the kill would have waited had nobody been killed from
 *     here on, in nanoseconds; -1 if it would have got nothing within ten seconds, or if nobody
 *     asked
 * @param extra1s whether that wait is at most one second: the kill was not necessary
 * @param extra10s whether that wait is at most ten seconds
 */
public record KillRecord(
    String victim,
    long atNs,
    long badness,
    String invoker,
    String reason,
    long freePages,
    long waitNs,
    boolean extra1s,
    boolean extra10s)
    implements Serializable {}
