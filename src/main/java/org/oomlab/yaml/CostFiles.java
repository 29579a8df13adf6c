package org.oomlab.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.workload.Costs;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Kind;
import org.oomlab.yaml.tree.Node;
import org.oomlab.yaml.tree.Problem;
import org.oomlab.yaml.tree.Problems;
import org.oomlab.yaml.tree.Setting;
import org.oomlab.yaml.tree.Source;
import org.oomlab.yaml.tree.Value;
import org.oomlab.yaml.tree.YamlText;

/** Cost files with what they inherit from the ones they extend, and with what is set otherwise. */
final class CostFiles {
  private final Finder finder;
  private final List<Setting> settings;

  CostFiles(Finder finder, List<Setting> settings) {
    this.finder = finder;
    this.settings = settings;
  }

  /**
   * What things cost according to a file.
   *
   * @throws ProblemException with everything that is wrong with it
   */
  Costs costs(String nameOrPath) {
    Problems problems = new Problems();
    List<Source> sources = finder.find(Kind.COSTS, nameOrPath, problems, Notes.NONE);
    if (sources.size() > 1) {
      problems.add(Problem.of(nameOrPath, "one cost file is needed, not several", null));
    }
    Costs costs = null;
    for (Source source : sources) {
      Node.Mapping document = document(source, List.of(), problems);
      if (document != null) {
        costs = read(source, document, List.of(), problems);
      }
    }
    problems.throwIfAny();
    return Objects.requireNonNull(costs);
  }

  /**
   * The same, to be tried with other values.
   *
   * @throws ProblemException with everything that is wrong with the file as it is
   */
  Template<Costs> template(String nameOrPath) {
    Source source = checked(nameOrPath);
    Node.Mapping document = Objects.requireNonNull(document(source, List.of(), new Problems()));
    return more -> {
      Problems problems = new Problems();
      Costs costs = read(source, document, more, problems);
      problems.throwIfAny();
      return costs;
    };
  }

  /**
   * The costs that the file itself has a range for, in its order.
   *
   * @throws ProblemException with everything that is wrong with the file
   */
  List<CostRange> ranges(String nameOrPath) {
    Source file = checked(nameOrPath);
    Problems problems = new Problems();
    List<CostRange> ranges = new ArrayList<>();
    Node.Mapping document = Objects.requireNonNull(file.parse(problems));
    for (Map.Entry<String, Node.Member> member : document.members().entrySet()) {
      Node value = member.getValue().value();
      if (value instanceof Node.Mapping cost && cost.get("range") != null) {
        Fields fields = new Value(value, member.getKey(), problems).fields();
        if (fields.get("range", null, Value::spans) instanceof Quantity.Uniform range) {
          String source = fields.text("source");
          ranges.add(new CostRange(member.getKey(), range.low(), range.high(), source));
        }
      }
    }
    return ranges;
  }

  /** The file with what it inherits and what is set otherwise, as a text that stands on its own. */
  String text(String nameOrPath) {
    Source source = checked(nameOrPath);
    Problems problems = new Problems();
    Node.Mapping document = Objects.requireNonNull(document(source, List.of(), problems));
    for (Setting setting : settings) {
      if (setting.isBelow("costs")) {
        document = setting.applyBelowHead(document, problems);
      }
    }
    StringBuilder text = new StringBuilder();
    document
        .without("extends")
        .members()
        .forEach(
            (key, member) ->
                text.append(key).append(": ").append(YamlText.node(member.value())).append('\n'));
    return text.toString();
  }

  /** The one file of this name, with nothing wrong in it. */
  private Source checked(String nameOrPath) {
    costs(nameOrPath);
    return finder.find(Kind.COSTS, nameOrPath, new Problems(), Notes.NONE).get(0);
  }

  /**
   * A cost file, with what it does not say itself as in the file it extends.
   *
   * @param children the files that extend it, directly or not
   * @return null for a noted reason
   */
  private Node.@Nullable Mapping document(Source source, List<String> children, Problems problems) {
    Node.Mapping document = source.parse(Kind.COSTS, problems);
    Node.Member base = document == null ? null : document.members().get("extends");
    if (document == null || base == null) {
      return document;
    }
    Value name = new Value(base.value(), "extends", problems);
    Source parent = finder.extended(Kind.COSTS, name, source, problems, Notes.NONE);
    if (parent == null) {
      return null;
    }
    List<String> all = new ArrayList<>(children);
    all.add(source.label());
    if (all.contains(parent.label())) {
      name.problem(name.text() + " extends this file");
      return null;
    }
    Node.Mapping inherited = document(parent, all, problems);
    return inherited == null ? null : CostsReader.inherit(inherited, document);
  }

  private Costs read(Source source, Node.Mapping document, List<Setting> more, Problems problems) {
    Node.Mapping changed = document;
    for (List<Setting> each : List.of(settings, more)) {
      for (Setting setting : each) {
        if (setting.isBelow("costs")) {
          changed = setting.applyBelowHead(changed, problems);
        }
      }
    }
    return CostsReader.read(new Value(changed, "", problems), source);
  }
}
