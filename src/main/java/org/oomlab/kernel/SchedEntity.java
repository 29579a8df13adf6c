package org.oomlab.kernel;

import org.oomlab.kernel.Kernel.Event;

/** Whatever can be on a processor: a task, or the reaper. sched_entity of kernel/sched/fair.c. */
final class SchedEntity {
  static final int NOWHERE = -1;

  final int id;

  /** The event that happens when its burst of work is done. */
  Event event = Event.ALLOC;

  /**
   * Work left in the burst, in nanoseconds on a processor; 0 if there is none. While it is on one,
   * the {@link Processor} has it.
   */
  long remainingNs;

  /**
   * Time it has had, in nanoseconds, so that whoever had least goes next. While it is on a
   * processor, what it had when it came there.
   */
  long vruntimeNs;

  /** The processor it is on, or {@link #NOWHERE}. */
  int cpu = NOWHERE;

  SchedEntity(int id) {
    this.id = id;
  }

  void clear() {
    event = Event.ALLOC;
    remainingNs = 0;
    vruntimeNs = 0;
    cpu = NOWHERE;
  }

  void copyFrom(SchedEntity that) {
    event = that.event;
    remainingNs = that.remainingNs;
    vruntimeNs = that.vruntimeNs;
    cpu = that.cpu;
  }
}
