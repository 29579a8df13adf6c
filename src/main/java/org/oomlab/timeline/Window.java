package org.oomlab.timeline;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.oomlab.timeline.Timeline.Lane;
import org.oomlab.timeline.Timeline.Mark;

/**
 * The part of a timeline that somebody wants to see.
 *
 * @param fromNs from this time on, after boot
 * @param toNs up to this time
 * @param only lanes of these names, or of these processes; all that matter if there are none
 */
public record Window(long fromNs, long toNs, List<String> only) {
  /** Before a moment, and after it, so many others are shown. */
  private static final int AROUND_BEFORE = 8;

  private static final int AROUND_AFTER = 14;

  public Window {
    only = List.copyOf(only);
  }

  /** From just before the first moment that decides to the end of the longest. */
  public static Window of(List<Timeline> timelines, List<String> only) {
    long from = Long.MAX_VALUE;
    long to = 0;
    for (Timeline each : timelines) {
      long first = each.marks().isEmpty() ? 0 : each.marks().get(0).atNs();
      from = Math.min(from, Math.min(each.zeroNs(), first));
      to = Math.max(to, each.endNs());
    }
    return new Window(from, to, only);
  }

  /** The same lanes at another time. */
  public Window at(long newFromNs, long newToNs) {
    return new Window(newFromNs, newToNs, only);
  }

  /** A time with the moments next to it in all of these. */
  public Window around(long ns, List<Timeline> timelines) {
    TreeSet<Long> times = new TreeSet<>();
    timelines.forEach(each -> each.marks().forEach(mark -> times.add(mark.atNs())));
    long from = ns;
    long to = ns;
    for (int i = 0; i < AROUND_BEFORE; i++) {
      Long earlier = times.lower(from);
      from = earlier == null ? from : earlier;
    }
    for (int i = 0; i < AROUND_AFTER; i++) {
      Long later = times.higher(to);
      to = later == null ? to : later;
    }
    return new Window(from, Math.max(to, from + 1), only);
  }

  /** Whether a lane is one of those that were asked for. */
  private boolean names(Lane lane) {
    for (String name : only) {
      if (lane.name().equals(name)
          || lane.process().equals(name)
          || lane.name().startsWith(name + "[")) {
        return true;
      }
    }
    return false;
  }

  /** The numbers of the lanes that are shown. */
  public List<Integer> lanes(Timeline timeline) {
    List<Integer> shown = new ArrayList<>();
    for (int i = 0; i < timeline.lanes().size(); i++) {
      Lane lane = timeline.lanes().get(i);
      if (only.isEmpty() ? lane.matters() : names(lane)) {
        shown.add(i);
      }
    }
    return shown;
  }

  /** Names that are asked for and that no lane has. */
  public List<String> unknown(List<Timeline> timelines) {
    List<String> unknown = new ArrayList<>();
    for (String name : only) {
      Window one = new Window(fromNs, toNs, List.of(name));
      if (timelines.stream().allMatch(each -> one.lanes(each).isEmpty())) {
        unknown.add(name);
      }
    }
    return unknown;
  }

  /** The moments in it. */
  public List<Mark> marks(Timeline timeline) {
    return timeline.marks().stream()
        .filter(mark -> mark.atNs() >= fromNs && mark.atNs() <= toNs)
        .toList();
  }
}
