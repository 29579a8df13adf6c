package org.oomlab.experiment.daemon;

import java.io.Serializable;

/**
 * One process killed by a daemon.
 *
 * @param victim the process's name
 * @param atNs when, in nanoseconds after boot
 * @param signal SIGTERM or SIGKILL: what it was sent first
 * @param need whether it was needed
 */
public record DaemonKill(String victim, long atNs, String signal, Need need)
    implements Serializable {}
