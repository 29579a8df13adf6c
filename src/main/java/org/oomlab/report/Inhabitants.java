package org.oomlab.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.Procfs;
import org.oomlab.output.Printable;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Workload;

/** Who lives in a machine, by the numbers and names that a kernel would know them by. */
final class Inhabitants {
  /** The longest name of a task: TASK_COMM_LEN of include/linux/sched.h, less the final zero. */
  private static final int COMM = 15;

  /** Where the numbers of tasks begin that were not there from the start. */
  private static final int FIRST_PID = 100;

  /** Whom a process belongs to that is not root's. */
  private static final int USER = 1000;

  private final Workload workload;
  private final Procfs procfs;
  private final Names names;
  private final List<String> processNames;
  private final List<ProcessSpec> specs = new ArrayList<>();

  Inhabitants(Workload workload, Procfs procfs) {
    this.workload = workload;
    this.procfs = procfs;
    this.names = new Names(workload);
    this.processNames = workload.processNames();
    for (ProcessSpec spec : workload.processes()) {
      for (int copy = 0; copy < spec.count(); copy++) {
        specs.add(spec);
      }
    }
  }

  int count() {
    return specs.size();
  }

  /** The table of tasks leaves out kernel threads and init: oom_unkillable_task(). */
  boolean isListed(int process, int cgroup) {
    ProcessSpec spec = specs.get(process);
    return !spec.kernelThread()
        && !spec.init()
        && procfs.hasMm(process)
        && (cgroup < 0 || isWithin(cgroupOf(process), cgroup(cgroup)));
  }

  private boolean isWithin(@Nullable CgroupSpec cgroup, CgroupSpec ancestor) {
    return cgroup != null
        && (cgroup.equals(ancestor) || isWithin(cgroup(cgroup.parent()), ancestor));
  }

  /** The number of a process: 1 for init, for others that of their leader. */
  int pid(int process) {
    return specs.get(process).init() ? 1 : FIRST_PID + procfs.leaderOf(process);
  }

  /** The number of a task. */
  int tid(int task) {
    int process = procfs.processOf(task);
    return procfs.leaderOf(process) == task ? pid(process) : FIRST_PID + task;
  }

  String name(int process) {
    return comm(processNames.get(process));
  }

  /** The name of a task: its own, which is not that of its process unless it is the leader. */
  String taskName(int task) {
    int process = procfs.processOf(task);
    if (procfs.leaderOf(process) == task) {
      return name(process);
    }
    String name = names.task(task);
    return comm(name.substring(name.lastIndexOf('/') + 1));
  }

  private static String comm(String name) {
    return Printable.field(name.substring(0, Math.min(COMM, name.length())));
  }

  /** As messages name a process: {@code 88 (hog)}. */
  String pidAndName(int process) {
    return pid(process) + " (" + name(process) + ")";
  }

  int uid(int process) {
    ProcessSpec spec = specs.get(process);
    return spec.root() || spec.init() || spec.kernelThread() ? 0 : USER;
  }

  int parentOf(int process) {
    String parent = specs.get(process).parent();
    return parent == null ? process : processNames.indexOf(parent);
  }

  CgroupSpec cgroup(int number) {
    return workload.cgroups().get(number);
  }

  @Nullable CgroupSpec cgroup(@Nullable String name) {
    return workload.cgroups().stream()
        .filter(cgroup -> cgroup.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  @Nullable CgroupSpec cgroupOf(int process) {
    return cgroup(specs.get(process).cgroup());
  }

  /** The path of a cgroup below the root, which has none of its own. */
  String path(@Nullable String name) {
    CgroupSpec cgroup = cgroup(name);
    if (cgroup == null) {
      return "/";
    }
    return (cgroup.parent() == null ? "" : path(cgroup.parent()))
        + "/"
        + Printable.field(cgroup.name());
  }

  /** What scores are a share of: all memory and swap, or the limit of the cgroup. */
  long totalPages(int cgroup) {
    long total = workload.machine().memory() + workload.machine().swap();
    return cgroup < 0 ? total : Math.min(total, cgroup(cgroup).limit());
  }
}
