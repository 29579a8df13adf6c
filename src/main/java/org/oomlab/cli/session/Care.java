package org.oomlab.cli.session;

import org.oomlab.experiment.Experiment.Case;
import org.oomlab.kernel.Rigour;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** How much care is taken with each episode, which changes nothing but the time it takes. */
public final class Care implements Part {
  private final OptionSpec check =
      Args.flag("--check")
          .order(8)
          .description(
              "Look at every law of the model after every event, not only at those that cost"
                  + " nothing. The output is the same, and comes much later.")
          .build();

  @Override
  public void addTo(CommandSpec spec) {
    spec.addOption(check);
  }

  /** What was asked for. */
  public Rigour rigour() {
    return Args.isSet(check) ? Rigour.CHECKED : Rigour.USUAL;
  }

  /** A case, to be run with this care. */
  Case of(Case usual) {
    return usual.with(rigour());
  }
}
