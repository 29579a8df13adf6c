package org.oomlab.diagnosis;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Explanation;
import org.oomlab.intake.Balance;
import org.oomlab.intake.OomReport;

/**
 * One out-of-memory event of a log and what there is to say of it.
 *
 * @param source the log
 * @param number which event of it, from 1; 0 for what is left of a report that is not in the log
 * @param report what the log says
 * @param policy the policy that stands for its kernel
 * @param balance where the memory was
 * @param verdict whether the kill was needed
 * @param reason why the verdict is this one
 * @param simulated the episode that the simulated kernel makes of it, or null if it is not enough
 *     for one
 * @param victim who is the first to die there, or empty
 * @param reproduced whether that is who died in the log; null if one of the two is not known
 * @param margin what it would have taken to make another the victim, or empty
 * @param levers what would have avoided it, tried
 * @param sequence what came of this and the reports before as one workload, or empty
 * @param facts what the log says beside, a line each: what the reaper did, tasks that hang,
 *     requests that failed or took long, lines that are missing
 * @param gaps what the log does not tell, and what stood in for it
 * @param cause in a few words, for ranking
 */
public record Incident(
    String source,
    long number,
    OomReport report,
    String policy,
    Balance balance,
    Verdict verdict,
    String reason,
    @Nullable Explanation simulated,
    String victim,
    @Nullable Boolean reproduced,
    String margin,
    List<String> levers,
    String sequence,
    List<String> facts,
    List<String> gaps,
    String cause) {

  public Incident {
    facts = List.copyOf(facts);
    levers = List.copyOf(levers);
    gaps = List.copyOf(gaps);
  }

  /** Whether a kill was needed. */
  public enum Verdict {
    /** Nothing that the log shows would have given memory. */
    NEEDED,
    /** Memory was on its way back already. */
    EXTRA,
    /** What it hangs on is not in the log or not in the model. */
    CANNOT_TELL,
    /** Nobody was killed. */
    NO_KILL
  }
}
