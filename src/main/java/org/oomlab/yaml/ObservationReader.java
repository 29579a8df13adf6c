package org.oomlab.yaml;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oomlab.workload.Observation;

/** Reads what was observed of a workload on a real kernel. */
final class ObservationReader {
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
    Observation.Run run =
        new Observation.Run(
            fields.list("victims", references::process),
            fields.<@Nullable String>get("panic", null, Value::text),
            fields.span("recovery", Observation.ABSENT),
            fields.span("stable_recovery", Observation.ABSENT));
    fields.end();
    return run;
  }
}
