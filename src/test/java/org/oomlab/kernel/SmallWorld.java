package org.oomlab.kernel;

import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Outcomes;
import org.oomlab.engine.RandomStream;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;

/**
 * A world so small that everything that can happen in it is looked at: every order of the events
 * that are due at the same time, and every outcome of chance.
 *
 * <p>Depth first, from every state to each that may follow. A state that was met before goes on as
 * it did then ({@link Fingerprint}), so it is not gone on from again; one that follows from itself
 * is an episode without an end. Every law is looked at before and after every event.
 */
final class SmallWorld {
  /** More than there are in the minute after which a wait in which nothing changes is given up. */
  private static final int MOST_EVENTS = 30_000;

  /** No world with more states is small. */
  private static final int MOST_STATES = 2_000_000;

  private static final int EVENTS_TO_TELL = 100;

  private final Kernel kernel;
  private final Laws laws;
  private final Fingerprint fingerprint;
  private final Outcomes outcomes = new Outcomes();
  private final Supplier<Kernel> another;
  private final Consumer<Kernel> fault;
  private final boolean verifies;

  /** Kernels for snapshots that nobody needs any more. */
  private final Deque<Kernel> spare = new ArrayDeque<>();

  /** The states of the episode that is looked at, from boot to now. */
  private final List<State> path = new ArrayList<>();

  private final Set<Fingerprint.Print> underWay = new HashSet<>();

  /** Every state that all was seen of, with a hash of what followed. */
  private final Map<Fingerprint.Print, Long> seen = new HashMap<>();

  private final Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
  private long transitions;
  private long races;
  private long draws;
  private int longest;

  /**
   * A world in which nothing has happened yet.
   *
   * @param fault what goes wrong after every event, for tests of this; most often nothing
   * @param verifies whether a state that was met before is held to go on as it did then
   */
  SmallWorld(
      Workload workload, Costs costs, Policy policy, Consumer<Kernel> fault, boolean verifies) {
    Rigour rigour = new Rigour(Rigour.Looks.NEVER, Rigour.USUAL.shortcuts());
    this.another = () -> new Kernel(workload, costs, policy, rigour);
    this.kernel = another.get();
    this.laws = new Laws(kernel, policy, true);
    this.fingerprint = new Fingerprint(kernel);
    this.fault = fault;
    this.verifies = verifies;
    replaceStreams(kernel.machine);
    for (Task task : kernel.machine.tasks) {
      replaceStreams(task);
    }
  }

  /** Nothing is random here: whoever draws asks the script. */
  private void replaceStreams(Object owner) {
    for (Field field : owner.getClass().getDeclaredFields()) {
      if (field.getType() == RandomStream.class) {
        field.setAccessible(true);
        try {
          field.set(owner, outcomes.stream());
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  /** Something that must not be, and the way there. */
  static final class Found extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Found(String what, String way) {
      super(what + way);
    }
  }

  /**
   * How much there is in a small world.
   *
   * @param states that differ in more than the time, those in which episodes end left out
   * @param transitions from one to another, to an end, or from nothing to what is booted
   * @param races states in which more than one event may be the next
   * @param draws transitions in which chance decides something
   * @param longest events in the longest way from boot to an end, or to a state met before
   * @param verdicts in how many transitions episodes end, and how
   */
  record Extent(
      long states,
      long transitions,
      long races,
      long draws,
      int longest,
      Map<Verdict, Long> verdicts) {
    long ends(Verdict verdict) {
      return verdicts.getOrDefault(verdict, 0L);
    }
  }

  /**
   * Looks at everything that can happen.
   *
   * @throws Found if a law breaks, or an episode has no end or none that is known
   */
  Extent explore() {
    outcomes.first();
    boolean[] made;
    do {
      guarded(() -> kernel.boot(0, TraceSink.NONE));
      made = outcomes.made();
      arrive(made, fingerprint.take());
      while (!path.isEmpty()) {
        State last = path.get(path.size() - 1);
        if (goOn(last)) {
          Fingerprint.Print print = fingerprint.take();
          last.follow(print);
          arrive(last.made, print);
        } else {
          path.remove(path.size() - 1);
          underWay.remove(last.print);
          seen.put(last.print, last.followed);
        }
      }
    } while (outcomes.next(made));
    return new Extent(seen.size(), transitions, races, draws, longest, verdicts);
  }

  /** The kernel has come to a state: on from there, unless it is an end or was met before. */
  private void arrive(boolean[] made, Fingerprint.Print print) {
    transitions++;
    draws += made.length > 0 ? 1 : 0;
    longest = Math.max(longest, path.size());
    if (kernel.verdict() != Verdict.RUNNING) {
      verdicts.merge(kernel.verdict(), 1L, Long::sum);
      require(kernel.verdict() != Verdict.UNDECIDED, "nobody knows how it ends");
      return;
    }
    require(!underWay.contains(print), "an episode without an end");
    Long followed = seen.get(print);
    if (followed == null) {
      require(path.size() < MOST_EVENTS, "an episode of too many events");
      require(seen.size() < MOST_STATES, "a world of too many states");
      State state = new State(print);
      races += state.due.size() > 1 ? 1 : 0;
      underWay.add(print);
      path.add(state);
    } else if (verifies) {
      State again = new State(print);
      while (goOn(again)) {
        again.follow(fingerprint.take());
      }
      require(again.followed == followed, "states that differ are taken for the same");
    }
  }

  /** Takes the next of the steps that lead on from a state; false if there are no more. */
  private boolean goOn(State from) {
    if (!from.hasNext()) {
      return false;
    }
    kernel.copyFrom(from.before);
    guarded(() -> take(from.due.get(from.place)));
    from.made = outcomes.made();
    if (from.isDone()) {
      spare.push(from.before);
    }
    return true;
  }

  private void take(Due next) {
    laws.forget();
    laws.lookNow();
    if (next.event == null) {
      kernel.step();
    } else {
      kernel.step(next.event, next.subject);
    }
    fault.accept(kernel);
    if (kernel.verdict() == Verdict.RUNNING) {
      laws.lookNow();
    }
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | AssertionError e) {
      throw new Found(e.toString(), way());
    }
  }

  private void require(boolean holds, String what) {
    if (!holds) {
      throw new Found(what, way());
    }
  }

  private String way() {
    StringBuilder way = new StringBuilder();
    for (int i = Math.max(0, path.size() - EVENTS_TO_TELL); i < path.size(); i++) {
      way.append("\n  ").append(path.get(i));
    }
    return way.toString();
  }

  /** A state, and how far one has come with what may follow. */
  private final class State {
    private final Fingerprint.Print print;
    private final Kernel before = spare.isEmpty() ? another.get() : spare.pop();
    private final List<Due> due = due();
    private final long nextNs = kernel.queue.nextNs();
    private int place;
    private boolean[] made = {};
    private boolean begun;
    private long followed = due.size();

    private State(Fingerprint.Print print) {
      this.print = print;
      before.copyFrom(kernel);
    }

    /** Goes on to the next outcome of chance, or to the next event. */
    private boolean hasNext() {
      if (begun && outcomes.next(made)) {
        return true;
      }
      place += begun ? 1 : 0;
      begun = true;
      outcomes.first();
      return place < due.size();
    }

    private boolean isDone() {
      return place == due.size() - 1 && Outcomes.isLast(made);
    }

    private void follow(Fingerprint.Print print) {
      followed = RandomStream.split(followed ^ print.low(), made.length);
    }

    /** The event that was taken last, and what was drawn meanwhile. */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      text.append(nextNs).append(" ns: ").append(due.get(place).told(kernel));
      for (boolean greatest : made) {
        text.append(greatest ? " +" : " -");
      }
      return text.toString();
    }
  }

  /** An event that may be the next; without one, whatever the kernel does of itself. */
  private record Due(@Nullable Event event, int subject) {
    private String told(Kernel kernel) {
      if (event == null) {
        return "what must come next";
      }
      return event.isOfTask() ? event + " " + kernel.machine.tasks[subject] : event + " " + subject;
    }
  }

  /** Those that are due at the same time as the first, in the order in which they would happen. */
  private List<Due> due() {
    long next = kernel.queue.nextNs();
    if (next == Long.MAX_VALUE) {
      return List.of(new Due(null, 0));
    }
    List<Due> due = new ArrayList<>();
    for (Event event : Event.values()) {
      for (int subject = 0; subject < Fingerprint.subjects(kernel.machine, event); subject++) {
        if (kernel.queue.timeOf(event.ordinal(), subject) == next) {
          boolean kills = event == Event.OOM_KILL;
          due.add(new Due(event, kills ? kernel.machine.pendingInvoker : subject));
        }
      }
    }
    return due;
  }
}
