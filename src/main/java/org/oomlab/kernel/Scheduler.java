package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.NOBODY;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.Process;
import org.oomlab.kernel.state.Program;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.WaitsFor;
import org.oomlab.kernel.state.Walk;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Span;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Step;

/**
 * Runs the programs of tasks: what each does with its life until memory, a lock or a signal stops
 * it. Every task that can run has a processor.
 */
final class Scheduler {
  /** Steps at one moment, requests that fail at once among them, before a tick has to go by. */
  private static final int STEPS_AT_ONCE = 1000;

  private final Kernel kernel;
  private final Machine machine;
  private final boolean hasProcessMrelease;

  /** Whose programs wait for what happens to others. */
  private final Task[] watchers;

  Scheduler(Kernel kernel, Policy policy) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.hasProcessMrelease = policy.is(Knobs.PROCESS_MRELEASE);
    List<Task> watching = new ArrayList<>();
    for (Task task : machine.tasks) {
      if (task.program.watches()) {
        watching.add(task);
      }
    }
    this.watchers = watching.toArray(new Task[0]);
  }

  /** What wakes a task, whatever it has waited for. */
  Event eventOf(Task task) {
    return switch (task.state) {
      case EXITING -> Event.EXIT;
      case ALLOCATING -> Event.ALLOC;
      default -> Event.TASK_STEP;
    };
  }

  /** Lets every task begin. */
  void start() {
    kernel.waits.forSignal(Machine.REAPER);
    for (Task task : machine.tasks) {
      long startNs = task.process.spec.start().sample(task.choices);
      if (startNs > 0) {
        task.state = Task.State.SLEEPING;
      }
      if (startNs < Span.FOREVER) {
        kernel.waits.until(task.id, Event.TASK_STEP, startNs);
      } else {
        kernel.waits.forSignal(task.id);
      }
    }
  }

  /** A task's time has come: its sleep is over, its lock is free, its computation done. */
  void step(Task task) {
    if (isInProgram(task.state)) {
      if (task.frozen) {
        task.stepMissed = true;
        kernel.waits.forSignal(task.id);
      } else {
        resume(task);
      }
    } else if (task.state == Task.State.RELEASING) {
      kernel.flow.settle();
      releasing(task);
    }
  }

  private static boolean isInProgram(Task.State state) {
    return state == Task.State.SLEEPING
        || state == Task.State.RUNNING
        || state == Task.State.BLOCKED
        || state == Task.State.WAITING_LOCK
        || state == Task.State.WAITING_FUTEX;
  }

  /** Goes on with the program until something takes time. */
  void resume(Task task) {
    task.state = Task.State.RUNNING;
    if (task.heldMmap != NOBODY) {
      kernel.flow.settle();
      if (!stillHoldsMmap(task)) {
        return;
      }
    }
    if (task.resumedNs != kernel.clock()) {
      task.resumedNs = kernel.clock();
      task.stepsAtOnce = 0;
    }
    Program program = task.program;
    int pc = task.pc;
    for (; task.stepsAtOnce < STEPS_AT_ONCE; task.stepsAtOnce++) {
      if ((task.killed || task.freezeRequested) && task.heldMutexes == 0 && returnsToUser(task)) {
        return;
      }
      if (task.computeNs > 0 && !kernel.pageIn().goOn(task)) {
        return;
      }
      if (pc >= program.length()) {
        task.state = Task.State.SLEEPING;
        kernel.waits.forSignal(task.id);
        return;
      }
      Program.Op op = program.op(pc++);
      if (op.isJump()) {
        pc = jump(task, op, pc);
        task.pc = pc;
      } else {
        task.pc = pc;
        if (!execute(task, op)) {
          return;
        }
      }
    }
    kernel.waits.until(task.id, Event.TASK_STEP, kernel.timers.afterTicks(1)); // cond_resched()
  }

  /** On the way back to user space: signals and the freezer. True if the task gets no further. */
  private boolean returnsToUser(Task task) {
    kernel.flow.settle();
    if (task.freezeRequested) {
      task.freezeRequested = false;
      task.frozen = true;
      task.stepMissed = true;
      task.state = Task.State.SLEEPING;
      kernel.waits.forSignal(task.id);
      if (task.killed) {
        receiveKill(task);
      }
      return true;
    }
    if (task.killed) {
      dieOfSignal(task);
      return true;
    }
    return false;
  }

  /** Does one instruction; false if it takes time. */
  private boolean execute(Task task, Program.Op op) {
    if (op.code() == Program.Code.SLEEP) {
      return sleep(task, Task.State.SLEEPING, amount(task, op));
    }
    if (op.code() == Program.Code.COMPUTE) {
      return compute(task, amount(task, op));
    }
    if (op.code() == Program.Code.TOUCH) {
      boolean goesOn = allocate(task, Task.Request.TOUCH, Step.Gfp.KERNEL, op);
      Quantity rate = ((Step.Touch) op.step()).rate();
      if (!goesOn && rate != null) {
        kernel.allocator.paces(task, Math.max(1, rate.sample(task.choices)));
      }
      return goesOn;
    }
    return perform(task, op);
  }

  /** Where a jump leads; {@code next} is the step behind it. */
  private static int jump(Task task, Program.Op op, int next) {
    return switch (op.code()) {
      case LOOP -> {
        task.loops[op.slot()] = op.count();
        yield op.count() == 0 ? op.target() : next;
      }
      case AGAIN -> op.count() < 0 || --task.loops[op.slot()] > 0 ? op.target() : next;
      case CHANCE -> task.choices.nextDouble() < op.probability() ? next : op.target();
      default -> throw new IllegalStateException("not a jump: " + op);
    };
  }

  /** What a workload does less often than to compute, to sleep and to touch memory. */
  private boolean perform(Task task, Program.Op op) {
    kernel.flow.settle();
    machine.lastChangeNs = kernel.clock();
    switch (op.code()) {
      case BLOCK -> {
        return sleep(task, Task.State.BLOCKED, amount(task, op));
      }
      case ALLOC -> {
        return allocate(task, Task.Request.ALLOC, ((Step.Alloc) op.step()).gfp(), op);
      }
      case DRAIN -> {
        return allocate(task, Task.Request.DRAIN, Step.Gfp.KERNEL, op);
      }
      case ALLOC_UNTIL_KILLED -> {
        task.thenPages = amount(task, op);
        task.untilProcess = op.subject();
        return kernel.allocator.begin(
            task, Task.Request.UNTIL_KILLED, Step.Gfp.KERNEL, Long.MAX_VALUE / 4, NOBODY);
      }
      case FREE -> {
        return free(task, amount(task, op));
      }
      case LOCK -> {
        return kernel.locks.lock(task, op.subject());
      }
      case UNLOCK -> kernel.locks.unlock(task, op.subject());
      case WAIT_LOCKED -> {
        return waitLocked(task, op.subject());
      }
      case MMAP_LOCK -> {
        return holdMmap(task, machine.processes[op.subject()].mm, amount(task, op));
      }
      case TAKE_FUTEX, WAIT_FUTEX -> {
        return kernel.futexes.takeOrWait(task, op.subject());
      }
      case RELEASE_FUTEX -> kernel.futexes.release(task, op.subject());
      case FREEZE -> {
        Step.Freeze freeze = (Step.Freeze) op.step();
        kernel.freezer.freeze(machine.processes[op.subject()], freeze.freezer());
      }
      case THAW -> kernel.freezer.thaw(machine.processes[op.subject()]);
      case KILL -> {
        sendKill(machine.processes[op.subject()]);
        return task.state == Task.State.RUNNING;
      }
      case WAIT_KILLED -> {
        return watch(task, machine.processes[op.subject()].groupExit);
      }
      case WAIT_OOM_SKIP -> {
        Mm mm = machine.processes[op.subject()].mm;
        return watch(task, mm == null || mm.oomSkip);
      }
      case MRELEASE -> {
        return mrelease(task, machine.processes[op.subject()]);
      }
      case WATCH -> {
        return kernel.watches(task);
      }
      case CHECKPOINT -> task.process.workNs = unfinishedNs(task.process);
      case EXIT -> {
        sendKill(task.process);
        return task.state == Task.State.RUNNING;
      }
      default -> throw new IllegalStateException("not a step: " + op);
    }
    return true;
  }

  private static long amount(Task task, Program.Op op) {
    return op.amount().sample(task.choices);
  }

  private boolean allocate(Task task, Task.Request request, Step.Gfp gfp, Program.Op op) {
    return kernel.allocator.begin(task, request, gfp, amount(task, op), op.subject());
  }

  /** Sleeps for so long, or until a signal if that is for ever; false: that takes time. */
  boolean sleep(Task task, Task.State state, long ns) {
    if (ns == 0 || (state == Task.State.SLEEPING && task.killed)) {
      return true;
    }
    task.state = state;
    if (ns < Span.FOREVER) {
      kernel.waits.in(task.id, Event.TASK_STEP, ns);
    } else {
      kernel.waits.forSignal(task.id);
    }
    return false;
  }

  /** Runs in user space for so long; false: that takes time. */
  boolean compute(Task task, long ns) {
    if (machine.backing != null && ns > 0 && kernel.pageIn().uses(task)) {
      return kernel.pageIn().begin(task, ns);
    }
    task.process.workNs += ns;
    if (ns == 0) {
      return true;
    }
    kernel.waits.work(task.id, Event.TASK_STEP, ns);
    return false;
  }

  private boolean waitLocked(Task task, int mutex) {
    if (machine.mutexes[mutex].owner != NOBODY) {
      return true;
    }
    task.pc--;
    kernel.waits.until(task.id, Event.TASK_STEP, kernel.timers.afterTicks(1));
    return false;
  }

  // What a workload may time its actions by: not a part of any kernel, but of who watches one.

  private boolean watch(Task task, boolean happened) {
    if (happened || task.killed) {
      return true;
    }
    task.state = Task.State.SLEEPING;
    kernel.waits.forSignal(task.id);
    return false;
  }

  /** Wakes who waits for this to happen to the process, or to another with its address space. */
  void happened(Program.Code what, Process process) {
    for (Task task : watchers) {
      if (task.state != Task.State.SLEEPING || task.pc == 0) {
        continue;
      }
      Program.Op op = task.program.op(task.pc - 1);
      boolean waits = op.code() == what && kernel.waits.of(task.id) == WaitsFor.A_SIGNAL;
      if (!waits || !isOf(machine.processes[op.subject()], what, process)) {
        continue;
      }
      if (task.frozen) {
        task.stepMissed = true;
      } else {
        kernel.waits.wakeNow(task.id, Event.TASK_STEP);
      }
    }
  }

  private static boolean isOf(Process watched, Program.Code what, Process process) {
    return watched == process
        || (what == Program.Code.WAIT_OOM_SKIP && watched.mm != null && watched.mm == process.mm);
  }

  // mmap_lock, held for writing by somebody who unmaps, or who sleeps.

  /** Kernel memory first; the rest by munmap(), which is vm_munmap() of mm/mmap.c. */
  private boolean free(Task task, long pages) {
    long left = pages - kernel.allocator.giveBackKernel(task, pages);
    Mm mm = task.process.mm;
    if (left == 0 || mm == null || !mm.hasAnonymousPages()) {
      return true;
    }
    task.heldMmap = mm.id;
    task.unmapPages = left;
    task.heldMutexes++;
    if (kernel.locks.write(task, mm)) {
      return stillHoldsMmap(task);
    }
    task.state = Task.State.WAITING_LOCK;
    return false;
  }

  /**
   * mmap_write_lock_killable() was interrupted: EINTR. True if a killed task has left the queue.
   */
  private boolean givesUpUnmapping(Task task) {
    if (task.unmapPages == 0 || !kernel.locks.stopWaiting(task, machine.mms[task.heldMmap], true)) {
      return false;
    }
    task.unmapPages = 0;
    task.heldMmap = NOBODY;
    task.heldMutexes--;
    return true;
  }

  private boolean holdMmap(Task task, @Nullable Mm mm, long ns) {
    if (mm == null || mm.users == 0) {
      return true; // get_task_mm() of kernel/fork.c has nothing to give: its users are gone.
    }
    task.heldMmap = mm.id;
    task.holdNs = ns;
    task.heldMutexes++;
    if (kernel.locks.write(task, mm)) {
      return sleep(task, Task.State.BLOCKED, takeHoldTime(task)) && stillHoldsMmap(task);
    }
    task.state = Task.State.WAITING_LOCK;
    return false;
  }

  private static long takeHoldTime(Task task) {
    long ns = task.holdNs;
    task.holdNs = 0;
    return ns;
  }

  /** Called when the lock was granted, or when the sleep with it is over. True to go on. */
  private boolean stillHoldsMmap(Task task) {
    long ns = takeHoldTime(task);
    if (ns > 0) {
      sleep(task, Task.State.BLOCKED, ns);
      return false;
    }
    Mm mm = machine.mms[task.heldMmap];
    kernel.allocator.unmap(mm, task.unmapPages);
    task.unmapPages = 0;
    task.heldMmap = NOBODY;
    task.heldMutexes--;
    kernel.locks.writeUnlock(mm);
    return true;
  }

  // process_mrelease(), mm/oom_kill.c: one pass over a dying process, in the caller's context.

  /** The call; false: that takes time. */
  boolean mrelease(Task task, Process target) {
    Mm mm = target.mm;
    if (!hasProcessMrelease || mm == null || !kernel.victims.willFreeMem(target)) {
      return true; // ENOSYS, ESRCH or EINVAL: it is gone, hidden already, or not dying at all.
    }
    task.state = Task.State.RELEASING;
    task.heldMmap = mm.id;
    if (!kernel.locks.read(task, mm)) {
      return false;
    }
    return releasing(task, false);
  }

  private void releasing(Task task) {
    if (releasing(task, true)) {
      resume(task);
    }
  }

  private boolean releasing(Task task, boolean woken) {
    Mm mm = machine.mms[task.heldMmap];
    boolean walking = woken && task.walk.isActive();
    if (!walking && !mm.oomSkip && !mm.gone) {
      kernel.emit(Tracepoint.MRELEASE, ownerOf(mm).id, task.id, 0);
      mm.unstable = true;
      kernel.teardown.start(task.walk, mm, Walk.Pass.REAP);
    }
    if (task.walk.isActive() && !kernel.teardown.run(task.walk)) {
      return false;
    }
    task.heldMmap = NOBODY;
    kernel.locks.readUnlock(mm);
    task.state = Task.State.RUNNING;
    return true;
  }

  private Process ownerOf(Mm mm) {
    for (Process process : machine.processes) {
      if (process.mm == mm) {
        return process;
      }
    }
    throw new IllegalStateException("an mm of nobody");
  }

  // Death.

  /** SIGKILL to a whole process, or its exit_group(). */
  void sendKill(Process process) {
    boolean first = !process.groupExit;
    process.groupExit = true;
    for (Task task : process.tasks) {
      if (!task.killed) {
        task.killed = true;
        kernel.watch.struck(task);
        receiveKill(task);
      }
    }
    if (first && watchers.length > 0) {
      happened(Program.Code.WAIT_KILLED, process);
    }
  }

  /** What a killed task does about it now: some states end, others must end by themselves. */
  void receiveKill(Task task) {
    if (task.frozen && task.process.freezer == ProcessSpec.Freezer.V1) {
      return; // Only a thaw ends this.
    }
    task.frozen = false;
    switch (task.state) {
      case RUNNING, SLEEPING -> {
        if (task.heldMutexes == 0 || task.state == Task.State.SLEEPING || task.stepMissed) {
          goOnOrDie(task);
        }
      }
      case WAITING_FUTEX -> {
        kernel.futexes.leave(task);
        goOnOrDie(task);
      }
      case RELEASING -> {
        if (kernel.locks.stopWaiting(task, machine.mms[task.heldMmap], false)) {
          task.heldMmap = NOBODY; // EINTR
          task.state = Task.State.SLEEPING;
          goOnOrDie(task);
        }
      }
      case WAITING_LOCK -> {
        if (givesUpUnmapping(task)) {
          goOnOrDie(task);
        }
      }
      case ALLOCATING -> kernel.allocator.receiveKill(task);
      case BLOCKED, EXITING, DEAD -> {}
    }
  }

  /** In user space it dies; in the kernel, with a mutex held, it goes on until it has left. */
  private void goOnOrDie(Task task) {
    if (task.heldMutexes == 0) {
      dieOfSignal(task);
    } else {
      task.stepMissed = false;
      kernel.waits.interrupt(task.id);
      kernel.waits.in(task.id, Event.TASK_STEP, 0);
    }
  }

  private void dieOfSignal(Task task) {
    if (task.state == Task.State.RUNNING) {
      task.process.workNs -= kernel.runQueue.remainingNs(task.id); // It was counted at its start.
    }
    kernel.waits.interrupt(task.id);
    kernel.exitPath.die(task, machine.cost(machine.costs.exitLatency(), task.latencies));
  }

  /** What its threads have yet to compute of what was counted as work when they began. */
  private long unfinishedNs(Process process) {
    long ns = 0;
    for (Task task : process.tasks) {
      if (task.state == Task.State.RUNNING) {
        ns += kernel.runQueue.remainingNs(task.id);
      }
    }
    return ns;
  }

  /** Nanoseconds a process has run since its last checkpoint. */
  long workOf(Process process) {
    long ns = process.workNs - unfinishedNs(process);
    long checkpoint = process.spec.checkpoint();
    return Math.max(0, checkpoint < Span.FOREVER ? ns % checkpoint : ns);
  }
}
