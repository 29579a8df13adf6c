package org.oomlab.yaml;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.unit.Span;
import org.oomlab.unit.Suggestions;
import org.oomlab.workload.Feature;
import org.oomlab.workload.WorldSpace;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Kind;
import org.oomlab.yaml.tree.Source;
import org.oomlab.yaml.tree.Value;

/** Reads which worlds there may be. */
final class SpaceReader {
  /** The largest machine there is. */
  private static final long MOST_MEMORY = 1L << 34;

  private static final int MOST_CPUS = 1024;
  private static final int MOST_HZ = 1000;
  private static final int MOST = 100;

  private final Finder finder;

  SpaceReader(Finder finder) {
    this.finder = finder;
  }

  WorldSpace read(Value document, Source source) {
    Fields fields = document.fields();
    String name = PolicyFile.fileName(fields.need("space"), source);
    String title = fields.text("title");
    String from = fields.text("source");
    Fields machine = below(fields, "machine");
    List<Long> memory = some(machine, "memory", 1L << 8, this::memory);
    List<Integer> cpus = some(machine, "cpus", 2, value -> value.whole(1, MOST_CPUS));
    List<Integer> hz = some(machine, "hz", 250, value -> value.whole(1, MOST_HZ));
    machine.end();
    List<String> costs = some(fields, "costs", "x86-64", this::costs);
    Fields most = below(fields, "most");
    int processes = most.require("processes", 1, value -> value.whole(1, MOST));
    int threads = most.require("threads", 1, value -> value.whole(1, MOST));
    int mappings = most.require("mappings", 0, value -> value.whole(0, MOST));
    int steps = most.require("steps", 1, value -> value.whole(1, MOST));
    int cgroups = most.whole("cgroups", 0, 0, MOST);
    most.end();
    long longest = fields.require("longest", Span.SECOND, SpaceReader::positive);
    long horizon = fields.require("horizon", Span.SECOND, SpaceReader::positive);
    Map<Feature, Double> chances = fields.require("features", Map.of(), SpaceReader::features);
    Map<String, List<Long>> knobs = fields.get("knobs", Map.of(), SpaceReader::knobs);
    if (!knobs.isEmpty() && !chances.containsKey(Feature.KNOBS)) {
      document.problem("knobs never change, for features has no 'knobs'");
    } else if (knobs.isEmpty() && chances.containsKey(Feature.KNOBS)) {
      document.problem("features: 'knobs' changes nothing, for there are none below knobs");
    }
    if (chances.containsKey(Feature.CGROUPS) && cgroups == 0) {
      document.problem("features: 'cgroups' makes none, for most.cgroups is 0");
    }
    fields.end();
    return new WorldSpace(
        name, title, from, memory, cpus, hz, costs, processes, threads, mappings, steps, cgroups,
        longest, horizon, chances, knobs, null);
  }

  private static <T> List<T> some(Fields fields, String key, T usual, Function<Value, T> read) {
    List<T> all = fields.require(key, List.of(usual), value -> some(value, read));
    return all.isEmpty() ? List.of(usual) : all;
  }

  private static <T> List<T> some(Value value, Function<Value, T> read) {
    List<T> all = value.list(read);
    if (all.isEmpty() && value.isList()) {
      value.problem("expected a list of one or more");
    }
    return all;
  }

  /** What is below a key that must be there. */
  private static Fields below(Fields fields, String key) {
    return fields.require(key, Fields.unreadable(fields.self()), Value::fields);
  }

  private long memory(Value value) {
    long pages = value.size();
    if (pages < WorldSpace.LEAST_LIMIT || pages > MOST_MEMORY) {
      value.problem("expected the memory of a machine, from 1MiB to 64TiB");
      return WorldSpace.LEAST_LIMIT;
    }
    return pages;
  }

  private String costs(Value value) {
    String name = value.name();
    if (!name.isEmpty() && !finder.names(Kind.COSTS).contains(name)) {
      value.problem("no costs '" + name + "'", Suggestions.nearest(name, finder.names(Kind.COSTS)));
    }
    return name;
  }

  private static long positive(Value value) {
    long ns = value.span();
    if (ns <= 0 || ns >= Span.FOREVER) {
      value.problem("expected a time that is more than nothing and ends");
      return Span.SECOND;
    }
    return ns;
  }

  private static Map<Feature, Double> features(Value value) {
    Map<Feature, Double> chances = new EnumMap<>(Feature.class);
    List<String> names =
        Stream.of(Feature.values()).map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
    for (Map.Entry<String, Value> each : value.fields().all()) {
      int which = names.indexOf(each.getKey());
      if (which < 0) {
        each.getValue()
            .problem(
                "there is no such feature; they are " + String.join(", ", names),
                Suggestions.nearest(each.getKey(), names));
      } else {
        chances.put(Feature.values()[which], chance(each.getValue()));
      }
    }
    return chances;
  }

  private static double chance(Value value) {
    String text = value.text().strip();
    if (!text.matches("[0-9]{1,3}%")) {
      value.problem("expected a chance such as 30%, found '" + text + "'");
      return 1;
    }
    int percent = Integer.parseInt(text.substring(0, text.length() - 1));
    if (percent < 1 || percent > 100) {
      value.problem("expected a chance from 1% to 100%; what never happens is left out");
      return 1;
    }
    return percent / 100.0;
  }

  private static Map<String, List<Long>> knobs(Value value) {
    Map<String, List<Long>> knobs = new LinkedHashMap<>();
    List<String> paths = Knobs.all().stream().map(Knob::path).toList();
    for (Map.Entry<String, Value> each : value.fields().all()) {
      Knob knob = Knobs.byPath(each.getKey());
      if (knob == null) {
        each.getValue().problem("no such knob", Suggestions.nearest(each.getKey(), paths));
      } else {
        List<Long> values = new ArrayList<>();
        each.getValue().items().forEach(item -> values.add(PolicyFile.knobValue(knob, item)));
        if (values.isEmpty()) {
          each.getValue().problem("expected a list of values");
        } else {
          knobs.put(each.getKey(), values);
        }
      }
    }
    return knobs;
  }
}
