package org.oomlab.kernel.state;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.watch.Guard;
import org.oomlab.daemon.watch.Notes;
import org.oomlab.daemon.watch.Trigger;
import org.oomlab.pressure.PsiTrigger;

/** Where the daemon of a policy stands: what {@link Daemon} remembers. */
public final class Vigil {
  /** What the daemon's task does next, or has just done. */
  public enum Doing {
    /** It wakes up, and has to pay for a look. */
    WAKE,
    /** It looks. */
    LOOK,
    /** It sends the signals that it has decided on. */
    STRIKE,
    /** It has what opening files takes, and reads them. */
    READ,
    /** It waits for a trigger; the kernel looks whether one fires. */
    TRIGGER,
    // What it has asked for itself.
    SLEEP,
    SLEEP_OR_TRIGGER,
    OPEN,
    RELEASE
  }

  /** The number of its task. */
  public final int task;

  public final Notes notes;
  public final PsiTrigger[] triggers;

  /** Signals to be sent: the number of the process and that of the signal in turn. */
  public final IntList orders = new IntList();

  public Doing doing = Doing.LOOK;

  /** What it has asked for, with the signals still to be sent before. */
  public Doing next = Doing.SLEEP;

  public long nextNs;
  public int nextProcess;
  public int nextFiles;

  /** Until when it waits for a trigger. */
  public long untilNs;

  /** When the kernel looks at the triggers the next time. */
  public long triggerNs;

  public int fired;

  /** Its signals come to nothing: a fork that asks what would have been. */
  public boolean muted;

  Vigil(Guard guard, int task, int processes, int cgroups) {
    this.task = task;
    this.notes = new Notes(guard.watcher().notes(processes, cgroups));
    List<Trigger> asked = guard.watcher().triggers();
    this.triggers = new PsiTrigger[asked.size()];
    for (int i = 0; i < triggers.length; i++) {
      triggers[i] = new PsiTrigger(asked.get(i).thresholdNs(), asked.get(i).windowNs());
    }
  }

  void clear() {
    notes.clear();
    orders.clear();
    doing = Doing.LOOK;
    next = Doing.SLEEP;
    nextNs = 0;
    nextProcess = Machine.NOBODY;
    nextFiles = 0;
    untilNs = 0;
    triggerNs = 0;
    fired = -1;
    muted = false;
    for (PsiTrigger trigger : triggers) {
      trigger.start(0, 0);
    }
  }

  /** Makes this state that of {@code that}, if it is of the same daemon. */
  void copyFrom(@Nullable Vigil that) {
    if (that == null || that.notes.size() != notes.size()) {
      return; // Another policy: its daemon begins here.
    }
    notes.copyFrom(that.notes);
    orders.copyFrom(that.orders);
    doing = that.doing;
    next = that.next;
    nextNs = that.nextNs;
    nextProcess = that.nextProcess;
    nextFiles = that.nextFiles;
    untilNs = that.untilNs;
    triggerNs = that.triggerNs;
    fired = that.fired;
    muted = that.muted;
    for (int i = 0; i < triggers.length && i < that.triggers.length; i++) {
      triggers[i].copyFrom(that.triggers[i]);
    }
  }
}
