package org.oomlab.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.Costs;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Paging;
import org.oomlab.workload.SoftLimits;
import org.oomlab.workload.Step;
import org.oomlab.workload.VmaSpec;

class SchemaTest {
  private static final Library LIBRARY =
      Library.open(Path.of("")).withMetrics(List.of("kills", "recovery_ms"));

  private static String text(String kind) {
    return LIBRARY.schema(kind);
  }

  private static JsonSchema schema(String kind) {
    return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(text(kind));
  }

  private static Set<ValidationMessage> mistakes(JsonSchema schema, String yaml) {
    try {
      return schema.validate(new YAMLMapper().readTree(yaml));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyShippedFileIsOfItsKind() throws IOException {
    return Stream.of(
            shipped("policy", "policies"),
            shipped("workload", "workloads").filter(file -> !isOfAnotherKind(file)),
            shipped("costs", "workloads/costs"),
            shipped("space", "workloads/spaces"),
            shipped("measurements", "src/main/measurements"))
        .flatMap(each -> each);
  }

  private static boolean isOfAnotherKind(DynamicTest file) {
    return file.getDisplayName().matches("workload workloads/(costs|spaces)/.*");
  }

  private static Stream<DynamicTest> shipped(String kind, String folder) throws IOException {
    JsonSchema schema = schema(kind);
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      List<Path> all = files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
      assertThat(all).isNotEmpty();
      return all.stream()
          .map(
              file ->
                  DynamicTest.dynamicTest(
                      kind + " " + file,
                      () -> assertThat(mistakes(schema, Files.readString(file))).isEmpty()));
    }
  }

  @Test
  void whatAReaderRefusesForItsKeyOrFormASchemaRefuses() {
    JsonSchema workload = schema("workload");
    String right =
        "{workload: w, machine: {memory: 1GiB}, processes: [{name: p, memory: [{size: 1MiB}],"
            + " run: [{repeat: {times: 2, steps: [{sleep: 1s}, {touch: {size: 4KiB}}]}}]}]}";
    assertThat(mistakes(workload, right)).isEmpty();
    for (String wrong :
        List.of(
            right.replace("workload: w", "wrkload: w"),
            right.replace("memory: 1GiB", "memry: 1GiB"),
            right.replace("memory: 1GiB", "memory: 1GiB, cpus: many"),
            right.replace("memory: 1GiB", "memory: 1GiB, cpus: 0"),
            right.replace("{size: 1MiB}", "{size: 1MiB, kind: anonimous}"),
            right.replace("{size: 1MiB}", "{size: {uniform: 1MiB}}"),
            right.replace("sleep", "slep"),
            right.replace("{sleep: 1s}", "{sleep: 1s, exit: }"),
            right.replace("{size: 4KiB}", "{size: 4KiB, rat: 1}"),
            right.replace("name: p", "nice: p"))) {
      assertThat(mistakes(workload, wrong)).as(wrong).isNotEmpty();
    }
    assertThat(mistakes(schema("policy"), "{policy: p, reaper: {dely: 1s}}")).isNotEmpty();
    assertThat(mistakes(schema("policy"), "{policy: p, reaper: {delay: 1s}}")).isEmpty();
    assertThat(mistakes(schema("costs"), "{costs: c, unmap: {valu: 1us}}")).isNotEmpty();
    assertThat(mistakes(schema("costs"), "{costs: c, extends: d, unmap: 1us}")).isEmpty();
  }

  @Test
  void everyKeyOfARecordAndEveryStepAndKnobIsInIt() throws IOException {
    Set<String> keys = keys("workload");
    for (Class<?> record :
        new Class<?>[] {
          CgroupSpec.class, MachineSpec.class, Paging.class, SoftLimits.class, VmaSpec.class
        }) {
      for (RecordComponent component : record.getRecordComponents()) {
        if (component.getType() != Paging.class && component.getType() != SoftLimits.class) {
          String key = key(component.getName()).replace("generations", "lru");
          assertThat(keys) // What belongs to something has its name in front.
              .anyMatch(each -> each.equals(key) || each.endsWith("_" + key));
        }
      }
    }
    for (Class<?> step : Step.class.getPermittedSubclasses()) {
      assertThat(keys).contains(key(step.getSimpleName()));
    }
    Set<String> costs = keys("costs");
    for (RecordComponent component : Costs.class.getRecordComponents()) {
      if (!component.getName().equals("name")) {
        assertThat(costs).contains(key(component.getName()));
      }
    }
    JsonNode policy = new ObjectMapper().readTree(text("policy"));
    for (Knob knob : Knobs.all()) {
      JsonNode its = policy;
      for (String part : knob.path().split("\\.", 2)) {
        its = its.path("properties").path(part);
      }
      assertThat(its.path("description").asText()).as(knob.path()).isEqualTo(knob.doc());
    }
    assertThat(keys("workload")).contains("kills", "recovery", "victims");
  }

  private static Set<String> keys(String kind) throws IOException {
    Set<String> keys = new LinkedHashSet<>();
    for (JsonNode properties : new ObjectMapper().readTree(text(kind)).findValues("properties")) {
      keys(properties, keys);
    }
    return keys;
  }

  private static void keys(JsonNode properties, Set<String> keys) {
    properties.fieldNames().forEachRemaining(keys::add);
    properties.forEach(each -> each.findValues("properties").forEach(below -> keys(below, keys)));
  }

  private static String key(String javaName) {
    return javaName.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  @Test
  void theSameIsMadeEveryTime() {
    for (String kind : Schema.KINDS) {
      assertThat(text(kind)).isEqualTo(text(kind)).endsWith("}\n");
    }
  }
}
