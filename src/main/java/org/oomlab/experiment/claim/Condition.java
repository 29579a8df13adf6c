package org.oomlab.experiment.claim;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Outcome;

/**
 * Something that can be claimed of an episode, written as on a command line: {@code kills = 0},
 * {@code recovery <= 1s}, {@code outcome = recovered}, {@code victims = a;b}.
 */
public final class Condition {
  private static final Pattern WRITTEN = Pattern.compile("\\s*([^\\s=<>]+)\\s*(=|[<>]=?)(.*)");

  private final String text;
  private final Statement statement;

  private Condition(String text, Statement statement) {
    this.text = text;
    this.statement = statement;
  }

  /**
   * Reads one, as claims are read.
   *
   * @param processes the names of the processes that it may speak of
   * @param futexes the names of the futexes
   * @throws IllegalArgumentException saying what is wrong
   */
  public static Condition parse(String written, List<String> processes, List<String> futexes) {
    Matcher matcher = WRITTEN.matcher(written);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a name, a comparison and a value, such as 'kills = 0' or 'recovery < 1s'");
    }
    String sign = matcher.group(2);
    String value = (sign.equals("=") ? "" : sign) + matcher.group(3).strip();
    Assertion assertion;
    try {
      assertion = new ExpectationParser(processes, futexes).parse(matcher.group(1), value);
    } catch (ExpectationParser.Malformed malformed) {
      throw new IllegalArgumentException(
          malformed.getMessage()
              + (malformed.suggestion == null
                  ? ""
                  : "; did you mean " + malformed.suggestion + "?"),
          malformed);
    }
    if (assertion instanceof Assertion.Every every) {
      return new Condition(written.strip(), every.statement());
    }
    throw new IllegalArgumentException(
        "it is about all episodes together, and what is needed is true or false of each; --share"
            + " says in how many it has to be true");
  }

  /** Reads {@code 95%} or {@code 0.95}. */
  public static double share(String written) {
    double share = ExpectationParser.fraction(written.strip());
    if (share <= 0) {
      throw new IllegalArgumentException("expected a share above 0, not '" + written + "'");
    }
    return share;
  }

  /** The same about a case, whose processes may be others. */
  public Condition about(Case of) {
    return parse(text, of.workload().processNames(), of.workload().futexes());
  }

  /** As it was written. */
  public String text() {
    return text;
  }

  /** Whether it has to be known which kills were extra. */
  public boolean needsCounterfactuals() {
    return Assertion.Every.of(statement);
  }

  /** Whether it is true of an episode of a case. */
  public boolean holds(Outcome outcome, Case of) {
    return statement.holds(outcome, new Rerun(of));
  }
}
