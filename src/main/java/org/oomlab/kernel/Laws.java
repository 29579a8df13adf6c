package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.NOBODY;
import static org.oomlab.kernel.state.Machine.REAPER;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.state.Futex;
import org.oomlab.kernel.state.IntList;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Mutex;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.ReaperPhase;
import org.oomlab.kernel.state.SchedEntity;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Task.ExitPhase;
import org.oomlab.kernel.state.Vma;
import org.oomlab.kernel.state.WaitsFor;
import org.oomlab.kernel.state.Walk;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.workload.ProcessSpec;

/**
 * Looks whether each {@link Law} holds, between two events. It reads and never writes; what has to
 * be remembered from one look to the next is its own.
 *
 * <p>The laws that cost next to nothing are not here but next to what could break them, and always
 * on: {@link Waits}, {@link Kernel#at}, {@link Machine#take}, {@link Watch#killed}.
 */
final class Laws {
  /** With {@link Rigour.Looks#NOW_AND_THEN}, so many events without a look, and one a task more. */
  private static final int EVENTS_AT_LEAST = 16;

  private final Kernel kernel;
  private final Machine machine;
  private final boolean readsWhileUnmapping;
  private final int events;
  private int untilNextLook;

  // What was seen of every mm the last time.
  private final int[] users;
  private final int[] flags;
  private boolean seen;

  // Counted anew with every look.
  private final int[] queued;
  private final int[] heldMutexes;
  private final int[] heldFutexes;
  private final int[] marked;
  private final int[] readers;
  private final int[] usersNow;
  private final long[] usage;

  Laws(Kernel kernel, Policy policy, boolean always) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.readsWhileUnmapping =
        policy.choice(Knobs.EXIT_MMAP_LOCK, Knobs.ExitLock.class) == Knobs.ExitLock.READ_THEN_WRITE;
    int size = machine.tasks.length + machine.processes.length + machine.mms.length;
    this.events = always ? 1 : EVENTS_AT_LEAST + size;
    int mms = machine.mms.length;
    this.users = new int[mms];
    this.flags = new int[mms];
    this.queued = new int[machine.entities.length];
    this.heldMutexes = new int[machine.tasks.length];
    this.heldFutexes = new int[machine.tasks.length];
    this.marked = new int[machine.processes.length];
    this.readers = new int[mms];
    this.usersNow = new int[mms];
    this.usage = new long[machine.memcgs.length];
  }

  /** A new episode, or one that goes on from a copy: nothing has been seen of it. */
  void forget() {
    seen = false;
    untilNextLook = 0;
  }

  /** Called after every event. */
  void look() {
    if (untilNextLook-- <= 0) {
      untilNextLook = events - 1;
      lookNow();
    }
  }

  /**
   * Looks at all of them.
   *
   * @throws LawBroken if one does not hold
   */
  void lookNow() {
    if (!machine.pagesAreConserved()) {
      throw broken(Law.PAGES_CONSERVED, "some are lost, or invented");
    }
    count();
    nothingIsNegative();
    lookAtLedger();
    for (Mm mm : machine.mms) {
      look(mm);
    }
    seen = true;
    for (Mutex mutex : machine.mutexes) {
      look(mutex);
    }
    look(machine.oomLock);
    for (Futex futex : machine.futexes) {
      look(futex);
    }
    for (Process process : machine.processes) {
      look(process);
    }
    for (SchedEntity entity : machine.entities) {
      look(entity);
    }
    for (Task task : machine.tasks) {
      look(task);
    }
    lookAtProcessors();
    lookAtWalks();
    lookAtReaperList();
    lookAtCgroups();
  }

  // What is counted once, for all of them.

  private void count() {
    Arrays.fill(queued, 0);
    Arrays.fill(heldMutexes, 0);
    Arrays.fill(heldFutexes, 0);
    Arrays.fill(marked, 0);
    Arrays.fill(readers, 0);
    Arrays.fill(usersNow, 0);
    Arrays.fill(usage, 0);
    for (Mutex mutex : machine.mutexes) {
      count(mutex);
      if (mutex.owner != NOBODY) {
        heldMutexes[mutex.owner]++;
      }
    }
    count(machine.oomLock);
    for (Futex futex : machine.futexes) {
      for (int i = 0; i < futex.waiters.size(); i++) {
        queued[futex.waiters.get(i)]++;
      }
      if (futex.owner != NOBODY && !futex.broken) {
        heldFutexes[futex.owner]++;
      }
    }
    for (Mm mm : machine.mms) {
      for (int i = 0; i < mm.waiters.size(); i++) {
        queued[mm.waiters.get(i) >> 1]++;
      }
      for (int i = 0; i < mm.followers.size(); i++) {
        queued[machine.entity(mm.followers.get(i)).id]++;
      }
      for (Memcg memcg = mm.memcg; memcg != null; memcg = memcg.parent) {
        usage[memcg.id] += mm.charged();
      }
    }
    for (Task task : machine.tasks) {
      Mm reads = readBy(task);
      if (reads != null) {
        readers[reads.id]++;
      }
      if (task.hasMm) {
        usersNow[task.process.mm.id]++;
      }
      marked[task.process.id] += task.marked ? 1 : 0;
    }
    if (machine.reaperPhase == ReaperPhase.REAPING) {
      readers[machine.processes[machine.reaperVictim].mm.id]++;
    }
  }

  private void count(Mutex mutex) {
    for (int i = 0; i < mutex.waiters.size(); i++) {
      queued[machine.entity(mutex.waiters.get(i)).id]++;
    }
  }

  /** The mm whose mmap_lock a task holds for reading, or null. */
  private @Nullable Mm readBy(Task task) {
    if (kernel.waits.of(task.id) == WaitsFor.A_TURN) {
      return null;
    }
    return switch (task.state) {
      case RELEASING -> machine.mms[task.heldMmap];
      case ALLOCATING ->
          task.allocPhase == Task.AllocPhase.REAPING ? machine.mms[task.walk.mm] : null;
      case EXITING -> {
        boolean unmaps =
            task.exitPhase == ExitPhase.LOCKED
                || task.exitPhase == ExitPhase.MUNLOCKED
                || task.exitPhase == ExitPhase.UNMAPPED;
        boolean reads = task.exitPhase == ExitPhase.EXIT_MM || (readsWhileUnmapping && unmaps);
        yield reads ? task.process.mm : null;
      }
      default -> null;
    };
  }

  private void nothingIsNegative() {
    notNegative(machine.freePages, "free pages");
    notNegative(machine.cleanCachePages, "clean page cache");
    notNegative(machine.dirtyCachePages, "dirty page cache");
    long nobodys = machine.cleanCachePages + machine.dirtyCachePages;
    for (Memcg memcg : machine.memcgs) {
      nobodys -= memcg.cachePages;
    }
    notNegative(nobodys, "page cache that no cgroup is charged for");
    notNegative(machine.kernelPages, "the kernel's pages");
    notNegative(machine.orphanedPages, "pages without a user");
    notNegative(machine.blockedTasks, "blocked tasks");
    notNegative(machine.dyingAllocators, "dying allocators");
    for (Memcg memcg : machine.memcgs) {
      notNegative(memcg.usagePages, "the usage of a cgroup");
    }
    for (Mm mm : machine.mms) {
      notNegative(mm.pageTablePages, "page tables");
      notNegative(mm.swapPages, "swap entries");
      notNegative(mm.sharedPending, "shared pages");
      notNegative(mm.gatheredPages, "gathered pages");
      notNegative(mm.users, "users of an mm");
      notNegative(mm.readers, "readers of an mmap_lock");
      for (Vma vma : mm.vmas) {
        notNegative(vma.pages, "pages of a mapping");
        notNegative(vma.touchedPages, "touched pages of a mapping");
        notNegative(vma.reapedPages, "reaped pages of a mapping");
        notNegative(Math.min(vma.zappedUp, vma.zappedDown), "zapped pages of a mapping");
      }
    }
    for (Task task : machine.tasks) {
      notNegative(task.kernelPages, "kernel pages of a task");
      notNegative(task.wantPages, "wanted pages");
      notNegative(task.batchPages, "pages of a batch");
      notNegative(task.satisfied, "satisfied requests");
      notNegative(task.holdNs, "time to hold a lock");
    }
  }

  private static void notNegative(long count, String what) {
    if (count < 0) {
      throw broken(Law.NEVER_NEGATIVE, what + ": " + count);
    }
  }

  // One thing after the other.

  private void look(Mm mm) {
    if (mm.users != usersNow[mm.id]) {
      throw broken(Law.MM_STATES, mm.users + " users on record, " + usersNow[mm.id] + " in fact");
    }
    if (mm.gone && (mm.users > 0 || mm.footprint() > mm.sharedPending)) {
      throw broken(Law.MM_STATES, "gone while somebody uses it, or while it has pages");
    }
    int now =
        (mm.oomSkip ? 1 : 0)
            | (mm.unstable ? 2 : 0)
            | (mm.victim ? 4 : 0)
            | (mm.gone ? 8 : 0)
            | (mm.handedOver ? 16 : 0)
            | (mm.unreapable ? 32 : 0);
    if (seen && ((flags[mm.id] & ~now) != 0 || mm.users > users[mm.id])) {
      throw broken(Law.MM_STATES, "it has lost a flag or won a user");
    }
    flags[mm.id] = now;
    users[mm.id] = mm.users;
    if (mm.readers != readers[mm.id]) {
      throw broken(
          Law.LOCK_STATES, mm.readers + " readers on record, " + readers[mm.id] + " in fact");
    }
    if (mm.writer != NOBODY && (mm.readers > 0 || isDead(mm.writer))) {
      throw broken(Law.LOCK_STATES, "an mmap_lock with a writer and readers, or of a dead writer");
    }
    if (!mm.waiters.isEmpty() && mm.writer == NOBODY && mm.readers == 0) {
      throw broken(Law.WAKER, "somebody waits for an mmap_lock that nobody holds");
    }
    if (!mm.followers.isEmpty() && mm.zapper == NOBODY) {
      throw broken(Law.WAKER, "a walk waits for one that is over");
    }
  }

  private boolean isDead(int task) {
    return machine.tasks[task].state == Task.State.DEAD;
  }

  private void look(Mutex mutex) {
    if (mutex.owner == NOBODY && !mutex.waiters.isEmpty()) {
      throw broken(Law.WAKER, "somebody waits for a mutex that nobody holds");
    }
    if (mutex.owner >= 0 && isDead(mutex.owner)) {
      throw broken(Law.LOCK_STATES, machine.tasks[mutex.owner] + " is dead and owns a mutex");
    }
  }

  private void look(Futex futex) {
    if (futex.broken) {
      return; // Its owner has died, and nobody will ever be told.
    }
    if (futex.owner == NOBODY && !futex.waiters.isEmpty()) {
      throw broken(Law.WAKER, "somebody waits for a futex that nobody holds");
    }
    if (futex.owner != NOBODY && isDead(futex.owner)) {
      throw broken(Law.FUTEX_STATES, machine.tasks[futex.owner] + " is dead and owns a futex");
    }
  }

  private void look(Process process) {
    if (process.markedTasks != marked[process.id]) {
      throw broken(Law.MARK_NEEDS_DEATH, process.name + ": marks are counted wrongly");
    }
    int alive = 0;
    for (Task task : process.tasks) {
      alive += task.state == Task.State.DEAD ? 0 : 1;
    }
    if (alive != process.liveTasks) {
      throw broken(Law.LEDGER, process.name + ": live threads are counted wrongly");
    }
  }

  private void look(SchedEntity entity) {
    int who = machine.whoIs(entity);
    boolean waitsInQueue = entity.waitsFor == WaitsFor.A_TURN || entity.waitsFor == WaitsFor.A_WALK;
    if (queued[entity.id] != (waitsInQueue ? 1 : 0)) {
      throw broken(
          Law.WAKER,
          kernel.waits.nameOf(who)
              + " waits for "
              + entity.waitsFor
              + " in "
              + queued[entity.id]
              + " queues");
    }
    boolean hasProcessor = entity.cpu != SchedEntity.NOWHERE;
    boolean inLine = machine.runnable.contains(entity.id);
    boolean works = entity.waitsFor == WaitsFor.WORK;
    boolean contended = machine.processors.length > 0;
    if (hasProcessor && inLine || contended && works != (hasProcessor || inLine)) {
      throw broken(
          works ? Law.WAKER : Law.ONE_WAIT,
          kernel.waits.nameOf(who)
              + " waits for "
              + entity.waitsFor
              + (hasProcessor ? ", on a processor" : inLine ? ", in line for one" : ""));
    }
    if (entity.waitsFor == WaitsFor.ACTS) {
      throw broken(Law.WAKER, kernel.waits.nameOf(who) + " acts between two events");
    }
    boolean pending = kernel.isAnyPending(who);
    boolean needsEvent = entity.waitsFor == WaitsFor.A_MOMENT || works && !inLine;
    if (pending && !needsEvent) {
      throw broken(
          Law.ONE_WAIT,
          kernel.waits.nameOf(who) + " waits for " + entity.waitsFor + " and has an event pending");
    }
  }

  private void look(Task task) {
    boolean ownsLock = task.heldMmap != NOBODY && task.state != Task.State.RELEASING;
    if (task.heldMutexes != heldMutexes[task.id] + (ownsLock ? 1 : 0)) {
      throw broken(Law.LOCK_STATES, task + ": the locks it holds are counted wrongly");
    }
    if (task.heldFutexes != heldFutexes[task.id]) {
      throw broken(Law.FUTEX_STATES, task + ": the futexes it holds are counted wrongly");
    }
    boolean mayBeFrozen =
        task.state == Task.State.RUNNING
            || task.state == Task.State.SLEEPING
            || task.state == Task.State.WAITING_FUTEX;
    if (task.frozen && (!mayBeFrozen || task.process.freezer == ProcessSpec.Freezer.NONE)) {
      throw broken(Law.FREEZER_STATES, task + " is frozen and " + task.state);
    }
    if (task.marked && !task.killed && !task.exiting) {
      throw broken(Law.MARK_NEEDS_DEATH, task + " is marked and not dying");
    }
    WaitsFor what = kernel.waits.of(task.id);
    if (task.state == Task.State.DEAD != (what == WaitsFor.NOTHING)) {
      throw broken(Law.ONE_WAIT, task + " is " + task.state + " and waits for " + what);
    }
    if (what == WaitsFor.A_SIGNAL
        && (task.state == Task.State.ALLOCATING || task.state == Task.State.RELEASING)) {
      throw broken(Law.WAKER, task + " sleeps for ever while " + task.state);
    }
  }

  private void lookAtProcessors() {
    for (int cpu = 0; cpu < machine.processors.length; cpu++) {
      int running = machine.processors[cpu].running;
      if (running != NOBODY && machine.entities[running].cpu != cpu) {
        throw broken(Law.ONE_WAIT, "a processor runs somebody who is elsewhere");
      }
      if (machine.idle.contains(cpu) != (running == NOBODY)) {
        throw broken(Law.WAKER, "an idle processor is not known to be idle, or a busy one is");
      }
      if (running == NOBODY && !machine.runnable.isEmpty()) {
        throw broken(Law.WAKER, "a processor is idle while somebody waits for one");
      }
    }
  }

  private void lookAtWalks() {
    look(machine.reaperWalk, null);
    for (Task task : machine.tasks) {
      look(task.walk, task);
    }
  }

  private void look(Walk walk, @Nullable Task task) {
    if (!walk.isActive() || !walk.isUnderWay()) {
      return; // On its way, or past the last page: it takes nothing.
    }
    Mm mm = machine.mms[walk.mm];
    boolean exits = task != null && task.state == Task.State.EXITING && task.process.mm == mm;
    boolean last = exits && mm.users == 0;
    boolean reads = walk.pass == Walk.Pass.REAP && mm.readers > 0 && !exits;
    if (!last && !reads) {
      throw broken(
          Law.RIGHT_TO_FREE,
          kernel.waits.nameOf(walk.id) + " walks, " + walk.pass + ", without the lock");
    }
    if (walk.donePages < 0 || walk.donePages > walk.pages || walk.quota < 0) {
      throw broken(
          Law.RIGHT_TO_FREE,
          kernel.waits.nameOf(walk.id) + ": " + walk.donePages + " of " + walk.pages + " pages");
    }
  }

  private void lookAtReaperList() {
    IntList list = machine.reaperList;
    for (int i = 0; i < list.size(); i++) {
      Process victim = machine.processes[list.get(i)];
      if (victim.mm == null || !victim.mm.reapQueued) {
        throw broken(Law.REAPER_LIST, victim.name + " is on it without having been queued");
      }
      for (int k = 0; k < i; k++) {
        if (machine.processes[list.get(k)].mm == victim.mm) {
          throw broken(Law.REAPER_LIST, victim.name + " is on it twice");
        }
      }
    }
    boolean atWork = machine.reaperPhase != ReaperPhase.IDLE;
    if (!atWork && (!list.isEmpty() || kernel.waits.of(REAPER) != WaitsFor.A_SIGNAL)) {
      throw broken(Law.WAKER, "the reaper is idle while there are victims");
    }
  }

  private void lookAtCgroups() {
    for (Memcg memcg : machine.memcgs) {
      for (Memcg up = memcg; up != null; up = up.parent) {
        usage[up.id] += memcg.cachePages + memcg.orphanedPages;
      }
    }
    for (Memcg memcg : machine.memcgs) {
      if (memcg.usagePages != usage[memcg.id]) {
        throw broken(
            Law.CGROUP_SUM,
            memcg.spec.name() + ": " + memcg.usagePages + " on record, " + usage[memcg.id]);
      }
    }
  }

  private void lookAtLedger() {
    Ledger ledger = machine.ledger;
    int blocked = 0;
    int dying = 0;
    for (Task task : machine.tasks) {
      blocked += task.isBlockedOnMemory() ? 1 : 0;
      dying += task.growing && task.killed && task.state != Task.State.DEAD ? 1 : 0;
    }
    if (blocked != machine.blockedTasks || dying != machine.dyingAllocators) {
      throw broken(
          Law.LEDGER,
          machine.blockedTasks
              + " blocked and "
              + machine.dyingAllocators
              + " dying on record, "
              + blocked
              + " and "
              + dying
              + " in fact");
    }
    if (ledger.killEvents > ledger.killLines
        || ledger.kills > ledger.killLines
        || ledger.kills > machine.processes.length
        || ledger.reserveMinPages > machine.freePages) {
      throw broken(Law.LEDGER, "more kills than processes or lines, or a least that is not least");
    }
    for (int i = 0; i < ledger.kills; i++) {
      boolean known = machine.processes[ledger.killedProcess[i]].groupExit;
      boolean inOrder = i == 0 || ledger.killTimeNs[i] >= ledger.killTimeNs[i - 1];
      for (int k = 0; k < i; k++) {
        known &= ledger.killedProcess[k] != ledger.killedProcess[i];
      }
      if (!known || !inOrder || ledger.killTimeNs[i] < ledger.firstOomNs) {
        throw broken(Law.LEDGER, "a kill is out of order, twice there, or of somebody alive");
      }
    }
  }

  private static LawBroken broken(Law law, String how) {
    return new LawBroken(law, how);
  }
}
