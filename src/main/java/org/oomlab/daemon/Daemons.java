package org.oomlab.daemon;

import java.util.List;

/**
 * Every daemon there is. To add one: a class with its table, a line here, and a class in {@code
 * daemon.file} that reads and writes its files.
 */
public final class Daemons {
  private static final List<String> KINDS =
      List.of("earlyoom", "systemd-oomd", "oomd", "nohang", "lmkd", "kubelet", "rule");

  private Daemons() {}

  /** The names by which policies and options know them. */
  public static List<String> kinds() {
    return KINDS;
  }

  /**
   * The options of a daemon.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public static Table table(String kind) {
    return switch (kind) {
      case "earlyoom" -> Earlyoom.TABLE;
      case "systemd-oomd" -> SystemdOomd.TABLE;
      case "oomd" -> Oomd.TABLE;
      case "nohang" -> Nohang.TABLE;
      case "lmkd" -> Lmkd.TABLE;
      case "kubelet" -> Kubelet.TABLE;
      case "rule" -> OwnRule.TABLE;
      default ->
          throw new IllegalArgumentException(
              "expected one of " + String.join(", ", KINDS) + ", not '" + kind + "'");
    };
  }

  /** What a daemon's source decides and no option does; none for what is no program. */
  public static List<BuiltIn> builtIn(String kind) {
    return switch (kind) {
      case "earlyoom" -> Earlyoom.BUILT_IN;
      case "systemd-oomd" -> SystemdOomd.BUILT_IN;
      case "oomd" -> Oomd.BUILT_IN;
      case "nohang" -> Nohang.BUILT_IN;
      case "lmkd" -> Lmkd.BUILT_IN;
      case "kubelet" -> Kubelet.BUILT_IN;
      default -> List.of();
    };
  }

  /** Settings after all has been said: where a default depends on what stands in another place. */
  public static DaemonSettings finished(DaemonSettings settings) {
    return settings.kind().equals("kubelet")
        ? new DaemonSettings(settings.kind(), Kubelet.finished(settings.root()))
        : settings;
  }
}
