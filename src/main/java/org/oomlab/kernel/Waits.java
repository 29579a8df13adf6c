package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.REAPER;

import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.SchedEntity;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.kernel.state.WaitsFor;

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
  private final Kernel kernel;
  private final Machine machine;

  Waits(Kernel kernel) {
    this.kernel = kernel;
    this.machine = kernel.machine;
  }

  /** What somebody waits for. */
  WaitsFor of(int who) {
    return machine.entity(who).waitsFor;
  }

  // From acting to waiting.

  /** It has nothing to do before a time, when the event happens to it. */
  void until(int who, Event event, long timeNs) {
    change(who, WaitsFor.ACTS, WaitsFor.A_MOMENT);
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
    change(who, WaitsFor.ACTS, WaitsFor.WORK);
    kernel.runQueue.run(who, event, ns);
  }

  /** It has been put into the queue of a lock or a futex. */
  void forTurn(int who) {
    change(who, WaitsFor.ACTS, WaitsFor.A_TURN);
  }

  /** It has been put behind another walk through the same address space. */
  void behind(int who) {
    change(who, WaitsFor.ACTS, WaitsFor.A_WALK);
  }

  /** It goes to sleep, and nothing that is under way will wake it. */
  void forSignal(int who) {
    change(who, WaitsFor.ACTS, WaitsFor.A_SIGNAL);
  }

  /** It is dead. */
  void end(int who) {
    change(who, WaitsFor.ACTS, WaitsFor.NOTHING);
  }

  // While it waits.

  /** Its work takes so many nanoseconds more, or fewer, from now; it must be on a processor. */
  void adjust(int who, Event event, long ns) {
    change(who, WaitsFor.WORK, WaitsFor.WORK);
    kernel.runQueue.adjust(who, event, ns);
  }

  /** It has what it waited for, and will act on it at a time. */
  void wake(int who, Event event, long timeNs) {
    SchedEntity entity = machine.entity(who);
    WaitsFor was = entity.waitsFor;
    if (was != WaitsFor.A_TURN && was != WaitsFor.A_WALK && was != WaitsFor.A_SIGNAL) {
      throw refused(who, was, WaitsFor.A_MOMENT);
    }
    enter(who, entity, WaitsFor.A_MOMENT);
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
    WaitsFor was = entity.waitsFor;
    if (was != WaitsFor.A_MOMENT && was != WaitsFor.WORK) {
      throw refused(who, was, WaitsFor.ACTS);
    }
    enter(who, entity, WaitsFor.ACTS);
  }

  /** Its event has been handled: by now it must wait for something again, or be dead. */
  void checkHasActed(int who) {
    if (machine.entity(who).waitsFor == WaitsFor.ACTS && machine.verdict == Verdict.RUNNING) {
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
      case A_TURN, A_WALK, NOTHING -> throw refused(who, entity.waitsFor, WaitsFor.ACTS);
    }
    enter(who, entity, WaitsFor.ACTS);
  }

  /** It has left the queue in which it waited for its turn. */
  void leave(int who) {
    change(who, WaitsFor.A_TURN, WaitsFor.ACTS);
  }

  // What can be known of it.

  /** Whether it waits for its turn at something. */
  boolean isInQueue(int who) {
    return of(who) == WaitsFor.A_TURN;
  }

  private void change(int who, WaitsFor from, WaitsFor to) {
    SchedEntity entity = machine.entity(who);
    if (entity.waitsFor != from) {
      throw refused(who, entity.waitsFor, to);
    }
    enter(who, entity, to);
  }

  private void enter(int who, SchedEntity entity, WaitsFor what) {
    entity.waitsFor = what;
    if (kernel.pressure != null) {
      kernel.pressure.look(who);
    }
  }

  private LawBroken refused(int who, WaitsFor from, WaitsFor to) {
    return new LawBroken(Law.ONE_WAIT, nameOf(who) + " cannot go from " + from + " to " + to);
  }

  /** WaitsFor messages. */
  String nameOf(int who) {
    return who == REAPER ? "the reaper" : machine.tasks[who].toString();
  }
}
