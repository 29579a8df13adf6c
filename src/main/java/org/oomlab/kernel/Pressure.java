package org.oomlab.kernel;

import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.SchedEntity;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.WaitsFor;

/**
 * Tells the pressure files who runs and who stalls: psi_task_change() and psi_task_switch() of
 * kernel/sched/psi.c, for the machine and for every cgroup.
 *
 * <p>Who waits for its work to be done can run; who is in a stall section is so for as long as the
 * mechanism says that put it there. kswapd, which is no task here, counts for nothing.
 */
final class Pressure {
  private final Kernel kernel;
  private final Machine machine;

  Pressure(Kernel kernel) {
    this.kernel = kernel;
    this.machine = kernel.machine;
  }

  /** Somebody has begun to wait for something else, or enters or leaves a stall section. */
  void look(int who) {
    if (who == Machine.REAPER) {
      return; // A kernel thread that never stalls; who runs beside it is not told by it.
    }
    Task task = machine.tasks[who];
    SchedEntity entity = machine.entities[who];
    boolean runnable = entity.waitsFor == WaitsFor.WORK || entity.waitsFor == WaitsFor.ACTS;
    int cpu = entity.cpu;
    if (!machine.hasAllProcessors()) {
      cpu = who % machine.psiCpus; // As many as the machine has, for all that it has less time.
    } else if (cpu == SchedEntity.NOWHERE) {
      cpu = Math.max(0, task.psiCpu);
    }
    boolean same =
        runnable == task.psiRunnable && task.stalls == task.psiStalls && cpu == task.psiCpu;
    if (same) {
      return;
    }
    tell(task, -1);
    task.psiRunnable = runnable;
    task.psiStalls = task.stalls;
    task.psiCpu = cpu;
    tell(task, 1);
  }

  private void tell(Task task, int many) {
    if (task.psiCpu < 0) {
      return;
    }
    long now = kernel.clock();
    machine.psi.change(task.psiCpu, now, task.psiRunnable, task.psiStalls, many);
    for (Memcg up = task.process.memcg; up != null; up = up.parent) {
      up.psi().change(task.psiCpu, now, task.psiRunnable, task.psiStalls, many);
    }
  }

  /** Somebody comes on a processor, or has left it. */
  void switched(int onCpu, SchedEntity entity, boolean comes) {
    if (entity.id == machine.tasks.length) {
      return;
    }
    int cpu = machine.hasAllProcessors() ? onCpu : entity.id % machine.psiCpus;
    boolean stalls = comes && machine.tasks[entity.id].stalls;
    long now = kernel.clock();
    machine.psi.current(cpu, now, stalls);
    for (Memcg memcg : machine.memcgs) {
      memcg.psi().current(cpu, now, stalls);
    }
  }
}
