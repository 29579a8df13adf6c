package org.oomlab.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Candidate;
import org.oomlab.experiment.Explanation;
import org.oomlab.experiment.KillRecord;
import org.oomlab.kernel.state.Standing.Spared;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Span;

/** What had kept the killer from one more kill, and why it did so no longer. */
final class Obstacles {
  /** Who set MMF_OOM_SKIP, as the tracepoint numbers it. */
  private static final String[] BY = {"the reaper", "the exit path", "a timeout"};

  /** Victims that are named. */
  private static final int NAMED = 3;

  private final Explanation explanation;
  private final Story story;
  private final Map<String, Spared> said = new HashMap<>();

  Obstacles(Explanation explanation, Story story) {
    this.explanation = explanation;
    this.story = story;
  }

  /**
   * For each earlier victim, why it did not keep the killer from this kill. What was said before is
   * not said again.
   */
  List<String> before(int kill) {
    List<KillRecord> kills = explanation.outcome().kills();
    List<Candidate> ranking = explanation.rankings().get(kill);
    Set<String> victims = new LinkedHashSet<>();
    for (int i = kill - 1; i >= 0 && !ranking.isEmpty(); i--) {
      victims.add(kills.get(i).victim()); // The latest first: it is what was waited for.
    }
    List<String> lines = new ArrayList<>();
    int more = 0;
    for (String victim : victims) {
      Spared spared = spared(victim, ranking);
      if (spared != said.put(victim, spared)) {
        if (lines.size() < NAMED) {
          lines.add(victim + fate(victim, spared, kills.get(kill).atNs()));
        } else {
          more++;
        }
      }
    }
    if (more > 0) {
      lines.add("so it is with " + more + " more");
    }
    return lines;
  }

  private static Spared spared(String victim, List<Candidate> ranking) {
    return ranking.stream()
        .filter(each -> each.name().equals(victim))
        .map(each -> each.standing().spared())
        .findFirst()
        .orElse(Spared.GONE);
  }

  private String fate(String victim, Spared spared, long atNs) {
    String why =
        switch (spared) {
          case OOM_SKIP -> {
            Story.@Nullable Entry hidden = last(Tracepoint.OOM_SKIP, victim, atNs);
            yield " is passed over: MMF_OOM_SKIP"
                + (hidden == null ? "" : ", set by " + BY[(int) hidden.a] + since(hidden));
          }
          case GONE -> {
            Story.@Nullable Entry done = last(Tracepoint.EXIT_MMAP, victim, atNs);
            yield " has no address space any more" + (done == null ? "" : since(done));
          }
          case EXITING -> {
            Story.@Nullable Entry left = last(Tracepoint.DO_EXIT, victim, atNs);
            yield " has begun to exit"
                + (left == null ? "" : since(left))
                + ", and its cgroup's scan no longer sees it";
          }
          case OTHER_CGROUP -> " is not in the cgroup that is full, so nobody waits for it here";
          case NO -> " no longer counts as a victim";
          case VICTIM -> " is still dying, but the killer has waited long enough";
          case ADJ_MIN, INIT, KERNEL_THREAD, VFORK ->
              " may not be chosen (" + spared.reason() + ")";
        };
    return why + waits(victim, atNs);
  }

  private String since(Story.Entry entry) {
    return " at " + ExplainReport.time(entry.atNs - zeroNs());
  }

  private long zeroNs() {
    return Math.max(0, explanation.outcome().firstOomNs());
  }

  private Story.@Nullable Entry last(Tracepoint point, String victim, long atNs) {
    Story.Entry found = null;
    for (Story.Entry entry : story.entries()) {
      if (entry.atNs - zeroNs() <= atNs && isAbout(entry, point, victim)) {
        found = entry;
      }
    }
    return found;
  }

  private boolean isAbout(Story.Entry entry, Tracepoint point, String victim) {
    return entry.point == point && story.names().process(entry.subject).equals(victim);
  }

  /** How often the killer had come back without a kill because of this victim. */
  private String waits(String victim, long atNs) {
    long times = 0;
    long lastNs = 0;
    for (Story.Entry entry : story.entries()) {
      if (entry.atNs - zeroNs() <= atNs && isAbout(entry, Tracepoint.OOM_ABORT, victim)) {
        times += entry.times();
        lastNs = entry.lastNs() - zeroNs();
      }
    }
    return times == 0
        ? ""
        : "; before, it kept the killer waiting"
            + (times == 1 ? " once, at +" : " " + times + " times, to +")
            + Span.format(lastNs);
  }
}
