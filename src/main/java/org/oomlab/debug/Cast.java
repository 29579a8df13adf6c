package org.oomlab.debug;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.oomlab.kernel.Vmcore;
import org.oomlab.report.Names;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.Workload;

/** Who and what there is in a workload, by name: the inverse of {@link Names}. */
final class Cast {
  private static final String MMAP_LOCK = "mmap_lock";

  private final Names names;
  private final Map<String, Integer> processes = new LinkedHashMap<>();
  private final Map<String, Integer> tasks = new LinkedHashMap<>();
  private final Map<String, Integer> cgroups = new LinkedHashMap<>();
  private final Map<String, Integer> mutexes = new LinkedHashMap<>();
  private final Map<String, Integer> futexes = new LinkedHashMap<>();

  Cast(Workload workload) {
    this.names = new Names(workload);
    number(processes, workload.processNames());
    number(cgroups, workload.cgroups().stream().map(CgroupSpec::name).toList());
    number(mutexes, workload.mutexes());
    number(futexes, workload.futexes());
    long count = 0;
    for (ProcessSpec process : workload.processes()) {
      count +=
          (long) process.count() * process.threads().stream().mapToLong(ThreadSpec::count).sum();
    }
    for (int task = 0; task < count; task++) {
      tasks.putIfAbsent(names.task(task), task);
    }
  }

  private static void number(Map<String, Integer> into, List<String> all) {
    for (int i = 0; i < all.size(); i++) {
      into.putIfAbsent(all.get(i), i);
    }
  }

  Names names() {
    return names;
  }

  /** A task, the reaper or nobody, for people. */
  String who(int task) {
    return task == Vmcore.THE_REAPER
        ? "oom_reaper"
        : task == Vmcore.NO_TASK ? "nobody" : names.task(task);
  }

  int process(String name) {
    return find("process", name, processes);
  }

  int task(String name) {
    return find("task", name, tasks);
  }

  int cgroup(String name) {
    return find("cgroup", name, cgroups);
  }

  private static int find(String kind, String name, Map<String, Integer> among) {
    Integer number = among.get(name);
    if (number == null) {
      throw Mistake.unknown(
          "there is no " + kind + " " + name + (among.isEmpty() ? ": this workload has none" : ""),
          name,
          among.keySet());
    }
    return number;
  }

  /** Whether a process or a task has this name. */
  boolean isSomebody(String name) {
    return tasks.containsKey(name) || processes.containsKey(name);
  }

  /** A lock: oom_lock, mmap_lock(PROCESS), a mutex or a futex. */
  Lock lock(String name) {
    if (name.equals("oom_lock")) {
      return new Lock(Vmcore.Kind.OOM_LOCK, 0, name);
    }
    if (name.startsWith(MMAP_LOCK + "(") && name.endsWith(")")) {
      String of = name.substring(MMAP_LOCK.length() + 1, name.length() - 1).strip();
      return new Lock(Vmcore.Kind.MMAP_LOCK, process(of), name);
    }
    if (mutexes.containsKey(name)) {
      return new Lock(Vmcore.Kind.MUTEX, mutexes.get(name), name);
    }
    if (futexes.containsKey(name)) {
      return new Lock(Vmcore.Kind.FUTEX, futexes.get(name), name);
    }
    throw Mistake.unknown("there is no lock " + name, name, locks());
  }

  /** A lock's name. */
  String nameOf(Vmcore.Lock lock) {
    return switch (lock.kind()) {
      case OOM_LOCK -> "oom_lock";
      case MUTEX -> names.mutex(lock.number());
      case FUTEX -> names.futex(lock.number());
      case MMAP_LOCK -> MMAP_LOCK + "(" + names.process(lock.number()) + ")";
    };
  }

  /** The names of all processes. */
  List<String> processes() {
    return List.copyOf(processes.keySet());
  }

  /** The names of all tasks; those of leaders are those of their processes. */
  List<String> tasks() {
    return Collections.unmodifiableList(new ArrayList<>(tasks.keySet()));
  }

  List<String> cgroups() {
    return List.copyOf(cgroups.keySet());
  }

  /** The names of all locks but the mmap_locks. */
  List<String> locks() {
    List<String> all = new ArrayList<>(List.of("oom_lock"));
    all.addAll(mutexes.keySet());
    all.addAll(futexes.keySet());
    return all;
  }
}
