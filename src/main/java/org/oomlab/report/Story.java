package org.oomlab.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.state.Panic;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.trace.TraceSink;
import org.oomlab.trace.Tracepoint;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;
import org.oomlab.workload.Workload;

/**
 * Listens to an episode and tells it in sentences.
 *
 * <p>Tasks that ask the OOM killer again and again, or pass a lock around, are mentioned once
 * between two events that change something, with how often they did it.
 */
public final class Story implements TraceSink {
  /** Why an attempt of the reaper failed, as the tracepoint numbers it. */
  private static final String[] CAUSES = {
    ": mmap_lock is taken", ": a notifier would block", ": too much is left"
  };

  /** What may happen thousands of times without anything having changed. */
  private static final Set<Tracepoint> REPETITIVE =
      Collections.unmodifiableSet(
          EnumSet.of(
              Tracepoint.OOM_INVOKED,
              Tracepoint.OOM_ABORT,
              Tracepoint.ALLOC_DONE,
              Tracepoint.ALLOC_FAILED,
              Tracepoint.LOCKED,
              Tracepoint.SWAP_OUT,
              Tracepoint.SWAP_IN,
              Tracepoint.UNLOCKED));

  /** Something that happened, and how often it happened again before anything else did. */
  static final class Entry {
    final long atNs;
    final Tracepoint point;
    final int subject;
    long a;
    long b;
    private int repeats;
    private long lastNs;

    private Entry(long atNs, Tracepoint point, int subject, long a, long b) {
      this.atNs = atNs;
      this.point = point;
      this.subject = subject;
      this.a = a;
      this.b = b;
      this.lastNs = atNs;
    }

    /** It happened again; of pages that move, how many there were is what matters. */
    private void repeat(long nowNs, long nextA, long nextB) {
      repeats++;
      lastNs = nowNs;
      if (point == Tracepoint.SWAP_OUT) {
        a += nextA;
        b = nextB;
      } else if (point == Tracepoint.SWAP_IN) {
        a += nextA;
        b += nextB;
      }
    }

    /** How often it happened. */
    int times() {
      return 1 + repeats;
    }

    /** When it happened last. */
    long lastNs() {
      return lastNs;
    }
  }

  private final Names names;
  private final Refusals refusals = new Refusals();
  private final List<Entry> entries = new ArrayList<>();

  /** Where the entries begin that a repetition may belong to. */
  private int sinceChange;

  /** An empty story of this workload. */
  public Story(Workload workload) {
    this.names = new Names(workload);
  }

  @Override
  public void emit(long nowNs, Tracepoint point, int subject, long a, long b) {
    if (refusals.isOnlyTheEnd(nowNs, point, subject)) {
      return;
    }
    if (!REPETITIVE.contains(point)) {
      entries.add(new Entry(nowNs, point, subject, a, b));
      sinceChange = entries.size();
      return;
    }
    for (Entry entry : entries.subList(sinceChange, entries.size())) {
      if (entry.point == point && entry.subject == subject) {
        entry.repeat(nowNs, a, b);
        return;
      }
    }
    entries.add(new Entry(nowNs, point, subject, a, b));
  }

  /** What it has heard, a sentence for each. */
  public List<String> sentences() {
    return entries.stream().map(this::tell).toList();
  }

  List<Entry> entries() {
    return Collections.unmodifiableList(entries);
  }

  Names names() {
    return names;
  }

  /** The sentence for an entry, with how often it came again. */
  String tell(Entry entry) {
    String once = sentence(entry);
    return entry.repeats == 0
        ? once
        : once
            + " (and "
            + entry.repeats
            + (entry.repeats == 1 ? " more time, " : " more times in ")
            + Span.format(entry.lastNs - entry.atNs)
            + (entry.repeats == 1 ? " later)" : ")");
  }

  /**
   * The sentence for something that happened, without listening to it.
   *
   * @param atNs and the others: as in {@link TraceSink#emit}
   */
  public String sentence(long atNs, Tracepoint point, int subject, long a, long b) {
    return sentence(new Entry(atNs, point, subject, a, b));
  }

  private String sentence(Entry entry) {
    String process = names.process(entry.subject);
    String task = names.task(entry.subject);
    long a = entry.a;
    long b = entry.b;
    return switch (entry.point) {
      case OOM_INVOKED -> task + " calls the OOM killer" + inCgroup(b) + ", " + amount(a) + " free";
      case OOM_ABORT -> names.task(a) + " waits: " + process + " is still dying";
      case RESERVES_STARTED ->
          process + " takes too long to die: " + names.task(a) + " may use all reserves";
      case RESERVES_ENDED -> process + " is gone: nobody may use all reserves any more";
      case KILLED -> process + " is killed: badness " + a + ", " + amount(b) + " free";
      case KILLED_WITH ->
          process + " is killed too: " + (a == 1 ? "its cgroup dies as one" : "same address space");
      case MARK_VICTIM -> names.task(a) + " is marked as a victim";
      case NOTHING_TO_KILL -> "there is nobody left to kill" + inCgroup(a);
      case PANIC -> "the machine panics: " + Panic.values()[(int) a].text();
      case WAKE_REAPER -> process + " is handed to the reaper";
      case START_REAPING -> "the reaper begins with " + process + ", attempt " + a;
      case FINISH_REAPING ->
          "the reaper has freed "
              + amount(a)
              + " of "
              + process
              + "; "
              + (b == 0
                  ? "nothing of it is resident any more"
                  : amount(b) + " of it are still resident");
      case SKIP_REAPING -> "the reaper cannot have " + process + ", attempt " + a + CAUSES[(int) b];
      case UNABLE_TO_REAP -> "the reaper gives " + process + " up after " + times(a, "attempt");
      case OOM_SKIP ->
          "the killer no longer waits for "
              + process
              + ", by decision of "
              + (a == 0 ? "the reaper" : a == 1 ? "the exit path" : "the timeout");
      case DO_EXIT -> task + " begins to exit";
      case EXIT_MMAP -> process + " has no user left: " + amount(a) + " are to be unmapped";
      case EXIT_MMAP_DONE -> process + "'s exit path is done and has freed " + amount(a);
      case ALLOC_DONE -> task + " gets its memory after " + Span.format(entry.atNs - a);
      case ALLOC_FAILED -> task + " is refused its memory";
      case FUTEX_BROKEN ->
          task
              + " dies holding "
              + names.futex(a)
              + " and its robust list is gone: "
              + times(b, "waiter")
              + " will never know";
      case OWNER_DIED -> task + " learns that the owner of " + names.futex(a) + " died";
      case LOCKED -> task + " takes " + names.mutex(a);
      case UNLOCKED -> task + " releases " + names.mutex(a);
      case FREEZER -> process + (a == 0 ? " is thawed" : " is frozen, cgroup version " + a);
      case MRELEASE -> names.task(a) + " calls process_mrelease() on " + process;
      case DIRECT_REAPING -> names.task(a) + " unmaps memory of " + process + " by itself";
      case SWAP_OUT ->
          amount(a)
              + " of "
              + process
              + " go to swap, "
              + (b == 0 ? "which is full now" : "where " + amount(b) + " are left");
      case SWAP_IN ->
          task
              + " reads "
              + amount(a)
              + " again"
              + (b == 0 ? "" : ", " + amount(b) + " of them of the working set");
      case DAEMON_KILL ->
          "the daemon sends "
              + (a == 0 ? "SIGTERM" : "SIGKILL")
              + " to "
              + process
              + ", "
              + amount(b)
              + " free";
      case VERDICT -> "the episode ends: " + Outcome.text(Verdict.values()[(int) a]);
    };
  }

  private String inCgroup(long cgroup) {
    return cgroup < 0 ? "" : " in cgroup " + names.cgroup(cgroup);
  }

  private static String amount(long pages) {
    return pages == 0 ? "0 pages" : Bytes.human(pages);
  }

  private static String times(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
