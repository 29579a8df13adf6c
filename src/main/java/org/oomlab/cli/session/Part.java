package org.oomlab.cli.session;

import picocli.CommandLine.Model.CommandSpec;

/** Options and arguments that belong together and that several commands have. */
public interface Part {
  /** Makes a command understand them. */
  void addTo(CommandSpec spec);
}
