package org.oomlab.yaml;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.yaml.tree.Document;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Kind;
import org.oomlab.yaml.tree.Node;
import org.oomlab.yaml.tree.Problem;
import org.oomlab.yaml.tree.Problems;
import org.oomlab.yaml.tree.Source;
import org.oomlab.yaml.tree.Value;
import org.oomlab.yaml.tree.YamlText;

/**
 * A command with all that it needs, in one file: YAML documents after one another, with {@code ---}
 * between them. The first says which command, of which oomlab; the others are policies, workloads
 * and cost files that stand on their own.
 */
public final class Bundle {
  private static final String MARK = "---";
  private static final String KEY = "bundle";

  private final List<String> command;
  private final String model;
  private final Map<Kind, Map<String, Source>> documents;

  private Bundle(List<String> command, String model, Map<Kind, Map<String, Source>> documents) {
    this.command = command;
    this.model = model;
    this.documents = documents;
  }

  /**
   * The bundle in a file.
   *
   * @return null if there is none in it
   * @throws ProblemException with what is wrong with it
   */
  public static @Nullable Bundle in(Path file) {
    if (!Files.isRegularFile(file) || !begins(file)) {
      return null;
    }
    Problems problems = new Problems();
    String label = file.toString();
    List<Source> parts = parts(label, read(file, problems));
    problems.throwIfAny();
    Node.Mapping head = parts.get(0).parse(problems);
    problems.throwIfAny();
    assert head != null;
    Fields all = new Value(head, "", problems).fields();
    Value value = all.need(KEY);
    List<String> command = List.of();
    String model = "";
    if (value != null) {
      Fields fields = value.fields();
      fields.text("oomlab");
      fields.text("commit");
      model = fields.text("model");
      command = fields.require("command", List.of(), words -> words.list(Value::text));
      fields.end();
    }
    all.end();
    Map<Kind, Map<String, Source>> documents = new EnumMap<>(Kind.class);
    for (Source part : parts.subList(1, parts.size())) {
      Node.Mapping document = part.parse(problems);
      Kind kind = document == null ? null : Kind.of(document);
      String name = document == null || kind == null ? null : document.text(kind.noun);
      if (document != null && (kind == null || name == null)) {
        problems.add(document.at(), "expected a policy, a workload or costs");
      } else if (document != null && kind != null) {
        documents
            .computeIfAbsent(kind, k -> new LinkedHashMap<>())
            .put(name, new Source(part.label() + " (" + name + ")", name, null, part.content()));
      }
    }
    problems.throwIfAny();
    return new Bundle(command, model, documents);
  }

  /** Whether the first word in a file that is no comment is ours. */
  private static boolean begins(Path file) {
    try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.equals(MARK))
          .findFirst()
          .orElse("")
          .startsWith(KEY + ":");
    } catch (IOException | java.io.UncheckedIOException unreadable) {
      return false; // Whoever reads it says why.
    }
  }

  private static String read(Path file, Problems problems) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(Document.MOST_BYTES + 1);
      if (bytes.length > Document.MOST_BYTES) {
        problems.add(
            Problem.of(
                file.toString(), "larger than " + (Document.MOST_BYTES >> 20) + "MiB", null));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException failed) {
      problems.add(Problem.of(file.toString(), "cannot be read: " + failed.getMessage(), null));
      return "";
    }
  }

  /** The documents, each behind as many empty lines as come before it, for the sake of messages. */
  private static List<Source> parts(String label, String text) {
    List<Source> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int line = 0;
    for (String each : text.split("\n", -1)) {
      line++;
      if (each.stripTrailing().equals(MARK) && !part.toString().isBlank()) {
        parts.add(part(label, part.toString()));
        part.setLength(0);
        part.append("\n".repeat(line));
      } else {
        part.append(each.stripTrailing().equals(MARK) ? "" : each).append('\n');
      }
    }
    parts.add(part(label, part.toString()));
    return parts;
  }

  private static Source part(String label, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Source(label, null, null, () -> new ByteArrayInputStream(bytes));
  }

  /** The words of the command, without the program's name. */
  public List<String> command() {
    return command;
  }

  /** The digest of the model that it was made with, or empty. */
  public String model() {
    return model;
  }

  /** The names of the workloads in it. */
  public List<String> workloads() {
    return List.copyOf(documents(Kind.WORKLOAD).keySet());
  }

  Map<String, Source> documents(Kind kind) {
    return documents.getOrDefault(kind, Map.of());
  }

  /**
   * The text of a bundle.
   *
   * @param head facts about the program, by their keys
   * @param command the words of the command
   * @param documents each as a text that stands on its own
   */
  public static String write(
      Map<String, String> head, List<String> command, List<String> documents) {
    Map<String, String> entries = new LinkedHashMap<>();
    head.forEach((key, text) -> entries.put(key, YamlText.quote(text)));
    entries.put("command", YamlText.sequence(command.stream().map(YamlText::quote).toList()));
    StringBuilder text = new StringBuilder("# Run it again, anywhere: oomlab run FILE\n");
    text.append(KEY).append(": ").append(YamlText.mapping(entries)).append('\n');
    documents.forEach(document -> text.append(MARK).append('\n').append(document));
    return text.toString();
  }
}
