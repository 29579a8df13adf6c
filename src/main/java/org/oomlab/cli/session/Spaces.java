package org.oomlab.cli.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.oomlab.engine.Quantity;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.workload.WorldSpace;
import org.oomlab.worlds.Explorer;
import org.oomlab.worlds.Stock;
import org.oomlab.yaml.CostRange;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.Notes;
import org.oomlab.yaml.tree.YamlText;

/** Spaces of worlds by the names that options have for them, explored and in words. */
public final class Spaces {
  private static final String NEAR = "near ";

  /** What a neighbourhood may have beside what its workload has. */
  private static final String NEAR_HAS = "server";

  private Spaces() {}

  /**
   * The space of this name, or the neighbourhood of a workload.
   *
   * @param option for messages
   */
  public static WorldSpace named(Library library, String name, String option, Notes notes) {
    if (!name.startsWith(NEAR)) {
      return library.space(name);
    }
    String workload = name.substring(NEAR.length()).strip();
    List<Workload> found = library.resolveWorkloads(List.of(workload), notes);
    if (found.size() != 1) {
      throw new UserError(option + " near: expected one workload, and these are " + found.size());
    }
    return library.space(NEAR_HAS).near(found.get(0));
  }

  /** Who makes worlds of a space, under a policy. */
  public static Explorer explorer(
      Library library, WorldSpace space, boolean anything, Policy policy) {
    List<Costs> costs = new ArrayList<>();
    Map<String, Map<String, Quantity.Uniform>> ranges = new TreeMap<>();
    for (String name : space.costs()) {
      costs.add(library.costs(name));
      Map<String, Quantity.Uniform> own = new LinkedHashMap<>();
      for (CostRange range : library.costRanges(name)) {
        for (var component : Costs.class.getRecordComponents()) {
          if (YamlText.key(component.getName()).equals(range.key())
              && component.getType() == Quantity.class) {
            own.put(component.getName(), new Quantity.Uniform(range.lowNs(), range.highNs()));
          }
        }
      }
      ranges.put(name, own);
    }
    return new Explorer(space, anything, new Stock(List.of(policy), costs, List.of()), ranges);
  }

  /** What a space has, in words: rows of what and how. */
  public static List<List<String>> inWords(WorldSpace space) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("memory", "one of " + listed(space.memory().stream().map(Bytes::format).toList())));
    rows.add(List.of("processors", "one of " + listed(space.cpus())));
    rows.add(List.of("ticks a second", "one of " + listed(space.hz())));
    rows.add(List.of("costs", "as in " + listed(space.costs())));
    rows.add(List.of("processes", "1 to " + space.processes() + ", copies included"));
    rows.add(List.of("threads", "1 to " + space.threads() + " of a process"));
    rows.add(List.of("mappings", "0 to " + space.mappings() + " of a process"));
    rows.add(List.of("steps", "0 to " + space.steps() + " of a program"));
    if (space.cgroups() > 0) {
      rows.add(List.of("cgroups", "1 to " + space.cgroups() + ", where there are any"));
    }
    rows.add(
        List.of(
            "longest",
            "nothing lasts longer than " + Span.format(space.longestNs()) + ", unless for ever"));
    rows.add(List.of("horizon", "a world ends after " + Span.format(space.horizonNs())));
    space
        .chances()
        .forEach(
            (feature, chance) ->
                rows.add(
                    List.of(
                        feature.name().toLowerCase(Locale.ROOT),
                        "in "
                            + Math.round(chance * 100)
                            + "% of worlds, and more or fewer of a world of many or few things")));
    space
        .knobs()
        .forEach(
            (path, values) -> {
              Knob knob = Knobs.byPath(path);
              String each =
                  values.stream()
                      .map(value -> knob == null ? "" + value : knob.format(value))
                      .collect(Collectors.joining(", "));
              rows.add(List.of(path, "one of " + each + ", the same under all policies"));
            });
    return rows;
  }

  private static String listed(List<?> items) {
    return items.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
