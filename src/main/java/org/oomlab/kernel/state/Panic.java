package org.oomlab.kernel.state;

import org.jspecify.annotations.Nullable;

/** The ways an OOM can end in panic(), with the words each kernel uses. */
public enum Panic {
  NONE(null),
  /** mm/oom_kill.c out_of_memory() up to 4.18. */
  NO_KILLABLE_PROCESSES("Out of memory and no killable processes..."),
  /** mm/oom_kill.c out_of_memory() from 4.19. */
  DEADLOCKED("System is deadlocked on memory"),
  /** mm/oom_kill.c check_panic_on_oom(), vm.panic_on_oom = 1. */
  SYSTEM_WIDE("Out of memory: system-wide panic_on_oom is enabled"),
  /** mm/oom_kill.c check_panic_on_oom(), vm.panic_on_oom = 2. */
  COMPULSORY("Out of memory: compulsory panic_on_oom is enabled");

  private final @Nullable String text;

  Panic(@Nullable String text) {
    this.text = text;
  }

  /** What the console shows, or null for none. */
  public @Nullable String text() {
    return text;
  }
}
