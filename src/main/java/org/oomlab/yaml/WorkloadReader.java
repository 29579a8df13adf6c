package org.oomlab.yaml;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Span;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.Claim;
import org.oomlab.workload.Extent;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Observation;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.SoftLimits;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Source;
import org.oomlab.yaml.tree.Value;

/**
 * Reads one workload file. Processes, the machine, claims and what was observed have readers of
 * their own.
 */
final class WorkloadReader {
  private final Value document;
  private final Source source;
  private final References references;
  private final ClaimReader claims;
  private final UnaryOperator<String> costs;

  private final Needs needs = new Needs();

  /**
   * A reader.
   *
   * @param costs checks the name of a cost file, throwing {@link IllegalArgumentException}, and
   *     returns the name that finds it from anywhere
   */
  WorkloadReader(
      Value document,
      Source source,
      References references,
      ClaimReader claims,
      UnaryOperator<String> costs) {
    this.document = document;
    this.source = source;
    this.references = references;
    this.claims = claims;
    this.costs = costs;
  }

  Workload read() {
    Fields fields = document.fields();
    Value named = fields.need("workload");
    // What a user points at may be called anything: oomlab import writes to standard output.
    boolean anything = source.isPointedAt() && named != null;
    String name = anything ? named.name() : PolicyFile.fileName(named, source);
    String title = fields.text("title");
    String origin = fields.text("source");
    String costsName = fields.get("costs", "x86-64", value -> value.parse("a name", "", costs));
    long horizon = horizon(fields.find("horizon"));
    Value machineValue = fields.find("machine");
    List<CgroupSpec> cgroups = fields.list("cgroups", this::cgroup);
    fields.list("policies", WorkloadReader::policy); // Whoever looks for policies reads them.
    List<String> mutexes = declared(fields, "mutexes", "mutex", references.mutexes);
    List<String> futexes = declared(fields, "futexes", "futex", references.futexes);
    List<ProcessSpec> processes = fields.require("processes", List.of(), this::processes);
    List<Claim> claimed = fields.list("claims", claims::read);
    Observation observed =
        fields.<@Nullable Observation>get(
            "observed", null, new ObservationReader(references, claims::policy)::read);
    List<String> cannotTell = fields.list("cannot_tell", Value::text);
    references.check();
    MachineSpec machine =
        machineValue == null ? noMachine() : new MachineReader(machineValue, needs).read();
    fields.end();
    Workload workload =
        new Workload(
            name,
            title,
            origin,
            costsName,
            horizon,
            machine,
            cgroups,
            mutexes,
            futexes,
            processes,
            claimed,
            observed,
            cannotTell);
    if (document.problems().count() == 0) {
      boundSteps(fields, workload);
    }
    return workload;
  }

  /**
   * A policy inside a workload has a name, as in a file of its own; what else it says is checked
   * there.
   */
  private static String policy(Value value) {
    String name = value.isMap() ? value.fields().require("policy", "", Value::name) : "";
    if (!value.isMap()) {
      value.problem("expected a policy as its file would have it: policy: NAME, extends: NAME");
    }
    return name;
  }

  private MachineSpec noMachine() {
    document.problem("machine is missing");
    Quantity none = new Quantity.Constant(0);
    return new MachineSpec(0, -1, -1, -1, -1, 10, 0, 0, none, none, none, 2, 250);
  }

  private static List<String> declared(Fields fields, String key, String noun, Set<String> names) {
    return fields.list(key, value -> References.declare(value, noun, names));
  }

  private static long horizon(@Nullable Value value) {
    if (value == null) {
      return 300 * Span.SECOND;
    }
    int before = value.problems().count();
    long horizon = value.span();
    if (value.problems().count() == before && (horizon == 0 || horizon >= Span.FOREVER)) {
      value.problem("an episode needs an end, after more than 0s");
    }
    return horizon;
  }

  private CgroupSpec cgroup(Value value) {
    Fields fields = value.fields();
    // The parent first: a cgroup cannot be in itself.
    String parent =
        fields.<@Nullable String>get(
            "parent", null, name -> References.referBack(name, "cgroup", references.cgroups));
    String name =
        fields.require(
            "name", "", name1 -> References.declare(name1, "cgroup", references.cgroups));
    CgroupSpec cgroup =
        new CgroupSpec(
            name,
            parent,
            fields.get("limit", Long.MAX_VALUE, WorkloadReader::limit),
            fields.flag("oom_group"),
            fields.flag("oom_kill_disable"),
            soft(fields));
    fields.end();
    return cgroup;
  }

  private static SoftLimits soft(Fields fields) {
    Value high = fields.find("high");
    Value max = fields.find("limit");
    SoftLimits soft =
        new SoftLimits(
            high == null ? Long.MAX_VALUE : limit(high),
            fields.get("swap_max", Long.MAX_VALUE, WorkloadReader::limit),
            fields.get("low", 0L, WorkloadReader::limit));
    if (high != null && max != null && soft.high() > limit(max)) {
      high.problem("is above the cgroup's limit, so that nothing ever comes of it");
    }
    return soft;
  }

  private static long limit(Value value) {
    return value.isWord("max") ? Long.MAX_VALUE : value.size();
  }

  private List<ProcessSpec> processes(Value value) {
    List<ProcessSpec> processes = value.list(new ProcessReader(references, needs)::read);
    if (processes.isEmpty() && value.isList()) {
      value.problem("there is no process");
    }
    long count = 0;
    for (ProcessSpec process : processes) {
      count += process.count();
    }
    bound(value, count, "processes", Extent.MOST_THREADS); // Each has one.
    bound(value, Extent.threads(processes), "threads", Extent.MOST_THREADS);
    bound(value, Extent.mappings(processes), "mappings", Extent.MOST_MAPPINGS);
    bound(value, Extent.writtenSteps(processes), "written steps", Extent.MOST_WRITTEN_STEPS);
    return processes;
  }

  private static void bound(Value value, long count, String noun, long most) {
    if (count > most) {
      value.problem(count + " " + noun + " are more than " + most);
    }
  }

  /** More steps than anybody would wait for. */
  private void boundSteps(Fields fields, Workload workload) {
    Value value = fields.find("processes");
    double sum = 0;
    for (ProcessSpec process : workload.processes()) {
      double steps = Extent.steps(workload, process);
      sum += steps;
      if (value != null && sum > Extent.MOST_STEPS) {
        value.problem(
            String.format(
                Locale.ROOT,
                "%s comes to %.3g steps by the horizon (%s), and all together may come to %.0e at"
                    + " the most",
                process.name(),
                steps,
                Span.format(workload.horizon()),
                (double) Extent.MOST_STEPS));
        return;
      }
    }
  }
}
