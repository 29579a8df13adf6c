package org.oomlab.timeline;

import org.oomlab.kernel.Vmcore.Doing;
import org.oomlab.report.Tone;

/**
 * What somebody does for a time, or how a lock is. Each has a sign of its own, so that a chart says
 * the same without colours, and to whoever cannot tell them apart.
 */
public enum State {
  RUNS('=', '━', Tone.PLAIN, "runs"),
  ALLOCATES('a', '╍', Tone.PLAIN, "allocates"),
  WAITS_FOR_MEMORY('m', '░', Tone.DOUBTFUL, "waits for memory"),
  KILLS('k', '▓', Tone.DOUBTFUL, "prints the report"),
  WAITS_FOR_LOCK('l', '┊', Tone.DOUBTFUL, "waits for a lock"),
  WAITS_FOR_FUTEX('f', '┆', Tone.DOUBTFUL, "waits for a futex"),
  SLEEPS('.', '·', Tone.QUIET, "sleeps"),
  BLOCKED('d', '▪', Tone.DOUBTFUL, "state D"),
  FROZEN('*', '∗', Tone.QUIET, "frozen"),
  RELEASES('r', '▽', Tone.LEAVING, "process_mrelease()"),
  EXITS('e', '╲', Tone.LEAVING, "exits"),
  UNMAPS('u', '▼', Tone.LEAVING, "unmaps"),
  DEAD(' ', ' ', Tone.QUIET, "dead"),
  FREE(' ', ' ', Tone.QUIET, "free"),
  HELD('h', '─', Tone.PLAIN, "held"),
  CONTENDED('c', '▚', Tone.DOUBTFUL, "held and waited for"),
  BROKEN('!', '✗', Tone.BAD, "broken for ever");

  private final char ascii;
  private final char sign;
  private final Tone tone;
  private final String label;

  State(char ascii, char sign, Tone tone, String label) {
    this.ascii = ascii;
    this.sign = sign;
    this.tone = tone;
    this.label = label;
  }

  /** What a task does. */
  static State of(Doing doing) {
    return switch (doing) {
      case RUNS -> RUNS;
      case ALLOCATES -> ALLOCATES;
      case WAITS_FOR_MEMORY -> WAITS_FOR_MEMORY;
      case KILLS -> KILLS;
      case WAITS_FOR_LOCK -> WAITS_FOR_LOCK;
      case WAITS_FOR_FUTEX -> WAITS_FOR_FUTEX;
      case SLEEPS -> SLEEPS;
      case BLOCKED -> BLOCKED;
      case FROZEN -> FROZEN;
      case RELEASES -> RELEASES;
      case EXITS -> EXITS;
      case UNMAPS -> UNMAPS;
      case DEAD -> DEAD;
    };
  }

  /** What the reaper does in a phase of {@link org.oomlab.kernel.Vmcore#reaperPhase}. */
  static State ofReaper(String phase) {
    return switch (phase) {
      case "reaping" -> UNMAPS;
      case "attempt" -> WAITS_FOR_LOCK;
      case "pick" -> RUNS;
      default -> SLEEPS;
    };
  }

  /** Its sign in a chart. */
  char sign(boolean inAscii) {
    return inAscii ? ascii : sign;
  }

  /** How it is drawn. */
  public Tone tone() {
    return tone;
  }

  /** In words. */
  public String label() {
    return label;
  }

  /** Whether there is nothing to be drawn. */
  public boolean isNothing() {
    return this == DEAD || this == FREE;
  }
}
