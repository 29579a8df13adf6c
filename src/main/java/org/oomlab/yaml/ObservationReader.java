package org.oomlab.yaml;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oomlab.workload.Observation;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Value;

/** Reads what was observed of a workload on a real kernel. */
final class ObservationReader {
  private static final List<String> FUTEX_ENDS = List.of("intact", "owner_died", "broken");

  private final References references;
  private final Function<Value, String> policy;

  /**
   * A reader.
   *
   * @param policy reads a name that stands for a policy
   */
  ObservationReader(References references, Function<Value, String> policy) {
    this.references = references;
    this.policy = policy;
  }

  Observation read(Value value) {
    Fields fields = value.fields();
    Observation observation =
        new Observation(
            fields.require("policy", "", policy),
            fields.list("interchangeable", names -> names.list(references::process)),
            fields.require("runs", List.of(), runs -> runs.list(this::run)));
    Value runs = fields.find("runs");
    if (runs != null && runs.isList() && observation.runs().isEmpty()) {
      runs.problem("there is no run");
    }
    fields.end();
    return observation;
  }

  private Observation.Run run(Value value) {
    Fields fields = value.fields();
    List<String> victims = fields.list("victims", references::process);
    Observation.Run run =
        new Observation.Run(
            victims,
            fields.<@Nullable String>get("panic", null, Value::text),
            fields.span("recovery", Observation.ABSENT),
            fields.span("stable_recovery", Observation.ABSENT),
            fields.list("kill_times", Value::span),
            futexes(fields.find("futexes")));
    Value times = fields.find("kill_times");
    if (times != null && run.killTimes().size() != victims.size()) {
      times.problem(
          "expected a time for each of the "
              + victims.size()
              + " victims, found "
              + run.killTimes().size());
    }
    fields.end();
    return run;
  }

  private SortedMap<String, String> futexes(@Nullable Value value) {
    SortedMap<String, String> ends = new TreeMap<>();
    if (value == null) {
      return ends;
    }
    Fields fields = value.fields();
    for (Map.Entry<String, Value> each : fields.all()) {
      if (!references.futexes.contains(each.getKey())) {
        each.getValue().problem("there is no futex '" + each.getKey() + "'");
      }
      ends.put(each.getKey(), FUTEX_ENDS.get(each.getValue().choice(FUTEX_ENDS)));
    }
    return ends;
  }
}
