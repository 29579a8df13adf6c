package org.oomlab.cli.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the commands of a session are about where they name nothing else.
 *
 * @param workload as it was named
 * @param policies as they were named
 * @param seed which episode, or null if that was not said
 * @param settings what is set otherwise than the files say, as PATH=VALUE, each path once
 */
public record Scenario(
    String workload, List<String> policies, @Nullable Long seed, List<String> settings) {
  public Scenario {
    policies = List.copyOf(policies);
    settings = List.copyOf(settings);
  }

  /** The same with a value set; it takes the place of another one of that path. */
  public Scenario with(String setting) {
    List<String> changed = new ArrayList<>(without(pathOf(setting)).settings);
    changed.add(setting);
    return new Scenario(workload, policies, seed, changed);
  }

  /** The same with what the files say for a path. */
  public Scenario without(String path) {
    return new Scenario(
        workload,
        policies,
        seed,
        settings.stream().filter(each -> !pathOf(each).equals(path)).toList());
  }

  /** The same with what the files say. */
  public Scenario asInTheFiles() {
    return new Scenario(workload, policies, seed, List.of());
  }

  public boolean sets(String path) {
    return settings.stream().anyMatch(each -> pathOf(each).equals(path));
  }

  public static String pathOf(String setting) {
    int equals = setting.indexOf('=');
    return equals < 0 ? setting : setting.substring(0, equals).strip();
  }

  /** In a few words; an asterisk stands for what is set. */
  @Override
  public String toString() {
    return workload
        + " "
        + String.join(",", policies)
        + (seed == null ? "" : " seed " + seed)
        + (settings.isEmpty() ? "" : "*");
  }
}
