package org.oomlab.worlds;

import java.util.List;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;

/**
 * What worlds are made of.
 *
 * @param policies those that they may have, changed or not; one at least
 * @param costs the cost files that they may have, changed or not; one at least
 * @param workloads those that may be changed
 */
public record Stock(List<Policy> policies, List<Costs> costs, List<Workload> workloads) {
  public Stock {
    policies = List.copyOf(policies);
    costs = List.copyOf(costs);
    workloads = List.copyOf(workloads);
  }

  /** The cost file of this name. */
  Costs costs(String name) {
    return costs.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no costs " + name));
  }
}
