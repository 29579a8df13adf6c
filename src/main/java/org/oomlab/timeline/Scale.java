package org.oomlab.timeline;

import java.util.Arrays;
import java.util.List;

/**
 * Where a time is on the axis. Half of the width goes by time and half by what happens, so that a
 * millisecond in which much happens is wider than an hour in which nothing does.
 */
public final class Scale {
  private final long fromNs;
  private final long toNs;
  private final long[] moments;

  /** The axis that several timelines have in common. */
  public Scale(Window window, List<Timeline> timelines) {
    this.fromNs = window.fromNs();
    this.toNs = window.toNs();
    this.moments =
        timelines.stream()
            .flatMap(each -> each.marks().stream())
            .mapToLong(Timeline.Mark::atNs)
            .filter(ns -> ns > fromNs && ns < toNs)
            .sorted()
            .distinct()
            .toArray();
  }

  /** How far along the axis a time is, from 0 to 1; never less for a later one. */
  public double at(long ns) {
    if (ns <= fromNs) {
      return 0;
    }
    if (ns >= toNs) {
      return 1;
    }
    double time = (double) (ns - fromNs) / (toNs - fromNs);
    if (moments.length == 0) {
      return time;
    }
    int found = Arrays.binarySearch(moments, ns);
    int before = found >= 0 ? found : -found - 1;
    // Between two moments it grows evenly, so that what lies between them has a width too.
    long earlier = before == 0 ? fromNs : moments[before - 1];
    long later = before == moments.length ? toNs : moments[before];
    double within = later == earlier ? 1 : (double) (ns - earlier) / (later - earlier);
    return (time + (before + within) / (moments.length + 1)) / 2;
  }

  /** The earliest time that is as far along as this. */
  public long timeAt(double share) {
    long low = fromNs;
    long high = toNs;
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (at(middle) >= share) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The moments that make it wider around them, in their order. */
  public List<Long> moments() {
    return Arrays.stream(moments).boxed().toList();
  }

  /** When each of so many columns begins, and when the last one ends. */
  public long[] edges(int columns) {
    long[] edges = new long[columns + 1];
    for (int column = 0; column <= columns; column++) {
      edges[column] = timeAt((double) column / columns);
    }
    return edges;
  }
}
