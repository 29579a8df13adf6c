package org.oomlab.daemon.file;

import java.util.List;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Setting;

/** Reads files that set limits of cgroups, and no daemon. */
public interface LimitFiles {
  /** What they are called for {@code --as}. */
  String kind();

  /** As {@link DaemonFiles#recognises}. */
  int recognises(ConfigFile file);

  /** What they say. */
  DaemonSettings read(List<ConfigFile> files, Findings findings);

  /**
   * The cgroups.
   *
   * @param memory how much the machine has, in bytes, of which limits may be a share
   */
  List<Cgroup> cgroups(DaemonSettings settings, double memory);

  /**
   * A cgroup with its limits in bytes; those that are negative are not set.
   *
   * @param path below the root
   * @param count how many there are of it
   * @param oomGroup whether one kill is a kill of all
   * @param killDisabled of cgroup v1
   * @param adj of its processes; without a value if it is not said
   */
  record Cgroup(
      String path,
      int count,
      double max,
      double high,
      double swapMax,
      double low,
      double min,
      boolean oomGroup,
      boolean killDisabled,
      Setting adj) {}
}
