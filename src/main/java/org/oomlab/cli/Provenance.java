package org.oomlab.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.policy.Policy;
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
record Provenance(
    List<String> command,
    SeedRange seeds,
    List<Policy> policies,
    List<Workload> workloads,
    List<Costs> costs) {
  /** Digits of a digest; enough to tell documents apart, and not to check who wrote them. */
  private static final int DIGITS = 16;

  /** Of what is run in these cases. */
  static Provenance of(Session session, List<Case> cases, SeedRange seeds) {
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
  String head() {
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
  String manifest(boolean complete) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      Build build = Build.current();
      json.writeStringField("oomlab", build.version());
      json.writeStringField("commit", build.commit());
      json.writeStringField("model", build.model());
      json.writeBooleanField("complete", complete);
      json.writeFieldName("command");
      json.writeArray(command.toArray(String[]::new), 0, command.size());
      json.writeStringField("seeds", seeds.toString());
      json.writeArrayFieldStart("policies");
      for (Policy policy : policies) {
        document(json, policy.name(), PolicyWriter.write(policy.named("")));
        if (!policy.profile().isEmpty()) {
          json.writeStringField("profile", policy.profile());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("workloads");
      for (Workload workload : workloads) {
        document(json, workload.name(), WorkloadWriter.write(workload, Map.of()));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("costs");
      for (Costs cost : costs) {
        document(json, cost.name(), cost.toString());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text + "\n";
  }

  private static void document(JsonGenerator json, String name, String text) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("digest", digest(text));
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
