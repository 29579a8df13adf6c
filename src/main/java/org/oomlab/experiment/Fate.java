package org.oomlab.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.oomlab.kernel.state.Verdict;

/**
 * How an episode can end: the verdict, and who is killed on the way. Copies of a process are all
 * the same to it: {@code worker[0]} and {@code worker[7]} are {@code worker[*]}.
 *
 * @param verdict the verdict
 * @param victims who is killed, in order; after these whom a daemon kills
 */
public record Fate(Verdict verdict, List<String> victims) {
  /** Stands for the number of a copy. */
  public static final String ANY_COPY = "[*]";

  /** Behind the name of whom a daemon killed. */
  private static final String BY_DAEMON = " (daemon)";

  public Fate {
    victims = List.copyOf(victims);
  }

  /** That of an episode. */
  public static Fate of(Outcome outcome) {
    List<String> victims = new ArrayList<>();
    outcome.victims().forEach(victim -> victims.add(withoutNumber(victim)));
    outcome.daemonVictims().forEach(victim -> victims.add(withoutNumber(victim) + BY_DAEMON));
    return new Fate(outcome.verdict(), victims);
  }

  /** The name that a process shares with its copies. */
  public static String withoutNumber(String process) {
    int bracket = process.lastIndexOf('[');
    return bracket > 0 && process.substring(bracket).matches("\\[[0-9]+\\]")
        ? process.substring(0, bracket) + ANY_COPY
        : process;
  }

  /** In words: {@code recovered, db, 3 x worker[*]}. */
  public String text() {
    return Outcome.text(verdict) + ", " + victimsText();
  }

  /** The victims in words, of several of one name in a row their number, or {@code nobody}. */
  public String victimsText() {
    List<String> runs = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= victims.size(); to++) {
      if (to == victims.size() || !victims.get(to).equals(victims.get(from))) {
        runs.add((to - from > 1 ? to - from + " x " : "") + victims.get(from));
        from = to;
      }
    }
    return runs.isEmpty() ? "nobody" : runs.stream().collect(Collectors.joining(", "));
  }
}
