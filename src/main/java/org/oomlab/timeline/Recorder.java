package org.oomlab.timeline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Episode;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.Rigour;
import org.oomlab.kernel.Vmcore;
import org.oomlab.kernel.state.Shortcut;
import org.oomlab.report.Names;
import org.oomlab.report.Story;
import org.oomlab.timeline.Timeline.Kind;
import org.oomlab.timeline.Timeline.Lane;
import org.oomlab.timeline.Timeline.Levels;
import org.oomlab.timeline.Timeline.Mark;
import org.oomlab.timeline.Timeline.Stretch;
import org.oomlab.timeline.Timeline.Usage;
import org.oomlab.trace.Happening;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Span;
import org.oomlab.workload.CgroupSpec;

/**
 * Looks at a machine after each event and keeps what a timeline shows. What it does for an event
 * does not grow with the number of tasks, unless something is announced.
 */
public final class Recorder {
  /** What anybody does who has no part in it; and who is frozen need not have one either. */
  private static final Set<State> ORDINARY =
      EnumSet.of(
          State.RUNS,
          State.SLEEPS,
          State.BLOCKED,
          State.ALLOCATES,
          State.DEAD,
          State.FROZEN,
          State.FREE,
          State.HELD);

  private final Case of;
  private final long seed;
  private final Names names;
  private final Story story;
  private final int tasks;
  private final List<Track> tracks = new ArrayList<>();
  private final List<LockTrack> locks = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private final List<Happening> happenings = new ArrayList<>();
  private final Levels free = new Levels();
  private final List<Levels> usage = new ArrayList<>();

  /** What somebody has done so far. */
  private static class Track {
    private final List<Stretch> stretches = new ArrayList<>();
    private State state;
    private String holder;
    private long sinceNs;
    private boolean matters;
    private @Nullable Moment last;

    Track(State state, String holder) {
      this.state = state;
      this.holder = holder;
    }

    void see(State now, String by, long nowNs) {
      if (now != state || !by.equals(holder)) {
        end(nowNs);
        sinceNs = nowNs;
        state = now;
        holder = by;
      }
      matters |= !ORDINARY.contains(now);
    }

    /** What began at the same time as something else never was to be seen. */
    void end(long nowNs) {
      if (nowNs > sinceNs) {
        stretches.add(new Stretch(sinceNs, nowNs, state, holder));
      }
    }

    Lane lane(String name, String process, Kind kind, long endNs) {
      end(endNs);
      if (stretches.isEmpty()) {
        stretches.add(new Stretch(0, endNs, state, holder));
      }
      return new Lane(name, process, kind, matters, stretches);
    }
  }

  /** A lock, which may be an mmap_lock: then the number is that of a process. */
  private static final class LockTrack extends Track {
    private final Vmcore.Kind kind;
    private final int number;

    LockTrack(Vmcore.Kind kind, int number) {
      super(State.FREE, "");
      this.kind = kind;
      this.number = number;
    }
  }

  /** At the boot of an episode. */
  public Recorder(Case of, long seed, Kernel kernel) {
    this.of = of;
    this.seed = seed;
    this.names = new Names(of.inhabited());
    this.story = new Story(of.inhabited());
    this.tasks = kernel.vmcore().tasks();
    for (int task = 0; task < tasks; task++) {
      tracks.add(new Track(State.of(kernel.vmcore().doing(task)), ""));
    }
    tracks.add(new Track(State.ofReaper(kernel.vmcore().reaperPhase()), ""));
    of.workload().cgroups().forEach(cgroup -> usage.add(new Levels()));
    locks.add(new LockTrack(Vmcore.Kind.OOM_LOCK, 0));
    for (int i = 0; i < of.workload().mutexes().size(); i++) {
      locks.add(new LockTrack(Vmcore.Kind.MUTEX, i));
    }
    for (int i = 0; i < of.workload().futexes().size(); i++) {
      locks.add(new LockTrack(Vmcore.Kind.FUTEX, i));
    }
  }

  /**
   * Runs an episode and keeps all of it.
   *
   * @param stopped whether somebody wants it to end before its end
   */
  public static Recording of(Case asked, long seed, BooleanSupplier stopped) {
    Set<Shortcut> shortcuts = EnumSet.noneOf(Shortcut.class);
    shortcuts.addAll(asked.rigour().shortcuts());
    shortcuts.remove(Shortcut.LAZY_MEMORY); // Whoever looks wants to see it as it is.
    Case of = asked.with(new Rigour(asked.rigour().laws(), shortcuts));
    Kernel kernel = new Kernel(of.workload(), of.costs(), of.policy(), of.rigour());
    List<Happening> latest = new ArrayList<>();
    kernel.boot(seed, (now, point, who, a, b) -> latest.add(new Happening(now, point, who, a, b)));
    Recorder recorder = new Recorder(of, seed, kernel);
    do {
      recorder.look(kernel, latest);
      latest.clear();
    } while (kernel.step() && !stopped.getAsBoolean());
    recorder.look(kernel, latest);
    return recorder.end(of.policy().name(), kernel);
  }

  /**
   * Looks at the machine.
   *
   * @param latest what was announced with the last event
   */
  public void look(Kernel kernel, List<Happening> latest) {
    long now = kernel.nowNs();
    free.add(now, kernel.freePages());
    for (int i = 0; i < usage.size(); i++) {
      usage.get(i).add(now, kernel.procfs().cgroupUsage(i));
    }
    Vmcore core = kernel.vmcore();
    // Whoever is not announced has an event of their own when they do something else.
    Vmcore.Due last = core.latest();
    if (latest.isEmpty() && last.ofTask() && last.subject() >= 0) {
      see(core, last.subject(), now);
    } else {
      for (int task = 0; task < tasks; task++) {
        see(core, task, now);
      }
    }
    tracks.get(tasks).see(State.ofReaper(core.reaperPhase()), "", now);
    for (Happening each : latest) {
      happenings.add(each);
      if (each.point() == Tracepoint.KILLED || each.point() == Tracepoint.KILLED_WITH) {
        watchMmapLock(core, each.subject());
      }
      Moment moment = Moment.of(each.point());
      if (moment != null) {
        mark(kernel, each, moment);
      }
    }
    for (LockTrack lock : locks) {
      see(core, lock, now);
    }
  }

  private void see(Vmcore core, int task, long now) {
    tracks.get(task).see(State.of(core.doing(task)), "", now);
  }

  private void see(Vmcore core, LockTrack lock, long now) {
    Vmcore.Grip grip = core.grip(lock.kind, lock.number);
    State state =
        grip.broken()
            ? State.BROKEN
            : !grip.held() ? State.FREE : grip.waiters() > 0 ? State.CONTENDED : State.HELD;
    lock.see(state, grip.held() ? holder(grip) : "", now);
  }

  private String holder(Vmcore.Grip grip) {
    return grip.owner() == Vmcore.THE_REAPER
        ? "oom_reaper"
        : grip.owner() == Vmcore.NO_TASK
            ? grip.readers() + (grip.readers() == 1 ? " reader" : " readers")
            : names.task(grip.owner());
  }

  private void watchMmapLock(Vmcore core, int process) {
    int mm = core.mmOf(process);
    boolean isWatched =
        locks.stream()
            .anyMatch(
                lock ->
                    lock.kind == Vmcore.Kind.MMAP_LOCK
                        && (lock.number == process || core.mmOf(lock.number) == mm));
    if (!isWatched) {
      locks.add(new LockTrack(Vmcore.Kind.MMAP_LOCK, process));
    }
  }

  /** A call after a call, or a page after a page, decides nothing new. */
  private void mark(Kernel kernel, Happening what, Moment moment) {
    int lane =
        switch (what.point()) {
          case OOM_INVOKED, DO_EXIT, ALLOC_DONE, FUTEX_BROKEN, OWNER_DIED -> what.subject();
          case START_REAPING, FINISH_REAPING, UNABLE_TO_REAP -> tasks;
          case PANIC, VERDICT -> -1;
          default -> kernel.procfs().leaderOf(what.subject());
        };
    int process =
        switch (what.point()) {
          case OOM_INVOKED, DO_EXIT, ALLOC_DONE, FUTEX_BROKEN, OWNER_DIED ->
              kernel.processOf(what.subject());
          case PANIC, VERDICT -> -1;
          default -> what.subject();
        };
    boolean repeats = lane >= 0 && tracks.get(lane).last == moment && moment.isRepetitive();
    if (lane >= 0) {
      tracks.get(lane).last = moment;
      tracks.get(lane).matters = true;
    }
    if (!repeats) {
      String sentence =
          story.sentence(what.atNs(), what.point(), what.subject(), what.a(), what.b());
      marks.add(new Mark(what.atNs(), moment, lane, process, sentence));
    }
  }

  /** It is over. */
  public Recording end(String name, Kernel kernel) {
    Outcome outcome = Episode.soFar(of, seed, kernel);
    long endNs = kernel.nowNs();
    markRecovery(kernel, outcome);
    List<Lane> lanes = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      String process = names.process(kernel.processOf(task));
      lanes.add(tracks.get(task).lane(names.task(task), process, Kind.TASK, endNs));
    }
    lanes.add(tracks.get(tasks).lane("oom_reaper", "oom_reaper", Kind.REAPER, endNs));
    for (LockTrack lock : locks) {
      lanes.add(lock.lane(nameOf(lock), nameOf(lock), Kind.LOCK, endNs));
    }
    List<Usage> cgroups = new ArrayList<>();
    List<CgroupSpec> specs = of.workload().cgroups();
    for (int i = 0; i < specs.size(); i++) {
      if (specs.get(i).limit() < Long.MAX_VALUE) {
        cgroups.add(new Usage(specs.get(i).name(), specs.get(i).limit(), usage.get(i)));
      }
    }
    Timeline timeline =
        new Timeline(
            Math.max(0, outcome.firstOomNs()),
            endNs,
            lanes,
            marks,
            free,
            cgroups,
            kernel.procfs().minWatermark(),
            kernel.procfs().lowWatermark(),
            kernel.procfs().highWatermark());
    return new Recording(name, of, timeline, Collections.unmodifiableList(happenings), outcome);
  }

  /** The kernel does not announce it: it is seen by whoever asks when the request was satisfied. */
  private void markRecovery(Kernel kernel, Outcome outcome) {
    if (outcome.recoveryNs() < 0) {
      return;
    }
    long atNs = outcome.firstKillNs() + outcome.recoveryNs();
    int process = kernel.ledger().killInvoker(0);
    marks.add(
        new Mark(
            atNs,
            Moment.RECOVERY,
            kernel.procfs().leaderOf(process),
            process,
            "recovered: the request behind the first kill is satisfied after "
                + Span.format(outcome.recoveryNs())));
    marks.sort(Comparator.comparingLong(Mark::atNs)); // Stable: what was announced comes first.
  }

  private String nameOf(LockTrack lock) {
    return switch (lock.kind) {
      case OOM_LOCK -> "oom_lock";
      case MUTEX -> names.mutex(lock.number);
      case FUTEX -> names.futex(lock.number);
      case MMAP_LOCK -> "mmap_lock(" + names.process(lock.number) + ")";
    };
  }
}
