package org.oomlab.cli.daemon;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.oomlab.cli.session.UserError;
import org.oomlab.daemon.file.LimitFiles.Cgroup;
import org.oomlab.unit.Bytes;

/** The {@code cgroups:} of a workload, parents before children. */
final class CgroupFragment {
  private static final int MOST = 1000;

  private final List<Cgroup> cgroups;
  private final List<String> doubts = new ArrayList<>();

  CgroupFragment(List<Cgroup> cgroups) {
    this.cgroups = cgroups;
    long all = cgroups.stream().mapToLong(Cgroup::count).sum();
    if (all > MOST) {
      throw new UserError(all + " cgroups are more than the " + MOST + " that a workload can have");
    }
    for (Cgroup cgroup : cgroups) {
      if (cgroup.adj().isSet()) {
        doubts.add(
            cgroup.path()
                + ": oom_score_adj "
                + cgroup.adj().text()
                + " is of its processes; write it there");
      }
      if (cgroup.min() > 0) {
        doubts.add(
            cgroup.path()
                + ": memory.min is not modelled, under which nothing is taken from it whatever"
                + " happens; low is the nearest");
      }
      if (cgroup.count() > 1) {
        doubts.add(cgroup.path() + ": " + cgroup.count() + " of them, each with these limits");
      }
    }
  }

  /** What a cgroup cannot say. */
  List<String> doubts() {
    return doubts;
  }

  String text(List<String> comments, String memory) {
    StringBuilder text = new StringBuilder();
    comments.forEach(line -> text.append("# ").append(clean(line)).append('\n'));
    text.append("# Shares are of ").append(memory).append(" of memory.\n");
    doubts.forEach(line -> text.append("# ").append(clean(line)).append('\n'));
    text.append("cgroups:\n");
    Set<String> written = new LinkedHashSet<>();
    for (Cgroup cgroup : cgroups) {
      for (int i = 0; i < cgroup.count(); i++) {
        String path = cgroup.path() + (cgroup.count() > 1 ? "-" + (i + 1) : "");
        entry(text, path, cgroup, written);
      }
    }
    if (written.isEmpty()) {
      text.append("  []\n");
    }
    return text.toString();
  }

  private void entry(StringBuilder text, String path, Cgroup cgroup, Set<String> written) {
    String name = name(path);
    String parent = "";
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      parent = path.substring(0, slash);
      parents(text, parent, written);
    }
    if (!written.add(name)) {
      return;
    }
    List<String> keys = new ArrayList<>();
    keys.add("name: \"" + name + "\"");
    if (!parent.isEmpty()) {
      keys.add("parent: \"" + name(parent) + "\"");
    }
    amount(keys, "limit", cgroup.max());
    amount(keys, "high", cgroup.high());
    amount(keys, "swap_max", cgroup.swapMax());
    amount(keys, "low", cgroup.low());
    if (cgroup.oomGroup()) {
      keys.add("oom_group: true");
    }
    if (cgroup.killDisabled()) {
      keys.add("oom_kill_disable: true");
    }
    text.append("  - {").append(String.join(", ", keys)).append("}\n");
  }

  /** Those above it that have no limits of their own. */
  private void parents(StringBuilder text, String path, Set<String> written) {
    boolean own = cgroups.stream().anyMatch(each -> each.path().equals(path));
    if (written.contains(name(path))) {
      return;
    }
    if (own) {
      cgroups.stream()
          .filter(each -> each.path().equals(path))
          .findFirst()
          .ifPresent(each -> entry(text, path, each, written));
      return;
    }
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      parents(text, path.substring(0, slash), written);
    }
    written.add(name(path));
    text.append("  - {name: \"").append(name(path)).append('"');
    if (slash > 0) {
      text.append(", parent: \"").append(name(path.substring(0, slash))).append('"');
    }
    text.append("}\n");
  }

  private static void amount(List<String> keys, String key, double bytes) {
    if (bytes >= 0) {
      keys.add(key + ": " + Bytes.format((long) Math.floor(bytes / Bytes.PAGE)));
    }
  }

  /** The last part of a path, fit for a workload. */
  private static String name(String path) {
    String bare = path.length() > 1 ? path.substring(path.lastIndexOf('/') + 1) : "root";
    String clean = bare.replaceAll("[\\[\\];|\\\\\"\\p{Cntrl}]+", "-");
    return clean.isEmpty() ? "root" : clean;
  }

  private static String clean(String line) {
    return line.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029\\ufeff]", "?");
  }

  /** A workload around it, to see whether it can be read. */
  static String whole(String fragment, String memory) {
    return "workload: cgroups\ncosts: x86-64\nmachine: {memory: "
        + memory
        + "}\n"
        + fragment
        + "processes:\n  - {name: somebody, memory: [{kind: anonymous, size: 1MiB}]}\n";
  }
}
