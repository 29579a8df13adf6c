package org.oomlab.workload;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A situation: a machine, what runs on it, and what is claimed to happen.
 *
 * <p>Immutable data. What it means to the kernel is decided there.
 *
 * @param name the file's name without its folder and extension
 * @param title one line
 * @param source where the situation comes from
 * @param costsName the cost file it asks for
 * @param horizon nanoseconds after which an episode ends undecided
 * @param machine the machine
 * @param cgroups its memory cgroups, parents before children
 * @param mutexes names of its kernel mutexes
 * @param futexes names of its robust futexes
 * @param processes its processes, in the order they were forked
 * @param claims what is claimed of it
 * @param observed what was observed of it on a real kernel, or null
 * @param cannotTell why it cannot be told of its kills whether they were needed, in a sentence
 *     each: what it was made of does not show on what that hangs; empty where it can
 */
public record Workload(
    String name,
    String title,
    String source,
    String costsName,
    long horizon,
    MachineSpec machine,
    List<CgroupSpec> cgroups,
    List<String> mutexes,
    List<String> futexes,
    List<ProcessSpec> processes,
    List<Claim> claims,
    @Nullable Observation observed,
    List<String> cannotTell)
    implements Serializable {
  public Workload {
    cgroups = List.copyOf(cgroups);
    mutexes = List.copyOf(mutexes);
    futexes = List.copyOf(futexes);
    processes = List.copyOf(processes);
    claims = List.copyOf(claims);
    cannotTell = List.copyOf(cannotTell);
  }

  /** A situation of which all is known that verdicts hang on. */
  public Workload(
      String name,
      String title,
      String source,
      String costsName,
      long horizon,
      MachineSpec machine,
      List<CgroupSpec> cgroups,
      List<String> mutexes,
      List<String> futexes,
      List<ProcessSpec> processes,
      List<Claim> claims,
      @Nullable Observation observed) {
    this(
        name, title, source, costsName, horizon, machine, cgroups, mutexes, futexes, processes,
        claims, observed, List.of());
  }

  /** The same under another name. */
  public Workload named(String other) {
    return new Workload(
        other, title, source, costsName, horizon, machine, cgroups, mutexes, futexes, processes,
        claims, observed);
  }

  /** Names of the processes at boot, each copy by its own name, in the order of their numbers. */
  public List<String> processNames() {
    List<String> names = new ArrayList<>();
    for (ProcessSpec spec : processes) {
      for (int i = 0; i < spec.count(); i++) {
        names.add(spec.count() == 1 ? spec.name() : spec.name() + "[" + i + "]");
      }
    }
    return List.copyOf(names);
  }

  /** The same at other costs. */
  public Workload withCosts(String name) {
    return new Workload(
        this.name, title, source, name, horizon, machine, cgroups, mutexes, futexes, processes,
        claims, observed);
  }

  /** The same with other processes. */
  public Workload withProcesses(List<ProcessSpec> others) {
    return new Workload(
        name,
        title,
        source,
        costsName,
        horizon,
        machine,
        cgroups,
        mutexes,
        futexes,
        others,
        claims,
        observed,
        cannotTell);
  }

  /** The same as a situation alone: what was claimed and observed of it is left out. */
  public Workload withoutClaims() {
    return new Workload(
        name, title, source, costsName, horizon, machine, cgroups, mutexes, futexes, processes,
        List.of(), null);
  }
}
