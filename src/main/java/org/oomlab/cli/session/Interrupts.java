package org.oomlab.cli.session;

import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * While it is open, the first Ctrl-C asks the command at work to stop, and to show what it has; the
 * second ends the process as usual.
 */
public final class Interrupts implements AutoCloseable {
  private final @Nullable Object before;

  /** In the interactive shell the terminal does this already. */
  public Interrupts(Session session) {
    before = session.takesCommands() ? null : Signals.register("INT", () -> stop(session));
  }

  private static void stop(Session session) {
    session.cancel();
    Signals.registerDefault("INT");
  }

  @Override
  public void close() {
    if (before != null) {
      Signals.unregister("INT", before);
    }
  }
}
