package org.oomlab.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.yaml.tree.Document;
import org.oomlab.yaml.tree.Node;
import org.oomlab.yaml.tree.Problems;
import org.oomlab.yaml.tree.Sketch;
import org.oomlab.yaml.tree.Source;
import org.oomlab.yaml.tree.Value;

/**
 * JSON Schemas of our files, so that editors complete and check them. There is no list of keys
 * here: the readers are given documents in which there is next to nothing, and then one with each
 * of what they have asked for, until they ask for nothing new.
 */
public final class Schema {
  /** The kinds of files that there are schemas of. */
  public static final List<String> KINDS =
      List.of("workload", "policy", "costs", "measurements", "space");

  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  /** A key of which any may stand here. */
  private static final String ANY = "any";

  private static final String LOGICAL = "type";

  /** What readers tell apart before they read it. */
  private static final List<String> FORMS =
      List.of("1", "1s", "null", "{}", "[]", "[1, 1]", "{uniform: [1, 1]}");

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String kind;
  private final Finder finder;
  private final Collection<String> metrics;
  private final Sketch sketch = new Sketch();

  /** Where each set of alternatives was first met: it is described once. */
  private final Map<List<String>, String> alternatives = new LinkedHashMap<>();

  private Schema(String kind, Finder finder, Collection<String> metrics) {
    this.kind = kind;
    this.finder = finder;
    this.metrics = metrics;
  }

  /**
   * The schema of one kind of files, as JSON.
   *
   * @param kind one of {@link #KINDS}
   * @param metrics columns that claims may be about
   */
  static String of(String kind, Finder finder, Collection<String> metrics) {
    Schema schema = new Schema(kind, finder, metrics);
    schema.explore();
    try {
      return new ObjectMapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(schema.document())
              .replace("\r\n", "\n")
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  // What is asked for.

  private void explore() {
    Queue<String> next = new ArrayDeque<>();
    Set<String> known = new LinkedHashSet<>();
    read("", "{}");
    next.add("");
    while (!next.isEmpty()) {
      String path = next.remove();
      for (String form : path.isEmpty() ? List.<String>of() : FORMS) {
        read(path, form);
      }
      // What is read of a key may depend on what stands beside it.
      List<String> beside = List.copyOf(sketch.at(path).keys.keySet());
      if (!beside.isEmpty() && !path.isEmpty()) {
        read(path, "{" + String.join(": 1s, ", beside) + ": 1s}");
      }
      for (String each : below(path)) {
        if (known.add(each)) {
          next.add(each);
        }
      }
    }
  }

  /** What there may be in a place, as far as it is not described elsewhere. */
  private List<String> below(String path) {
    Sketch.Place place = sketch.at(path);
    List<String> below = new ArrayList<>();
    for (String key : place.keys.keySet()) {
      below.add(child(path, key));
    }
    if (place.hasAnyKey && place.keys.isEmpty()) {
      below.add(child(path, ANY));
    }
    if (place.isList) {
      below.add(path + "[]");
    }
    if (!place.alternatives.isEmpty()) {
      String first = alternatives.putIfAbsent(place.alternatives, path);
      if (first == null) {
        place.alternatives.forEach(key -> below.add(child(path, key)));
      }
    }
    return below;
  }

  private static String child(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Lets a reader read a document that has only this, of the form, in this place. */
  private void read(String path, String form) {
    String text = form;
    String rest = path;
    while (!rest.isEmpty()) {
      if (rest.endsWith("[]")) {
        rest = rest.substring(0, rest.length() - 2);
        text = "[" + text + "]";
      } else {
        int dot = rest.lastIndexOf('.');
        text = "{" + rest.substring(dot + 1) + ": " + text + "}";
        rest = rest.substring(0, Math.max(dot, 0));
      }
    }
    String inner = text.substring(1, text.length() - 1);
    boolean isNamed = path.equals(kind);
    String all = "{" + (isNamed ? "" : kind + ": x" + (inner.isEmpty() ? "" : ", ")) + inner + "}";
    byte[] bytes = all.getBytes(StandardCharsets.UTF_8);
    Source source = new Source("schema", null, null, () -> new ByteArrayInputStream(bytes));
    Problems problems = new Problems(sketch);
    if (kind.equals("policy")) {
      PolicyFile.read(source, problems);
      return;
    }
    Node.Mapping document = Document.parse("schema", bytes, problems);
    if (document == null) {
      return;
    }
    switch (kind) {
      case "workload" ->
          new WorkloadFiles(finder, new LinkedHashSet<>(metrics), List.of()).read(source, problems);
      case "costs" -> CostsReader.read(new Value(document, "", problems), source);
      case "measurements" ->
          new MeasurementsReader(metrics).read(new Value(document, "", problems), source);
      default -> new SpaceReader(finder).read(new Value(document, "", problems), source);
    }
  }

  // What is told of it.

  private ObjectNode document() {
    ObjectNode document = JSON.objectNode();
    document.put("$schema", DIALECT);
    document.put("title", "oomlab " + kind);
    document.setAll(map("", sketch.at("")));
    ObjectNode definitions = JSON.objectNode();
    alternatives.forEach(
        (keys, path) -> definitions.set(definition(path), alternatives(keys, path)));
    if (!definitions.isEmpty()) {
      document.set("$defs", definitions);
    }
    return document;
  }

  /** What a set of alternatives is called: of a step, step. */
  private String definition(String path) {
    String noun = sketch.at(path).noun.replaceFirst("^an? ", "");
    long others =
        alternatives.values().stream()
            .takeWhile(each -> !each.equals(path))
            .filter(each -> sketch.at(each).noun.equals(sketch.at(path).noun))
            .count();
    return others == 0 ? noun : noun + (others + 1);
  }

  private ObjectNode alternatives(List<String> keys, String path) {
    ObjectNode properties = JSON.objectNode();
    keys.forEach(key -> properties.set(key, place(child(path, key))));
    ObjectNode map = JSON.objectNode();
    map.put(LOGICAL, "object");
    map.put("minProperties", 1);
    map.put("maxProperties", 1);
    map.set("properties", properties);
    map.put("additionalProperties", false);
    return map;
  }

  private ObjectNode place(String path) {
    Sketch.Place place = sketch.at(path);
    List<ObjectNode> ways = new ArrayList<>();
    place.forms.forEach(form -> ways.add(scalar(form)));
    if (place.isList) {
      ObjectNode list = JSON.objectNode();
      list.put(LOGICAL, "array");
      list.set("items", place(path + "[]"));
      ways.add(list);
    }
    if (!place.keys.isEmpty() || place.hasAnyKey) {
      ways.add(map(path, place));
    }
    if (!place.alternatives.isEmpty()) {
      ObjectNode reference = JSON.objectNode();
      String first = alternatives.getOrDefault(place.alternatives, path);
      reference.put("$ref", "#/$defs/" + definition(first));
      ways.add(reference);
    }
    ObjectNode result = ways.size() == 1 ? ways.get(0) : JSON.objectNode();
    if (ways.size() > 1) {
      result.set("anyOf", JSON.arrayNode().addAll(ways));
    }
    Knob knob = kind.equals("policy") ? Knobs.byPath(path) : null;
    if (knob != null) {
      result.put("description", knob.doc());
    }
    return result;
  }

  private ObjectNode map(String path, Sketch.Place place) {
    ObjectNode properties = JSON.objectNode();
    ArrayNode required = JSON.arrayNode();
    place.keys.forEach(
        (key, needed) -> {
          properties.set(key, place(child(path, key)));
          if (needed && (!isInherited() || key.equals(kind))) {
            required.add(key);
          }
        });
    place.known.forEach(
        key -> {
          if (!place.keys.containsKey(key)) {
            properties.set(key, JSON.objectNode());
          }
        });
    ObjectNode map = JSON.objectNode();
    map.put(LOGICAL, "object");
    if (!properties.isEmpty()) {
      map.set("properties", properties);
    }
    if (!required.isEmpty()) {
      map.set("required", required);
    }
    if (place.hasAnyKey && place.keys.isEmpty()) {
      map.set("additionalProperties", place(child(path, ANY)));
    } else {
      map.put("additionalProperties", place.hasAnyKey);
    }
    return map;
  }

  /** Whether what must be there may be in another file, which this one extends. */
  private boolean isInherited() {
    return sketch.at("").keys.containsKey("extends");
  }

  private static ObjectNode scalar(Sketch.Form form) {
    ObjectNode scalar = JSON.objectNode();
    switch (form.name()) {
      case "flag" -> scalar.put(LOGICAL, "boolean");
      case "nothing" -> scalar.put(LOGICAL, "null");
      case "integer", "number" -> {
        scalar.put(LOGICAL, form.name());
        bound(scalar, "minimum", form.least());
        bound(scalar, "maximum", form.most());
      }
      case "word" -> {
        ArrayNode words = scalar.putArray("enum");
        form.words().forEach(words::add);
        if (form.words().contains("off")) {
          words.add(false); // What YAML 1.1 takes it for.
        }
      }
      default -> {
        scalar.putArray(LOGICAL).add("string").add("number").add("boolean");
        about(form.name(), scalar);
      }
    }
    return scalar;
  }

  private static void bound(ObjectNode scalar, String which, double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      scalar.put(which, (long) value);
    } else {
      scalar.put(which, value);
    }
  }

  private static void about(String form, ObjectNode scalar) {
    @Nullable String about =
        form.equals("size")
            ? "an amount of memory, such as 64MiB, or a range, 64MiB..1GiB"
            : form.equals("span") ? "a duration, such as 10ms, or a range, 1ms..1s" : null;
    if (about != null) {
      scalar.putArray(LOGICAL).add("string").add("number");
      scalar.put("description", about);
    }
  }
}
