package org.oomlab.kernel.state;

/** Whatever can be on a processor: a task, or the reaper. sched_entity of kernel/sched/fair.c. */
public final class SchedEntity {
  public static final int NOWHERE = -1;

  /** The weight of nice 0: NICE_0_LOAD. */
  public static final int WEIGHT = 1024;

  public final int id;

  /** Written by {@link Waits} alone. */
  public WaitsFor waitsFor = WaitsFor.ACTS;

  /** The event that happens when its burst of work is done. */
  public Event event = Event.ALLOC;

  /**
   * Work left in the burst, in nanoseconds on a processor; 0 if there is none. While it is on one,
   * the {@link Processor} has it.
   */
  public long remainingNs;

  /**
   * Time it has had, in nanoseconds, so that whoever had least goes next. While it is on a
   * processor, what it had when it came there.
   */
  public long vruntimeNs;

  /** Where everybody has a processor of their own: when the burst is done. */
  public long burstEndNs;

  /** The processor it is on, or {@link #NOWHERE}. */
  public int cpu = NOWHERE;

  /** SCHED_FIFO: goes before all who are not. */
  public final boolean realTime;

  /** load.weight of who has this nice value: sched_prio_to_weight[]; 1024 at 0. */
  public final int weight;

  SchedEntity(int id) {
    this(id, 0, false);
  }

  /** An entity with a nice value, -20 to 19. */
  SchedEntity(int id, int nice, boolean realTime) {
    this.id = id;
    this.weight = (int) Math.max(1, Math.round(WEIGHT * StrictMath.pow(1.25, -nice)));
    this.realTime = realTime;
  }

  void clear() {
    waitsFor = WaitsFor.ACTS;
    event = Event.ALLOC;
    remainingNs = 0;
    burstEndNs = 0;
    vruntimeNs = 0;
    cpu = NOWHERE;
  }

  void copyFrom(SchedEntity that) {
    waitsFor = that.waitsFor;
    event = that.event;
    remainingNs = that.remainingNs;
    burstEndNs = that.burstEndNs;
    vruntimeNs = that.vruntimeNs;
    cpu = that.cpu;
  }
}
