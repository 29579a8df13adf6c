package org.oomlab.experiment;

/** Somebody who watches an experiment and may end it. Called on the thread that runs it. */
public interface Progress {
  /** Nobody watches. */
  Progress NONE =
      new Progress() {
        @Override
        public void advanced(long episodesDone, long of) {}

        @Override
        public boolean cancelled() {
          return false;
        }
      };

  /** Another episode has been delivered. */
  void advanced(long episodesDone, long of);

  /** Whether to stop; asked several times a second. */
  boolean cancelled();
}
