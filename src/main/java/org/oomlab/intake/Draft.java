package org.oomlab.intake;

import java.util.List;
import java.util.SortedMap;
import org.oomlab.workload.Workload;

/**
 * A workload, and what has to be said about where its parts come from.
 *
 * @param workload the workload
 * @param comments lines of text by the path of what they are about, such as {@code machine.free} or
 *     {@code processes[3]}; the empty path is the document
 */
public record Draft(Workload workload, SortedMap<String, List<String>> comments) {}
