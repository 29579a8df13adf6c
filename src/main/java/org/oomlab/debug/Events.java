package org.oomlab.debug;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.oomlab.trace.Happening;
import org.oomlab.trace.Tracepoint;

/**
 * Kinds of what happens, by the words that {@code next}, {@code back} and {@code break on} have for
 * them; and whom something happens to.
 */
final class Events {
  private static final Map<String, Set<Tracepoint>> KINDS = kinds();

  private Events() {}

  private static Map<String, Set<Tracepoint>> kinds() {
    Map<String, Set<Tracepoint>> kinds = new LinkedHashMap<>();
    kinds.put(
        "kill", EnumSet.of(Tracepoint.KILLED, Tracepoint.KILLED_WITH, Tracepoint.DAEMON_KILL));
    kinds.put("skip", EnumSet.of(Tracepoint.OOM_SKIP));
    kinds.put(
        "reap",
        EnumSet.of(
            Tracepoint.START_REAPING,
            Tracepoint.FINISH_REAPING,
            Tracepoint.SKIP_REAPING,
            Tracepoint.UNABLE_TO_REAP,
            Tracepoint.MRELEASE,
            Tracepoint.DIRECT_REAPING));
    kinds.put(
        "exit", EnumSet.of(Tracepoint.DO_EXIT, Tracepoint.EXIT_MMAP, Tracepoint.EXIT_MMAP_DONE));
    kinds.put("stall", EnumSet.of(Tracepoint.OOM_ABORT));
    kinds.put("wake", EnumSet.of(Tracepoint.WAKE_REAPER));
    kinds.put("panic", EnumSet.of(Tracepoint.PANIC));
    kinds.put("lock", EnumSet.of(Tracepoint.LOCKED, Tracepoint.UNLOCKED));
    kinds.put("futex", EnumSet.of(Tracepoint.FUTEX_BROKEN, Tracepoint.OWNER_DIED));
    kinds.put("oom", EnumSet.of(Tracepoint.OOM_INVOKED));
    for (Tracepoint point : Tracepoint.values()) {
      kinds.putIfAbsent(point.name().toLowerCase(Locale.ROOT), EnumSet.of(point));
    }
    return kinds;
  }

  /** The words for them. */
  static List<String> words() {
    return List.copyOf(KINDS.keySet());
  }

  /**
   * Whom or what is waited for.
   *
   * @param points kinds of what is announced; empty for all
   * @param who a process or task, or empty for anybody
   */
  record Pattern(Set<Tracepoint> points, String who) {
    Pattern {
      points = Collections.unmodifiableSet(points);
    }

    /** Whether the event before the moment was such a one. */
    boolean matches(Scene scene) {
      for (Happening happening : scene.latest()) {
        if ((points.isEmpty() || points.contains(happening.point()))
            && (who.isEmpty() || concerns(happening, who, scene.cast()))) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * Reads what is waited for: nothing, a kind, a name, or both.
   *
   * @throws Mistake if a word is neither
   */
  static Pattern parse(List<String> words, Cast cast) {
    Set<Tracepoint> points = EnumSet.noneOf(Tracepoint.class);
    String who = "";
    for (String word : words) {
      Set<Tracepoint> kind = KINDS.get(word);
      if (kind != null && points.isEmpty()) {
        points.addAll(kind);
      } else if (cast.isSomebody(word) && who.isEmpty()) {
        who = word;
      } else {
        List<String> candidates = new ArrayList<>(words());
        candidates.addAll(cast.tasks());
        throw Mistake.unknown(
            word
                + " is neither something that happens ("
                + String.join(", ", kindsInShort())
                + ", or a"
                + " tracepoint) nor somebody it happens to",
            word,
            candidates);
      }
    }
    return new Pattern(points, who);
  }

  private static List<String> kindsInShort() {
    return words().subList(0, 10);
  }

  /** Whether the event before a moment announced this, of somebody or of anybody. */
  static boolean has(Scene scene, Tracepoint point, String who) {
    if (!who.isEmpty() && !scene.cast().isSomebody(who)) {
      throw Mistake.unknown("there is no process or task " + who, who, scene.cast().tasks());
    }
    for (Happening happening : scene.latest()) {
      if (happening.point() == point && (who.isEmpty() || concerns(happening, who, scene.cast()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean concerns(Happening happening, String who, Cast cast) {
    int subject = happening.subject();
    return switch (happening.point()) {
      case OOM_INVOKED,
          DO_EXIT,
          ALLOC_DONE,
          ALLOC_FAILED,
          FUTEX_BROKEN,
          OWNER_DIED,
          LOCKED,
          UNLOCKED ->
          isTaskOf(subject, who, cast);
      case OOM_ABORT, RESERVES_STARTED, MARK_VICTIM, MRELEASE, DIRECT_REAPING ->
          cast.names().process(subject).equals(who) || isTaskOf((int) happening.a(), who, cast);
      case PANIC, VERDICT -> false;
      default -> cast.names().process(subject).equals(who);
    };
  }

  /** The task itself, or any task of the process. */
  private static boolean isTaskOf(int task, String who, Cast cast) {
    String name = cast.names().task(task);
    return name.equals(who) || name.startsWith(who + "/");
  }
}
