package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.NOBODY;
import static org.oomlab.kernel.state.Machine.REAPER;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Futex;
import org.oomlab.kernel.state.IntList;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Mutex;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.Processor;
import org.oomlab.kernel.state.ReaperPhase;
import org.oomlab.kernel.state.SchedEntity;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Vma;
import org.oomlab.kernel.state.WaitsFor;

/**
 * What there is to see in a machine that has been stopped between two events, as the crash utility
 * reads a vmcore: who does what and waits for what, locks, the reaper, processors, and what is due.
 * {@link Procfs} has the rest. Nothing can be changed through it.
 *
 * <p>Tasks, processes, cgroups, mutexes and futexes have the numbers of {@link
 * org.oomlab.trace.TraceSink}. Times are in nanoseconds after boot, amounts in pages.
 */
public final class Vmcore {
  /** Where a task's number could stand: nobody. */
  public static final int NO_TASK = NOBODY;

  /** Where a task's number could stand: the reaper thread. */
  public static final int THE_REAPER = REAPER;

  private final Kernel kernel;
  private final Machine machine;

  Vmcore(Kernel kernel) {
    this.kernel = kernel;
    this.machine = kernel.machine;
  }

  /** What a task does, as somebody would say it who looks on. */
  public enum Doing {
    /** Runs its program, or is about to. */
    RUNS,
    /** Is given memory, or asks for it for the first time. */
    ALLOCATES,
    /** Asks in vain: it goes round in the allocator's slow path. */
    WAITS_FOR_MEMORY,
    /** Has decided on a kill, and prints the report. */
    KILLS,
    /** Waits for a mutex, an mmap_lock or oom_lock. */
    WAITS_FOR_LOCK,
    /** Waits for a robust futex. */
    WAITS_FOR_FUTEX,
    /** Sleeps, and a signal would wake it: state S. */
    SLEEPS,
    /** Sleeps, and nothing but time wakes it: state D. */
    BLOCKED,
    /** Held by a freezer. */
    FROZEN,
    /** In process_mrelease(). */
    RELEASES,
    /** On its way through do_exit(). */
    EXITS,
    /** On that way, taking an address space apart. */
    UNMAPS,
    /** Dead. */
    DEAD
  }

  /** What a lock is. */
  public enum Kind {
    OOM_LOCK,
    MUTEX,
    MMAP_LOCK,
    FUTEX
  }

  /**
   * A lock that is held, or broken.
   *
   * @param kind what it is
   * @param number that of the mutex or futex, or of the first process that uses the mm
   * @param owner the task that holds it (for writing), {@link #THE_REAPER} or {@link #NO_TASK}
   * @param readers how many hold it for reading
   * @param waiters the tasks in its queue, the next one first
   * @param broken a futex whose owner died without a word
   */
  public record Lock(
      Kind kind, int number, int owner, int readers, List<Integer> waiters, boolean broken) {
    public Lock {
      waiters = List.copyOf(waiters);
    }
  }

  /**
   * How a lock is, of which nobody wants to know who waits for it.
   *
   * @param owner the task that holds it (for writing), {@link #THE_REAPER} or {@link #NO_TASK}
   * @param readers how many hold it for reading
   * @param waiters how many are in its queue
   * @param broken a futex whose owner died without a word
   */
  public record Grip(int owner, int readers, int waiters, boolean broken) {
    /** Whether anybody holds it. */
    public boolean held() {
      return owner != NO_TASK || readers > 0;
    }
  }

  private static final Grip FREE = new Grip(NOBODY, 0, 0, false);

  /**
   * Something that will happen.
   *
   * @param atNs when
   * @param what the event's name
   * @param subject the number of whom it happens to
   * @param ofTask whether that is a task; else a process, or nobody in particular
   */
  public record Due(long atNs, String what, int subject, boolean ofTask) {}

  /**
   * A processor.
   *
   * @param running the task on it, {@link #THE_REAPER} or {@link #NO_TASK}
   * @param burstEndNs when its work is done if nothing interrupts it
   */
  public record Cpu(int running, long burstEndNs) {}

  /**
   * A mapping.
   *
   * @param name its name, or what backs it
   * @param kind what backs it
   * @param pages resident pages
   * @param reaped pages that a reaper has taken out of it
   * @param locked VM_LOCKED
   */
  public record Mapping(String name, String kind, long pages, long reaped, boolean locked) {}

  /**
   * A kill that has been decided on and not happened yet.
   *
   * @param victim the process
   * @param invoker the task whose request failed
   * @param cgroup the cgroup that is full, or -1
   * @param reason why this one
   * @param badness its points, in pages
   */
  public record Decision(int victim, int invoker, int cgroup, Ledger.Reason reason, long badness) {}

  // Tasks.

  /** How many tasks there are. */
  public int tasks() {
    return machine.tasks.length;
  }

  /** What a task does. */
  public Doing doing(int number) {
    Task task = machine.tasks[number];
    if (task.frozen && task.state != Task.State.DEAD) {
      return Doing.FROZEN;
    }
    return switch (task.state) {
      case RUNNING -> Doing.RUNS;
      case SLEEPING -> Doing.SLEEPS;
      case BLOCKED -> Doing.BLOCKED;
      case WAITING_LOCK -> Doing.WAITS_FOR_LOCK;
      case WAITING_FUTEX -> Doing.WAITS_FOR_FUTEX;
      case RELEASING -> kernel.waits.isInQueue(number) ? Doing.WAITS_FOR_LOCK : Doing.RELEASES;
      case ALLOCATING -> allocating(task);
      case EXITING ->
          kernel.waits.isInQueue(number)
              ? Doing.WAITS_FOR_LOCK
              : task.walk.isActive() ? Doing.UNMAPS : Doing.EXITS;
      case DEAD -> Doing.DEAD;
    };
  }

  private static Doing allocating(Task task) {
    if (task.allocPhase == Task.AllocPhase.KILLING) {
      return Doing.KILLS;
    }
    return task.isBlockedOnMemory() ? Doing.WAITS_FOR_MEMORY : Doing.ALLOCATES;
  }

  /** Where in the kernel it is: a phase of the allocator or of the exit, or empty. */
  public String phase(int number) {
    Task task = machine.tasks[number];
    return switch (task.state) {
      case ALLOCATING -> lower(task.allocPhase);
      case EXITING -> lower(task.exitPhase);
      default -> "";
    };
  }

  /** Since when its request has been blocked, or -1. */
  public long blockedSinceNs(int task) {
    return machine.tasks[task].blockedSinceNs;
  }

  /** Pages it still asks for, or 0. */
  public long wanted(int number) {
    Task task = machine.tasks[number];
    return task.state == Task.State.ALLOCATING ? task.wantPages : 0;
  }

  /** The victim in flight for which a blocked request has to wait, or -1. */
  public int awaited(int number) {
    Task task = machine.tasks[number];
    boolean isAnybodyVictim = machine.ledger.kills + machine.ledger.markings > 0;
    if (!task.isBlockedOnMemory() || !isAnybodyVictim) {
      return NOBODY;
    }
    Memcg domain = task.toldByCgroup ? task.process.memcg : null;
    Process awaited = kernel.killer.firstInFlight(domain);
    return awaited == null ? NOBODY : awaited.id;
  }

  /** When what it sleeps or works for is over, or {@link Long#MAX_VALUE} if nothing is due. */
  public long wakesAtNs(int task) {
    long earliest = Long.MAX_VALUE;
    for (Event event : Event.values()) {
      if (event.isOfTask()) {
        earliest = Math.min(earliest, kernel.queue.timeOf(event.ordinal(), task));
      }
    }
    return Math.min(earliest, cpuTime(task));
  }

  private long cpuTime(int task) {
    SchedEntity entity = machine.entities[task];
    return entity.cpu == SchedEntity.NOWHERE
        ? Long.MAX_VALUE
        : machine.processors[entity.cpu].burstEndNs;
  }

  /** Whether it wants a processor and has none. */
  public boolean waitsForCpu(int task) {
    SchedEntity entity = machine.entities[task];
    return entity.waitsFor == WaitsFor.WORK
        && machine.processors.length > 0
        && entity.cpu == SchedEntity.NOWHERE;
  }

  /** SIGKILL is pending, or has been acted on. */
  public boolean isKilled(int task) {
    return machine.tasks[task].killed;
  }

  /** TIF_MEMDIE. */
  public boolean isMarked(int task) {
    return machine.tasks[task].marked;
  }

  // Processes.

  /** The tasks of a process, its leader first. */
  public List<Integer> tasksOf(int process) {
    List<Integer> tasks = new ArrayList<>();
    for (Task task : machine.processes[process].tasks) {
      tasks.add(task.id);
    }
    return tasks;
  }

  /** How many of its threads are not dead. */
  public int liveTasks(int process) {
    return machine.processes[process].liveTasks;
  }

  /** signal-&gt;oom_mm is set, or TIF_MEMDIE of a thread: it is a victim of the OOM killer. */
  public boolean isVictim(int process) {
    Process of = machine.processes[process];
    return of.oomVictim || of.markedTasks > 0;
  }

  /** SIGNAL_GROUP_EXIT. */
  public boolean isDying(int process) {
    return machine.processes[process].groupExit;
  }

  /** init, or a kernel thread: no SIGKILL ends it. */
  public boolean isUnkillable(int process) {
    return machine.processes[process].isUnkillable();
  }

  /** MMF_OOM_SKIP of its mm. */
  public boolean isSkipped(int process) {
    Mm mm = machine.processes[process].mm;
    return mm != null && mm.oomSkip;
  }

  /** The flags of its mm that are set, by the kernel's names. */
  public List<String> mmFlags(int process) {
    Mm mm = machine.processes[process].mm;
    List<String> flags = new ArrayList<>();
    if (mm != null) {
      add(flags, mm.victim, "MMF_OOM_VICTIM");
      add(flags, mm.oomSkip, "MMF_OOM_SKIP");
      add(flags, mm.unstable, "MMF_UNSTABLE");
      add(flags, mm.reapQueued, "MMF_OOM_REAP_QUEUED");
    }
    return flags;
  }

  private static void add(List<String> to, boolean isSet, String what) {
    if (isSet) {
      to.add(what);
    }
  }

  /** The number of its address space, which others may share, or -1. */
  public int mmOf(int process) {
    Mm mm = machine.processes[process].mm;
    return mm == null ? NOBODY : mm.id;
  }

  /** mm_users of its address space. */
  public int mmUsers(int process) {
    Mm mm = machine.processes[process].mm;
    return mm == null ? 0 : mm.users;
  }

  /** Whether its address space has been taken apart. */
  public boolean isMmGone(int process) {
    Mm mm = machine.processes[process].mm;
    return mm == null || mm.gone;
  }

  /** Its mappings, in ascending order of addresses. */
  public List<Mapping> mappings(int process) {
    Mm mm = machine.processes[process].mm;
    List<Mapping> mappings = new ArrayList<>();
    for (Vma vma : mm == null ? new Vma[0] : mm.vmas) {
      String kind = lower(vma.spec.kind());
      String name = vma.spec.name();
      mappings.add(
          new Mapping(name == null ? "" : name, kind, vma.pages, vma.reapedPages, vma.locked));
    }
    return mappings;
  }

  // Locks.

  /** Every lock that somebody holds or that is broken: oom_lock, mutexes, mmap_locks, futexes. */
  public List<Lock> locks() {
    List<Lock> locks = new ArrayList<>();
    add(locks, Kind.OOM_LOCK, 0, machine.oomLock);
    for (int i = 0; i < machine.mutexes.length; i++) {
      add(locks, Kind.MUTEX, i, machine.mutexes[i]);
    }
    for (Mm mm : machine.mms) {
      if (mm.writer != NOBODY || mm.readers > 0) {
        List<Integer> waiters = new ArrayList<>();
        for (int i = 0; i < mm.waiters.size(); i++) {
          waiters.add(mm.waiters.get(i) >> 1);
        }
        locks.add(new Lock(Kind.MMAP_LOCK, firstUser(mm), mm.writer, mm.readers, waiters, false));
      }
    }
    for (int i = 0; i < machine.futexes.length; i++) {
      Futex futex = machine.futexes[i];
      if (futex.owner != NOBODY || futex.broken) {
        locks.add(new Lock(Kind.FUTEX, i, futex.owner, 0, listOf(futex.waiters), futex.broken));
      }
    }
    return locks;
  }

  /**
   * How one of them is.
   *
   * @param number as in {@link Lock}, but that of any process that uses the mm
   */
  public Grip grip(Kind kind, int number) {
    return switch (kind) {
      case OOM_LOCK -> grip(machine.oomLock);
      case MUTEX -> grip(machine.mutexes[number]);
      case MMAP_LOCK -> grip(machine.processes[number].mm);
      case FUTEX -> {
        Futex futex = machine.futexes[number];
        yield new Grip(futex.owner, 0, futex.waiters.size(), futex.broken);
      }
    };
  }

  private static Grip grip(Mutex mutex) {
    return mutex.owner == NOBODY ? FREE : new Grip(mutex.owner, 0, mutex.waiters.size(), false);
  }

  private static Grip grip(@Nullable Mm mm) {
    return mm == null || mm.writer == NOBODY && mm.readers == 0
        ? FREE
        : new Grip(mm.writer, mm.readers, mm.waiters.size(), false);
  }

  private static void add(List<Lock> locks, Kind kind, int number, Mutex mutex) {
    if (mutex.owner != NOBODY) {
      locks.add(new Lock(kind, number, mutex.owner, 0, listOf(mutex.waiters), false));
    }
  }

  private int firstUser(Mm mm) {
    for (Process process : machine.processes) {
      if (process.mm == mm) {
        return process.id;
      }
    }
    throw new IllegalStateException("an mm of nobody");
  }

  private static List<Integer> listOf(IntList list) {
    List<Integer> items = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      items.add(list.get(i));
    }
    return items;
  }

  // The reaper.

  /** What the reaper thread does: a phase, such as {@code idle} or {@code reaping}. */
  public String reaperPhase() {
    return lower(machine.reaperPhase);
  }

  /** The process it is at, or -1. */
  public int reaperVictim() {
    return machine.reaperPhase == ReaperPhase.IDLE ? NOBODY : machine.reaperVictim;
  }

  /** Attempts it has made at it. */
  public int reapAttempts(int process) {
    Mm mm = machine.processes[process].mm;
    return mm == null ? 0 : mm.reapAttempts;
  }

  /** The victims that are handed to it, the next one first. */
  public List<Integer> reaperList() {
    return listOf(machine.reaperList);
  }

  /** Pages that its walk has freed so far; 0 if it is on none. */
  public long reaperFreed() {
    return machine.reaperWalk.isActive() ? machine.reaperWalk.freedPages : 0;
  }

  // What is to come.

  /** Whatever is due, the next first. */
  public List<Due> pending() {
    List<Due> due = new ArrayList<>();
    for (Event event : Event.values()) {
      int subjects = event == Event.CPU ? machine.entities.length : subjects(event);
      for (int subject = 0; subject < subjects; subject++) {
        long atNs = kernel.queue.timeOf(event.ordinal(), subject);
        if (atNs != Long.MAX_VALUE) {
          due.add(due(event, subject, atNs));
        }
      }
    }
    due.sort(Comparator.comparingLong(Due::atNs)); // Stable: of equals the kinds in their order.
    return Collections.unmodifiableList(due);
  }

  /** What happened last. */
  public Due latest() {
    return due(Event.values()[kernel.queue.kind()], kernel.queue.subject(), kernel.clock());
  }

  private int subjects(Event event) {
    return switch (event) {
      case OOM_KILL, REAPER, MEMORY, SWAP_WRITE, KSWAPD -> 1;
      case REAP_TIMER -> machine.processes.length;
      default -> machine.tasks.length;
    };
  }

  private Due due(Event event, int subject, long atNs) {
    return switch (event) {
      case OOM_KILL -> new Due(atNs, lower(event), machine.pendingVictim, false);
      case REAP_TIMER -> new Due(atNs, lower(event), subject, false);
      case REAPER -> new Due(atNs, lower(event), REAPER, true);
      case MEMORY, SWAP_WRITE, KSWAPD -> new Due(atNs, lower(event), NOBODY, false);
      case CPU -> new Due(atNs, lower(event), machine.whoIs(machine.entities[subject]), true);
      case OOM_UNLOCK, TASK_STEP, EXIT, ALLOC -> new Due(atNs, lower(event), subject, true);
    };
  }

  /** The kill that has been decided on and is still to happen, or null. */
  public @Nullable Decision decision() {
    if (machine.pendingVictim == NOBODY || machine.vetoed) {
      return null;
    }
    return new Decision(
        machine.pendingVictim,
        machine.pendingInvoker,
        machine.pendingMemcg,
        machine.pendingReason,
        machine.pendingBadness);
  }

  // Processors.

  /** The processors; none where everybody has one of their own. */
  public List<Cpu> cpus() {
    List<Cpu> cpus = new ArrayList<>();
    for (Processor processor : machine.processors) {
      int who =
          processor.running == NOBODY ? NOBODY : machine.whoIs(machine.entities[processor.running]);
      cpus.add(new Cpu(who, processor.burstEndNs));
    }
    return cpus;
  }

  /** Those who wait for one, whoever goes next first. */
  public List<Integer> runnable() {
    List<Integer> waiting = new ArrayList<>();
    for (int i = machine.runnable.size() - 1; i >= 0; i--) {
      waiting.add(machine.whoIs(machine.entities[machine.runnable.get(i)]));
    }
    return waiting;
  }

  // The machine.

  /** How many requests are blocked. */
  public int blockedTasks() {
    return machine.blockedTasks;
  }

  /** The cgroup that is full in the OOM episode that is open, or -1. */
  public int fullCgroup() {
    return machine.episodeOpen ? machine.episodeMemcg : NOBODY;
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
