package org.oomlab.kernel;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.daemon.watch.Body;
import org.oomlab.daemon.watch.Guard;
import org.oomlab.daemon.watch.Hands;
import org.oomlab.daemon.watch.Signal;
import org.oomlab.daemon.watch.Trigger;
import org.oomlab.daemon.watch.Watcher;
import org.oomlab.engine.Quantity;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Vigil;
import org.oomlab.pressure.PsiGroup;
import org.oomlab.pressure.PsiTrigger;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Span;
import org.oomlab.workload.Access;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Step;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.workload.Workload;

/**
 * The process of the daemon that a policy has: a task like any other, which sleeps, needs a
 * processor, may wait for memory and may be killed. What it concludes is its {@link Watcher}'s.
 */
final class Daemon implements Hands {
  /** Pages that hold what the kernel makes for one open file, and the buffer it is read into. */
  private static final int BUFFER_PAGES = 2;

  /** Entries of processes in /proc, inode and dentry, that fit into a page of slab. */
  private static final int ENTRIES_PER_PAGE = 4;

  private final Kernel kernel;
  private final Machine machine;
  private final Vigil vigil;
  private final Watcher watcher;
  private final DaemonSight sight;
  private final long lookNs;
  private final long scanNs;

  Daemon(Kernel kernel, Guard guard, Vigil vigil) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.vigil = vigil;
    this.watcher = guard.watcher();
    this.sight = new DaemonSight(kernel, machine.tasks[vigil.task].process.id);
    this.lookNs = guard.body().lookNs();
    this.scanNs = guard.body().scanNs();
  }

  // Its process.

  /** A workload with the daemon's process, the last of all. */
  static Workload populate(Workload workload, Guard guard) {
    Body body = guard.body();
    // All that it has it uses in every look: what was swapped out comes back first.
    boolean leaves = !body.locked() && workload.machine().paging().swap() != null;
    VmaSpec memory =
        new VmaSpec(
            null,
            VmaSpec.Kind.ANONYMOUS,
            new Quantity.Constant(body.memory()),
            body.locked(),
            VmaSpec.Notifier.NONE,
            false,
            false,
            false,
            -1,
            1,
            leaves ? new Access(Math.max(1, body.lookNs()), false) : null);
    ThreadSpec thread =
        new ThreadSpec(
            body.name(), 1, null, List.of(new Step.Sleep(new Quantity.Constant(Span.FOREVER))));
    ProcessSpec process =
        new ProcessSpec(
            nameIn(workload, body.name()),
            1,
            body.adj(),
            true,
            false,
            false,
            false,
            null,
            null,
            false,
            null,
            ProcessSpec.Freezer.NONE,
            new Quantity.Constant(0),
            List.of(memory),
            new Quantity.Constant(0),
            new Quantity.Constant(0),
            new Quantity.Constant(0),
            false,
            Span.SECOND,
            Span.FOREVER,
            0,
            List.of(thread));
    List<ProcessSpec> processes = new ArrayList<>(workload.processes());
    processes.add(process);
    return workload.withProcesses(processes);
  }

  /** Its name, unless a process of the workload has it already. */
  private static String nameIn(Workload workload, String name) {
    String free = name;
    while (workload.processNames().contains(free)) {
      free += "'";
    }
    return free;
  }

  // Its life.

  /** Its task goes on; true if the next thing takes no time. */
  boolean goOn(Task task) {
    switch (vigil.doing) {
      case WAKE -> {
        vigil.doing = Vigil.Doing.LOOK;
        return kernel.scheduler.compute(task, scaled(lookNs));
      }
      case LOOK -> {
        watcher.wake(sight, vigil.notes, this, vigil.fired);
        vigil.fired = -1;
        if (vigil.orders.isEmpty()) {
          return begin(task);
        }
        vigil.doing = Vigil.Doing.STRIKE;
        kernel.waits.in(task.id, Event.TASK_STEP, 0); // so that a fork can stop before it
        return false;
      }
      case STRIKE -> {
        strike();
        return begin(task);
      }
      case READ -> {
        kernel.allocator.giveBackKernel(task, task.kernelPages);
        vigil.doing = Vigil.Doing.LOOK;
        return kernel.scheduler.compute(task, scaled(scanNs * vigil.nextFiles));
      }
      case TRIGGER -> {
        return lookAtTriggers(task);
      }
      default -> throw new IllegalStateException("nothing goes on with " + vigil.doing);
    }
  }

  private long scaled(long ns) {
    return machine.slowness == 1 ? ns : Math.round(ns * machine.slowness);
  }

  /** Begins what it has asked for. */
  private boolean begin(Task task) {
    switch (vigil.next) {
      case SLEEP -> {
        vigil.doing = Vigil.Doing.WAKE;
        return kernel.scheduler.sleep(task, Task.State.SLEEPING, Math.max(1, vigil.nextNs));
      }
      case SLEEP_OR_TRIGGER -> {
        vigil.doing = Vigil.Doing.TRIGGER;
        vigil.untilNs = kernel.clock() + Math.max(1, vigil.nextNs);
        return sleepToTrigger(task);
      }
      case OPEN -> {
        vigil.doing = Vigil.Doing.READ;
        long pages = (long) BUFFER_PAGES + vigil.nextFiles / ENTRIES_PER_PAGE;
        return kernel.allocator.begin(
            task, Task.Request.ALLOC, Step.Gfp.KERNEL, pages, Machine.NOBODY);
      }
      case RELEASE -> {
        vigil.doing = Vigil.Doing.LOOK;
        return kernel.scheduler.mrelease(task, machine.processes[vigil.nextProcess]);
      }
      default -> throw new IllegalStateException("nobody asks for " + vigil.next);
    }
  }

  /**
   * psi_rtpoll_work() looks at a privileged trigger ten times in its window, whatever becomes of
   * the daemon meanwhile; here it does so on the daemon's own timer, which costs no processor.
   */
  private boolean sleepToTrigger(Task task) {
    long now = kernel.clock();
    long until = vigil.untilNs;
    if (vigil.triggerNs <= now) {
      vigil.triggerNs = Span.FOREVER;
      for (PsiTrigger trigger : vigil.triggers) {
        vigil.triggerNs = Math.min(vigil.triggerNs, now + trigger.pollNs());
      }
    }
    return kernel.scheduler.sleep(
        task, Task.State.SLEEPING, Math.max(1, Math.min(until, vigil.triggerNs) - now));
  }

  private boolean lookAtTriggers(Task task) {
    long now = kernel.clock();
    List<Trigger> asked = watcher.triggers();
    for (int i = 0; i < vigil.triggers.length && machine.measuresPressure; i++) {
      PsiGroup.State state = asked.get(i).full() ? PsiGroup.State.FULL : PsiGroup.State.SOME;
      if (vigil.triggers[i].look(now, machine.psi.totalNs(state, now))) {
        vigil.fired = i; // Where several fire at once, the last of the list is the worst.
      }
    }
    if (vigil.fired < 0 && now < vigil.untilNs) {
      return sleepToTrigger(task);
    }
    vigil.doing = Vigil.Doing.WAKE;
    return true;
  }

  /** Whether the next event of its task is that it sends signals. */
  boolean isAboutToStrike() {
    return vigil.doing == Vigil.Doing.STRIKE;
  }

  /** The first that it is about to kill, or {@link Machine#NOBODY}. */
  int target() {
    return vigil.orders.isEmpty() ? Machine.NOBODY : vigil.orders.get(0);
  }

  private void strike() {
    for (int i = 0; i < vigil.orders.size() && !vigil.muted; i += 2) {
      Process process = machine.processes[vigil.orders.get(i)];
      if (process.liveTasks > 0) {
        strike(process, Signal.values()[vigil.orders.get(i + 1)]);
      }
    }
    vigil.orders.clear();
  }

  /**
   * A signal from user space. What nobody handles is fatal, and then complete_signal() of
   * kernel/signal.c makes SIGKILL of SIGTERM at once.
   */
  private void strike(Process process, Signal signal) {
    Ledger ledger = machine.ledger;
    kernel.emit(Tracepoint.DAEMON_KILL, process.id, signal.ordinal(), machine.freePages);
    if (!process.groupExit) {
      ledger.addDaemonKill(process.id, kernel.clock(), signal.ordinal());
      ledger.rssLostPages += process.mm == null ? 0 : process.mm.rss();
      ledger.workLost += (double) kernel.scheduler.workOf(process) / process.spec.workUnit();
      machine.lastProgressNs = kernel.clock();
    }
    kernel.scheduler.sendKill(process);
  }

  // Its hands.

  @Override
  public void kill(int process, Signal signal) {
    vigil.orders.addLast(process);
    vigil.orders.addLast(signal.ordinal());
  }

  @Override
  public void sleep(long ns) {
    vigil.next = Vigil.Doing.SLEEP;
    vigil.nextNs = ns;
  }

  @Override
  public void sleepOrTrigger(long ns) {
    vigil.next = Vigil.Doing.SLEEP_OR_TRIGGER;
    vigil.nextNs = ns;
  }

  @Override
  public void readProc() {
    open(machine.processes.length);
  }

  @Override
  public void open(int files) {
    vigil.next = Vigil.Doing.OPEN;
    vigil.nextFiles = files;
  }

  @Override
  public void release(int process) {
    vigil.next = Vigil.Doing.RELEASE;
    vigil.nextProcess = process;
  }
}
