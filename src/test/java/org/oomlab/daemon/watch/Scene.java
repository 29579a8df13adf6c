package org.oomlab.daemon.watch;

import java.util.ArrayList;
import java.util.List;

/** A machine made up for a daemon to look at, and what it does about it. */
final class Scene implements Sight, Hands {
  record Someone(String name, int cgroup, int adj, int score, long rss, long swap, boolean init) {}

  long nowNs;
  long memTotal = 1_000_000;
  long memFree = 500_000;
  long memAvailable = 600_000;
  long anonPages = 400_000;
  long fileList = 100_000;
  long swapTotal = 1_000_000;
  long swapFree = 1_000_000;
  int full10;
  int some10;
  int full60;
  long fileRefaults;
  long reclaimed;
  boolean direct;
  boolean measures = true;
  final List<String> cgroups = new ArrayList<>();
  final List<Integer> parents = new ArrayList<>();
  final List<Long> usages = new ArrayList<>();
  final List<Long> swaps = new ArrayList<>();
  final List<Long> scans = new ArrayList<>();
  final List<Someone> processes = new ArrayList<>();
  final List<Integer> gone = new ArrayList<>();

  // What the daemon has done since the last look.
  final List<String> signals = new ArrayList<>();
  String next = "";
  long nextNs;
  int nextProcess;

  int cgroup(String name, int parent, long usage, long swap, long scanned) {
    cgroups.add(name);
    parents.add(parent);
    usages.add(usage);
    swaps.add(swap);
    scans.add(scanned);
    return cgroups.size() - 1;
  }

  int process(String name, int score, long rss) {
    return process(name, MACHINE, 0, score, rss, 0);
  }

  int process(String name, int cgroup, int adj, int score, long rss, long swap) {
    processes.add(new Someone(name, cgroup, adj, score, rss, swap, name.equals("init")));
    return processes.size() - 1;
  }

  /** Lets the daemon go on until it sleeps, time going by as it asks. */
  void untilItSleeps(Watcher watcher, Notes notes) {
    for (int i = 0; i < 20; i++) {
      wake(watcher, notes, -1);
      if (next.startsWith("sleep")) {
        nowNs += Math.min(nextNs, 3_600_000_000_000L);
        return;
      }
    }
    throw new AssertionError("it never sleeps");
  }

  void wake(Watcher watcher, Notes notes, int fired) {
    next = "";
    watcher.wake(this, notes, this, fired);
    if (next.isEmpty()) {
      throw new AssertionError("it waits for nothing");
    }
  }

  Notes notesOf(Watcher watcher) {
    return new Notes(watcher.notes(processes.size(), cgroups.size()));
  }

  private void then(String what) {
    if (!next.isEmpty()) {
      throw new AssertionError("it waits for two things: " + next + " and " + what);
    }
    next = what;
  }

  @Override
  public void kill(int process, Signal signal) {
    signals.add(signal + " " + processes.get(process).name());
  }

  @Override
  public void sleep(long ns) {
    then("sleep");
    nextNs = ns;
  }

  @Override
  public void sleepOrTrigger(long ns) {
    then("sleep or trigger");
    nextNs = ns;
  }

  @Override
  public void readProc() {
    then("read");
  }

  @Override
  public void open(int files) {
    then("open");
  }

  @Override
  public void release(int process) {
    then("release");
    nextProcess = process;
  }

  @Override
  public long nowNs() {
    return nowNs;
  }

  @Override
  public long memTotal() {
    return memTotal;
  }

  @Override
  public long memFree() {
    return memFree;
  }

  @Override
  public long memAvailable() {
    return memAvailable;
  }

  @Override
  public long anonPages() {
    return anonPages;
  }

  @Override
  public long fileList() {
    return fileList;
  }

  @Override
  public long swapTotal() {
    return swapTotal;
  }

  @Override
  public long swapFree() {
    return swapFree;
  }

  @Override
  public long zramPages() {
    return 0;
  }

  @Override
  public long minMark() {
    return 1000;
  }

  @Override
  public long lowMark() {
    return 1250;
  }

  @Override
  public long highMark() {
    return 1500;
  }

  @Override
  public long swappedOut() {
    return swapTotal - swapFree;
  }

  @Override
  public long fileRefaults() {
    return fileRefaults;
  }

  @Override
  public long reclaimed() {
    return reclaimed;
  }

  @Override
  public boolean reclaimsDirectly() {
    return direct;
  }

  @Override
  public boolean hasPressure() {
    return measures;
  }

  @Override
  public int pressure(int cgroup, boolean full, int seconds) {
    return full ? seconds == 10 ? full10 : full60 : some10;
  }

  @Override
  public int cgroups() {
    return cgroups.size();
  }

  @Override
  public String cgroupPath(int cgroup) {
    int parent = parents.get(cgroup);
    return (parent == MACHINE ? "" : cgroupPath(parent) + "/") + cgroups.get(cgroup);
  }

  @Override
  public int cgroupParent(int cgroup) {
    return parents.get(cgroup);
  }

  @Override
  public long cgroupUsage(int cgroup) {
    return usages.get(cgroup);
  }

  @Override
  public long cgroupSwap(int cgroup) {
    return swaps.get(cgroup);
  }

  @Override
  public long cgroupAnon(int cgroup) {
    return usages.get(cgroup);
  }

  @Override
  public long cgroupLimit(int cgroup) {
    return Long.MAX_VALUE;
  }

  @Override
  public long cgroupLow(int cgroup) {
    return 0;
  }

  @Override
  public boolean cgroupIsOne(int cgroup) {
    return false;
  }

  @Override
  public long cgroupScanned(int cgroup) {
    return scans.get(cgroup);
  }

  @Override
  public int processes() {
    return processes.size();
  }

  @Override
  public String name(int process) {
    return processes.get(process).name();
  }

  @Override
  public boolean exists(int process) {
    return !gone.contains(process);
  }

  @Override
  public boolean hasMemory(int process) {
    return exists(process);
  }

  @Override
  public boolean isUntouchable(int process) {
    return processes.get(process).init();
  }

  @Override
  public boolean isRoot(int process) {
    return false;
  }

  @Override
  public boolean descends(int process, int from) {
    return false;
  }

  @Override
  public int cgroupOf(int process) {
    return processes.get(process).cgroup();
  }

  @Override
  public int adj(int process) {
    return processes.get(process).adj();
  }

  @Override
  public int oomScore(int process) {
    return processes.get(process).score();
  }

  @Override
  public long rss(int process) {
    return processes.get(process).rss();
  }

  @Override
  public long swap(int process) {
    return processes.get(process).swap();
  }

  @Override
  public boolean isSelf(int process) {
    return processes.get(process).name().equals("self");
  }
}
