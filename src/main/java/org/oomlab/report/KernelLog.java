package org.oomlab.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Experiment;
import org.oomlab.kernel.Procfs;
import org.oomlab.kernel.state.Ledger;
import org.oomlab.kernel.state.Panic;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.CgroupSpec;

/**
 * Listens to an episode and writes what the kernel that the policy follows would have logged, as
 * dmesg shows it: the messages of mm/oom_kill.c, in their order and in the format of that version.
 *
 * <p>A report begins when out_of_memory() is called and ends with the kill; its table of tasks
 * comes last and shows them as they are then. Calls that end in waiting for a victim leave no
 * trace, nor do they in a kernel.
 */
public final class KernelLog implements TraceSink {
  private static final int NONE = -1;
  private static final long NANOS_PER_MICRO = 1000;
  private static final long SECOND_NS = 1_000_000_000L;

  /** DEFAULT_RATELIMIT_INTERVAL and DEFAULT_RATELIMIT_BURST of include/linux/ratelimit_types.h. */
  private static final long RATELIMIT_INTERVAL_NS = 5 * SECOND_NS;

  private static final int RATELIMIT_BURST = 10;

  private final Writer out;
  private final KernelRelease kernel;
  private final Inhabitants inhabitants;
  private final OomDump dump;
  private final Procfs procfs;
  private final Ledger ledger;
  private final boolean sacrificesChild;
  private final boolean killsAllocatingTask;

  // The latest call of out_of_memory().
  private long callNs;
  private int callTask = NONE;
  private int callCgroup = NONE;
  private long callFreePages;
  private boolean callKilled;
  private boolean callReported;

  // The rate limit of oom_kill_process().
  private long limitSinceNs = -RATELIMIT_INTERVAL_NS;
  private int limitUsed;
  private int limitMissed;

  /**
   * A log of an episode that is about to begin.
   *
   * @param out where it goes; stays open
   */
  public KernelLog(Writer out, Experiment.Case of, Procfs procfs, Ledger ledger) {
    Policy policy = of.policy();
    this.out = out;
    this.kernel = KernelRelease.of(policy.about().kernel());
    this.inhabitants = new Inhabitants(of.inhabited(), procfs);
    this.dump = new OomDump(kernel, of.workload(), inhabitants, procfs);
    this.procfs = procfs;
    this.ledger = ledger;
    this.sacrificesChild = policy.is(Knobs.SACRIFICE_CHILD);
    this.killsAllocatingTask = policy.is(Knobs.KILL_ALLOCATING_TASK);
  }

  /**
   * The same log, of a machine that goes on from where this one stands under another policy.
   *
   * @param of the same workload, under that policy
   */
  public KernelLog goingOn(Experiment.Case of, Procfs procfs, Ledger ledger) {
    KernelLog next = new KernelLog(out, of, procfs, ledger);
    next.callNs = callNs;
    next.callTask = callTask;
    next.callCgroup = callCgroup;
    next.callFreePages = callFreePages;
    next.callKilled = callKilled;
    next.callReported = callReported;
    next.limitSinceNs = limitSinceNs;
    next.limitUsed = limitUsed;
    next.limitMissed = limitMissed;
    return next;
  }

  @Override
  public void emit(long nowNs, Tracepoint point, int subject, long a, long b) {
    switch (point) {
      case OOM_INVOKED -> invoked(nowNs, subject, a, (int) b);
      case KILLED -> killed(nowNs, subject, a);
      case NOTHING_TO_KILL -> nothingToKill(nowNs);
      case PANIC -> panic(nowNs, Panic.values()[(int) a]);
      case FINISH_REAPING -> {
        Procfs.Usage left = procfs.of(subject);
        line(
            nowNs,
            "oom_reaper: reaped process %s, now anon-rss:%dkB, file-rss:%dkB, shmem-rss:%dkB",
            inhabitants.pidAndName(subject),
            OomDump.kb(left.anon()),
            OomDump.kb(left.file()),
            OomDump.kb(left.shmem()));
      }
      case UNABLE_TO_REAP ->
          line(nowNs, "oom_reaper: unable to reap pid:%s", inhabitants.pidAndName(subject));
      default -> {} // No kernel says a word.
    }
  }

  private void invoked(long nowNs, int task, long freePages, int cgroup) {
    callNs = nowNs;
    callTask = task;
    callCgroup = cgroup;
    callFreePages = freePages;
    callKilled = false;
    callReported = false;
  }

  /** dump_header(): what led to the call as of then, the tasks as of now. */
  private void report(long nowNs, int victim) {
    if (callReported) {
      return;
    }
    callReported = true;
    text(callNs, dump.header(callTask, callCgroup));
    text(callNs, callCgroup == NONE ? dump.memory(callFreePages) : dump.cgroup(callCgroup, victim));
    text(nowNs, dump.tasks(callCgroup));
    if (victim != NONE && kernel.isSince(5, 0)) {
      line(nowNs, "%s", dump.summary(callCgroup, victim));
    }
  }

  /** oom_kill_process() for the first kill of a call; __oom_kill_process() for each. */
  private void killed(long nowNs, int victim, long points) {
    boolean first = !callKilled;
    callKilled = true;
    int chosen = first ? chosen(victim) : victim;
    if (first) {
      if (mayReport(nowNs)) {
        report(nowNs, chosen);
      }
      if (!kernel.isSince(5, 1)) {
        line(
            nowNs,
            "%s: Kill process %s score %d or sacrifice child",
            reason(chosen),
            inhabitants.pidAndName(chosen),
            score(chosen == victim ? points : procfs.badness(chosen)));
      }
    }
    String prefix = kernel.isSince(5, 1) ? reason(victim) + ": " : "";
    line(nowNs, "%sKilled process %s", prefix, victimText(victim));
    CgroupSpec group = first ? oomGroup(victim) : null;
    if (group != null) {
      line(
          nowNs,
          "Tasks in %s are going to be killed due to memory.oom.group set",
          inhabitants.path(group.name()));
    }
  }

  /**
   * In thousandths of all memory. OOM_FLAG_ORIGIN stands for ULONG_MAX points, which the kernel
   * multiplies without heed and prints 32 bits of.
   */
  private long score(long points) {
    long total = inhabitants.totalPages(callCgroup);
    return isKilledFor(Ledger.Reason.ORIGIN)
        ? Long.divideUnsigned(-1L * 1000, total) & 0xffff_ffffL
        : Math.max(0, points) * 1000 / total;
  }

  private boolean isKilledFor(Ledger.Reason reason) {
    return ledger.kills() > 0 && ledger.killReason(ledger.kills() - 1) == reason;
  }

  /** Up to 5.0 a child may die in the place of the process that was chosen. */
  private int chosen(int victim) {
    boolean child =
        sacrificesChild
            && isKilledFor(Ledger.Reason.CHILD)
            && ledger.killedProcess(ledger.kills() - 1) == victim;
    return child ? inhabitants.parentOf(victim) : victim;
  }

  private String reason(int victim) {
    if (callCgroup != NONE) {
      return "Memory cgroup out of memory";
    }
    return killsAllocatingTask && victim == procfs.processOf(callTask)
        ? "Out of memory (oom_kill_allocating_task)"
        : "Out of memory";
  }

  private String victimText(int victim) {
    Procfs.Usage usage = procfs.of(victim);
    String text =
        String.format(
            Locale.ROOT,
            "%s total-vm:%dkB, anon-rss:%dkB, file-rss:%dkB, shmem-rss:%dkB",
            inhabitants.pidAndName(victim),
            OomDump.kb(usage.size()),
            OomDump.kb(usage.anon()),
            OomDump.kb(usage.file()),
            OomDump.kb(usage.shmem()));
    return kernel.isSince(5, 3)
        ? text
            + String.format(
                Locale.ROOT,
                ", UID:%d pgtables:%dkB oom_score_adj:%d",
                inhabitants.uid(victim),
                OomDump.kb(usage.pageTables()),
                procfs.oomScoreAdj(victim))
        : text;
  }

  /** mem_cgroup_get_oom_group(): the cgroup that dies as one with this victim, or null. */
  private @Nullable CgroupSpec oomGroup(int victim) {
    CgroupSpec found = null;
    CgroupSpec domain = callCgroup == NONE ? null : inhabitants.cgroup(callCgroup);
    CgroupSpec cgroup = kernel.isSince(4, 19) ? inhabitants.cgroupOf(victim) : null;
    while (cgroup != null) {
      found = cgroup.oomGroup() ? cgroup : found;
      cgroup = cgroup.equals(domain) ? null : inhabitants.cgroup(cgroup.parent());
    }
    return found;
  }

  private void nothingToKill(long nowNs) {
    boolean tellsAlways = kernel.isSince(4, 19);
    if (callCgroup == NONE || tellsAlways) {
      report(nowNs, NONE);
    }
    if (tellsAlways) {
      line(nowNs, "Out of memory and no killable processes...");
    }
  }

  private void panic(long nowNs, Panic panic) {
    report(nowNs, NONE);
    line(nowNs, "Kernel panic - not syncing: %s", panic.text());
    text(nowNs, dump.origin(callTask));
    String end = kernel.isSince(5, 0) ? " ]---" : "";
    line(nowNs, "---[ end Kernel panic - not syncing: %s%s", panic.text(), end);
  }

  /** ___ratelimit() of lib/ratelimit.c. */
  private boolean mayReport(long nowNs) {
    if (nowNs - limitSinceNs > RATELIMIT_INTERVAL_NS) {
      if (limitMissed > 0) {
        line(nowNs, "oom_kill_process: %d callbacks suppressed", limitMissed);
      }
      limitSinceNs = nowNs;
      limitUsed = 0;
      limitMissed = 0;
    }
    boolean allowed = limitUsed < RATELIMIT_BURST;
    if (allowed) {
      limitUsed++;
    } else {
      limitMissed++;
    }
    return allowed;
  }

  private void text(long nowNs, String lines) {
    lines.lines().forEach(line -> line(nowNs, "%s", line));
  }

  private void line(long nowNs, String format, @Nullable Object... arguments) {
    try {
      long micros = nowNs % SECOND_NS / NANOS_PER_MICRO;
      out.append(String.format(Locale.ROOT, "[%5d.%06d] ", nowNs / SECOND_NS, micros))
          .append(String.format(Locale.ROOT, format, arguments))
          .append('\n');
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
