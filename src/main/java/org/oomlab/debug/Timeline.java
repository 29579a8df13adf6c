package org.oomlab.debug;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.Vmcore;
import org.oomlab.kernel.Vmcore.Doing;
import org.oomlab.report.Story;
import org.oomlab.trace.Happening;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.CgroupSpec;

/**
 * An episode as a chart shows it, in whatever form: what each of those who matter does when, how
 * much memory is free, and the moments that decide. Times are in nanoseconds after boot.
 */
public final class Timeline {
  /** The moments that decide. */
  private static final Set<Tracepoint> DECIDE =
      EnumSet.of(
          Tracepoint.OOM_INVOKED,
          Tracepoint.KILLED,
          Tracepoint.KILLED_WITH,
          Tracepoint.WAKE_REAPER,
          Tracepoint.START_REAPING,
          Tracepoint.FINISH_REAPING,
          Tracepoint.UNABLE_TO_REAP,
          Tracepoint.OOM_SKIP,
          Tracepoint.DO_EXIT,
          Tracepoint.EXIT_MMAP_DONE,
          Tracepoint.ALLOC_DONE,
          Tracepoint.FUTEX_BROKEN,
          Tracepoint.OWNER_DIED,
          Tracepoint.FREEZER,
          Tracepoint.PANIC,
          Tracepoint.VERDICT);

  /** What may happen thousands of times without anything having changed. */
  private static final Set<Tracepoint> REPETITIVE =
      EnumSet.of(Tracepoint.OOM_INVOKED, Tracepoint.ALLOC_DONE);

  /** What anybody does who has no part in it. */
  private static final Set<Doing> ORDINARY =
      EnumSet.of(Doing.RUNS, Doing.SLEEPS, Doing.BLOCKED, Doing.ALLOCATES, Doing.DEAD);

  /**
   * Somebody does something for a time.
   *
   * @param fromNs when it begins
   * @param toNs when something else begins, or the chart ends
   */
  public record Stretch(long fromNs, long toNs, Doing doing) {}

  /**
   * A moment that decides.
   *
   * @param atNs when
   * @param point what
   * @param lane the number of the lane it belongs to, or -1
   * @param sentence what {@code explain} says of it
   */
  public record Mark(long atNs, Tracepoint point, int lane, String sentence) {}

  /**
   * Somebody.
   *
   * @param name a task, or the reaper
   * @param stretches what they do, without gaps
   */
  public record Lane(String name, List<Stretch> stretches) {
    public Lane {
      stretches = List.copyOf(stretches);
    }

    /** What they do at a time. */
    public Doing at(long ns) {
      Doing doing = stretches.get(0).doing();
      for (Stretch stretch : stretches) {
        if (stretch.fromNs() > ns) {
          break;
        }
        doing = stretch.doing();
      }
      return doing;
    }
  }

  /** So many pages from a time on. */
  public record Level(long atNs, long pages) {}

  /**
   * Something that is measured against a limit.
   *
   * @param name of the cgroup
   * @param limit pages
   * @param levels what it was charged with
   */
  public record Usage(String name, long limit, List<Level> levels) {
    public Usage {
      levels = List.copyOf(levels);
    }
  }

  private final long endNs;
  private final List<Lane> lanes = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private final List<Level> free = new ArrayList<>();
  private final List<Usage> cgroups = new ArrayList<>();
  private final long minPages;
  private final long lowPages;
  private final long highPages;

  /** What is gathered while the episode runs. */
  private static final class Gatherer {
    private final Branch branch;
    private final Cast cast;
    private final Vmcore core;
    private final List<List<Stretch>> stretches = new ArrayList<>();
    private final Doing[] doing;
    private final long[] sinceNs;
    private final boolean[] matters;
    private final @Nullable Tracepoint[] lastOf;
    private final List<List<Level>> usage = new ArrayList<>();

    Gatherer(Branch branch, Cast cast) {
      this.branch = branch;
      this.cast = cast;
      this.core = branch.kernel().vmcore();
      int lanes = core.tasks() + 1;
      this.doing = new Doing[lanes];
      this.sinceNs = new long[lanes];
      this.matters = new boolean[lanes];
      this.lastOf = new Tracepoint[lanes];
      for (int i = 0; i < lanes; i++) {
        stretches.add(new ArrayList<>());
        doing[i] = doing(i);
      }
      branch.of().workload().cgroups().forEach(cgroup -> usage.add(new ArrayList<>()));
    }

    private Vmcore core() {
      return branch.kernel().vmcore();
    }

    private boolean isReaper(int lane) {
      return lane == core.tasks();
    }

    private Doing doing(int lane) {
      return isReaper(lane) ? ofReaper(core().reaperPhase()) : core().doing(lane);
    }

    private static Doing ofReaper(String phase) {
      return switch (phase) {
        case "reaping" -> Doing.UNMAPS;
        case "attempt" -> Doing.WAITS_FOR_LOCK;
        case "pick" -> Doing.RUNS;
        default -> Doing.SLEEPS;
      };
    }

    void look(int lane, long nowNs) {
      Doing now = doing(lane);
      if (now != doing[lane]) {
        stretches.get(lane).add(new Stretch(sinceNs[lane], nowNs, doing[lane]));
        sinceNs[lane] = nowNs;
        doing[lane] = now;
      }
      boolean partOfIt = isReaper(lane) ? now != Doing.SLEEPS : !ORDINARY.contains(now);
      matters[lane] |= partOfIt && now != Doing.FROZEN;
    }

    void end(long endNs) {
      for (int lane = 0; lane < doing.length; lane++) {
        stretches.get(lane).add(new Stretch(sinceNs[lane], endNs, doing[lane]));
      }
    }

    String name(int lane) {
      return isReaper(lane) ? "oom_reaper" : cast.names().task(lane);
    }
  }

  private Timeline(Branch branch, Cast cast, BooleanSupplier stopped) {
    Gatherer gatherer = new Gatherer(branch, cast);
    gather(gatherer, branch);
    branch.advance(
        () -> {
          gather(gatherer, branch);
          return false;
        },
        stopped);
    this.endNs = branch.kernel().nowNs();
    this.minPages = branch.kernel().procfs().minWatermark();
    this.lowPages = branch.kernel().procfs().lowWatermark();
    this.highPages = branch.kernel().procfs().highWatermark();
    gatherer.end(endNs);
    keepWhatMatters(gatherer);
    List<CgroupSpec> specs = branch.of().workload().cgroups();
    for (int i = 0; i < specs.size(); i++) {
      if (specs.get(i).limit() < Long.MAX_VALUE) {
        cgroups.add(new Usage(specs.get(i).name(), specs.get(i).limit(), gatherer.usage.get(i)));
      }
    }
  }

  /**
   * The whole course of a branch.
   *
   * @param branch is run from its boot to its end
   */
  static Timeline of(Branch branch, Cast cast, BooleanSupplier stopped) {
    branch.seek(0, stopped);
    return new Timeline(branch, cast, stopped);
  }

  private void gather(Gatherer gatherer, Branch branch) {
    long now = branch.kernel().nowNs();
    level(free, now, branch.kernel().freePages());
    for (int i = 0; i < gatherer.usage.size(); i++) {
      level(gatherer.usage.get(i), now, branch.kernel().procfs().cgroupUsage(i));
    }
    // Whoever is not announced has an event of their own when they do something else.
    Vmcore.Due last = branch.kernel().vmcore().latest();
    int reaper = gatherer.core().tasks();
    if (branch.latest().isEmpty() && last.ofTask() && last.subject() >= 0) {
      gatherer.look(last.subject(), now);
    } else {
      for (int lane = 0; lane < reaper; lane++) {
        gatherer.look(lane, now);
      }
    }
    gatherer.look(reaper, now);
    for (Happening each : branch.latest()) {
      if (DECIDE.contains(each.point())) {
        add(gatherer, mark(gatherer, branch, each));
      }
    }
  }

  /** A call after a call, or a page after a page, decides nothing new. */
  private void add(Gatherer gatherer, Mark mark) {
    boolean repeats = mark.lane() >= 0 && gatherer.lastOf[mark.lane()] == mark.point();
    if (mark.lane() >= 0) {
      gatherer.lastOf[mark.lane()] = mark.point();
    }
    if (!repeats || !REPETITIVE.contains(mark.point())) {
      marks.add(mark);
    }
  }

  private static void level(List<Level> levels, long now, long pages) {
    int last = levels.size() - 1;
    if (last >= 0 && levels.get(last).pages() == pages) {
      return;
    }
    if (last >= 0 && levels.get(last).atNs() == now) {
      levels.remove(last);
    }
    levels.add(new Level(now, pages));
  }

  private static Mark mark(Gatherer gatherer, Branch branch, Happening what) {
    Story story = new Story(branch.of().workload());
    story.emit(what.atNs(), what.point(), what.subject(), what.a(), what.b());
    int lane =
        switch (what.point()) {
          case OOM_INVOKED, DO_EXIT, ALLOC_DONE, FUTEX_BROKEN, OWNER_DIED -> what.subject();
          case START_REAPING, FINISH_REAPING, UNABLE_TO_REAP -> gatherer.core().tasks();
          case PANIC, VERDICT -> -1;
          default -> branch.kernel().procfs().leaderOf(what.subject());
        };
    if (lane >= 0) {
      gatherer.matters[lane] = true;
    }
    return new Mark(what.atNs(), what.point(), lane, story.sentences().get(0));
  }

  /** Lanes of those who have no part in it are left out; marks follow theirs. */
  private void keepWhatMatters(Gatherer gatherer) {
    int[] place = new int[gatherer.doing.length];
    for (int lane = 0; lane < place.length; lane++) {
      place[lane] = -1;
      if (gatherer.matters[lane]) {
        place[lane] = lanes.size();
        lanes.add(new Lane(gatherer.name(lane), gatherer.stretches.get(lane)));
      }
    }
    marks.replaceAll(
        mark ->
            new Mark(
                mark.atNs(),
                mark.point(),
                mark.lane() < 0 ? -1 : place[mark.lane()],
                mark.sentence()));
  }

  /** When it ends. */
  public long endNs() {
    return endNs;
  }

  /** Those who have a part in it, in the order of their numbers, the reaper last. */
  public List<Lane> lanes() {
    return List.copyOf(lanes);
  }

  /** The moments that decide, in their order. */
  public List<Mark> marks() {
    return List.copyOf(marks);
  }

  /** Free memory, whenever it changes. */
  public List<Level> free() {
    return List.copyOf(free);
  }

  /** What cgroups with a limit hold. */
  public List<Usage> cgroups() {
    return List.copyOf(cgroups);
  }

  /** The min watermark, in pages. */
  public long minPages() {
    return minPages;
  }

  /** The low watermark, in pages. */
  public long lowPages() {
    return lowPages;
  }

  /** The high watermark, in pages. */
  public long highPages() {
    return highPages;
  }
}
