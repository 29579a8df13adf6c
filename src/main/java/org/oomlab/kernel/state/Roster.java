package org.oomlab.kernel.state;

import static org.oomlab.kernel.state.Machine.NOBODY;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.pressure.PsiGroup;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Step;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.workload.Workload;

/**
 * Who lives on a machine: the cgroups, processes, address spaces and tasks that a workload asks
 * for, each with its number. They are made once; episodes only change what is in them.
 */
public final class Roster {
  final Memcg[] memcgs;
  final Process[] processes;
  final Mm[] mms;
  final Task[] tasks;

  private final Workload workload;
  private final boolean watched;

  /** The number of each process by its name, which many steps of many processes may name. */
  private final Map<String, Integer> numbers = new TreeMap<>();

  /**
   * @param watched whether the last process is that of a daemon
   */
  Roster(Workload workload, boolean watched) {
    this.workload = workload;
    this.watched = watched;
    for (String name : workload.processNames()) {
      numbers.put(name, numbers.size());
    }
    this.memcgs = makeMemcgs(workload.cgroups(), workload.machine());
    List<Mm> mmList = new ArrayList<>();
    this.processes = makeProcesses(mmList);
    this.mms = mmList.toArray(new Mm[0]);
    this.tasks = makeTasks();
  }

  private static Memcg[] makeMemcgs(List<CgroupSpec> specs, MachineSpec machine) {
    Memcg[] memcgs = new Memcg[specs.size()];
    for (int i = 0; i < memcgs.length; i++) {
      CgroupSpec spec = specs.get(i);
      boolean measured = machine.paging().psi();
      memcgs[i] =
          new Memcg(
              i,
              spec,
              memcgNamed(memcgs, i, spec.parent()),
              measured ? new PsiGroup(machine.cpus(), machine.hz()) : null);
    }
    return memcgs;
  }

  private static @Nullable Memcg memcgNamed(Memcg[] memcgs, int count, @Nullable String name) {
    for (int i = 0; name != null && i < count; i++) {
      if (memcgs[i].spec.name().equals(name)) {
        return memcgs[i];
      }
    }
    return null;
  }

  private Process[] makeProcesses(List<Mm> mmList) {
    List<String> names = workload.processNames();
    Process[] made = new Process[names.size()];
    int id = 0;
    for (ProcessSpec spec : workload.processes()) {
      for (int copy = 0; copy < spec.count(); copy++) {
        Memcg memcg = memcgNamed(memcgs, memcgs.length, spec.cgroup());
        Mm mm = null;
        if (spec.sharesMm() != null) {
          mm = made[number(spec.sharesMm())].mm;
        } else if (!spec.kernelThread()) {
          mm = new Mm(mmList.size(), makeVmas(spec), memcg, spec.spread(), threads(spec));
          mmList.add(mm);
        }
        int parent = spec.parent() == null ? NOBODY : number(spec.parent());
        made[id] = new Process(id, spec, names.get(id), mm, memcg, parent);
        id++;
      }
    }
    return made;
  }

  private static int threads(ProcessSpec spec) {
    int threads = 0;
    for (ThreadSpec thread : spec.threads()) {
      threads += thread.count();
    }
    return threads;
  }

  /** Every address space has anonymous memory to grow into, whether or not the workload says so. */
  private static Vma[] makeVmas(ProcessSpec spec) {
    List<VmaSpec> specs = new ArrayList<>(spec.memory());
    boolean hasAnonymous = false;
    for (VmaSpec vma : specs) {
      hasAnonymous |= vma.kind() == VmaSpec.Kind.ANONYMOUS;
    }
    if (!hasAnonymous) {
      specs.add(
          new VmaSpec(
              null,
              VmaSpec.Kind.ANONYMOUS,
              new Quantity.Constant(0),
              false,
              VmaSpec.Notifier.NONE,
              false,
              false,
              false,
              0,
              1));
    }
    Vma[] vmas = new Vma[specs.size()];
    for (int i = 0; i < vmas.length; i++) {
      vmas[i] = new Vma(specs.get(i), i);
    }
    return vmas;
  }

  private Task[] makeTasks() {
    List<Task> made = new ArrayList<>();
    for (Process process : processes) {
      List<Task> own = new ArrayList<>();
      for (ThreadSpec thread : process.spec.threads()) {
        boolean watches = watched && process.id == processes.length - 1;
        Program program = watches ? Program.watch() : Program.of(thread.run(), subjectsOf(process));
        for (int copy = 0; copy < thread.count(); copy++) {
          int id = made.size();
          String name = own.isEmpty() ? process.name : thread.name();
          Task task =
              new Task(id, process, program, name, robustVma(process, thread), new Walk(id));
          made.add(task);
          own.add(task);
        }
      }
      process.tasks = own.toArray(new Task[0]);
    }
    return made.toArray(new Task[0]);
  }

  private static @Nullable Vma robustVma(Process process, ThreadSpec thread) {
    Vma found = null;
    if (process.mm != null) {
      for (Vma vma : process.mm.vmas) {
        boolean named = thread.robustListIn() != null;
        if (named
            ? thread.robustListIn().equals(vma.spec.name())
            : vma.spec.kind() == VmaSpec.Kind.ANONYMOUS) {
          found = vma;
        }
      }
    }
    return found;
  }

  /** The number of the thing that a step of this process names. */
  private ToIntFunction<Step> subjectsOf(Process process) {
    // No lambda: threads that link the same one at once each make a class of it, but one.
    return new ToIntFunction<>() {
      @Override
      public int applyAsInt(Step step) {
        if (step instanceof Step.Lock s) {
          return indexOf(workload.mutexes(), s.mutex());
        } else if (step instanceof Step.Unlock s) {
          return indexOf(workload.mutexes(), s.mutex());
        } else if (step instanceof Step.WaitLocked s) {
          return indexOf(workload.mutexes(), s.mutex());
        } else if (step instanceof Step.TakeFutex s) {
          return indexOf(workload.futexes(), s.futex());
        } else if (step instanceof Step.ReleaseFutex s) {
          return indexOf(workload.futexes(), s.futex());
        } else if (step instanceof Step.WaitFutex s) {
          return indexOf(workload.futexes(), s.futex());
        } else if (step instanceof Step.AllocUntilKilled s) {
          return number(s.process());
        } else if (step instanceof Step.MmapLock s) {
          return number(s.of());
        } else if (step instanceof Step.Freeze s) {
          return number(s.process());
        } else if (step instanceof Step.Thaw s) {
          return number(s.process());
        } else if (step instanceof Step.Kill s) {
          return number(s.process());
        } else if (step instanceof Step.WaitKilled s) {
          return number(s.process());
        } else if (step instanceof Step.WaitOomSkip s) {
          return number(s.process());
        } else if (step instanceof Step.Mrelease s) {
          return number(s.process());
        } else if (step instanceof Step.Touch s) {
          return touchedVma(process, s.memory());
        } else if (step instanceof Step.Drain) {
          return touchedVma(process, null);
        }
        return NOBODY;
      }
    };
  }

  private static int touchedVma(Process process, @Nullable String memory) {
    int found = NOBODY;
    if (process.mm != null) {
      for (Vma vma : process.mm.vmas) {
        if (memory == null
            ? vma.spec.kind() == VmaSpec.Kind.ANONYMOUS
            : memory.equals(vma.spec.name())) {
          found = vma.index;
        }
      }
    }
    return found;
  }

  private int number(String process) {
    Integer number = numbers.get(process);
    if (number == null) {
      throw new IllegalArgumentException("the workload has no " + process);
    }
    return number;
  }

  private static int indexOf(List<String> names, String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("the workload has no " + name);
    }
    return index;
  }
}
