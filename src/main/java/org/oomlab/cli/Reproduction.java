package org.oomlab.cli;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Words;
import org.oomlab.engine.Quantity;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.workload.PageTableContention;
import org.oomlab.worlds.Fuzz;
import org.oomlab.worlds.World;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.WorkloadWriter;
import org.oomlab.yaml.tree.ProblemException;
import org.oomlab.yaml.tree.Setting;
import org.oomlab.yaml.tree.YamlText;

/**
 * A world as somebody else can have it: a workload file, and the command that runs it under the
 * same policy, costs and seed.
 */
final class Reproduction {
  private Reproduction() {}

  /** What a file says of what was found, the workload and how to run it. */
  static String file(Fuzz.Finding finding, String path) {
    Map<String, List<String>> comments = new TreeMap<>();
    List<String> lines = new ArrayList<>();
    lines.add(finding.fault().message());
    lines.add(command(finding.world(), path));
    comments.put("", lines);
    return WorkloadWriter.write(finding.world().workload(), comments);
  }

  /** The command that shows it. */
  static String command(World world, String path) {
    List<String> words = new ArrayList<>(List.of("oomlab", "run", path, "--check"));
    words.addAll(List.of("-p", world.usualPolicy().name()));
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
      if (settings.isEmpty()) {
        return true;
      }
      Library set = library.withSettings(settings.stream().map(Setting::parse).toList());
      Policy policy = set.resolvePolicies(List.of(world.usualPolicy().name()), note -> {}).get(0);
      return set.costs(world.usualCosts().name()).equals(world.costs())
          && Knobs.all().stream().allMatch(knob -> policy.get(knob) == world.policy().get(knob));
    } catch (ProblemException refused) {
      return false;
    }
  }

  /** What is otherwise than in the shipped policy and cost file. */
  static List<String> settings(World world) {
    List<String> settings = new ArrayList<>();
    for (Knob knob : Knobs.all()) {
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
