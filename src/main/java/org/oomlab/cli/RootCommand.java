package org.oomlab.cli;

import java.util.concurrent.Callable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Build;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Session;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;

/** {@code oomlab} without a command: the shell, or a script on standard input. */
final class RootCommand implements Callable<Integer> {
  private final Session session;
  private final CommandSpec spec;

  RootCommand(Session session, IFactory factory) {
    this.session = session;
    spec = CommandSpec.wrapWithoutInspection(this, factory).name("oomlab");
    spec.addOption(
        Args.flag("-h", "--help").usageHelp(true).description("Show this help and exit.").build());
    spec.addOption(
        Args.flag("-V", "--version")
            .versionHelp(true)
            .description("Show the version and exit.")
            .build());
    spec.versionProvider(new Version());
    spec.usageMessage()
        .synopsisSubcommandLabel("COMMAND")
        .description(
            "Try policies of the Linux OOM killer on workloads: who is killed, why, and whether"
                + " that was needed.",
            "",
            "Without a command: an interactive shell on a terminal, otherwise commands from"
                + " standard input.")
        .commandListHeading("%nCommands:%n")
        .optionListHeading("%nOptions:%n")
        .footer(
            "",
            "Exit codes: 0 done, 1 a claim did not hold, 2 wrong usage or input, 70 a bug in"
                + " oomlab,",
            "130 stopped by Ctrl-C. 'oomlab help COMMAND' tells more; so does man oomlab.");
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    if (!session.takesCommands()) {
      if (session.somebodyTypes()) {
        return Shell.onSystemTerminal(session);
      }
      Script script = new Script(session);
      if (!script.isEmpty()) {
        return script.run();
      }
    }
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCodes.USAGE;
  }

  /** The version in the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {Build.current().toString()};
    }

    /** Such as 0.1.0; {@code unpackaged} if the classes are not in a jar. */
    static String number() {
      return Build.current().version();
    }
  }
}
