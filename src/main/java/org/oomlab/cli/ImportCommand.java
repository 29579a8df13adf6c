package org.oomlab.cli;

import picocli.CommandLine.Command;

/** {@code oomlab import}. */
@Command(
    name = "import",
    description = {
      "Make a workload of what a real machine says: of the OOM reports in a kernel log, or of what"
          + " is running now."
    },
    synopsisSubcommandLabel = "(oom-report | proc)",
    subcommands = {ImportOomReportCommand.class, ImportProcCommand.class})
final class ImportCommand extends SubCommand {
  ImportCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    throw misuse("import what: oom-report or proc?");
  }
}
