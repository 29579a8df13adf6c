package org.oomlab.debug;

import org.oomlab.kernel.ByHand;
import org.oomlab.policy.Knob;

/** Something that is done to a stopped machine by hand, as it was typed. */
sealed interface Deed {
  /** Not this kill. */
  record Veto() implements Deed {
    @Override
    public String toString() {
      return "veto";
    }
  }

  /** SIGKILL for a process. */
  record Kill(int process, String name) implements Deed {
    @Override
    public String toString() {
      return "kill " + name;
    }
  }

  /** A process is thawed. */
  record Thaw(int process, String name) implements Deed {
    @Override
    public String toString() {
      return "thaw " + name;
    }
  }

  /** Whoever holds a lock lets it go. */
  record Release(Lock lock) implements Deed {
    @Override
    public String toString() {
      return "release " + lock.name();
    }
  }

  /** From here on the policy has another value for a knob. */
  record Set(Knob knob, long value) implements Deed {
    @Override
    public String toString() {
      return "set " + knob.path() + "=" + knob.format(value);
    }
  }

  /** Does it, unless it is a matter of the policy. */
  default void doTo(ByHand hand) {
    if (this instanceof Veto) {
      hand.veto();
    } else if (this instanceof Kill kill) {
      hand.kill(kill.process());
    } else if (this instanceof Thaw thaw) {
      hand.thaw(thaw.process());
    } else if (this instanceof Release release) {
      release.lock().release(hand);
    }
  }
}
