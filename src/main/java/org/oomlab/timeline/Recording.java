package org.oomlab.timeline;

import java.util.List;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Outcome;
import org.oomlab.trace.Happening;

/**
 * An episode that has been run to its end, or one course of it.
 *
 * @param name what it is called beside others: its policy, or a branch
 * @param of what was run
 * @param happenings all that the kernel announced
 * @param outcome what it came to; kills are not judged
 */
public record Recording(
    String name, Case of, Timeline timeline, List<Happening> happenings, Outcome outcome) {}
