package org.oomlab.cli.intake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.intake.RunningMachine;
import org.oomlab.output.Output;
import org.oomlab.output.OutputRefused;
import org.oomlab.output.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code oomlab import proc}. */
@Command(
    name = "proc",
    description = {
      "Make a workload of this machine as /proc shows it now, with a newcomer that asks for more"
          + " memory than is left.",
      "",
      "Processes that may not be read are listed, in comments and on standard error."
    })
public final class ImportProcCommand extends SubCommand {
  private static final int LISTED = 3;

  @Parameters(
      paramLabel = "PID",
      arity = "0..*",
      description =
          "The processes to take; what others hold is then the kernel's. Default: all there are.")
  List<Long> pids = new ArrayList<>();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      order = 1,
      description = "What the workload is called. Default: as its file, or proc.")
  @Nullable String name;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      order = 2,
      defaultValue = "/",
      description = "Where proc and sys are, as in a container. Default: ${DEFAULT-VALUE}.")
  Path root = Path.of("/");

  private final OptionSpec file = Destination.fileOption();

  ImportProcCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    return annotated(factory).addOption(file);
  }

  @Override
  public Integer call() {
    String to = file.<@Nullable String>getValue();
    String called =
        name != null
            ? name
            : to == null || to.equals("-")
                ? "proc"
                : String.valueOf(Path.of(to).getFileName())
                    .replaceFirst("\\.ya?ml$", "")
                    .replaceAll("[\\[\\];|\\p{Cntrl}]", "-");
    try (Output output = Output.open(session.streams().out(), Target.of("-o", to))) {
      RunningMachine.Reading reading = RunningMachine.read(root, pids, called);
      output.print(Drafts.text(session.library(), reading.draft(), "import proc"));
      output.commit();
      List<String> unreadable = reading.unreadable();
      unreadable.stream().limit(verbose() ? Long.MAX_VALUE : LISTED).forEach(this::note);
      if (!verbose() && unreadable.size() > LISTED) {
        note(unreadable.size() - LISTED + " more; -v lists them, and so do the comments");
      }
    } catch (IOException e) {
      throw new UserError("import proc: " + OutputRefused.reason(e));
    }
    return ExitCodes.OK;
  }
}
