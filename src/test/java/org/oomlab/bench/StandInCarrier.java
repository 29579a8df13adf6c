package org.oomlab.bench;

import org.oomlab.engine.EventQueue;
import umontreal.ssj.simevents.Event;
import umontreal.ssj.simevents.Simulator;
import umontreal.ssj.simevents.eventlist.EventList;

/** What keeps the clock for a {@link StandIn}. */
abstract class StandInCarrier {
  final StandIn machine = new StandIn();

  /** Carries so many events from boot on; returns the digest of what happened. */
  abstract long episode(long seed, int events);

  /** On our queue. */
  static StandInCarrier ours() {
    return new Ours();
  }

  /** On SSJ, with this event list. */
  static StandInCarrier ssj(EventList list) {
    return new Ssj(list);
  }

  private static final class Ours extends StandInCarrier {
    private final EventQueue queue = new EventQueue(1, StandIn.ACTORS);

    @Override
    long episode(long seed, int events) {
      machine.boot(seed);
      queue.clear();
      for (int i = 0; i < StandIn.ACTORS; i++) {
        queue.at(0, i, machine.first(i));
      }
      for (int i = 0; i < events; i++) {
        queue.advance();
        queue.in(0, queue.subject(), machine.happen(queue.subject()));
      }
      return machine.digest() * 31 + queue.nowNs();
    }
  }

  private static final class Ssj extends StandInCarrier {
    private final Simulator simulator;
    private int left;

    Ssj(EventList list) {
      simulator = new Simulator(list);
    }

    @Override
    long episode(long seed, int events) {
      machine.boot(seed);
      simulator.init();
      for (int i = 0; i < StandIn.ACTORS; i++) {
        new Actor(i).schedule((double) machine.first(i));
      }
      left = events;
      simulator.start();
      return machine.digest() * 31 + (long) simulator.time();
    }

    private final class Actor extends Event {
      private final int number;

      Actor(int number) {
        super(simulator);
        this.number = number;
        setPriority(number); // decides between simultaneous events, as ours does
      }

      @Override
      public void actions() {
        schedule((double) machine.happen(number));
        if (--left == 0) {
          simulator.stop();
        }
      }
    }
  }
}
