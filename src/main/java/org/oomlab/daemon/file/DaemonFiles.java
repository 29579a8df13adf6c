package org.oomlab.daemon.file;

import java.util.List;
import org.oomlab.daemon.DaemonSettings;

/** Reads and writes the configuration files of one daemon. */
public interface DaemonFiles {
  /** The daemon, as {@link org.oomlab.daemon.Daemons} knows it. */
  String kind();

  /**
   * How sure it is that a file is one of its own: 0 for not at all, 10 for certain. Its name says
   * less than what it has in it.
   */
  int recognises(ConfigFile file);

  /** What the daemon makes of these files, given together, in this order. */
  DaemonSettings read(List<ConfigFile> files, Findings findings);

  /**
   * The daemon's own configuration for settings, as one or several files.
   *
   * @param comments lines for the head of the first file
   * @param missing is told what the daemon has no option for
   */
  List<Written> write(DaemonSettings settings, List<String> comments, Findings missing);

  /**
   * A file to be.
   *
   * @param name what it is called on the machine, such as {@code /etc/default/earlyoom}
   * @param text what it has in it
   */
  record Written(String name, String text) {}
}
