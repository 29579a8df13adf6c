package org.oomlab.cli;

import java.util.List;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Makes the options and arguments of the commands that people run all the time, and of what these
 * share with others. picocli can find them by annotations too, as it does for the other commands;
 * to read those takes longer than all the rest of a short run.
 */
final class Args {
  private Args() {}

  /** An option without a value. */
  static OptionSpec.Builder flag(String... names) {
    return OptionSpec.builder(names).type(boolean.class).initialValue(false);
  }

  /** An option with a value of this type. */
  static OptionSpec.Builder option(Class<?> type, String label, String... names) {
    return OptionSpec.builder(names).type(type).paramLabel(label).arity("1");
  }

  /** An option that may be repeated; its values are collected. */
  static OptionSpec.Builder list(String label, String... names) {
    return OptionSpec.builder(names)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel(label)
        .arity("1");
  }

  /** {@code -p}, of which the values may also be separated by commas. */
  static OptionSpec policies(Session session, String description) {
    return list("A,B,...", "-p", "--policy")
        .hideParamSyntax(true)
        .splitRegex(",")
        .order(1)
        .completionCandidates(new Names.Policies(session))
        .description(description)
        .build();
  }

  /** As many words as there are. */
  static PositionalParamSpec.Builder words(String label, Names candidates, String description) {
    return PositionalParamSpec.builder()
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel(label)
        .arity("0..*")
        .completionCandidates(candidates)
        .description(description);
  }

  /** One word. */
  static PositionalParamSpec word(String label, Names candidates, String description) {
    return PositionalParamSpec.builder()
        .type(String.class)
        .paramLabel(label)
        .arity("1")
        .index("0")
        .required(true)
        .completionCandidates(candidates)
        .description(description)
        .build();
  }

  /** Whether a flag was given. */
  static boolean isSet(OptionSpec flag) {
    return Boolean.TRUE.equals(flag.getValue());
  }

  /** The values of an option or argument that may have several; none if it was not given. */
  static List<String> all(ArgSpec argument) {
    List<String> values = argument.getValue();
    return values == null ? List.of() : values;
  }
}
