package org.oomlab.cli.daemon;

import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;

/** {@code oomlab export}. */
public final class ExportCommand extends SubCommand {
  public ExportCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    CommandSpec spec =
        describe(
            factory,
            "export",
            "Write what was found here as the configuration of what it was found for.");
    spec.usageMessage().synopsisSubcommandLabel("policy");
    add(spec, new ExportPolicyCommand(session), factory);
    return spec;
  }

  @Override
  public Integer call() {
    throw misuse("export what: policy?");
  }
}
