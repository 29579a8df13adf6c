package org.oomlab.timeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An episode as a chart shows it, in whatever form: what each of those who may matter does when,
 * how much memory is free, and the moments that decide. Times are in nanoseconds after boot,
 * amounts in pages.
 *
 * @param zeroNs the first OOM call, from which people count; boot, if there is none
 * @param endNs when it ends
 * @param lanes tasks in the order of their numbers, then the reaper, then locks
 * @param marks the moments that decide, in their order
 * @param free free memory
 * @param cgroups those that have a limit
 * @param minPages the min watermark
 * @param lowPages the low watermark
 * @param highPages the high watermark
 */
public record Timeline(
    long zeroNs,
    long endNs,
    List<Lane> lanes,
    List<Mark> marks,
    Levels free,
    List<Usage> cgroups,
    long minPages,
    long lowPages,
    long highPages) {

  public Timeline {
    lanes = List.copyOf(lanes);
    marks = List.copyOf(marks);
    cgroups = List.copyOf(cgroups);
  }

  /** What a lane is of. */
  public enum Kind {
    TASK,
    REAPER,
    LOCK
  }

  /**
   * Somebody does something for a time.
   *
   * @param fromNs when it begins
   * @param toNs when something else begins, or the episode ends
   * @param holder who holds it, if it is a lock; else empty
   */
  public record Stretch(long fromNs, long toNs, State state, String holder) {}

  /**
   * A moment that decides.
   *
   * @param lane the number of the lane it belongs to, or -1: everybody's
   * @param process the number of the process it is about, or -1
   * @param sentence what {@code explain} says of it
   */
  public record Mark(long atNs, Moment moment, int lane, int process, String sentence) {}

  /**
   * Somebody, or a lock.
   *
   * @param process the name of the process that a task belongs to; else its own name
   * @param matters whether it has a part in what happens
   * @param stretches what they do, without gaps
   */
  public record Lane(
      String name, String process, Kind kind, boolean matters, List<Stretch> stretches) {
    public Lane {
      stretches = List.copyOf(stretches);
    }

    /** The number of the stretch that a time is in. */
    int indexAt(long ns) {
      int low = 0;
      int high = stretches.size() - 1;
      while (low < high) {
        int middle = (low + high + 1) >>> 1;
        if (stretches.get(middle).fromNs() <= ns) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return low;
    }

    /**
     * What they do for the longest part of each column.
     *
     * @param edges when each column begins, and when the last one ends
     * @return {@link State#DEAD} for columns behind the end
     */
    public List<State> states(long[] edges) {
      List<State> states = new ArrayList<>();
      int next = indexAt(edges[0]);
      for (int column = 0; column < edges.length - 1; column++) {
        long from = edges[column];
        long to = edges[column + 1];
        while (next > 0 && stretches.get(next).fromNs() > from) {
          next--;
        }
        long[] spent = new long[State.values().length];
        State most = stretches.get(next).state();
        for (int i = next; i < stretches.size() && stretches.get(i).fromNs() < to; i++) {
          Stretch each = stretches.get(i);
          int state = each.state().ordinal();
          spent[state] += Math.max(0, Math.min(to, each.toNs()) - Math.max(from, each.fromNs()));
          most = spent[state] >= spent[most.ordinal()] ? each.state() : most;
          next = i;
        }
        boolean isOver = from >= stretches.get(stretches.size() - 1).toNs();
        states.add(isOver ? State.DEAD : most);
      }
      return states;
    }

    /** What they do at a time. */
    public State at(long ns) {
      return stretches.get(indexAt(ns)).state();
    }
  }

  /** An amount that changes from time to time. */
  public static final class Levels {
    private long[] atNs = new long[16];
    private long[] pages = new long[16];
    private int count;

    /** From this time on; of several at one time the last one counts. */
    void add(long ns, long amount) {
      if (count > 0 && pages[count - 1] == amount) {
        return;
      }
      if (count > 0 && atNs[count - 1] == ns) {
        count--;
      }
      if (count == atNs.length) {
        atNs = Arrays.copyOf(atNs, 2 * count);
        pages = Arrays.copyOf(pages, 2 * count);
      }
      atNs[count] = ns;
      pages[count++] = amount;
    }

    /** How often it changes, the first time included. */
    public int count() {
      return count;
    }

    /** When it changes for the {@code i}th time. */
    public long timeNs(int i) {
      return atNs[i];
    }

    /** What it is from then on. */
    public long pages(int i) {
      return pages[i];
    }

    private int indexAt(long ns) {
      int found = Arrays.binarySearch(atNs, 0, count, ns);
      return Math.max(0, found >= 0 ? found : -found - 2);
    }

    /** What it is at a time. */
    public long at(long ns) {
      return pages[indexAt(ns)];
    }

    /** The least that it is between two times, the second left out. */
    public long least(long fromNs, long toNs) {
      int i = indexAt(fromNs);
      long least = pages[i];
      while (++i < count && atNs[i] < toNs) {
        least = Math.min(least, pages[i]);
      }
      return least;
    }

    /** The most that it is between two times, the second left out. */
    public long most(long fromNs, long toNs) {
      int i = indexAt(fromNs);
      long most = pages[i];
      while (++i < count && atNs[i] < toNs) {
        most = Math.max(most, pages[i]);
      }
      return most;
    }
  }

  /**
   * Something that is measured against a limit.
   *
   * @param name of the cgroup
   * @param limit pages
   * @param levels what it was charged with
   */
  public record Usage(String name, long limit, Levels levels) {}
}
