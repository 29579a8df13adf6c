package org.oomlab.kernel;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.oomlab.engine.RandomStream;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.IntList;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Processor;
import org.oomlab.kernel.state.Program;
import org.oomlab.kernel.state.SchedEntity;
import org.oomlab.kernel.state.Task;
import org.oomlab.kernel.state.WaitsFor;
import org.oomlab.kernel.state.Walk;
import org.oomlab.unit.Span;

/**
 * 128 bits by which the state of a kernel is known again: two states that have the same go on in
 * the same way, at other times perhaps. (By accident two different ones have the same about once in
 * 2^128 pairs.)
 *
 * <p>Times count from now, so that what only happens later is not something else. What nobody reads
 * who decides anything is left out; the lists below say what that is, and why.
 */
public final class Fingerprint {
  /** How a field counts. */
  private enum Count {
    /** As it is. */
    VALUE,
    /** A time: so long before or after now. */
    TIME,
    /** A time, and -1 or 0 while there is none. */
    TIME_OR_NONE,
    /**
     * A time after which something holds for ever: once that is so for all, when does not matter.
     */
    DEADLINE,
    /** When a request was told to wait, which is forgotten with the next progress or change. */
    TOLD,
    /** A time of which only is read whether it is now. */
    IS_NOW,
    /** Only whether it is negative is read. */
    SIGN,
    /** A virtual run time, of which only differences are read. */
    RUN_TIME,
    /** The same, less the clock; the largest number if there is none. */
    RUN_TIME_LESS_CLOCK,
    /** Not at all. */
    NOT
  }

  private static final Map<String, Count> COUNTS = new HashMap<>();

  private static void each(Count count, String type, String... fields) {
    for (String field : fields) {
      COUNTS.put(type + "." + field, count);
    }
  }

  static {
    each(Count.TIME, "Machine", "lastProgressNs", "lastChangeNs");
    each(Count.TIME_OR_NONE, "Machine", "writebackSinceNs", "lastOomNs", "vetoDeadlineNs");
    each(Count.DEADLINE, "Machine", "holdoffUntilNs", "victimWaitUntilNs");
    each(Count.IS_NOW, "Machine", "settledNs");
    each(Count.TOLD, "Task", "toldToWaitNs");
    each(Count.SIGN, "Task", "blockedSinceNs");
    each(Count.DEADLINE, "Process", "oomKillExpireNs");
    each(Count.DEADLINE, "Mm", "oomFreeExpireNs");
    each(Count.TIME_OR_NONE, "Mm", "shrunkNs");
    each(Count.TIME_OR_NONE, "Walk", "startNs", "endNs", "pausedNs");
    each(Count.TIME_OR_NONE, "SchedEntity", "burstEndNs");
    each(Count.RUN_TIME, "SchedEntity", "vruntimeNs");
    each(Count.TIME_OR_NONE, "Processor", "burstEndNs", "turnBeganNs");
    each(Count.RUN_TIME_LESS_CLOCK, "Processor", "vruntimeLessClockNs");
    // Durations.
    each(
        Count.VALUE,
        "Machine",
        "faultNs",
        "kernelPageNs",
        "unmapNs",
        "unmapLockedNs",
        "munlockNs",
        "unmapFileNs",
        "freeSharedNs",
        "unmapHugeNs",
        "pageTableNs",
        "tableWalkNs",
        "areaNs",
        "reclaimPageNs",
        "visitNs",
        "bounceNs",
        "reportTaskNs",
        "scanNs",
        "scanCounterNs",
        "handlersNs");
    each(Count.VALUE, "Mm", "gatheredNs");
    each(Count.VALUE, "Gather", "fillNs", "emptyNs", "heldNs");
    each(Count.VALUE, "Task", "holdNs");
    each(Count.VALUE, "SchedEntity", "remainingNs");
    // What all run times are counted from.
    each(Count.NOT, "Machine", "minVruntimeNs");
    // What happened at this moment before: there are bounds of a thousand and of a million, which
    // no small world comes near; a world in which time stands still repeats its states.
    each(Count.NOT, "Machine", "momentNs", "eventsAtMoment");
    each(Count.NOT, "Task", "resumedNs", "stepsAtOnce");
    // For the ledger and for who listens.
    each(Count.NOT, "Machine", "unblockedNs", "digest", "sink");
    each(Count.NOT, "Process", "workNs");
    each(Count.NOT, "Walk", "accountedNs", "freedPages", "freedByExitPages");
    // Read only where kills are vetoed; of the kill that was, for who wants to know.
    each(Count.NOT, "Task", "satisfied");
    each(Count.NOT, "Machine", "vetoKillNs", "vetoMetNs");
    // Who is asked first whether there is hope: the answer is the same.
    each(Count.NOT, "Machine", "hopeful");
    // In no small world is there a handler, or a daemon.
    each(Count.NOT, "Machine", "promisedNs", "promiseOpen");
    each(Count.NOT, "Vigil", "nextNs", "untilNs", "triggerNs");
    // In no small world does memory move, is pressure measured, or does anybody keep a pace.
    each(Count.NOT, "Machine", "swapOutNs", "swapInNs", "freeSwapNs");
    each(Count.NOT, "Vma", "usedNs", "everyNs", "missed");
    each(Count.NOT, "Task", "computeNs", "stretchNs", "recentShare", "readDoneNs");
    each(Count.NOT, "Task", "psiCpu", "psiRunnable", "psiStalls", "stalls", "paceSinceNs");
    // In no small world is there a daemon, who alone reads this.
    each(Count.NOT, "Memcg", "takenPages");
    // Of the ledger only this is read again.
    each(Count.SIGN, "Ledger", "firstOomNs", "firstKillNs");
    each(Count.VALUE, "Ledger", "triggerTask");
  }

  /** A time that was never set. */
  private static final long NONE = Long.MIN_VALUE;

  /** Sleeps of up to 40 s at 100 Hz end where the timer wheel has a slot every so many ticks. */
  private static final long TICKS_OF_A_LEVEL = 64;

  /** A time that never comes. */
  private static final long NEVER = Long.MAX_VALUE;

  private record Part(Object owner, Field field, Count count) {}

  /** Everything of one object, and when it counts. */
  private record Whole(Object owner, List<Part> parts) {}

  private final Kernel kernel;
  private final Machine machine;
  private final Whole[] wholes;
  private long forgottenNs;
  private long longPastNs;
  private long high;
  private long low;

  /** Of this kernel, as it will be whenever it is asked. */
  public Fingerprint(Kernel kernel) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    List<Whole> found = new ArrayList<>();
    try {
      collect(machine, found);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
    this.wholes = found.toArray(new Whole[0]);
  }

  private static void collect(Object object, List<Whole> found) throws IllegalAccessException {
    for (Whole seen : found) {
      if (seen.owner == object) {
        return;
      }
    }
    List<Part> parts = new ArrayList<>();
    int place = found.size();
    found.add(new Whole(object, List.of()));
    for (Field field : object.getClass().getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers())) {
        continue;
      }
      field.setAccessible(true);
      if (isNumber(field.getType())) {
        Count count = countOf(object, field);
        if (count != Count.NOT) {
          parts.add(new Part(object, field, count));
        }
      } else {
        collectFrom(field.get(object), found);
      }
    }
    found.set(place, new Whole(object, List.copyOf(parts)));
  }

  private static void collectFrom(Object value, List<Whole> found) throws IllegalAccessException {
    if (value instanceof Object[] array) {
      for (Object element : array) {
        collectFrom(element, found);
      }
    } else if (value != null
        && value.getClass().getPackageName().startsWith("org.oomlab.kernel")
        && !value.getClass().isEnum()
        && !value.getClass().isRecord()
        && !(value instanceof Program)) {
      collect(value, found);
    }
  }

  private static boolean isNumber(Class<?> type) {
    return type.isPrimitive()
        || type.isEnum()
        || type.isArray() && type.getComponentType().isPrimitive();
  }

  private static Count countOf(Object object, Field field) {
    String type = object.getClass().getSimpleName();
    Count count = COUNTS.get(type + "." + field.getName());
    if (count != null) {
      return count;
    }
    boolean isConstant = Modifier.isFinal(field.getModifiers()) && !field.getType().isArray();
    if (isConstant || object instanceof Ledger || object instanceof IntList) {
      return Count.NOT; // An IntList is read by its methods, for its array is longer than itself.
    }
    if (field.getName().endsWith("Ns")) {
      throw new AssertionError("is it a time or a duration? teach Fingerprint about " + field);
    }
    return Count.VALUE;
  }

  /** A state that is known by its hash. */
  public record Print(long high, long low) {}

  /** What the kernel is known by now. */
  public Print take() {
    forgottenNs = Math.max(machine.lastProgressNs, machine.lastChangeNs);
    longPastNs = longPast();
    high = 0x243f6a8885a308d3L;
    low = 0x13198a2e03707344L;
    try {
      for (Whole whole : wholes) {
        if (whole.owner instanceof IntList list) {
          add(list.size());
          for (int i = 0; i < list.size(); i++) {
            add(list.get(i));
          }
        } else if (counts(whole.owner)) {
          for (Part part : whole.parts) {
            if (counts(part)) {
              add(part);
            }
          }
        }
      }
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
    if (machine.costs.timerWheel()) {
      add(kernel.clock() % (machine.tickNs * TICKS_OF_A_LEVEL));
    }
    addEvents();
    return new Print(RandomStream.split(high, 1), RandomStream.split(low, 2));
  }

  /** Whoever compares a deadline does so with now, or with when somebody was told to wait. */
  private long longPast() {
    long earliest = kernel.clock();
    for (Task task : machine.tasks) {
      if (task.toldToWaitNs > forgottenNs) {
        earliest = Math.min(earliest, task.toldToWaitNs);
      }
    }
    return earliest;
  }

  /** What is left over in the fields of something that is not in use says nothing. */
  private static boolean counts(Object owner) {
    return !(owner instanceof Walk walk) || walk.isActive();
  }

  private boolean counts(Part part) {
    if (part.owner instanceof Machine && part.field.getName().equals("lastOomNs")) {
      return machine.episodeOpen;
    }
    if (part.owner instanceof SchedEntity entity) {
      return switch (part.field.getName()) {
        case "event", "burstEndNs" -> entity.waitsFor == WaitsFor.WORK;
        case "vruntimeNs", "remainingNs" -> entity.cpu == SchedEntity.NOWHERE;
        default -> true;
      };
    }
    return !(part.owner instanceof Processor processor) || processor.running != Machine.NOBODY;
  }

  private void add(Part part) throws IllegalAccessException {
    Field field = part.field;
    Class<?> type = field.getType();
    if (type == long.class) {
      add(counted(field.getLong(part.owner), part.count));
    } else if (type == int.class) {
      add(field.getInt(part.owner));
    } else if (type == boolean.class) {
      add(field.getBoolean(part.owner) ? 1 : 0);
    } else if (type == double.class) {
      add(Double.doubleToRawLongBits(field.getDouble(part.owner)));
    } else if (type == long[].class) {
      for (long each : (long[]) field.get(part.owner)) {
        add(each);
      }
    } else if (type.isEnum()) {
      add(((Enum<?>) field.get(part.owner)).ordinal());
    } else {
      throw new AssertionError("teach Fingerprint about " + field);
    }
  }

  private long counted(long value, Count count) {
    long now = kernel.clock();
    return switch (count) {
      case VALUE -> value;
      case TIME -> value - now;
      case TIME_OR_NONE -> value <= 0 ? NONE : value >= Span.FOREVER ? NEVER : value - now;
      case DEADLINE -> value <= longPastNs ? NONE : value >= Span.FOREVER ? NEVER : value - now;
      case TOLD -> value <= forgottenNs ? NONE : value - now;
      case IS_NOW -> value == now ? 1 : 0;
      case SIGN -> value < 0 ? 1 : 0;
      case RUN_TIME -> value - machine.minVruntimeNs;
      case RUN_TIME_LESS_CLOCK ->
          value == Processor.NOBODY_RUNS ? NONE : value + now - machine.minVruntimeNs;
      case NOT -> throw new AssertionError();
    };
  }

  private void addEvents() {
    for (Event event : Event.values()) {
      for (int subject = 0; subject < subjects(machine, event); subject++) {
        long time = kernel.queue.timeOf(event.ordinal(), subject);
        if (time != Long.MAX_VALUE) {
          add(event.ordinal() << 16 | subject);
          add(time - kernel.clock());
        }
      }
    }
  }

  /**
   * How many subjects an event may have; where it is pending for one at most, any number will do.
   */
  static int subjects(Machine machine, Event event) {
    return switch (event) {
      case OOM_KILL, REAPER, MEMORY, SWAP_WRITE, KSWAPD ->
          1; // Whom a kill is about is in the machine.
      case REAP_TIMER -> machine.processes.length;
      case CPU -> machine.entities.length;
      case OOM_UNLOCK, TASK_STEP, EXIT, ALLOC -> machine.tasks.length;
    };
  }

  /** Two hashes that have nothing in common; each step of both can be undone, so loses nothing. */
  private void add(long word) {
    high = (high ^ word) * 0x9e3779b97f4a7c15L;
    high ^= high >>> 32;
    low = Long.rotateLeft((low + word) * 0xbf58476d1ce4e5b9L, 29);
  }
}
