package org.oomlab.daemon.watch;

/**
 * A threshold that a daemon writes to /proc/pressure/memory.
 *
 * @param full full, or else some
 * @param thresholdNs stall time within a window that fires it
 * @param windowNs the window
 */
public record Trigger(boolean full, long thresholdNs, long windowNs) {}
