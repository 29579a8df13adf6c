package org.oomlab.intake;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.intake.Specs.Draftee;
import org.oomlab.unit.Bytes;
import org.oomlab.workload.CgroupSpec;

/** The memory cgroups of a machine that have a limit, of either version. */
final class MemoryCgroups {
  /** Version 1 prints LONG_MAX, rounded to pages, for no limit; no machine has 4 PiB. */
  private static final long NO_LIMIT = 1L << 52;

  private final Path root;
  private final List<CgroupSpec> known = new ArrayList<>();

  /**
   * None yet.
   *
   * @param root where the hierarchies are mounted
   */
  MemoryCgroups(Path root) {
    this.root = root;
  }

  /**
   * The nearest cgroup of a process that has a limit; it and those above it become known.
   *
   * @param lines what /proc/PID/cgroup says
   * @return its name, or null if there is none
   */
  @Nullable String of(@Nullable String lines) {
    if (lines == null) {
      return null;
    }
    String found = null;
    for (String line : lines.split("\n")) {
      String[] parts = line.split(":", 3);
      if (parts.length < 3) {
        continue;
      }
      boolean unified = parts[1].isEmpty();
      boolean legacy = List.of(parts[1].split(",")).contains("memory");
      if (legacy || (unified && found == null)) {
        String here = nearest(legacy ? root.resolve("memory") : root, parts[2]);
        found = here == null ? found : here;
      }
    }
    return found;
  }

  /** Goes from the root of a hierarchy down to a cgroup. */
  private @Nullable String nearest(Path mount, String path) {
    String found = null;
    for (int slash = path.indexOf('/', 1); ; slash = path.indexOf('/', slash + 1)) {
      String step = slash < 0 ? path : path.substring(0, slash);
      CgroupSpec spec = step.length() <= 1 ? null : spec(mount, step, found);
      if (spec != null) {
        if (known.stream().noneMatch(each -> each.name().equals(spec.name()))) {
          known.add(spec);
        }
        found = spec.name();
      }
      if (slash < 0) {
        return found;
      }
    }
  }

  /** A cgroup, if it has a limit or dies as one. */
  private static @Nullable CgroupSpec spec(Path mount, String step, @Nullable String parent) {
    Path folder = mount.resolve(step.substring(1));
    String max = RunningMachine.text(folder.resolve("memory.max"));
    max = max == null ? RunningMachine.text(folder.resolve("memory.limit_in_bytes")) : max;
    if (max == null) {
      return null;
    }
    long bytes = Text.leading(max.strip(), 0);
    long limit = bytes < 0 || bytes >= NO_LIMIT ? Long.MAX_VALUE : bytes / Bytes.PAGE;
    String group = RunningMachine.text(folder.resolve("memory.oom.group"));
    boolean asOne = group != null && group.strip().equals("1");
    String control = RunningMachine.text(folder.resolve("memory.oom_control"));
    boolean disabled = control != null && control.contains("oom_kill_disable 1");
    return limit == Long.MAX_VALUE && !asOne
        ? null
        : new CgroupSpec(Specs.clean(step), parent, limit, asOne, disabled);
  }

  /**
   * All that are known. Figures are not of one moment: what the processes hold fits, or the limit
   * is a little higher.
   */
  List<CgroupSpec> specs(List<Draftee> processes) {
    List<CgroupSpec> specs = new ArrayList<>();
    for (CgroupSpec each : known) {
      long held =
          processes.stream()
              .filter(process -> isWithin(process.cgroup, each.name()))
              .mapToLong(Draftee::takes)
              .sum();
      long limit = Math.max(each.limit(), held);
      specs.add(
          new CgroupSpec(
              each.name(),
              each.parent(),
              limit,
              each.oomGroup(),
              each.oomKillDisable(),
              each.soft()));
    }
    return specs;
  }

  private boolean isWithin(@Nullable String cgroup, String ancestor) {
    for (CgroupSpec each : known) {
      if (each.name().equals(cgroup)) {
        return each.name().equals(ancestor) || isWithin(each.parent(), ancestor);
      }
    }
    return false;
  }
}
