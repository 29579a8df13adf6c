package org.oomlab.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.oomlab.workload.Claim;
import org.oomlab.yaml.tree.YamlText;

/** Writes what is claimed of a workload. */
public final class ClaimWriter {
  private final StringBuilder out = new StringBuilder();

  private ClaimWriter() {}

  /** A claim, as lines of the list of claims. */
  public static String write(Claim claim) {
    ClaimWriter writer = new ClaimWriter();
    writer.claim(claim);
    return writer.out.toString();
  }

  private void claim(Claim claim) {
    line(
        "  - policies: "
            + YamlText.sequence(claim.policies().stream().map(YamlText::quote).toList()));
    line("    because: " + YamlText.quote(claim.because()));
    unlessEmpty("says", claim.says());
    unlessEmpty("thread", claim.thread());
    unlessEmpty("contradicts", claim.contradicts());
    if (claim.seeds().count() != 1 || claim.seeds().first() != 1) {
      line("    seeds: " + YamlText.quote(claim.seeds().toString()));
    }
    vary(claim.vary());
    expectations(claim.expectations());
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private void unlessEmpty(String key, String text) {
    if (!text.isEmpty()) {
      line("    " + key + ": " + YamlText.quote(text));
    }
  }

  /** Each path with all of its values. */
  private void vary(List<Claim.Variant> variants) {
    Map<String, Set<String>> values = new LinkedHashMap<>();
    for (Claim.Variant variant : variants) {
      variant
          .values()
          .forEach(
              (path, value) ->
                  values
                      .computeIfAbsent(path, p -> new LinkedHashSet<>())
                      .add(YamlText.quote(value)));
    }
    if (!values.isEmpty()) {
      line("    vary:");
      values.forEach(
          (path, each) ->
              line("      " + YamlText.quote(path) + ": " + YamlText.sequence(List.copyOf(each))));
    }
  }

  /** Metrics with a dot in their name are keys of a map of their own. */
  private void expectations(List<Claim.Expectation> expectations) {
    Map<String, Map<String, String>> nested = new LinkedHashMap<>();
    for (Claim.Expectation expectation : expectations) {
      String metric = expectation.metric();
      int dot = metric.indexOf('.');
      String text = expected(metric, expectation.text());
      if (dot < 0) {
        line("    " + metric + ": " + text);
      } else {
        nested
            .computeIfAbsent(metric.substring(0, dot), key -> new LinkedHashMap<>())
            .put(YamlText.quote(metric.substring(dot + 1)), text);
      }
    }
    nested.forEach((key, map) -> line("    " + key + ": " + YamlText.mapping(map)));
  }

  private static String expected(String metric, String text) {
    if (metric.endsWith("victims") && text.indexOf('|') >= 0) {
      List<String> alternatives = new ArrayList<>();
      for (String alternative : text.split("\\|", -1)) {
        alternatives.add(elements(alternative));
      }
      return "{any_of: " + YamlText.sequence(alternatives) + "}";
    }
    boolean isList = metric.endsWith("victims") || metric.equals("kill_times");
    return isList ? elements(text) : YamlText.quote(text);
  }

  private static String elements(String text) {
    List<String> elements = new ArrayList<>();
    for (String element : text.isEmpty() ? new String[0] : text.split(";", -1)) {
      elements.add(YamlText.quote(element));
    }
    return YamlText.sequence(elements);
  }
}
