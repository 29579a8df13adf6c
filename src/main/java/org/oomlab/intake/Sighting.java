package org.oomlab.intake;

/**
 * Something in a log, beside the kernel's reports, that has to do with the lack of memory.
 *
 * @param line where, from 1
 * @param time when, as the log writes it, or empty
 * @param host the machine, or empty
 * @param kind what it is
 * @param by the program that says so or did it, such as {@code earlyoom}; or {@code kernel}
 * @param whom the process, unit, cgroup, pod or container it is about, or empty
 * @param pid of the process, or UNKNOWN
 * @param why the reason given, or empty
 */
public record Sighting(
    long line, String time, String host, Kind kind, String by, String whom, long pid, String why) {

  /** What may be sighted. */
  public enum Kind {
    /** A program in user space has killed. */
    KILL,
    /** A program tells that something of its was killed, mostly by the kernel. */
    LOSS,
    /** An allocation failed, and nobody was killed for it. */
    ALLOCATION_FAILURE,
    /** An allocation took long. */
    STALL,
    /** A task did not run for long. */
    HUNG_TASK,
    /** Lines are missing: the kernel or a daemon has dropped them. */
    DROPPED
  }
}
