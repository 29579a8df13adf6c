package org.oomlab.experiment.daemon;

import java.io.Serializable;
import java.util.List;

/**
 * What one episode came to in user space.
 *
 * @param kills who was killed by the daemon, in order
 * @param firstStallNs when somebody first stalled for want of memory, after boot, or -1
 * @param missed freezes that some kill would have ended; -1 if nobody has looked for them
 */
public record Guarding(List<DaemonKill> kills, long firstStallNs, int missed)
    implements Serializable {
  /** Of an episode of which nothing of the kind is known. */
  public static final Guarding NONE = new Guarding(List.of(), -1, -1);

  public Guarding {
    kills = List.copyOf(kills);
  }

  /** Whether of every kill it is known if it was needed. */
  public boolean knowsNeeds() {
    return kills.stream()
        .noneMatch(kill -> kill.need() == Need.NOT_ASKED || kill.need() == Need.CANNOT_TELL);
  }

  /** How many were not. */
  public long needless() {
    return kills.stream().filter(kill -> kill.need() == Need.NEEDLESS).count();
  }
}
