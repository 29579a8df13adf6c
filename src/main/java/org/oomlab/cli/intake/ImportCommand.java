package org.oomlab.cli.intake;

import org.oomlab.cli.daemon.ImportPolicyCommand;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;

/** {@code oomlab import}. */
@Command(
    name = "import",
    description = {
      "Make a workload of what a real machine says: of the OOM reports in a kernel log, or of what"
          + " is running now; or a policy of how a daemon is configured there."
    },
    synopsisSubcommandLabel = "(oom-report | proc | policy)")
public final class ImportCommand extends SubCommand {
  public ImportCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec = super.describe(factory);
    add(spec, new ImportOomReportCommand(session), factory);
    add(spec, new ImportProcCommand(session), factory);
    add(spec, new ImportPolicyCommand(session), factory);
    return spec;
  }

  @Override
  public Integer call() {
    throw misuse("import what: oom-report, proc or policy?");
  }
}
