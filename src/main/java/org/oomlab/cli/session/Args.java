package org.oomlab.cli.session;

import java.util.List;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Makes the options and arguments of the commands that people run all the time, and those that
 * several commands have. picocli can find them by annotations too, as it does for what one of the
 * other commands has to itself; to read annotations takes longer than all the rest of a short run.
 */
public final class Args {
  private Args() {}

  /** An option without a value. */
  public static OptionSpec.Builder flag(String... names) {
    return OptionSpec.builder(names).type(boolean.class).initialValue(false);
  }

  /** An option with a value of this type. */
  public static OptionSpec.Builder option(Class<?> type, String label, String... names) {
    return OptionSpec.builder(names).type(type).paramLabel(label).arity("1");
  }

  /** An option that may be repeated; its values are collected. */
  public static OptionSpec.Builder list(String label, String... names) {
    return OptionSpec.builder(names)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel(label)
        .arity("1");
  }

  /** An option with one of a few words. */
  public static OptionSpec.Builder choice(String label, String name, String... words) {
    Choice choice = Choice.of(words);
    return option(String.class, label, name).converters(choice).completionCandidates(choice);
  }

  /** An option with policies, of which several may be separated by commas. */
  public static OptionSpec.Builder policies(Session session, String... names) {
    return list("A,B,...", names)
        .hideParamSyntax(true)
        .splitRegex(",")
        .completionCandidates(new Names.Policies(session));
  }

  /** {@code --each}. */
  public static OptionSpec each() {
    return flag("--each").order(6).description("One row for each episode.").build();
  }

  /** {@code --no-counterfactuals}. */
  public static OptionSpec noCounterfactuals() {
    return flag("--no-counterfactuals")
        .order(6)
        .description(
            "Do not find out which kills were necessary, which takes most of the time; the"
                + " columns about it stay empty.")
        .build();
  }

  /** Any number of workloads. */
  public static PositionalParamSpec workloads(Session session, String description) {
    return words("WORKLOAD", new Names.Workloads(session), description).build();
  }

  /** As many words as there are. */
  public static PositionalParamSpec.Builder words(
      String label, Names candidates, String description) {
    return PositionalParamSpec.builder()
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel(label)
        .arity("0..*")
        .completionCandidates(candidates)
        .description(description);
  }

  /** One word. */
  public static PositionalParamSpec word(String label, Names candidates, String description) {
    return word(label, candidates, description, true);
  }

  /** One word, or, if it is not required, none. */
  public static PositionalParamSpec word(
      String label, Names candidates, String description, boolean required) {
    return PositionalParamSpec.builder()
        .type(String.class)
        .paramLabel(label)
        .arity(required ? "1" : "0..1")
        .index("0")
        .required(required)
        .completionCandidates(candidates)
        .description(description)
        .build();
  }

  /** Whether a flag was given. */
  public static boolean isSet(OptionSpec flag) {
    return Boolean.TRUE.equals(flag.getValue());
  }

  /** The values of an option or argument that may have several; none if it was not given. */
  public static List<String> all(ArgSpec argument) {
    List<String> values = argument.getValue();
    return values == null ? List.of() : values;
  }

  /**
   * The names in an option that takes several between commas; none if it was not given.
   *
   * @throws UserError if there is a comma without a name on each side
   */
  public static List<String> named(OptionSpec option) {
    for (String written : option.originalStringValues()) {
      if (List.of(written.split(",", -1)).contains("")) {
        throw new UserError(
            option.longestName()
                + ": expected names with a comma between each two, such as "
                + "a,b, not '"
                + written
                + "'");
      }
    }
    return all(option);
  }
}
