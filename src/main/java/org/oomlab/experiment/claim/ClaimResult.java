package org.oomlab.experiment.claim;

import org.oomlab.unit.Position;
import org.oomlab.workload.Claim;

/**
 * Whether an expectation held under one policy.
 *
 * @param workload name of the workload
 * @param policy name of the policy, as the claim says it
 * @param claim the claim it is part of
 * @param position where the expectation stands
 * @param metric what it is about
 * @param expected what was expected, as it was written
 * @param measured what was measured
 * @param holds whether the two agree
 * @param reproduce a command that shows the episodes, first of all one that disagrees
 */
public record ClaimResult(
    String workload,
    String policy,
    Claim claim,
    Position position,
    String metric,
    String expected,
    String measured,
    boolean holds,
    String reproduce) {

  /** What is to be said of a claim. */
  public enum Verdict {
    /** What was claimed is what is measured. */
    HOLDS,
    /** It is not. */
    FAILS,
    /** Somebody claimed otherwise; what the file says comes of it instead is what is measured. */
    CONTRADICTED
  }

  /** What is to be said of it. */
  public Verdict verdict() {
    if (!holds) {
      return Verdict.FAILS;
    }
    return claim.contradicts().isEmpty() ? Verdict.HOLDS : Verdict.CONTRADICTED;
  }
}
