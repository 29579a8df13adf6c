package org.oomlab.kernel;

import static org.oomlab.kernel.Machine.REAPER;

import org.oomlab.kernel.Kernel.Event;

/**
 * What everybody waits for. A task (or the reaper) acts while its event is handled, and at all
 * other times waits for one thing: a moment, its own work, its turn at a lock, the end of a walk
 * ahead of it, or a signal. Here is the only place that says so; a mechanism names the transition
 * and never touches the queue of events or a processor by itself.
 *
 * <pre>
 *            until                      begin
 *   ACTS ------------> A_MOMENT ---------------> ACTS
 *   ACTS --work------> WORK     --begin--------> ACTS      adjust: WORK stays WORK
 *   ACTS --forTurn---> A_TURN   --wake---------> A_MOMENT
 *   ACTS --behind----> A_WALK   --wake---------> A_MOMENT
 *   ACTS --forSignal-> A_SIGNAL --wake---------> A_MOMENT
 *   ACTS --end-------> NOTHING
 *   A_MOMENT, WORK, A_SIGNAL --interrupt-------> ACTS      a signal: it will do something else
 *   A_TURN --leave---> ACTS                                it has left the queue of the lock
 * </pre>
 *
 * <p>Whatever else is asked for is refused: {@link Law#ONE_WAIT}.
 */
final class Waits {
  /** What is waited for. */
  enum For {
    /** Nothing: it acts, right now. Never seen between two events. */
    ACTS,
    /** A time: an event of its own is pending. */
    A_MOMENT,
    /** Its own work to be done, on a processor or in line for one. */
    WORK,
    /** Its turn at a mutex, an mmap_lock, oom_lock or a futex. */
    A_TURN,
    /** The walk ahead of its own to be over. */
    A_WALK,
    /** A signal, a thaw, a victim to reap: nothing that is on its way. */
    A_SIGNAL,
    /** Nothing any more: it is dead. */
    NOTHING
  }

  private final Kernel kernel;
  private final Machine machine;

  Waits(Kernel kernel) {
    this.kernel = kernel;
    this.machine = kernel.machine;
  }

  /** What somebody waits for. */
  For of(int who) {
    return machine.entity(who).waitsFor;
  }

  // From acting to waiting.

  /** It has nothing to do before a time, when the event happens to it. */
  void until(int who, Event event, long timeNs) {
    change(who, For.ACTS, For.A_MOMENT);
    kernel.at(event, Machine.subjectOf(who), timeNs);
  }

  /** The same, so many nanoseconds from now. */
  void in(int who, Event event, long delayNs) {
    until(who, event, kernel.clock() + delayNs);
  }

  /** It has work to do, so many nanoseconds on a processor, and then the event happens to it. */
  void work(int who, Event event, long ns) {
    if (ns == 0) {
      in(who, event, 0);
      return;
    }
    change(who, For.ACTS, For.WORK);
    kernel.runQueue.run(who, event, ns);
  }

  /** It has been put into the queue of a lock or a futex. */
  void forTurn(int who) {
    change(who, For.ACTS, For.A_TURN);
  }

  /** It has been put behind another walk through the same address space. */
  void behind(int who) {
    change(who, For.ACTS, For.A_WALK);
  }

  /** It goes to sleep, and nothing that is under way will wake it. */
  void forSignal(int who) {
    change(who, For.ACTS, For.A_SIGNAL);
  }

  /** It is dead. */
  void end(int who) {
    change(who, For.ACTS, For.NOTHING);
  }

  // While it waits.

  /** Its work takes so many nanoseconds more, or fewer, from now; it must be on a processor. */
  void adjust(int who, Event event, long ns) {
    change(who, For.WORK, For.WORK);
    kernel.runQueue.adjust(who, event, ns);
  }

  /** It has what it waited for, and will act on it at a time. */
  void wake(int who, Event event, long timeNs) {
    SchedEntity entity = machine.entity(who);
    For was = entity.waitsFor;
    if (was != For.A_TURN && was != For.A_WALK && was != For.A_SIGNAL) {
      throw refused(who, was, For.A_MOMENT);
    }
    enter(who, entity, For.A_MOMENT);
    kernel.at(event, Machine.subjectOf(who), timeNs);
  }

  /** The same at once. */
  void wakeNow(int who, Event event) {
    wake(who, event, kernel.clock());
  }

  // From waiting to acting.

  /** Its event has come, or its work is done. */
  void begin(int who) {
    SchedEntity entity = machine.entity(who);
    For was = entity.waitsFor;
    if (was != For.A_MOMENT && was != For.WORK) {
      throw refused(who, was, For.ACTS);
    }
    enter(who, entity, For.ACTS);
  }

  /** Its event has been handled: by now it must wait for something again, or be dead. */
  void checkHasActed(int who) {
    if (machine.entity(who).waitsFor == For.ACTS && machine.verdict == Verdict.RUNNING) {
      throw new LawBroken(Law.WAKER, nameOf(who) + " waits for nothing, and will never go on");
    }
  }

  /** It will do something else than what it waited for, which is forgotten. */
  void interrupt(int who) {
    SchedEntity entity = machine.entity(who);
    switch (entity.waitsFor) {
      case ACTS, A_SIGNAL -> {}
      case A_MOMENT -> kernel.queue.cancelAny(Event.ALLOC.ordinal(), who);
      case WORK -> kernel.runQueue.cancel(who);
      case A_TURN, A_WALK, NOTHING -> throw refused(who, entity.waitsFor, For.ACTS);
    }
    enter(who, entity, For.ACTS);
  }

  /** It has left the queue in which it waited for its turn. */
  void leave(int who) {
    change(who, For.A_TURN, For.ACTS);
  }

  // What can be known of it.

  /** Whether it waits for its turn at something. */
  boolean isInQueue(int who) {
    return of(who) == For.A_TURN;
  }

  private void change(int who, For from, For to) {
    SchedEntity entity = machine.entity(who);
    if (entity.waitsFor != from) {
      throw refused(who, entity.waitsFor, to);
    }
    enter(who, entity, to);
  }

  private void enter(int who, SchedEntity entity, For what) {
    entity.waitsFor = what;
    if (kernel.pressure != null) {
      kernel.pressure.look(who);
    }
  }

  private LawBroken refused(int who, For from, For to) {
    return new LawBroken(Law.ONE_WAIT, nameOf(who) + " cannot go from " + from + " to " + to);
  }

  /** For messages. */
  String nameOf(int who) {
    return who == REAPER ? "the reaper" : machine.tasks[who].toString();
  }
}
