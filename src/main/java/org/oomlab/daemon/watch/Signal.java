package org.oomlab.daemon.watch;

/** What a daemon sends to whom it has chosen. */
public enum Signal {
  TERM,
  KILL
}
