package org.oomlab.cli.completion;

import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.output.Output;
import org.oomlab.output.Target;
import picocli.AutoComplete;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code oomlab generate-completion}. */
public final class CompletionCommand extends SubCommand {
  private final OptionSpec shell =
      Args.choice("SHELL", "--shell", "bash", "zsh", "fish")
          .defaultValue("bash")
          .order(1)
          .description(
              "bash, zsh or fish; the script for bash is also that for zsh. Default: bash.")
          .build();

  public CompletionCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    return describe(
            factory,
            "generate-completion",
            "Print a script by which a shell completes commands, options, and the names of"
                + " policies, workloads and the like.",
            "",
            "For the current shell, bash or zsh:",
            "  source <(oomlab generate-completion)",
            "For fish:",
            "  oomlab generate-completion --shell fish | source")
        .addOption(shell);
  }

  @Override
  public Integer call() {
    CommandSpec root = spec().root();
    String script =
        shell.getValue().equals("fish")
            ? FishCompletion.of(root)
            : AutoComplete.bash(root.name(), root.commandLine()) + "\n";
    try (Output output = Output.open(session.streams().out(), Target.of("standard output", null))) {
      output.print(script);
      output.commit();
    }
    return ExitCodes.OK;
  }
}
