package org.oomlab.daemon.watch;

/**
 * What a daemon can do. Signals go out at once; what takes time is the last thing it does before it
 * is asked again, and it does one such thing whenever it is asked.
 */
public interface Hands {
  /** Sends a signal to a process: pidfd_send_signal(). */
  void kill(int process, Signal signal);

  // What takes time.

  /** Sleeps. */
  void sleep(long ns);

  /** Sleeps until one of its triggers fires, or for so long. */
  void sleepOrTrigger(long ns);

  /**
   * Opens and reads files of every process in /proc, or starts a program: that allocates, and so it
   * may wait for memory itself.
   */
  void readProc();

  /** Opens and reads so many files: the same for as many as that. */
  void open(int files);

  /** Calls process_mrelease() on a process that it has killed. */
  void release(int process);
}
