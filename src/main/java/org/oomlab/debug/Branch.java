package org.oomlab.debug;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.kernel.Kernel;
import org.oomlab.kernel.Rigour;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Shortcut;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.policy.Policy;
import org.oomlab.report.KernelLog;
import org.oomlab.trace.Happening;
import org.oomlab.trace.Tracepoint;

/**
 * The course of one episode, at one of its moments.
 *
 * <p>Moments are numbered by the events before them; the last one has the verdict besides. Whole
 * copies of the machine are kept at no more than {@link #MOST} of them (fewer of a large machine),
 * at equal distances that double when there would be more, so that memory is bounded whatever the
 * length of the episode, and what has to be run again to reach a moment is a small part of it.
 *
 * <p>Memory is brought up to the present with every event ({@link Shortcut#LAZY_MEMORY} is not
 * taken), so that to look changes nothing. Results do not depend on it.
 */
final class Branch {
  /** As many copies of the machine are kept at most. */
  static final int MOST = 64;

  /** Where there are many tasks, so many are in all copies together. */
  private static final int MOST_TASKS = 40_000;

  /** With fewer copies nobody gets anywhere in time. */
  private static final int LEAST = 4;

  private static final long FIRST_SPACING = 256;

  /** How often it is looked whether somebody wants it to stop: every so many events. */
  private static final int BETWEEN_LOOKS = 1024;

  /** The machine at a moment; never run on, so that branches may share it. */
  private record Copy(Kernel kernel, Policy policy, List<Happening> latest) {}

  private final String name;
  private final @Nullable String parent;
  private final long forkedAt;
  private final Case of;
  private final long seed;

  /** What was done by hand, by the moment it was done at. */
  private final TreeMap<Long, List<Deed>> deeds = new TreeMap<>();

  private final TreeMap<Long, Copy> copies = new TreeMap<>();
  private long spacing = FIRST_SPACING;

  // Where it stands.
  private Kernel kernel;
  private Policy policy;
  private long moment;
  private final List<Happening> latest = new ArrayList<>();

  /** Who listens besides, while it is run again from boot to be written down. */
  private @Nullable KernelLog log;

  /** The episode as it is, at its boot. */
  Branch(Case asked, long seed) {
    Set<Shortcut> shortcuts = EnumSet.noneOf(Shortcut.class);
    shortcuts.addAll(asked.rigour().shortcuts());
    shortcuts.remove(Shortcut.LAZY_MEMORY);
    this.of = asked.with(new Rigour(asked.rigour().laws(), shortcuts));
    this.name = "main";
    this.parent = null;
    this.forkedAt = 0;
    this.seed = seed;
    this.policy = of.policy();
    this.kernel = newKernel(policy);
    kernel.boot(seed, this::hear);
    keep();
  }

  /** Another course from where {@code that} stands. */
  private Branch(Branch that, String name) {
    this.of = that.of;
    this.name = name;
    this.parent = that.name;
    this.forkedAt = that.moment;
    this.seed = that.seed;
    that.deeds.headMap(forkedAt, true).forEach((at, done) -> deeds.put(at, new ArrayList<>(done)));
    copies.putAll(that.copies.headMap(forkedAt, true));
    this.spacing = that.spacing;
    this.policy = that.policy;
    this.moment = forkedAt;
    this.kernel = newKernel(policy);
    kernel.copyFrom(that.kernel);
    kernel.listen(this::hear);
    latest.addAll(that.latest);
  }

  /** A branch that begins here. */
  Branch fork(String forkName) {
    return new Branch(this, forkName);
  }

  private Kernel newKernel(Policy under) {
    return new Kernel(of.workload(), of.costs(), under, of.rigour());
  }

  private void hear(long nowNs, Tracepoint point, int subject, long a, long b) {
    latest.add(new Happening(nowNs, point, subject, a, b));
    if (log != null) {
      log.emit(nowNs, point, subject, a, b);
    }
  }

  // What it is.

  String name() {
    return name;
  }

  /** The branch it was forked from, or null. */
  @Nullable String parent() {
    return parent;
  }

  /** The moment at which it was. */
  long forkedAt() {
    return forkedAt;
  }

  /** What is run. */
  Case of() {
    return of;
  }

  /** The same, under the policy of this moment. */
  Case now() {
    return new Case(of.workload(), of.costs(), policy, of.rigour());
  }

  long seed() {
    return seed;
  }

  /** What was done by hand, by the moment. */
  Map<Long, List<Deed>> deeds() {
    return Collections.unmodifiableMap(deeds);
  }

  /** How many copies of the machine there are. */
  int copies() {
    return copies.size();
  }

  /** The kernel's own words from boot to this moment, a line each. */
  List<String> log(BooleanSupplier stopped) {
    StringWriter text = new StringWriter();
    Branch again = new Branch(of, seed);
    again.deeds.putAll(deeds);
    again.log = new KernelLog(text, of, again.kernel.procfs(), again.kernel.ledger());
    again.redo();
    again.forward(moment, stopped);
    return text.toString().lines().toList();
  }

  // Where it stands.

  /** The machine at this moment; to be looked at only. */
  Kernel kernel() {
    return kernel;
  }

  /** The policy at this moment. */
  Policy policy() {
    return policy;
  }

  /** The number of this moment. */
  long moment() {
    return moment;
  }

  /** What was announced with the event before this moment, or by what was done at it. */
  List<Happening> latest() {
    return latest;
  }

  boolean isAtEnd() {
    return kernel.verdict() != Verdict.RUNNING;
  }

  // To other moments.

  /**
   * Lets the next event happen; false if there is none.
   *
   * @throws Mistake if what was done by hand has led to what cannot be
   */
  boolean step() {
    if (isAtEnd()) {
      return false;
    }
    latest.clear();
    try {
      kernel.step();
    } catch (LawBroken e) {
      if (deeds.isEmpty()) {
        throw e;
      }
      long before = moment;
      restore(before);
      forward(before, () -> false);
      throw new Mistake(
          "the next event breaks a law of the model, after what was done by hand ("
              + e.getMessage()
              + "); undo it, or try it at another moment");
    }
    moment++;
    redo();
    if (moment % spacing == 0) {
      keep();
    }
    return true;
  }

  /** Does what was done at this moment. */
  private void redo() {
    for (Deed deed : deeds.getOrDefault(moment, List.of())) {
      perform(deed);
    }
  }

  private void perform(Deed deed) {
    if (deed instanceof Deed.Set set) {
      Kernel before = kernel;
      policy = policy.with(set.knob(), set.value(), "set by hand");
      kernel = newKernel(policy);
      kernel.copyFrom(before);
      kernel.listen(this::hear);
      if (log != null) {
        log = log.goingOn(now(), kernel.procfs(), kernel.ledger());
      }
    } else {
      deed.doTo(kernel.byHand());
    }
  }

  private void keep() {
    if (copies.containsKey(moment)) {
      return;
    }
    if (copies.size() >= most()) {
      spacing *= 2;
      copies.keySet().removeIf(at -> at % spacing != 0);
      if (moment % spacing != 0) {
        return;
      }
    }
    Kernel copy = newKernel(policy);
    copy.copyFrom(kernel);
    copies.put(moment, new Copy(copy, policy, List.copyOf(latest)));
  }

  private int most() {
    return Math.max(LEAST, Math.min(MOST, MOST_TASKS / Math.max(1, kernel.vmcore().tasks())));
  }

  /** Goes on until the condition holds; false if it is stopped or the episode ends before. */
  boolean advance(BooleanSupplier arrived, BooleanSupplier stopped) {
    int looks = 0;
    while (step()) {
      if (arrived.getAsBoolean()) {
        return true;
      }
      if (++looks % BETWEEN_LOOKS == 0 && stopped.getAsBoolean()) {
        return false;
      }
    }
    return false;
  }

  /**
   * Goes to a moment, forward or back; false if it is stopped, or the episode ends before.
   *
   * @param target from 0
   */
  boolean seek(long target, BooleanSupplier stopped) {
    long nearest = copies.floorKey(target);
    if (target < moment || nearest > moment) {
      restore(nearest);
    }
    return forward(target, stopped);
  }

  private boolean forward(long target, BooleanSupplier stopped) {
    return moment == target || advance(() -> moment == target, stopped);
  }

  /** Goes to the last copy at or before a moment. */
  private void restore(long at) {
    Map.Entry<Long, Copy> found = copies.floorEntry(at);
    Copy copy = found.getValue();
    if (copy.policy() != policy) {
      policy = copy.policy();
      kernel = newKernel(policy);
    }
    kernel.copyFrom(copy.kernel());
    kernel.listen(this::hear);
    latest.clear();
    latest.addAll(copy.latest());
    moment = found.getKey();
  }

  /**
   * Goes to the first moment at which a condition holds that, once it does, holds for ever.
   *
   * @return false if it is stopped or the episode ends before
   */
  boolean seekFirst(Predicate<Kernel> reached, BooleanSupplier stopped) {
    long from = 0;
    for (Map.Entry<Long, Copy> entry : copies.entrySet()) {
      if (reached.test(entry.getValue().kernel())) {
        break;
      }
      from = entry.getKey();
    }
    boolean isBehind = reached.test(kernel) || moment < from;
    if (isBehind) {
      restore(from);
    }
    return reached.test(kernel) || advance(() -> reached.test(kernel), stopped);
  }

  /**
   * Goes to the last moment before a time's next event: everything up to then has happened.
   *
   * @return false if it is stopped or the episode ends before
   */
  boolean seekTime(long ns, BooleanSupplier stopped) {
    long from = 0;
    for (Map.Entry<Long, Copy> entry : copies.entrySet()) {
      if (entry.getValue().kernel().nowNs() > ns) {
        break;
      }
      from = entry.getKey();
    }
    if (kernel.nowNs() > ns || from > moment) {
      restore(from);
    }
    return isNextAfter(ns) || advance(() -> isNextAfter(ns), stopped);
  }

  private boolean isNextAfter(long ns) {
    return isAtEnd() ? kernel.nowNs() == ns : kernel.nextNs() > ns;
  }

  /**
   * Goes to the last moment before this one at which a condition holds. Where there is none, or it
   * is stopped, it stays where it is.
   *
   * @return whether it has found one
   */
  boolean seekLast(BooleanSupplier holds, BooleanSupplier stopped) {
    long here = moment;
    long from;
    for (long to = here - 1; to >= 0; to = from - 1) {
      from = copies.floorKey(to);
      restore(from);
      long found = holds.getAsBoolean() ? from : -1;
      while (moment < to) {
        step();
        found = holds.getAsBoolean() ? moment : found;
        if (moment % BETWEEN_LOOKS == 0 && stopped.getAsBoolean()) {
          seek(here, () -> false);
          return false;
        }
      }
      if (found >= 0) {
        return seek(found, () -> false);
      }
    }
    seek(here, () -> false);
    return false;
  }

  // What is done by hand.

  /**
   * Does something at this moment, and whenever this moment is reached again.
   *
   * @throws Mistake if something has been done at a later moment
   */
  void act(Deed deed) {
    Long later = deeds.higherKey(moment);
    if (later != null) {
      throw new Mistake(
          "something was done later in this branch ("
              + deeds.get(later).get(0)
              + " at event "
              + later
              + "): undo it, or fork here");
    }
    perform(deed);
    deeds.computeIfAbsent(moment, at -> new ArrayList<>()).add(deed);
    copies.tailMap(moment, true).clear();
    if (copies.isEmpty()) {
      keep();
    }
  }

  /**
   * Takes back what was done last, and goes to the moment at which it was.
   *
   * @return what it was, or null if there is nothing
   */
  @Nullable Deed undo() {
    Map.Entry<Long, List<Deed>> last = deeds.lastEntry();
    if (last == null) {
      return null;
    }
    long at = last.getKey();
    List<Deed> done = last.getValue();
    Deed undone = done.remove(done.size() - 1);
    if (done.isEmpty()) {
      deeds.remove(at);
    }
    copies.tailMap(at, true).clear();
    if (copies.isEmpty()) {
      policy = of.policy();
      kernel = newKernel(policy);
      kernel.boot(seed, this::hear);
      latest.clear();
      moment = 0;
      redo();
      keep();
    } else {
      restore(at);
    }
    forward(at, () -> false);
    return undone;
  }
}
