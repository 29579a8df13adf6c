package org.oomlab.experiment;

import org.oomlab.unit.Position;

/**
 * Whether an expectation held under one policy.
 *
 * @param workload name of the workload
 * @param policy name of the policy, as the claim says it
 * @param position where the expectation stands
 * @param metric what it is about
 * @param expected what was expected, as it was written
 * @param measured what was measured
 * @param holds whether the two agree
 * @param because the claim's reason
 * @param reproduce a command that shows the episodes, first of all one that disagrees
 */
public record ClaimResult(
    String workload,
    String policy,
    Position position,
    String metric,
    String expected,
    String measured,
    boolean holds,
    String because,
    String reproduce) {}
