package org.oomlab.cli.session;

import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Progress;
import org.oomlab.output.Output;
import org.oomlab.output.OutputClosed;

/**
 * Episodes being run for somebody: shows how far they have come and ends them when nobody wants the
 * rest.
 */
public final class Work implements Progress, AutoCloseable {
  private static final long LOOK_NS = 100_000_000L;

  /** From when on Ctrl-C shows what there is; before, it ends the process as it does by default. */
  private static final long SHOWS_AFTER_NS = 1_000_000_000L;

  private final Session session;
  private final Output output;
  private final ProgressLine line;
  private final long beganNs = System.nanoTime();
  private long lookedNs = beganNs;
  private @Nullable Interrupts interrupts;

  /**
   * Work whose results go to an output.
   *
   * @param shown whether the user wants to see how far it is, and does not see it from the data
   */
  public Work(Session session, Output output, boolean shown) {
    this.session = session;
    this.output = output;
    boolean visible = shown && session.streams().errIsTerminal();
    this.line = new ProgressLine(session.streams().err(), visible, "episodes", session.columns());
    if (!output.isFile() && session.streams().outIsTerminal()) {
      output.beforeWriting(line::close);
    }
  }

  @Override
  public void advanced(long episodesDone, long of) {
    line.advanced(episodesDone, of);
  }

  /**
   * Whether somebody asked to stop.
   *
   * @throws OutputClosed if nobody reads the output any more
   */
  @Override
  public boolean cancelled() {
    line.stillAt();
    long now = System.nanoTime();
    if (now - lookedNs > LOOK_NS) {
      lookedNs = now;
      output.check();
      if (interrupts == null && now - beganNs > SHOWS_AFTER_NS) {
        // Not before: to set this up takes as long as some runs.
        interrupts = new Interrupts(session);
      }
    }
    return session.cancelled();
  }

  /** Takes the line away; must come before anything else is said. */
  @Override
  public void close() {
    line.close();
    if (interrupts != null) {
      interrupts.close();
    }
  }
}
