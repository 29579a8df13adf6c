package org.oomlab.kernel.state;

import org.jspecify.annotations.Nullable;
import org.oomlab.workload.ProcessSpec;

/** A thread group: what is killed. signal_struct and the leader's task_struct in one. */
@SuppressWarnings(
    "JavaLangClash") // Nobody starts programs here; the kernel's word is the right one.
public final class Process {
  public final int id;
  public final ProcessSpec spec;
  public final String name;

  /** Null for a kernel thread. */
  public final @Nullable Mm mm;

  public final @Nullable Memcg memcg;
  public final int parent;
  public Task[] tasks = {};

  public int oomScoreAdj;
  public int liveTasks;

  /** signal->oom_mm is set: it is an OOM victim. */
  public boolean oomVictim;

  /** Threads with TIF_MEMDIE: signal->oom_victims of 4.7. */
  public int markedTasks;

  /** SIGKILL for the whole group, or exit_group(): SIGNAL_GROUP_EXIT. */
  public boolean groupExit;

  /** signal->oom_kill_expire of the 2016 patch. */
  public long oomKillExpireNs;

  /** Which freezer holds its frozen threads. */
  public ProcessSpec.Freezer freezer = ProcessSpec.Freezer.NONE;

  /** A freezer held it when the killer chose it, or chose whoever shares its mm. */
  public boolean frozenWhenChosen;

  /** Nanoseconds of running since the last checkpoint. */
  public long workNs;

  Process(
      int id, ProcessSpec spec, String name, @Nullable Mm mm, @Nullable Memcg memcg, int parent) {
    this.id = id;
    this.spec = spec;
    this.name = name;
    this.mm = mm;
    this.memcg = memcg;
    this.parent = parent;
  }

  void clear() {
    oomScoreAdj = spec.oomScoreAdj();
    liveTasks = tasks.length;
    oomVictim = false;
    markedTasks = 0;
    groupExit = false;
    oomKillExpireNs = 0;
    freezer = spec.frozen();
    frozenWhenChosen = false;
    workNs = 0;
  }

  void copyFrom(Process that) {
    oomScoreAdj = that.oomScoreAdj;
    liveTasks = that.liveTasks;
    oomVictim = that.oomVictim;
    markedTasks = that.markedTasks;
    groupExit = that.groupExit;
    oomKillExpireNs = that.oomKillExpireNs;
    freezer = that.freezer;
    frozenWhenChosen = that.frozenWhenChosen;
    workNs = that.workNs;
  }

  public boolean isUnkillable() {
    return spec.init() || spec.kernelThread();
  }

  /**
   * signal->live is 0 and PF_EXITING set everywhere: every thread is on its way through do_exit().
   */
  public boolean isExiting() {
    for (Task task : tasks) {
      if (!task.exiting && task.state != Task.State.DEAD) {
        return false;
      }
    }
    return true;
  }

  /** find_lock_task_mm(): the first thread that still has the mm, or null. */
  public @Nullable Task taskWithMm() {
    for (Task task : tasks) {
      if (task.hasMm) {
        return task;
      }
    }
    return null;
  }
}
