package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every kind of file that is understood. */
public final class Formats {
  private static final List<String> DAEMONS =
      List.of("earlyoom", "systemd-oomd", "oomd", "nohang", "lmkd", "kubelet");
  private static final List<String> LIMITS = List.of("cgroup", "compose");

  private Formats() {}

  /** What {@code --as} may be. */
  public static List<String> kinds() {
    List<String> kinds = new ArrayList<>(DAEMONS);
    kinds.addAll(LIMITS);
    return kinds;
  }

  /** The daemons that have files of their own. */
  public static List<String> daemons() {
    return DAEMONS;
  }

  /** Whether files of this kind set limits of cgroups, and no daemon. */
  public static boolean isLimits(String kind) {
    return LIMITS.contains(kind);
  }

  /**
   * Reads and writes a daemon's files.
   *
   * @throws IllegalArgumentException if there is no such daemon
   */
  public static DaemonFiles of(String kind, Tree.Parser parser) {
    return switch (kind) {
      case "earlyoom" -> new EarlyoomFiles();
      case "systemd-oomd" -> new SystemdOomdFiles();
      case "oomd" -> new OomdFiles(parser);
      case "nohang" -> new NohangFiles();
      case "lmkd" -> new LmkdFiles();
      case "kubelet" -> new KubeletFiles(parser);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** Reads files with limits. */
  public static LimitFiles limits(String kind, Tree.Parser parser) {
    return kind.equals("compose") ? new ComposeFiles(parser) : new CgroupFiles();
  }

  /** The kind that a set of files most likely is; null if none knows any of them. */
  public static @Nullable String recognise(List<ConfigFile> files, Tree.Parser parser) {
    String best = null;
    int most = 0;
    for (String kind : kinds()) {
      int sure = 0;
      for (ConfigFile file : files) {
        int each =
            isLimits(kind)
                ? limits(kind, parser).recognises(file)
                : of(kind, parser).recognises(file);
        sure = Math.max(sure, each);
      }
      if (sure > most) {
        most = sure;
        best = kind;
      }
    }
    return best;
  }
}
