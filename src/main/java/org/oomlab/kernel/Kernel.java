package org.oomlab.kernel;

import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.watch.Guard;
import org.oomlab.daemon.watch.Watchers;
import org.oomlab.engine.EventQueue;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.SchedEntity;
import org.oomlab.kernel.state.Shortcut;
import org.oomlab.kernel.state.Standing;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Span;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;

/**
 * The simulated kernel: one machine, one clock, one thread.
 *
 * <p>Start reading here. Whatever can happen to the machine as time passes is an {@link Event}, and
 * {@link #handle} names the mechanism that answers it. Mechanisms call one another directly, as the
 * kernel's functions do, and schedule an event only where the real code sleeps, waits or takes
 * time.
 *
 * <p>The mechanisms keep no state: everything that changes is in the {@link Machine} and the {@link
 * EventQueue}, so {@link #copyFrom} is a complete snapshot, and a copy run on from it is a faithful
 * answer to "what if?".
 */
public final class Kernel {
  /** Far more than any number of tasks can have to do in the same nanosecond. */
  private static final int MOST_AT_ONCE = 1_000_000;

  final Machine machine;
  final EventQueue queue;
  final Timers timers;
  final Waits waits;
  final RunQueue runQueue;
  final Scheduler scheduler;
  final PageAllocator allocator;
  final MemcgCharge memcgCharge;
  final Reclaim reclaim;
  final OomKiller killer;
  final Victims victims;
  final Handlers handlers;
  final Patience patience;
  final Badness badness;
  final OomReaper reaper;
  final DirectReaper directReaper;
  final ExitPath exitPath;
  final Teardown teardown;
  final MemoryFlow flow;
  final Locks locks;
  final RobustFutexes futexes;
  final Freezer freezer;
  final Watch watch;
  private final @Nullable PageOut pageOut;
  private final @Nullable PageIn pageIn;

  /** Null where nobody measures pressure. */
  final @Nullable Pressure pressure;

  /** Null where the policy has no daemon. */
  private final @Nullable Daemon daemon;

  private final Procfs procfs;
  private final Rigour rigour;
  private final boolean lazily;
  private final @Nullable Laws laws;

  /** A kernel that obeys {@code policy} on the machine of {@code workload}. Not booted yet. */
  public Kernel(Workload workload, Costs costs, Policy policy) {
    this(workload, costs, policy, Rigour.USUAL);
  }

  /** The same, with as much care as {@code rigour} asks for. */
  public Kernel(Workload workload, Costs costs, Policy policy, Rigour rigour) {
    this.rigour = rigour;
    this.lazily = rigour.shortcuts().contains(Shortcut.LAZY_MEMORY);
    Guard guard = Watchers.of(policy.daemon());
    machine =
        guard == null
            ? new Machine(workload, costs)
            : new Machine(Daemon.populate(workload, guard), costs, guard);
    queue = queue(machine);
    timers = new Timers(this);
    pressure = machine.measuresPressure ? new Pressure(this) : null;
    pageOut = machine.backing == null ? null : new PageOut(this, machine.backing);
    pageIn = machine.backing == null ? null : new PageIn(this, machine.backing);
    waits = new Waits(this);
    runQueue = new RunQueue(this);
    scheduler = new Scheduler(this, policy);
    reclaim = new Reclaim(this, policy);
    allocator = new PageAllocator(this, policy);
    memcgCharge = new MemcgCharge(this, policy);
    badness = new Badness(machine, policy);
    patience = new Patience(this, policy);
    killer = new OomKiller(this, policy);
    victims = new Victims(this, policy);
    handlers = new Handlers(this, policy);
    reaper = new OomReaper(this, policy);
    directReaper = new DirectReaper(this, policy);
    exitPath = new ExitPath(this, policy);
    teardown = new Teardown(this, policy);
    flow = new MemoryFlow(this);
    locks = new Locks(this);
    futexes = new RobustFutexes(this, policy);
    freezer = new Freezer(this, policy);
    watch = new Watch(this);
    procfs = new Procfs(this, badness);
    daemon = guard == null || machine.vigil == null ? null : new Daemon(this, guard, machine.vigil);
    laws =
        rigour.laws() == Rigour.Looks.NEVER
            ? null
            : new Laws(this, policy, rigour.laws() == Rigour.Looks.ALWAYS);
  }

  /** A task waits for one thing at a time; what it waits for is what happens most. */
  private static EventQueue queue(Machine machine) {
    int processes = machine.processes.length;
    int entities = machine.entities.length;
    return new EventQueue(
        Event.values().length,
        Math.max(entities, processes),
        lane(entities, Event.TASK_STEP, Event.CPU, Event.ALLOC, Event.EXIT, Event.OOM_UNLOCK),
        lane(processes, Event.REAP_TIMER),
        EventQueue.Lane.ofOne(
            Event.OOM_KILL.ordinal(),
            Event.REAPER.ordinal(),
            Event.MEMORY.ordinal(),
            Event.SWAP_WRITE.ordinal(),
            Event.KSWAPD.ordinal()));
  }

  private static EventQueue.Lane lane(int subjects, Event... events) {
    int[] kinds = new int[events.length];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = events[i].ordinal();
    }
    return EventQueue.Lane.ofSubjects(subjects, kinds);
  }

  /** Begins the episode of this seed, forgetting any other. Allocates nothing once warm. */
  public void boot(long seed, TraceSink sink) {
    machine.sink = sink;
    machine.boot(seed);
    queue.clear();
    forget();
    scheduler.start();
    watch.look();
  }

  private void forget() {
    if (laws != null) {
      laws.forget();
    }
  }

  /** Runs to the end of the episode. */
  public Verdict run() {
    while (step()) {}
    return machine.verdict;
  }

  /** Runs to the brink of the next kill; false if the episode ends without another. */
  public boolean runToNextKill() {
    while (machine.verdict == Verdict.RUNNING) {
      if (queue.nextKind() == Event.OOM_KILL.ordinal() && !machine.vetoed) {
        flow.settle();
        return true;
      }
      step();
    }
    return false;
  }

  /** The workload with everybody who lives on the machine: the daemon of a policy as well. */
  public static Workload populated(Workload workload, Policy policy) {
    Guard guard = Watchers.of(policy.daemon());
    return guard == null ? workload : Daemon.populate(workload, guard);
  }

  /**
   * Runs to the brink of the next kill by anybody, which {@link #isDaemonAboutToKill} tells apart,
   * but no further than to a time.
   *
   * @return false if there is none up to then, or the episode has ended
   */
  public boolean runToNextDeath(long untilNs) {
    return runToBrink(untilNs, true);
  }

  /** The same of the kernel's own kills alone. */
  public boolean runToNextKill(long untilNs) {
    return runToBrink(untilNs, false);
  }

  private boolean runToBrink(long untilNs, boolean ofAnybody) {
    while (machine.verdict == Verdict.RUNNING
        && (queue.nextNs() <= untilNs || queue.nextNs() == Long.MAX_VALUE)) {
      boolean byKernel = queue.nextKind() == Event.OOM_KILL.ordinal() && !machine.vetoed;
      if (byKernel || (ofAnybody && isDaemonAboutToKill())) {
        flow.settle();
        return true;
      }
      step();
    }
    return false;
  }

  /** Whether the next event is that the daemon sends its signals. */
  public boolean isDaemonAboutToKill() {
    return daemon != null
        && daemon.isAboutToStrike()
        && queue.nextKind() == Event.TASK_STEP.ordinal()
        && queue.nextSubject() == machine.vigil.task;
  }

  /** Whom the daemon is about to kill first, or -1. */
  public int daemonsTarget() {
    return daemon == null ? Machine.NOBODY : daemon.target();
  }

  /** From here on the signals of the daemon come to nothing. */
  public void muteDaemon() {
    if (machine.vigil != null) {
      machine.vigil.muted = true;
    }
  }

  /** The daemon's task goes on; true if the next thing takes no time. */
  boolean watches(Task task) {
    return daemon == null
        ? scheduler.sleep(task, Task.State.SLEEPING, Span.FOREVER)
        : daemon.goOn(task);
  }

  /** Lets the next event happen; false if that was the end of the episode. */
  public boolean step() {
    if (machine.verdict != Verdict.RUNNING) {
      return false;
    }
    if (watch.mayGoOn()) {
      queue.advance();
      handleTaken();
    }
    return goesOn();
  }

  /**
   * The same with one of the events that are due next: another order of what happens at the same
   * time. Nothing that ships asks for it.
   */
  boolean step(Event event, int subject) {
    if (machine.verdict != Verdict.RUNNING) {
      return false;
    }
    if (watch.mayGoOn()) {
      queue.advanceTo(event.ordinal(), subject);
      handleTaken();
    }
    return goesOn();
  }

  /** From here on somebody else hears what happens. */
  public void listen(TraceSink sink) {
    machine.sink = sink;
  }

  private void handleTaken() {
    countMoment();
    handle(Event.of(queue.kind()), queue.subject());
    watch.look();
    if (laws != null && machine.verdict == Verdict.RUNNING) {
      laws.look();
    }
  }

  /** Something has been done to the machine between two events: who watches looks again. */
  void lookAgain() {
    settleIfMust();
    flow.settle();
    forget();
    watch.look();
  }

  private boolean goesOn() {
    if (machine.verdict == Verdict.RUNNING) {
      return true;
    }
    if (!machine.pagesAreConserved()) {
      throw new LawBroken(Law.PAGES_CONSERVED, "some are lost, or invented");
    }
    return false;
  }

  private void countMoment() {
    if (queue.nowNs() != machine.momentNs) {
      machine.momentNs = queue.nowNs();
      machine.eventsAtMoment = 0;
    } else if (++machine.eventsAtMoment > MOST_AT_ONCE) {
      throw new LawBroken(Law.BOUNDED_MOMENT, "time stands still");
    }
  }

  private void handle(Event event, int subject) {
    if (event == Event.CPU) {
      handleOnCpu(machine.entities[subject]);
    } else if (event.isOfTask()) {
      waits.begin(subject);
      settleIfMust();
      happen(event, subject);
      waits.checkHasActed(subject);
    } else if (event == Event.REAPER) {
      waits.begin(Machine.REAPER);
      settleIfMust();
      happen(event, subject);
      waits.checkHasActed(Machine.REAPER);
    } else {
      settleIfMust();
      handleRare(event, subject);
    }
    settleIfMust(); // What this event itself has freed is taken at once, too.
    if (!lazily) {
      flow.settle();
    }
  }

  private void handleOnCpu(SchedEntity entity) {
    if (!runQueue.isDone(entity)) {
      settleIfMust();
      runQueue.endTurn(entity);
      return;
    }
    int who = machine.whoIs(entity);
    waits.begin(who);
    settleIfMust();
    Event due = runQueue.finish(entity);
    if (due != null) {
      happen(due, Machine.subjectOf(who));
    }
    waits.checkHasActed(who);
    runQueue.goOn(entity);
  }

  /** Somebody takes what comes free the instant it does, or the disk writes. */
  private void settleIfMust() {
    if (flow.mustSettle()) {
      flow.settle();
      allocator.drain();
    }
  }

  private void happen(Event event, int subject) {
    // Nearly every event is one of two, and to compare is quicker than to jump by a table.
    if (event == Event.TASK_STEP) {
      scheduler.step(machine.tasks[subject]);
    } else if (event == Event.ALLOC) {
      flow.settle();
      allocator.step(machine.tasks[subject]);
    } else {
      handleRare(event, subject);
    }
  }

  private void handleRare(Event event, int subject) {
    flow.settle();
    if (event != Event.MEMORY && !(event == Event.OOM_KILL && machine.vetoed)) {
      machine.lastChangeNs = queue.nowNs();
    }
    switch (event) {
      case OOM_KILL -> killer.carryOut();
      case OOM_UNLOCK -> killer.wakeUp(machine.tasks[subject]);
      case REAP_TIMER -> reaper.delayIsOver(machine.processes[subject]);
      case REAPER -> reaper.step();
      case EXIT -> exitPath.step(machine.tasks[subject]);
      case MEMORY -> {} // To settle what walks have freed was all.
      case SWAP_WRITE -> pageOut().written();
      case KSWAPD -> reclaim.kswapd();
      case CPU, TASK_STEP, ALLOC -> throw new IllegalStateException(event + " is not rare");
    }
  }

  /**
   * From here on every kill turns into a wait, as if a victim were in flight. The episode then ends
   * {@link Verdict#RECOVERED} as soon as the request that was about to kill is satisfied or its
   * owner dead, and {@link Verdict#UNDECIDED} after {@code patienceNs}.
   */
  public void vetoKills(long patienceNs) {
    machine.vetoed = true;
    machine.vetoTask = machine.pendingInvoker;
    machine.vetoSatisfied = machine.tasks[machine.vetoTask].satisfied;
    machine.vetoDeadlineNs = queue.nowNs() + patienceNs;
    machine.sink = TraceSink.NONE;
  }

  /**
   * From here on nobody is killed: whoever asks waits, to the end of the episode. To be called
   * right after {@link #boot}.
   */
  public void neverKill() {
    machine.vetoed = true;
    machine.vetoDeadlineNs = Long.MAX_VALUE;
  }

  /**
   * Does what a write to {@code /proc/PID/oom_score_adj} does.
   *
   * @param adj from -1000 to 1000
   */
  public void setOomScoreAdj(int process, int adj) {
    machine.processes[process].oomScoreAdj = adj;
  }

  /** A process's oom_score_adj now. */
  public int oomScoreAdj(int process) {
    return machine.processes[process].oomScoreAdj;
  }

  /** Makes this kernel's state that of {@code that}, which has the same workload and policy. */
  public void copyFrom(Kernel that) {
    machine.copyFrom(that.machine);
    queue.copyFrom(that.queue);
    forget();
    machine.sink = TraceSink.NONE;
  }

  /** How the episode stands. */
  public Verdict verdict() {
    return machine.verdict;
  }

  /** Nanoseconds since boot. */
  public long nowNs() {
    return queue.nowNs();
  }

  /** When the next event is due, in nanoseconds since boot; on the brink, that is the kill. */
  public long nextNs() {
    return queue.nextNs();
  }

  /** A hash over everything the episode announced so far: equal episodes have equal digests. */
  public long digest() {
    return machine.digest;
  }

  /** Whether chance has ever had a say here: if not, every seed gives the same episode. */
  public boolean hasDrawn() {
    return machine.hasDrawn();
  }

  /** Events handled since boot. */
  public long events() {
    return queue.handled();
  }

  /** What has happened so far. */
  public Ledger ledger() {
    return machine.ledger;
  }

  /** For whoever wants to look at the machine while it runs. */
  public Procfs procfs() {
    return procfs;
  }

  /** The same, for whoever stops it to look at everything. */
  public Vmcore vmcore() {
    return new Vmcore(this);
  }

  /** What somebody may do to it who has stopped it. */
  public ByHand byHand() {
    return new ByHand(this);
  }

  /** oom_badness() of a process now, in pages; {@link Long#MIN_VALUE} if it is not eligible. */
  public long badness(int process) {
    return badness.of(machine.processes[process]);
  }

  /**
   * How a process stands with the kill that {@link #runToNextKill} has come to; with the whole
   * machine if that was the end.
   */
  public Standing standing(int process) {
    return killer.standing(machine.processes[process]);
  }

  /** The number of the process that a task belongs to. */
  public int processOf(int task) {
    return machine.tasks[task].process.id;
  }

  /** How many processes there are, numbered from 0. */
  public int processes() {
    return machine.processes.length;
  }

  /** Free pages now. */
  public long freePages() {
    return machine.freePages;
  }

  /** Takes pages out of memory; only where there is something behind it. */
  PageOut pageOut() {
    if (pageOut == null) {
      throw new IllegalStateException("memory does not move");
    }
    return pageOut;
  }

  /** Brings pages back; only where there is something behind memory. */
  PageIn pageIn() {
    if (pageIn == null) {
      throw new IllegalStateException("memory does not move");
    }
    return pageIn;
  }

  /** Whether it may come to a result by this shortcut. */
  boolean takes(Shortcut shortcut) {
    return rigour.shortcuts().contains(shortcut);
  }

  // What is said to the queue: by Waits and RunQueue of tasks, and of what nobody waits for.

  void at(Event event, int subject, long timeNs) {
    if (timeNs < queue.nowNs()) {
      throw new LawBroken(Law.TIME_GOES_ON, event + " would be " + timeNs + " ns after boot");
    }
    queue.at(event.ordinal(), subject, timeNs);
  }

  void in(Event event, int subject, long delayNs) {
    at(event, subject, queue.nowNs() + delayNs);
  }

  /** Whether any event of somebody's is pending, for {@link Laws}. */
  boolean isAnyPending(int who) {
    if (who == Machine.REAPER) {
      return queue.isPending(Event.REAPER.ordinal(), 0)
          || queue.isPending(Event.CPU.ordinal(), machine.entity(who).id);
    }
    return queue.isAnyPending(Event.ALLOC.ordinal(), who);
  }

  void cancel(Event event, int subject) {
    queue.cancel(event.ordinal(), subject);
  }

  void emit(Tracepoint point, int subject, long a, long b) {
    assert flow.isSettled() : "whoever listens may look at memory";
    machine.emit(queue.nowNs(), point, subject, a, b);
  }

  long clock() {
    return queue.nowNs();
  }
}
