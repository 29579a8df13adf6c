package org.oomlab.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oomlab.engine.Quantity;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Step;
import org.oomlab.workload.Workload;
import org.oomlab.worlds.Generator.From;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.WorkloadWriter;
import org.oomlab.yaml.tree.Entry;

/** What a generator of worlds owes to those who trust it to have looked everywhere. */
class GeneratorTest {
  private static final Library LIBRARY = Library.open(null);
  private static final Stock STOCK = stock(LIBRARY);
  private static final int WORLDS = 4000;

  static Stock stock(Library library) {
    return new Stock(
        library.resolvePolicies(List.of("kernels", "proposals", "sysctls"), note -> {}),
        library.costs().stream().map(each -> library.costs(each.name())).toList(),
        library.resolveWorkloads(
            library.workloads().stream().map(Entry::name).toList(), note -> {}));
  }

  private static Workload read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Library.open(null, new ByteArrayInputStream(bytes))
        .resolveWorkloads(List.of("-"), note -> {})
        .get(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"NOTHING", "SHIPPED"})
  void whatItMakesCanBeWrittenAndIsReadBackAsTheSame(From from) {
    Generator generator = new Generator(STOCK, from);
    for (int i = 0; i < WORLDS / 4; i++) {
      Workload made = generator.world(7, i).workload();
      String text = WorkloadWriter.write(made, Map.of());
      assertThat(read(text)).as(text).isEqualTo(made);
    }
  }

  @Test
  void aWorldIsKnownByItsSeedAndItsNumber() {
    Generator one = new Generator(STOCK, From.EITHER);
    Generator other = new Generator(STOCK, From.EITHER);
    for (int i = 99; i >= 0; i--) {
      assertThat(other.world(3, i)).usingRecursiveComparison().isEqualTo(one.world(3, i));
      assertThat(one.world(4, i).workload()).isNotEqualTo(one.world(3, i).workload());
    }
  }

  @Test
  void everyStepAndEveryKeyOccursAndIsSomethingElseNowAndThen() {
    Map<String, Set<Object>> values = new LinkedHashMap<>();
    Generator generator = new Generator(STOCK, From.NOTHING);
    for (int i = 0; i < WORLDS; i++) {
      collect(generator.world(5, i).workload(), values);
    }
    Set<String> constant = new TreeSet<>();
    values.forEach((component, seen) -> addIf(seen.size() < 2, component, constant));
    // A world has no claims, says where it comes from, is known completely, and has its watermarks.
    constant.removeAll(
        List.of(
            "MachineSpec.watermarkScaleFactor",
            "Workload.cannotTell",
            "Workload.claims",
            "Workload.observed",
            "Workload.title"));
    assertThat(constant).as("components that have one value in all worlds").isEmpty();
    for (Class<?> step : Step.class.getPermittedSubclasses()) {
      assertThat(values.keySet()).contains(step.getSimpleName());
    }
    for (Class<?> quantity : Quantity.class.getPermittedSubclasses()) {
      assertThat(values.keySet()).contains(quantity.getSimpleName());
    }
  }

  private static void addIf(boolean condition, String component, Set<String> to) {
    if (condition && component.contains(".")) {
      to.add(component);
    }
  }

  /** The values that each component of each record has. */
  private static void collect(@Nullable Object value, Map<String, Set<Object>> values) {
    if (value instanceof List<?> list) {
      list.forEach(item -> collect(item, values));
    } else if (value instanceof Record record) {
      String type = record.getClass().getSimpleName();
      values.computeIfAbsent(type, it -> new LinkedHashSet<>());
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        Object part = Records.get(record, component);
        Set<Object> seen =
            values.computeIfAbsent(type + "." + component.getName(), it -> new LinkedHashSet<>());
        if (seen.size() < 100) {
          seen.add(String.valueOf(part));
        }
        collect(part, values);
      }
    }
  }

  @Test
  void enumsOccurWithEveryConstant() {
    Map<Class<?>, Set<Object>> seen = new LinkedHashMap<>();
    Generator generator = new Generator(STOCK, From.NOTHING);
    for (int i = 0; i < WORLDS; i++) {
      constants(generator.world(6, i).workload(), seen);
    }
    assertThat(seen).hasSize(4);
    seen.forEach(
        (type, constants) ->
            assertThat(constants).as(type.getSimpleName()).containsAll(constantsOf(type)));
  }

  private static List<?> constantsOf(Class<?> type) {
    return Arrays.asList(type.getEnumConstants());
  }

  private static void constants(@Nullable Object value, Map<Class<?>, Set<Object>> seen) {
    if (value instanceof List<?> list) {
      list.forEach(item -> constants(item, seen));
    } else if (value instanceof Enum<?> constant) {
      seen.computeIfAbsent(constant.getDeclaringClass(), it -> new LinkedHashSet<>()).add(constant);
    } else if (value instanceof Record record) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        constants(Records.get(record, component), seen);
      }
    }
  }

  @Test
  void everyKnobAndEveryCostIsChangedNowAndThen() {
    Set<String> knobs = new TreeSet<>();
    Set<String> costs = new TreeSet<>();
    Generator generator = new Generator(STOCK, From.NOTHING);
    for (int i = 0; i < WORLDS; i++) {
      World world = generator.world(8, i);
      for (Knob knob : Knobs.all()) {
        if (world.policy().get(knob) != world.usualPolicy().get(knob)) {
          knobs.add(knob.path());
        }
      }
      for (RecordComponent component : Costs.class.getRecordComponents()) {
        Object usual = Records.get(world.usualCosts(), component);
        if (!String.valueOf(Records.get(world.costs(), component)).equals(String.valueOf(usual))) {
          costs.add(component.getName());
        }
      }
    }
    assertThat(knobs).hasSize(Knobs.all().size());
    assertThat(costs).hasSize(Costs.class.getRecordComponents().length - 1); // all but the name
  }
}
