package org.oomlab.cli.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.policy.Policy;
import org.oomlab.report.Manifest;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.PolicyWriter;
import org.oomlab.yaml.WorkloadWriter;

/**
 * Where a result comes from: what was asked of which oomlab, and a digest of each document as it
 * was in force, after what {@code --set} has changed.
 *
 * @param command the words, as they were typed
 * @param seeds which episodes
 */
public record Provenance(
    List<String> command,
    SeedRange seeds,
    List<Policy> policies,
    List<Workload> workloads,
    List<Costs> costs) {
  /** Digits of a digest; enough to tell documents apart, and not to check who wrote them. */
  private static final int DIGITS = 16;

  /** Of what is run in these cases. */
  public static Provenance of(Session session, List<Case> cases, SeedRange seeds) {
    return new Provenance(
        session.words(),
        seeds,
        List.copyOf(byName(cases.stream().map(Case::policy).toList(), Policy::name)),
        List.copyOf(byName(cases.stream().map(Case::workload).toList(), Workload::name)),
        List.copyOf(byName(cases.stream().map(Case::costs).toList(), Costs::name)));
  }

  private static <T> Collection<T> byName(List<T> all, Function<T, String> name) {
    Map<String, T> each = new LinkedHashMap<>();
    all.forEach(it -> each.putIfAbsent(name.apply(it), it));
    return each.values();
  }

  /** What the head of a table says: the program, and policies that go by another's name. */
  public String head() {
    String others =
        policies.stream()
            .filter(policy -> !policy.profile().isEmpty())
            .map(policy -> policy.name() + " is " + policy.profile())
            .collect(Collectors.joining(", "));
    Build build = Build.current();
    return (build.isKnown() ? build.toString() : "")
        + (build.isKnown() && !others.isEmpty() ? "; " : "")
        + others;
  }

  /**
   * The manifest, as JSON.
   *
   * @param complete whether all that was asked for was done
   */
  public String manifest(boolean complete) {
    Build build = Build.current();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("oomlab", build.version());
    facts.put("commit", build.commit());
    facts.put("model", build.model());
    facts.put("complete", complete);
    facts.put("command", command);
    facts.put("seeds", seeds.toString());
    List<Map<String, String>> its = new ArrayList<>();
    for (Policy policy : policies) {
      Map<String, String> document = document(policy.name(), PolicyWriter.write(policy.named("")));
      if (!policy.profile().isEmpty()) {
        document.put("profile", policy.profile());
      }
      its.add(document);
    }
    facts.put("policies", its);
    facts.put(
        "workloads",
        workloads.stream()
            .map(each -> document(each.name(), WorkloadWriter.write(each, Map.of())))
            .toList());
    facts.put("costs", costs.stream().map(each -> document(each.name(), each.toString())).toList());
    return Manifest.text(facts);
  }

  private static Map<String, String> document(String name, String text) {
    Map<String, String> document = new LinkedHashMap<>();
    document.put("name", name);
    document.put("digest", digest(text));
    return document;
  }

  private static String digest(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      String all = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      return all.substring(0, DIGITS);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
