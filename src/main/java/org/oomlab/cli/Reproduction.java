package org.oomlab.cli;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Words;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.engine.Quantity;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.workload.PageTableContention;
import org.oomlab.worlds.Fuzz;
import org.oomlab.worlds.World;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.PolicyWriter;
import org.oomlab.yaml.WorkloadWriter;
import org.oomlab.yaml.tree.ProblemException;
import org.oomlab.yaml.tree.Setting;
import org.oomlab.yaml.tree.YamlText;

/**
 * A world as somebody else can have it: a workload file, and the command that runs it under the
 * same policy, costs and seed.
 */
final class Reproduction {
  /** The name of a policy inside the file. */
  private static final String GUARDED = "guarded";

  private Reproduction() {}

  /** What a file says of what was found, the workload and how to run it. */
  static String file(Fuzz.Finding finding, String path) {
    Map<String, List<String>> comments = new TreeMap<>();
    List<String> lines = new ArrayList<>();
    lines.add(finding.fault().message());
    lines.add(command(finding.world(), path));
    comments.put("", lines);
    return WorkloadWriter.write(finding.world().workload(), comments) + inside(finding.world());
  }

  /** The policy, where it is one that no setting makes: with another daemon or other handlers. */
  private static String inside(World world) {
    return isGuarded(world)
        ? "policies:\n" + policy(world).indent(4).replaceFirst("^ {4}", "  - ")
        : "";
  }

  private static boolean isGuarded(World world) {
    return !Objects.equals(world.policy().daemon(), world.usualPolicy().daemon())
        || !world.policy().handlers().equals(world.usualPolicy().handlers());
  }

  private static String policy(World world) {
    return PolicyWriter.bare(
        world.policy(), GUARDED, "what broke it", "oomlab fuzz", world.usualPolicy());
  }

  /** The command that shows it. */
  static String command(World world, String path) {
    List<String> words = new ArrayList<>(List.of("oomlab", "run", path, "--check"));
    words.addAll(List.of("-p", isGuarded(world) ? GUARDED : world.usualPolicy().name()));
    words.addAll(List.of("--seeds", Long.toString(world.seed())));
    settings(world).forEach(setting -> words.addAll(List.of("--set", setting)));
    return "OOMLAB_JAVA_OPTS=-ea "
        + words.stream().map(Words::quote).collect(Collectors.joining(" "));
  }

  /** Whether files and settings can say this world: read back, it is the same. */
  static boolean isReadable(Library library, World world) {
    try {
      String text = WorkloadWriter.write(world.workload(), Map.of());
      if (!library.workload(world.workload().name(), text).equals(world.workload())) {
        return false;
      }
      List<String> settings = settings(world);
      if (isGuarded(world) && !isSame(library.policy(GUARDED, policy(world)), world.policy())) {
        return false;
      }
      if (settings.isEmpty()) {
        return true;
      }
      Library set = library.withSettings(settings.stream().map(Setting::parse).toList());
      Policy policy = set.resolvePolicies(List.of(world.usualPolicy().name()), note -> {}).get(0);
      return set.costs(world.usualCosts().name()).equals(world.costs())
          && (isGuarded(world) || isSame(policy, world.policy()));
    } catch (ProblemException refused) {
      return false;
    }
  }

  private static boolean isSame(Policy read, Policy policy) {
    return Knobs.all().stream().allMatch(knob -> read.get(knob) == policy.get(knob))
        && read.handlers().equals(policy.handlers())
        && said(read.daemon()).equals(said(policy.daemon()));
  }

  /** What is said of a daemon, wherever that stands. */
  private static Map<String, String> said(@Nullable DaemonSettings daemon) {
    Map<String, String> said = new TreeMap<>();
    if (daemon != null) {
      said.put("kind", daemon.kind());
      daemon.settings().forEach((path, setting) -> said.put(path, setting.written()));
    }
    return said;
  }

  /** What is otherwise than in the shipped policy and cost file, and not in the file itself. */
  static List<String> settings(World world) {
    List<String> settings = new ArrayList<>();
    for (Knob knob : isGuarded(world) ? List.<Knob>of() : Knobs.all()) {
      long value = world.policy().get(knob);
      if (value != world.usualPolicy().get(knob)) {
        settings.add(knob.path() + "=" + knob.format(value));
      }
    }
    for (RecordComponent component : Costs.class.getRecordComponents()) {
      Object own = get(world.costs(), component);
      Object usual = get(world.usualCosts(), component);
      if (own == null ? usual != null : !own.equals(usual)) {
        settings.add("costs." + YamlText.key(component.getName()) + "=" + value(own));
      }
    }
    return settings;
  }

  private static String value(@Nullable Object cost) {
    if (cost instanceof PageTableContention it) {
      return "{under_lock: %s, visit: %s, bounce: %s, freeing: %s}"
          .formatted(it.underLock(), value(it.visit()), value(it.bounce()), it.freeing());
    }
    return cost == null
        ? "off"
        : cost instanceof Quantity time ? YamlText.quantity(time, true) : cost.toString();
  }

  private static @Nullable Object get(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }
}
