package org.oomlab.report;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.Workload;

/**
 * What numbers of processes, tasks and locks stand for. Processes have numbers in the order of the
 * workload; tasks too, each process's leader first.
 */
public final class Names {
  private final List<String> processes;
  private final List<String> tasks = new ArrayList<>();
  private final List<String> cgroups;
  private final List<String> mutexes;
  private final List<String> futexes;

  public Names(Workload workload) {
    this.processes = workload.processNames();
    this.cgroups = workload.cgroups().stream().map(cgroup -> cgroup.name()).toList();
    this.mutexes = workload.mutexes();
    this.futexes = workload.futexes();
    int process = 0;
    for (ProcessSpec spec : workload.processes()) {
      for (int copy = 0; copy < spec.count(); copy++) {
        addTasks(processes.get(process++), spec.threads());
      }
    }
  }

  private void addTasks(String process, List<ThreadSpec> threads) {
    boolean leader = true;
    for (ThreadSpec thread : threads) {
      for (int i = 0; i < thread.count(); i++) {
        String number = thread.count() > 1 ? "[" + i + "]" : "";
        // Its own part of the name: that of its process may have a number here.
        String own = thread.name().substring(thread.name().lastIndexOf('/') + 1);
        tasks.add(leader ? process : process + "/" + own + number);
        leader = false;
      }
    }
  }

  public String process(long number) {
    return name(processes, "process", number);
  }

  public String task(long number) {
    return name(tasks, "task", number);
  }

  public String cgroup(long number) {
    return name(cgroups, "cgroup", number);
  }

  public String mutex(long number) {
    return name(mutexes, "mutex", number);
  }

  public String futex(long number) {
    return name(futexes, "futex", number);
  }

  private static String name(List<String> names, String kind, long number) {
    return number >= 0 && number < names.size() ? names.get((int) number) : kind + " " + number;
  }
}
