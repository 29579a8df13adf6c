package org.oomlab.article;

import java.util.List;
import org.oomlab.diagnosis.Incident;
import org.oomlab.experiment.Contest.Terms;

/**
 * All that an article tells.
 *
 * @param program which oomlab, as the head of a table has it; empty if it is not known
 * @param command what was typed, quoted for a shell
 * @param manifest where the results come from, as {@code --meta} writes it
 * @param incidents what kernel logs tell of
 * @param terms how policies were compared
 * @param chapters what came of each workload
 */
public record Article(
    String program,
    String command,
    String manifest,
    List<Incident> incidents,
    Terms terms,
    List<Chapter> chapters) {
  public Article {
    incidents = List.copyOf(incidents);
    chapters = List.copyOf(chapters);
  }
}
