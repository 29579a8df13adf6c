package org.oomlab.cli.session;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.policy.DaemonKnobs;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.workload.Costs;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.tree.Entry;
import org.oomlab.yaml.tree.YamlText;

/**
 * The words an argument can be, each with a line about it: what completion offers. Looked up when
 * they are iterated and not before, since most runs never ask.
 */
public interface Names extends Iterable<String> {
  /** Each word with its description, or an empty one, in order of the words. */
  Map<String, String> described();

  @Override
  default Iterator<String> iterator() {
    return described().keySet().iterator();
  }

  private static Map<String, String> withFamilies(List<Entry> entries) {
    Map<String, String> names = new TreeMap<>();
    for (Entry entry : entries) {
      if (!entry.family().isEmpty()) {
        names.putIfAbsent(entry.family(), "all of its family");
      }
      names.put(entry.name(), entry.title());
    }
    return names;
  }

  /** The families of documents, each once. */
  static List<String> families(List<Entry> entries) {
    return entries.stream()
        .map(Entry::family)
        .filter(f -> !f.isEmpty())
        .distinct()
        .sorted()
        .toList();
  }

  /** Policies and their families. */
  record Policies(Session session) implements Names {
    @Override
    public Map<String, String> described() {
      return withFamilies(session.library().policies());
    }
  }

  /** Workloads and their families. */
  record Workloads(Session session) implements Names {
    @Override
    public Map<String, String> described() {
      return withFamilies(session.library().workloads());
    }
  }

  /** Cost files. */
  record CostFiles(Session session) implements Names {
    @Override
    public Map<String, String> described() {
      Map<String, String> names = new TreeMap<>();
      session.library().costs().forEach(entry -> names.put(entry.name(), entry.title()));
      return names;
    }
  }

  /** Spaces of worlds. */
  record Spaces(Session session) implements Names {
    @Override
    public Map<String, String> described() {
      Map<String, String> names = new TreeMap<>();
      session.library().spaces().forEach(entry -> names.put(entry.name(), entry.title()));
      return names;
    }
  }

  /** What {@code --set} can set, each path ending in an equals sign, with the values it knows. */
  record Settings(Session session) implements Names {
    @Override
    public Map<String, String> described() {
      Map<String, String> names = new TreeMap<>();
      for (Knob knob : Knobs.all()) {
        names.put(knob.path() + "=", knob.doc());
        for (String choice : knob.choices()) {
          names.put(knob.path() + "=" + choice, "");
        }
      }
      DaemonKnobs.described().forEach((path, doc) -> names.put(path + "=", doc));
      return names;
    }
  }

  /** What {@code --vary} can vary. */
  record Axes(Session session) implements Names {
    @Override
    public Map<String, String> described() {
      Map<String, String> names = new TreeMap<>();
      for (Knob knob : Knobs.all()) {
        names.put("policy." + knob.path() + "=", knob.doc());
      }
      DaemonKnobs.described().forEach((path, doc) -> names.put("policy." + path + "=", doc));
      for (RecordComponent cost : Costs.class.getRecordComponents()) {
        names.put("costs." + YamlText.key(cost.getName()) + "=", "");
      }
      return names;
    }
  }

  /** What policies can be compared by. */
  record Measures(Session session) implements Names {
    @Override
    public Map<String, String> described() {
      return all();
    }

    /** The names, which need no session. */
    public static Map<String, String> all() {
      Map<String, String> names = new TreeMap<>();
      for (Verdict verdict : Verdict.values()) {
        if (verdict != Verdict.RUNNING) {
          names.put(Outcome.text(verdict), "the share of episodes that end so");
        }
      }
      for (Metric metric : Metric.values()) {
        names.put(metric.column(), metric.doc());
      }
      return names;
    }
  }

  /** What {@code show} can show. */
  record Subjects(Session session) implements Names {
    @Override
    public Map<String, String> described() {
      Map<String, String> names = new TreeMap<>();
      Library library = session.library();
      List<Entry> entries = new ArrayList<>(library.costs());
      entries.addAll(library.spaces());
      entries.addAll(library.workloads());
      entries.addAll(library.policies());
      entries.forEach(entry -> names.put(entry.name(), entry.title()));
      for (Metric metric : Metric.values()) {
        names.put(metric.column(), metric.doc());
      }
      for (Knob knob : Knobs.all()) {
        names.put(knob.path().substring(0, knob.path().indexOf('.')), "all knobs of this group");
        names.put(knob.path(), knob.doc());
      }
      return names;
    }
  }
}
