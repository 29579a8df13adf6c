package org.oomlab.timeline;

import org.jspecify.annotations.Nullable;
import org.oomlab.report.Tone;
import org.oomlab.trace.Tracepoint;

/** The kinds of moments that decide, those that decide more first. */
public enum Moment {
  PANIC('P', "panic", "panic"),
  KILL('K', "kill", "killed"),
  RECOVERY('V', "recovery", "recovered"),
  FUTEX_BROKEN('B', "broken", "futex broken"),
  SKIP('S', "skip", "MMF_OOM_SKIP"),
  GRANT('G', "grant", "memory granted"),
  EXIT_DONE('U', "unmapped", "unmapped by its exit"),
  REAP('R', "reap", "reaper begins or ends"),
  OWNER_DIED('D', "owner-died", "told of a dead owner"),
  FREEZER('F', "freezer", "frozen or thawed"),
  EXIT('X', "exit", "do_exit()"),
  WAKE('w', "wake", "handed to the reaper"),
  CALL('O', "call", "OOM call"),
  END('|', "end", "end");

  private final char sign;
  private final String word;
  private final String label;

  Moment(char sign, String word, String label) {
    this.sign = sign;
    this.word = word;
    this.label = label;
  }

  /** What an announcement is, or null if it decides nothing. */
  static @Nullable Moment of(Tracepoint point) {
    return switch (point) {
      case OOM_INVOKED -> CALL;
      case KILLED, KILLED_WITH, DAEMON_KILL -> KILL;
      case WAKE_REAPER -> WAKE;
      case START_REAPING, FINISH_REAPING, UNABLE_TO_REAP -> REAP;
      case OOM_SKIP -> SKIP;
      case DO_EXIT -> EXIT;
      case EXIT_MMAP_DONE -> EXIT_DONE;
      case ALLOC_DONE -> GRANT;
      case FUTEX_BROKEN -> FUTEX_BROKEN;
      case OWNER_DIED -> OWNER_DIED;
      case FREEZER -> FREEZER;
      case PANIC -> PANIC;
      case VERDICT -> END;
      default -> null;
    };
  }

  /** What may happen thousands of times without anything having changed. */
  boolean isRepetitive() {
    return this == CALL || this == GRANT;
  }

  /** Whether, of two in one place, this one is shown. */
  boolean outweighs(@Nullable Moment other) {
    return other == null || ordinal() < other.ordinal();
  }

  /** Its sign in a chart. */
  public char sign() {
    return sign;
  }

  /** How somebody asks for it. */
  public String word() {
    return word;
  }

  /** In words. */
  public String label() {
    return label;
  }

  /** How it is drawn. */
  public Tone tone() {
    return switch (this) {
      case PANIC, KILL, FUTEX_BROKEN -> Tone.BAD;
      case RECOVERY, GRANT -> Tone.GOOD;
      default -> Tone.HEADING;
    };
  }
}
