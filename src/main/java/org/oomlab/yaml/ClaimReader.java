package org.oomlab.yaml;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.SeedRange;
import org.oomlab.unit.Suggestions;
import org.oomlab.workload.Claim;
import org.oomlab.workload.Claim.Expectation;
import org.oomlab.workload.Claim.Variant;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Node;
import org.oomlab.yaml.tree.Setting;
import org.oomlab.yaml.tree.Value;

/**
 * Reads what a workload file claims. Values stay text, as {@link Expectation} has them, but they
 * are checked to be of a form that can hold or not hold:
 *
 * <ul>
 *   <li>a list becomes its items joined by semicolons, alternatives joined by bars: {@code a;b|b;a}
 *   <li>{@code badness: {P1: 2000}} becomes the metric {@code badness.P1}
 *   <li>{@code mean: {kills: 2}} becomes {@code mean.kills}, likewise {@code median} and {@code
 *       share}
 * </ul>
 */
final class ClaimReader {
  private static final List<String> OUTCOMES =
      List.of("recovered", "panic", "livelock", "undecided", "no_oom");

  /** Keys of a claim that are not about what happens. */
  private static final Set<String> STRUCTURE =
      Set.of("policy", "policies", "because", "seeds", "says", "thread", "contradicts", "vary");

  /** A claim is checked with each combination, every time. */
  private static final int MOST_VARIANTS = 1000;

  private static final List<String> UNITS = List.of("_ms", "_pages");
  private static final List<String> OTHERS =
      List.of(
          "outcome",
          "victims",
          "daemon_victims",
          "kill_times",
          "panic_text",
          "badness",
          "killed_at",
          "recovery_of",
          "reaper_attempts",
          "free_at_panic",
          "futexes");
  private static final Pattern COMPARISON =
      Pattern.compile("(?:fewer|less|more|same)(?: than| as)? +(\\S.*)");

  private final References references;
  private final Collection<String> metrics;
  private final Function<String, @Nullable String> found;
  private final Supplier<Collection<String>> policies;
  private final Function<List<Setting>, @Nullable Workload> variants;

  /**
   * A reader.
   *
   * @param metrics columns a claim may be about; empty if any word will do
   * @param found the name by which a policy that the file names is found from anywhere; null if
   *     there is none
   * @param policies the names to suggest instead of one that does not
   * @param variants the workload with other values; null, and a problem noted, if it cannot have
   *     them
   */
  ClaimReader(
      References references,
      Collection<String> metrics,
      Function<String, @Nullable String> found,
      Supplier<Collection<String>> policies,
      Function<List<Setting>, @Nullable Workload> variants) {
    this.references = references;
    this.metrics = metrics;
    this.found = found;
    this.policies = policies;
    this.variants = variants;
  }

  Claim read(Value value) {
    Fields fields = value.fields();
    List<String> names = new ArrayList<>(fields.list("policies", this::policy));
    Value one = fields.find("policy");
    if (one != null) {
      names.add(policy(one));
    } else if (!fields.has("policies") && value.isMap()) {
      value.problem("policy is missing");
    }
    String because = fields.require("because", "", Value::text);
    SeedRange seeds =
        fields.get(
            "seeds",
            SeedRange.of(1),
            range -> range.parse("seeds", SeedRange.of(1), SeedRange::parse));
    String says = fields.text("says");
    String thread = fields.text("thread");
    String contradicts = fields.text("contradicts");
    if (!contradicts.isEmpty() && says.isEmpty()) {
      value.problem("says is missing: what is contradicted?");
    }
    List<Variant> vary = fields.get("vary", List.of(), this::vary);
    List<Expectation> expectations = new ArrayList<>();
    fields.mayHave(this::claimable);
    for (Map.Entry<String, Value> entry : fields.all()) {
      if (!STRUCTURE.contains(entry.getKey())) {
        expect(entry.getKey(), entry.getValue(), fields, expectations);
      }
    }
    if (expectations.isEmpty() && value.isMap()) {
      value.problem("claims nothing");
    }
    return new Claim(
        value.node().at(), names, seeds, because, says, thread, contradicts, vary, expectations);
  }

  /** Every combination of the values given for some paths. */
  private List<Variant> vary(Value value) {
    int before = value.problems().count();
    List<List<Setting>> combinations = List.of(List.of());
    for (Map.Entry<String, Value> entry : value.fields().all()) {
      if (entry.getKey().matches("costs\\b.*")) {
        entry.getValue().problem("costs are not the workload's to vary");
      }
      List<Setting> values = entry.getValue().list(item -> Setting.of(entry.getKey(), item));
      combinations =
          combinations.stream()
              .flatMap(so -> values.stream().map(setting -> with(so, setting)))
              .toList();
      if (combinations.size() > MOST_VARIANTS) {
        value.problem("more than " + MOST_VARIANTS + " combinations; 'oomlab sweep' is for these");
        return List.of();
      }
    }
    if (combinations.isEmpty() || combinations.get(0).isEmpty()) {
      value.problem("varies nothing; expected PATH: [VALUE, ...]");
    }
    List<Variant> read = new ArrayList<>();
    for (List<Setting> settings : combinations) {
      if (value.problems().count() > before) {
        return List.of(); // One combination's mistakes are those of all.
      }
      Workload workload = variants.apply(settings);
      if (workload != null) {
        Map<String, String> values = new LinkedHashMap<>();
        settings.forEach(setting -> values.put(setting.path(), setting.text()));
        read.add(new Variant(values, workload));
      }
    }
    return read;
  }

  private static List<Setting> with(List<Setting> settings, Setting more) {
    List<Setting> all = new ArrayList<>(settings);
    all.add(more);
    return all;
  }

  /** A name that stands for policies. */
  String policy(Value value) {
    int before = value.problems().count();
    String name = value.text();
    return value.problems().count() == before ? policy(value, name) : name;
  }

  private String policy(Value value, String name) {
    String known = found.apply(name);
    if (known == null) {
      value.problem("no policy '" + name + "'", Suggestions.nearest(name, policies.get()));
      return name;
    }
    return known;
  }

  private void expect(String key, Value value, Fields fields, List<Expectation> expectations) {
    switch (key) {
      case "outcome" -> expectations.add(expectation(value, key, outcome(value)));
      case "victims", "daemon_victims" -> expectations.add(expectation(value, key, victims(value)));
      case "kill_times" -> expectations.add(expectation(value, key, times(value)));
      case "panic_text" -> expectations.add(expectation(value, key, value.text()));
      case "killed_at", "recovery_of", "reaper_attempts", "futexes" -> {
        boolean futex = key.equals("futexes");
        for (Map.Entry<String, Value> entry : value.fields().all()) {
          Value what = entry.getValue();
          named(entry.getKey(), what, value, futex ? "futex" : "process");
          expectations.add(expectation(what, key + "." + entry.getKey(), what.text().strip()));
        }
      }
      case "free_at_panic" -> expectations.add(expectation(value, key, comparable(value)));
      case "badness" -> {
        for (Map.Entry<String, Value> entry : value.fields().all()) {
          Value points = entry.getValue();
          named(entry.getKey(), points, value, "process");
          expectations.add(expectation(points, "badness." + entry.getKey(), comparable(points)));
        }
      }
      case "mean", "median" -> {
        for (Map.Entry<String, Value> entry : value.fields().all()) {
          checkMetric(entry.getKey(), entry.getValue(), value.path());
          expectations.add(
              expectation(
                  entry.getValue(), key + "." + entry.getKey(), comparable(entry.getValue())));
        }
      }
      case "share" -> {
        for (Map.Entry<String, Value> entry : value.fields().all()) {
          checkShare(entry.getKey(), entry.getValue());
          expectations.add(
              expectation(
                  entry.getValue(), key + "." + entry.getKey(), comparable(entry.getValue())));
        }
      }
      default -> {
        checkMetric(key, value, fields.self().path());
        expectations.add(expectation(value, key, comparable(value)));
      }
    }
  }

  /** A key that is a name; it is checked as if it were a value. */
  private void named(String key, Value at, Value in, String noun) {
    references.refer(
        new Value(new Node.Scalar(at.node().at(), key, false), in.path(), in.problems()),
        noun,
        noun.equals("futex") ? references.futexes : references.processes);
  }

  private static Expectation expectation(Value value, String metric, String text) {
    return new Expectation(value.node().at(), metric, text);
  }

  /** Both spellings are accepted, since the CSV has a hyphen where YAML has an underscore. */
  private static String outcome(Value value) {
    return value.parse(
        "an outcome",
        "",
        text -> {
          String outcome = text.replace('-', '_');
          if (!OUTCOMES.contains(outcome)) {
            throw new IllegalArgumentException(
                "expected one of " + String.join(", ", OUTCOMES) + ", found '" + text + "'");
          }
          return outcome;
        });
  }

  private String victims(Value value) {
    if (!value.isMap()) {
      return String.join(";", value.list(this::victim));
    }
    Fields fields = value.fields();
    List<String> alternatives =
        fields.require(
            "any_of",
            List.of(),
            lists -> lists.list(list -> String.join(";", list.list(this::victim))));
    fields.end();
    return String.join("|", alternatives);
  }

  /** A process, any copy of one, or "..." for whoever comes then. */
  private String victim(Value value) {
    return value.isWord("...") ? "..." : references.copies(value);
  }

  private static String times(Value value) {
    return value.list(ClaimReader::time).stream().collect(Collectors.joining(";"));
  }

  private static String time(Value value) {
    value.spans();
    return value.node() instanceof Node.Scalar scalar ? scalar.text() : "";
  }

  /** What a metric is compared with; if that is another policy, there must be one of this name. */
  private String comparable(Value value) {
    return value.parse(
        "a number, a range or a comparison",
        "",
        text -> {
          Matcher comparison = COMPARISON.matcher(text.strip());
          if (!comparison.matches()) {
            return text.strip();
          }
          String relation = text.strip().substring(0, comparison.start(1));
          return relation + policy(value, comparison.group(1).strip());
        });
  }

  /** A share is that of the episodes in which something holds, as in {@code kills=1}. */
  private void checkShare(String condition, Value value) {
    int equals = condition.indexOf('=');
    if (equals < 0) {
      value.problem("expected a condition, as in outcome=panic");
      return;
    }
    String about = condition.substring(0, equals).strip();
    if (!OTHERS.contains(about.replaceFirst("\\..*", ""))) {
      checkMetric(about, value, value.path());
    }
  }

  /** A metric goes by its column, with or without the unit at its end. */
  private void checkMetric(String key, Value value, String path) {
    if (metrics.isEmpty()
        || metrics.contains(key)
        || UNITS.stream().anyMatch(unit -> metrics.contains(key + unit))) {
      return;
    }
    value
        .problems()
        .add(
            value.node().at(),
            path + ": no metric '" + key + "'",
            Suggestions.nearest(key, claimable()));
  }

  /** What a claim may be about. */
  private Set<String> claimable() {
    Set<String> names = new LinkedHashSet<>(OTHERS);
    names.addAll(List.of("mean", "median", "share"));
    for (String metric : metrics) {
      names.add(metric.replaceFirst("(" + String.join("|", UNITS) + ")$", ""));
    }
    return names;
  }
}
