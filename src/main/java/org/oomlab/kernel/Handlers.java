package org.oomlab.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.handler.Handler;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Memcg;
import org.oomlab.kernel.state.Process;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Span;

/**
 * The programs of a policy that are asked before the kernel's own scan: bpf_handle_oom() of
 * mm/bpf_oom.c in R. Gushchin's series, v3. From the cgroup that is out of memory up to the root,
 * each is called until one has handled it; after the last comes select_bad_process().
 */
final class Handlers {
  private static final long NEVER = -1;

  private final Kernel kernel;
  private final Machine machine;
  private final List<Handler> handlers;

  Handlers(Kernel kernel, Policy policy) {
    this.kernel = kernel;
    this.machine = kernel.machine;
    this.handlers = policy.handlers();
  }

  boolean areThere() {
    return !handlers.isEmpty();
  }

  /**
   * Asks them.
   *
   * @param decision hears whom to kill, if it comes to that
   * @return what it came to; null if all of them have declined
   */
  OomKiller.@Nullable Result ask(@Nullable Memcg memcg, Decision decision) {
    Memcg at = memcg;
    while (true) {
      String name = at == null ? "" : at.spec.name();
      for (int i = 0; i < handlers.size(); i++) {
        Handler handler = handlers.get(i);
        if (handler.cgroup().equals(name)) {
          decision.runNs(handler.runNs());
          OomKiller.Result result = ask(i, handler, memcg, decision);
          if (result != null) {
            return result;
          }
        }
      }
      if (at == null) {
        return null;
      }
      at = at.parent;
    }
  }

  /** What a handler can bring about. */
  interface Decision {
    /** So much time has gone by under oom_lock. */
    void runNs(long ns);

    /** A process is to be killed, or with it all of a cgroup. */
    OomKiller.Result kill(Process process, @Nullable Memcg all);
  }

  private OomKiller.@Nullable Result ask(
      int number, Handler handler, @Nullable Memcg memcg, Decision decision) {
    boolean dies = handler.inFlight() == Handler.InFlight.DECLINE && isInFlight(memcg);
    if (dies || usage(memcg) <= handler.usageAbove()) {
      return null;
    }
    switch (handler.action()) {
      case KILL_TASK -> {
        Process victim = worst(handler.by(), memcg, null);
        return victim == null ? null : decision.kill(victim, null);
      }
      case KILL_CGROUP -> {
        Memcg leaf = worstLeaf(handler.by(), memcg);
        Process victim = leaf == null ? null : worst(Handler.By.BADNESS, memcg, leaf);
        return victim == null ? null : decision.kill(victim, leaf);
      }
      case PROMISE -> {
        return promise(number, handler) ? OomKiller.Result.PROGRESS : null;
      }
      case DECLINE -> {
        return null;
      }
    }
    throw new IllegalStateException();
  }

  /**
   * Whether anybody who is dying still has memory, as an iterator over the tasks of a cgroup sees
   * it: from 7.0 on it passes over those that have begun to exit, as the kernel's own scan does.
   */
  private boolean isInFlight(@Nullable Memcg memcg) {
    for (Process process : machine.processes) {
      if (process.oomVictim
          && process.liveTasks > 0
          && !process.mm.oomSkip
          && Memcg.isIn(process, memcg)
          && !kernel.killer.isLost(process, memcg)) {
        return true;
      }
    }
    return false;
  }

  private long usage(@Nullable Memcg memcg) {
    return memcg == null
        ? machine.workload.machine().memory() - machine.freePages
        : memcg.usagePages;
  }

  /** The promise holds from the first call of an OOM episode on; then it has not been kept. */
  private boolean promise(int number, Handler handler) {
    long now = kernel.clock();
    long since = machine.promisedNs[number];
    boolean again = since == NEVER || !machine.promiseOpen[number];
    if (again) {
      machine.promisedNs[number] = now;
      machine.promiseOpen[number] = true;
      return true;
    }
    return handler.promiseNs() >= Span.FOREVER || now - since < handler.promiseNs();
  }

  /** An OOM episode is over: whoever promised may promise again. */
  void episodeIsOver() {
    for (int i = 0; i < handlers.size(); i++) {
      machine.promiseOpen[i] = false;
    }
  }

  /**
   * Whether a promise held when somebody was told to wait, and ends by itself, so that the next
   * answer may be another.
   *
   * @param toldNs when the one who has waited longest was told so last
   */
  boolean mayChangeTheirMind(long toldNs) {
    for (int i = 0; i < handlers.size(); i++) {
      long ns = handlers.get(i).promiseNs();
      if (machine.promiseOpen[i] && ns < Span.FOREVER && toldNs < machine.promisedNs[i] + ns) {
        return true;
      }
    }
    return false;
  }

  /**
   * Who may be killed by bpf_oom_kill_process(): not init, no thread of the kernel, nobody gone.
   */
  private boolean mayDie(Process process, @Nullable Memcg memcg, @Nullable Memcg within) {
    return !process.isUnkillable()
        && process.liveTasks > 0
        && process.taskWithMm() != null
        && !process.groupExit
        && process.oomScoreAdj != Badness.ADJ_MIN
        && Memcg.isIn(process, memcg)
        && (within == null || Memcg.isIn(process, within));
  }

  private @Nullable Process worst(Handler.By by, @Nullable Memcg memcg, @Nullable Memcg within) {
    Process worst = null;
    long most = Long.MIN_VALUE;
    for (Process process : machine.processes) {
      if (!mayDie(process, memcg, within)) {
        continue;
      }
      long points =
          switch (by) {
            case BADNESS -> kernel.badness.of(process, kernel.badness.totalOf(memcg));
            case SIZE -> process.mm.rss();
            case SWAP -> process.mm.swapPages;
            case ADJ -> process.oomScoreAdj * machine.totalPages + process.mm.rss();
          };
      if (worst == null || points > most) {
        worst = process;
        most = points;
      }
    }
    return worst;
  }

  /** The largest leaf of those in which nobody is sacred, as in the self-test of the series. */
  private @Nullable Memcg worstLeaf(Handler.By by, @Nullable Memcg memcg) {
    Memcg worst = null;
    long most = 0;
    for (Memcg leaf : machine.memcgs) {
      boolean below = memcg == null || leaf.isWithin(memcg);
      if (!below || hasChildren(leaf) || hasSacred(leaf)) {
        continue;
      }
      long points = by == Handler.By.SWAP ? leaf.swapPages : leaf.usagePages - leaf.cachePages;
      if (points > most && worst(Handler.By.BADNESS, memcg, leaf) != null) {
        worst = leaf;
        most = points;
      }
    }
    return worst;
  }

  private boolean hasChildren(Memcg memcg) {
    for (Memcg other : machine.memcgs) {
      if (other.parent == memcg) {
        return true;
      }
    }
    return false;
  }

  private boolean hasSacred(Memcg memcg) {
    for (Process process : machine.processes) {
      if (process.memcg == memcg
          && process.liveTasks > 0
          && process.oomScoreAdj == Badness.ADJ_MIN) {
        return true;
      }
    }
    return false;
  }
}
