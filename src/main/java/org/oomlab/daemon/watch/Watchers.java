package org.oomlab.daemon.watch;

import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Section;
import org.oomlab.unit.Span;

/** Which class plays which daemon. */
public final class Watchers {
  private static final long BYTES_PER_PAGE = 4096;

  /** What a look at a few open files costs, and one at the files of a process: guesses. */
  private static final long LOOK_NS = 50 * Span.SECOND / 1_000_000;

  /** rfjakob measured 2.5 ms for a desktop: main.c of earlyoom. */
  private static final long SCAN_NS = 10 * Span.SECOND / 1_000_000;

  private Watchers() {}

  /**
   * A daemon that is configured so; null if there is none.
   *
   * @throws IllegalArgumentException if something in its configuration cannot be played
   */
  public static @Nullable Guard of(@Nullable DaemonSettings settings) {
    return settings == null ? null : new Guard(watcher(settings), body(settings));
  }

  private static Watcher watcher(DaemonSettings settings) {
    return switch (settings.kind()) {
      case "earlyoom" -> new Earlyoom(settings);
      case "systemd-oomd" -> new SystemdOomd(settings);
      case "oomd" -> new Oomd(settings);
      case "nohang" -> new Nohang(settings);
      case "lmkd" -> new Lmkd(settings);
      case "kubelet" -> new Kubelet(settings);
      case "rule" -> new Rule(settings);
      default ->
          throw new IllegalArgumentException("nobody knows how " + settings.kind() + " behaves");
    };
  }

  private static Body body(DaemonSettings settings) {
    Section process = settings.process();
    return new Body(
        settings.kind(),
        Math.max(1, process.get("memory").whole() / BYTES_PER_PAGE),
        process.flag("locked"),
        (int) process.number("nice"),
        process.text("scheduler").equals("fifo"),
        (int) process.number("oom_score_adj"),
        LOOK_NS,
        SCAN_NS);
  }
}
