package org.oomlab.bench;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.kernel.Kernel;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;

/** Where benchmarks get their cases. */
final class Shelf {
  private Shelf() {}

  /** A shipped workload under a shipped policy. */
  static Case shipped(String workload, String policy) {
    return open(Library.open(null), workload, policy);
  }

  /** A workload that is written here, under a shipped policy. */
  static Case written(String yaml, String policy) {
    byte[] bytes = yaml.getBytes(StandardCharsets.UTF_8);
    return open(Library.open(null, new ByteArrayInputStream(bytes)), "-", policy);
  }

  private static Case open(Library library, String workload, String policy) {
    Workload loaded = library.resolveWorkloads(List.of(workload), line -> {}).get(0);
    Policy resolved = library.resolvePolicies(List.of(policy), line -> {}).get(0);
    return new Case(loaded, library.costs(loaded.costsName()), resolved);
  }

  static Kernel kernel(Case of) {
    return new Kernel(of.workload(), of.costs(), of.policy());
  }
}
