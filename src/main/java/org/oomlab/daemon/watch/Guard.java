package org.oomlab.daemon.watch;

/**
 * A daemon ready to be put on a machine.
 *
 * @param watcher what it does
 * @param body what it is
 */
public record Guard(Watcher watcher, Body body) {}
