package org.oomlab.worlds;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.Extent;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Paging;
import org.oomlab.workload.Possessions;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.ProcessSpec.Freezer;
import org.oomlab.workload.SoftLimits;
import org.oomlab.workload.Step;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.workload.Workload;

/**
 * Makes of any workload one that means something, by leaving out what cannot: steps about what is
 * not there or has no memory, what gives back what nobody has, memory that does not fit. What a
 * reader refuses is left out here, so that whoever makes worlds or takes parts out of them need not
 * mind.
 */
final class Sense {
  private static final long PTES = 512;

  /** Rounds of a loop that goes on for ever, up to the end of an episode. */
  private static final long MOST_ROUNDS = 3_000;

  private static final Quantity NOTHING = new Quantity.Constant(0);

  private final Workload wild;

  /** Every process by each of its names, as it has become. */
  private final Map<String, ProcessSpec> byName = new LinkedHashMap<>();

  /** The mappings that steps of a process may name, by its name. */
  private final Map<String, Map<String, VmaSpec>> mappings = new LinkedHashMap<>();

  private final Set<String> cgroups = new LinkedHashSet<>();

  private Sense(Workload wild) {
    this.wild = wild;
  }

  /** The workload without what makes no sense in it. */
  static Workload of(Workload wild) {
    return new Sense(wild).workload();
  }

  private Workload workload() {
    List<CgroupSpec> groups = new ArrayList<>();
    for (CgroupSpec each : wild.cgroups()) {
      String parent = cgroups.contains(String.valueOf(each.parent())) ? each.parent() : null;
      groups.add(
          new CgroupSpec(
              each.name(),
              parent,
              each.limit(),
              each.oomGroup(),
              each.oomKillDisable(),
              soft(each)));
      cgroups.add(each.name());
    }
    List<ProcessSpec> processes = new ArrayList<>();
    for (ProcessSpec each : wild.processes()) {
      processes.add(declared(each));
    }
    processes.replaceAll(this::programmed);
    return fitted(with(Records.with(wild, "cgroups", groups), processes));
  }

  // Processes, and whom they speak of.

  private ProcessSpec declared(ProcessSpec wild) {
    ProcessSpec owner = wild.kernelThread() ? null : byName.get(String.valueOf(wild.sharesMm()));
    boolean shares = owner != null && !owner.kernelThread();
    boolean user = !wild.kernelThread();
    boolean owns = user && !shares;
    ProcessSpec made =
        new ProcessSpec(
            wild.name(),
            wild.count(),
            wild.oomScoreAdj(),
            wild.root(),
            user && wild.init(),
            wild.kernelThread(),
            user && wild.oomOrigin(),
            byName.containsKey(String.valueOf(wild.parent())) ? wild.parent() : null,
            shares ? wild.sharesMm() : null,
            shares && wild.vfork(),
            cgroups.contains(String.valueOf(wild.cgroup())) ? wild.cgroup() : null,
            user ? wild.frozen() : Freezer.NONE,
            wild.start(),
            owns ? wild.memory() : List.of(),
            owns ? wild.swapped() : NOTHING,
            user ? wild.aio() : NOTHING,
            user ? wild.exe() : NOTHING,
            user && wild.coreDumping(),
            wild.workUnit(),
            wild.checkpoint(),
            owns ? wild.spread() : 0,
            wild.threads());
    Map<String, VmaSpec> own = new LinkedHashMap<>();
    for (VmaSpec vma : made.memory()) {
      if (vma.name() != null) {
        own.put(vma.name(), vma);
      }
    }
    Map<String, VmaSpec> named =
        made.sharesMm() == null ? own : mappings.getOrDefault(made.sharesMm(), own);
    for (String name : names(made)) {
      byName.put(name, made);
      mappings.put(name, named);
    }
    return made;
  }

  /** Each copy's name. */
  static List<String> names(ProcessSpec spec) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < spec.count(); i++) {
      names.add(spec.count() == 1 ? spec.name() : spec.name() + "[" + i + "]");
    }
    return names;
  }

  // What they do.

  private ProcessSpec programmed(ProcessSpec spec) {
    Map<String, VmaSpec> named = mappings.getOrDefault(names(spec).get(0), Collections.emptyMap());
    List<ThreadSpec> threads = new ArrayList<>();
    for (ThreadSpec each : spec.threads()) {
      String robust =
          named.containsKey(String.valueOf(each.robustListIn())) ? each.robustListIn() : null;
      List<Step> run = steps(each.run(), spec, named);
      Set<Integer> idle = Possessions.emptyHanded(run, spec.kernelThread());
      List<Step> left = without(run, idle, new int[1]);
      threads.add(new ThreadSpec(each.name(), each.count(), robust, left));
    }
    return Records.with(spec, "threads", threads);
  }

  /**
   * Steps without those that give back nothing.
   *
   * @param idle their numbers among those that give back
   * @param seen how many of these come before
   */
  private static List<Step> without(List<Step> steps, Set<Integer> idle, int[] seen) {
    List<Step> left = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.Repeat it) {
        left.add(new Step.Repeat(it.times(), without(it.steps(), idle, seen)));
      } else if (step instanceof Step.Chance it) {
        left.add(new Step.Chance(it.probability(), without(it.steps(), idle, seen)));
      } else if (!Possessions.givesBack(step) || !idle.contains(seen[0]++)) {
        left.add(step);
      }
    }
    return left;
  }

  private List<Step> steps(List<Step> wild, ProcessSpec by, Map<String, VmaSpec> named) {
    List<Step> made = new ArrayList<>();
    for (Step step : wild) {
      Step sensible = step(step, by, named);
      if (sensible != null) {
        made.add(sensible);
      }
    }
    return made;
  }

  private @Nullable Step step(Step wild, ProcessSpec by, Map<String, VmaSpec> named) {
    if (wild instanceof Step.Repeat it) {
      return repeat(it.times(), steps(it.steps(), by, named));
    } else if (wild instanceof Step.Chance it) {
      return new Step.Chance(it.probability(), steps(it.steps(), by, named));
    } else if (wild instanceof Step.Touch it) {
      return by.kernelThread() ? null : touch(it, named);
    }
    return isSensible(wild, by) ? wild : null;
  }

  private boolean isSensible(Step step, ProcessSpec by) {
    if (step instanceof Step.Drain) {
      return !by.kernelThread();
    } else if (step instanceof Step.Lock it) {
      return wild.mutexes().contains(it.mutex());
    } else if (step instanceof Step.Unlock it) {
      return wild.mutexes().contains(it.mutex());
    } else if (step instanceof Step.WaitLocked it) {
      return wild.mutexes().contains(it.mutex());
    } else if (step instanceof Step.TakeFutex it) {
      return !by.kernelThread() && wild.futexes().contains(it.futex());
    } else if (step instanceof Step.ReleaseFutex it) {
      return !by.kernelThread() && wild.futexes().contains(it.futex());
    } else if (step instanceof Step.WaitFutex it) {
      return !by.kernelThread() && wild.futexes().contains(it.futex());
    } else if (step instanceof Step.AllocUntilKilled it) {
      return isUser(it.process());
    } else if (step instanceof Step.MmapLock it) {
      return isUser(it.of());
    } else if (step instanceof Step.Freeze it) {
      return isUser(it.process());
    } else if (step instanceof Step.Thaw it) {
      return isUser(it.process());
    } else if (step instanceof Step.WaitKilled it) {
      return isUser(it.process());
    } else if (step instanceof Step.WaitOomSkip it) {
      return isUser(it.process());
    } else if (step instanceof Step.Mrelease it) {
      return isUser(it.process());
    } else if (step instanceof Step.Kill it) {
      return isUser(it.process()) && !byName.get(it.process()).init();
    }
    return !(step instanceof Step.Exit && by.init());
  }

  /** Whether there is such a process and it is no kernel thread. */
  private boolean isUser(String name) {
    ProcessSpec spec = byName.get(name);
    return spec != null && !spec.kernelThread();
  }

  private static Step touch(Step.Touch wild, Map<String, VmaSpec> named) {
    VmaSpec vma = wild.memory() == null ? null : named.get(wild.memory());
    boolean faults =
        vma != null
            && vma.kind() != VmaSpec.Kind.PFNMAP
            && vma.kind() != VmaSpec.Kind.BORROWED
            && vma.kind() != VmaSpec.Kind.HUGETLB;
    return faults ? wild : new Step.Touch(wild.size(), null, wild.rate());
  }

  /** A loop that goes on for ever lets some time pass in each round. */
  private Step repeat(long times, List<Step> steps) {
    if (times >= 0) {
      return new Step.Repeat(times, steps);
    }
    long round = Math.max(1, wild.horizon() / MOST_ROUNDS);
    List<Step> paced = new ArrayList<>(steps);
    if (steps.stream().noneMatch(step -> passes(round, step))) {
      paced.add(new Step.Sleep(new Quantity.Constant(round)));
    }
    return new Step.Repeat(times, paced);
  }

  /** Whether it is certain to take so much time. */
  private static boolean passes(long ns, Step step) {
    Quantity time = null;
    if (step instanceof Step.Sleep it) {
      time = it.time();
    } else if (step instanceof Step.Block it) {
      time = it.time();
    } else if (step instanceof Step.Compute it) {
      time = it.time();
    }
    return time != null && time.least() >= ns;
  }

  // What fits.

  private static Workload fitted(Workload made) {
    MachineSpec machine = made.machine();
    Paging paging = said(machine.paging());
    machine = Records.with(machine, "paging", paging);
    if (paging.swap() != null) {
      machine = Records.with(machine, "swap", paging.swap().size());
    }
    machine = Records.with(machine, "free", Math.min(machine.free(), machine.memory()));
    long room = machine.memory() - Math.max(0, machine.free());
    if (machine.pageCache().least() > room) {
      machine = Records.with(machine, "pageCache", new Quantity.Constant(room));
    }
    if (machine.dirtyCache().least() > Extent.largest(machine.pageCache())) {
      machine = Records.with(machine, "dirtyCache", machine.pageCache());
    }
    room -= machine.pageCache().least();
    long swap = machine.swap();
    List<ProcessSpec> processes = new ArrayList<>();
    for (ProcessSpec each : made.processes()) {
      List<VmaSpec> memory = new ArrayList<>();
      for (VmaSpec wild : each.memory()) {
        VmaSpec vma = used(wild, paging);
        VmaSpec fits = least(vma) <= room / each.count() ? vma : shrunk(vma, room / each.count());
        room -= least(fits) * each.count();
        memory.add(fits);
      }
      ProcessSpec fits = Records.with(each, "memory", memory);
      if (each.swapped().least() > swap / each.count()) {
        fits = Records.with(fits, "swapped", new Quantity.Constant(swap / each.count()));
      }
      swap -= fits.swapped().least() * each.count();
      processes.add(fits);
    }
    return ended(Records.with(with(made, processes), "machine", machine));
  }

  /**
   * What a file can say: without a device or a disk nothing but pressure, and with one that too.
   */
  private static Paging said(Paging wild) {
    return wild.moves()
        ? Records.with(wild, "psi", true)
        : Records.with(Paging.NONE, "psi", wild.psi());
  }

  /** What never leaves memory is used by nobody who could notice. */
  private static VmaSpec used(VmaSpec vma, Paging paging) {
    boolean anon = vma.kind() == VmaSpec.Kind.ANONYMOUS && paging.swap() != null;
    boolean file =
        (vma.kind() == VmaSpec.Kind.FILE || vma.kind() == VmaSpec.Kind.SHARED_FILE)
            && paging.disk() != null;
    return vma.access() == null || !vma.locked() && (anon || file)
        ? vma
        : Records.with(vma, "access", null);
  }

  /** memory.high above the limit would never come to anything. */
  private static SoftLimits soft(CgroupSpec wild) {
    SoftLimits soft = wild.soft();
    boolean vain = soft.high() != Long.MAX_VALUE && soft.high() > wild.limit();
    return vain ? Records.with(soft, "high", wild.limit()) : soft;
  }

  /** A world in which too much would happen ends sooner. */
  private static Workload ended(Workload made) {
    double steps = made.processes().stream().mapToDouble(each -> Extent.steps(made, each)).sum();
    double share = Extent.MOST_STEPS / (2 * steps);
    return share >= 0.5
        ? made
        : Records.with(made, "horizon", Math.max(1, (long) (made.horizon() * share)));
  }

  private static Workload with(Workload of, List<ProcessSpec> processes) {
    return Records.with(of, "processes", processes);
  }

  /** What a mapping takes at the least, page tables included. */
  private static long least(VmaSpec vma) {
    boolean takes = vma.kind() != VmaSpec.Kind.PFNMAP && vma.kind() != VmaSpec.Kind.BORROWED;
    long size = vma.size().least();
    long tables = vma.pageTables() < 0 ? (size + PTES - 1) / PTES : vma.pageTables();
    return (takes ? size : 0) + tables;
  }

  private static VmaSpec shrunk(VmaSpec vma, long room) {
    long size = Math.max(0, room - room / PTES - 1);
    return Records.with(Records.with(vma, "size", new Quantity.Constant(size)), "pageTables", -1L);
  }
}
