package org.oomlab.cli;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.oomlab.experiment.Metric;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.Verdict;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.workload.Costs;
import org.oomlab.yaml.Entry;
import org.oomlab.yaml.Library;

/**
 * The words an argument can be, each with a line about it: what completion offers. Looked up when
 * they are iterated and not before, since most runs never ask.
 */
abstract class Names implements Iterable<String> {
  final Session session;

  Names(Session session) {
    this.session = session;
  }

  /** Each word with its description, or an empty one, in order of the words. */
  abstract Map<String, String> described();

  @Override
  public Iterator<String> iterator() {
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
  static final class Policies extends Names {
    Policies(Session session) {
      super(session);
    }

    @Override
    Map<String, String> described() {
      return withFamilies(session.library().policies());
    }
  }

  /** Workloads and their families. */
  static final class Workloads extends Names {
    Workloads(Session session) {
      super(session);
    }

    @Override
    Map<String, String> described() {
      return withFamilies(session.library().workloads());
    }
  }

  /** Cost files. */
  static final class CostFiles extends Names {
    CostFiles(Session session) {
      super(session);
    }

    @Override
    Map<String, String> described() {
      Map<String, String> names = new TreeMap<>();
      session.library().costs().forEach(entry -> names.put(entry.name(), entry.title()));
      return names;
    }
  }

  /** What {@code --set} can set, each path ending in an equals sign, with the values it knows. */
  static final class Settings extends Names {
    Settings(Session session) {
      super(session);
    }

    @Override
    Map<String, String> described() {
      Map<String, String> names = new TreeMap<>();
      for (Knob knob : Knobs.all()) {
        names.put(knob.path() + "=", knob.doc());
        for (String choice : knob.choices()) {
          names.put(knob.path() + "=" + choice, "");
        }
      }
      return names;
    }
  }

  /** What {@code --vary} can vary. */
  static final class Axes extends Names {
    Axes(Session session) {
      super(session);
    }

    @Override
    Map<String, String> described() {
      Map<String, String> names = new TreeMap<>();
      for (Knob knob : Knobs.all()) {
        names.put("policy." + knob.path() + "=", knob.doc());
      }
      for (RecordComponent cost : Costs.class.getRecordComponents()) {
        names.put("costs." + Properties.key(cost.getName()) + "=", "");
      }
      return names;
    }
  }

  /** What policies can be compared by. */
  static final class Measures extends Names {
    Measures(Session session) {
      super(session);
    }

    @Override
    Map<String, String> described() {
      return all();
    }

    /** The names, which need no session. */
    static Map<String, String> all() {
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
  static final class Subjects extends Names {
    Subjects(Session session) {
      super(session);
    }

    @Override
    Map<String, String> described() {
      Map<String, String> names = new TreeMap<>();
      Library library = session.library();
      List<Entry> entries = new ArrayList<>(library.costs());
      entries.addAll(library.workloads());
      entries.addAll(library.policies());
      entries.forEach(entry -> names.put(entry.name(), entry.title()));
      Knobs.all().forEach(knob -> names.put(knob.path(), knob.doc()));
      return names;
    }
  }

  /** Words that never change. */
  abstract static class Fixed extends Names {
    private final Map<String, String> words = new TreeMap<>();

    Fixed(Session session, String... words) {
      super(session);
      for (String word : words) {
        this.words.put(word, "");
      }
    }

    @Override
    Map<String, String> described() {
      return words;
    }
  }

  /** When to use colour. */
  static final class Colors extends Fixed {
    Colors(Session session) {
      super(session, "auto", "always", "never");
    }
  }
}
