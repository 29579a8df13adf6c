package org.oomlab.daemon.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What daemons that go by cgroups have in common: names of them, their leaves, their end. */
final class Groups {
  private Groups() {}

  /** Whether a cgroup is one, or below one; every one is below the machine. */
  static boolean isWithin(Sight sight, int cgroup, int ancestor) {
    int up = cgroup;
    while (up != ancestor && up != Sight.MACHINE) {
      up = sight.cgroupParent(up);
    }
    return up == ancestor;
  }

  /** Whether another is directly below it. */
  private static boolean hasChildren(Sight sight, int cgroup) {
    for (int other = cgroup + 1; other < sight.cgroups(); other++) {
      if (sight.cgroupParent(other) == cgroup) {
        return true;
      }
    }
    return false;
  }

  /** Below a cgroup, itself left out: those without children, and those that die as one. */
  static List<Integer> leaves(Sight sight, int below) {
    List<Integer> leaves = new ArrayList<>();
    for (int cgroup = 0; cgroup < sight.cgroups(); cgroup++) {
      boolean ends = sight.cgroupIsOne(cgroup) || !hasChildren(sight, cgroup);
      if (ends
          && cgroup != below
          && isWithin(sight, cgroup, below)
          && !isPartOfOne(sight, cgroup, below)
          && isAlive(sight, cgroup)) {
        leaves.add(cgroup);
      }
    }
    return leaves;
  }

  private static boolean isPartOfOne(Sight sight, int cgroup, int below) {
    for (int up = sight.cgroupParent(cgroup);
        up != Sight.MACHINE && up != below;
        up = sight.cgroupParent(up)) {
      if (sight.cgroupIsOne(up)) {
        return true;
      }
    }
    return false;
  }

  /** Whether any process that can be killed is in it. */
  static boolean isAlive(Sight sight, int cgroup) {
    for (int process = 0; process < sight.processes(); process++) {
      if (mayDie(sight, process, cgroup)) {
        return true;
      }
    }
    return false;
  }

  private static boolean mayDie(Sight sight, int process, int cgroup) {
    return sight.exists(process)
        && !sight.isUntouchable(process)
        && !sight.isSelf(process)
        && sight.cgroupOf(process) != Sight.MACHINE
        && isWithin(sight, sight.cgroupOf(process), cgroup);
  }

  /** A signal to every process in it; how many there were. */
  static int kill(Sight sight, Hands hands, int cgroup, Signal signal) {
    int killed = 0;
    for (int process = 0; process < sight.processes(); process++) {
      if (mayDie(sight, process, cgroup)) {
        hands.kill(process, signal);
        killed++;
      }
    }
    return killed;
  }

  /**
   * A unit as systemd names it: the path of a cgroup, its last part, the root, or a template,
   * {@code user@.service}, for all instances.
   */
  static boolean isUnit(Sight sight, int cgroup, String unit) {
    if (unit.equals("-.slice") || unit.equals("/") || unit.isEmpty()) {
      return cgroup == Sight.MACHINE;
    }
    if (cgroup == Sight.MACHINE) {
      return false;
    }
    String path = sight.cgroupPath(cgroup);
    String last = path.substring(path.lastIndexOf('/') + 1);
    int at = unit.indexOf("@.");
    boolean instance =
        at >= 0
            && last.startsWith(unit.substring(0, at + 1))
            && last.endsWith(unit.substring(at + 1));
    return path.equals(withoutSlash(unit)) || last.equals(unit) || instance;
  }

  private static String withoutSlash(String path) {
    return path.startsWith("/") ? path.substring(1) : path;
  }

  /** What a list of paths with wildcards names, as oomd has them; {@code /} is the machine. */
  static List<Integer> named(Sight sight, String patterns) {
    List<Integer> found = new ArrayList<>();
    for (String pattern : patterns.split(",", -1)) {
      String path = withoutSlash(pattern.strip());
      if (path.isEmpty()) {
        found.add(Sight.MACHINE);
      }
      Pattern glob = Pattern.compile(expression(path));
      for (int cgroup = 0; cgroup < sight.cgroups(); cgroup++) {
        if (!found.contains(cgroup) && glob.matcher(sight.cgroupPath(cgroup)).matches()) {
          found.add(cgroup);
        }
      }
    }
    return found;
  }

  private static String expression(String glob) {
    StringBuilder expression = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      expression.append(
          switch (c) {
            case '*' -> "[^/]*";
            case '?' -> "[^/]";
            default -> Pattern.quote(String.valueOf(c));
          });
    }
    return expression.toString();
  }
}
