package org.oomlab.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oomlab.daemon.Daemons;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Table;
import org.oomlab.engine.Quantity;
import org.oomlab.engine.RandomStream;
import org.oomlab.handler.Handler;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Span;
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
      assertThat(other.world(3, i))
          .usingRecursiveComparison()
          .withEqualsForType(Double::equals, Double.class) // a NaN is one
          .isEqualTo(one.world(3, i));
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
    // A world has no claims, says where it comes from, and has its watermarks.
    constant.removeAll(
        List.of(
            "MachineSpec.watermarkScaleFactor",
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

  // What stands beside the kernel.

  private static final int GUARDS = 6000;

  private static List<Policy> guarded() {
    Workload workload =
        LIBRARY.workload(
            "w",
            "{workload: w, machine: {memory: 1GiB}, cgroups: [{name: g0}], processes: [{name: p}]}");
    Policy kernel = LIBRARY.resolvePolicies(List.of("linux-7.2"), note -> {}).get(0);
    List<Policy> guarded = new ArrayList<>();
    for (int i = 0; i < GUARDS; i++) {
      Draw draw = new Draw(new RandomStream(i), false, false);
      guarded.add(new Guards(draw, workload).changed(kernel));
    }
    return guarded;
  }

  /** Every option of a table and of those within, by a path without numbers. */
  private static void collect(Table table, String path, Set<String> options) {
    table.options().forEach(option -> options.add(path + option.name()));
    for (Table.Part part : table.parts()) {
      String below = path + part.key() + ".";
      if (part.variants().get().isEmpty()) {
        collect(part.table().get(), below, options);
      }
      part.variants().get().forEach((name, each) -> collect(each, below + name + ".", options));
    }
  }

  private static void collectSet(Section section, String path, Set<String> set) {
    for (Setting setting : section.settings().values()) {
      if (setting.isSet()) {
        set.add(path + setting.option().name());
      }
    }
    for (Table.Part part : section.table().parts()) {
      for (Section each : section.parts(part.key())) {
        boolean varies = !part.variants().get().isEmpty();
        collectSet(each, path + part.key() + (varies ? "." + each.text("name") : "") + ".", set);
      }
    }
  }

  @Test
  void everyOptionOfEveryDaemonIsSetNowAndThen() {
    Set<String> all = new TreeSet<>();
    Daemons.kinds().forEach(kind -> collect(Daemons.table(kind), kind + ".", all));
    Set<String> set = new TreeSet<>();
    for (Policy policy : guarded()) {
      if (policy.daemon() != null) {
        collectSet(policy.daemon().root(), policy.daemon().kind() + ".", set);
      }
    }
    all.removeAll(set);
    // What a policy may not ask for cannot be played.
    all.removeIf(path -> path.matches("oomd\\..*\\.(senpai|systemd_restart|kill_by_io_cost)\\..*"));
    assertThat(all).isEmpty();
  }

  @Test
  void handlersOccurWithEveryActionAndEveryCondition() {
    Map<String, Set<Object>> seen = new LinkedHashMap<>();
    for (Policy policy : guarded()) {
      policy.handlers().forEach(handler -> collect(handler, seen));
    }
    Set<Object> none = new LinkedHashSet<>();
    assertThat(seen.getOrDefault("Handler.action", none)).hasSize(Handler.Action.values().length);
    assertThat(seen.getOrDefault("Handler.by", none)).hasSize(Handler.By.values().length);
    assertThat(seen.getOrDefault("Handler.inFlight", none)).hasSize(2);
    assertThat(seen.getOrDefault("Handler.cgroup", none)).contains("", "g0");
    assertThat(seen.getOrDefault("Handler.usageAbove", none)).hasSizeGreaterThan(20);
    assertThat(seen.getOrDefault("Handler.promiseNs", none)).contains(Span.FOREVER + "", "0");
    assertThat(seen.getOrDefault("Handler.runNs", none)).hasSizeGreaterThan(20);
  }

  @Test
  void aQuarterOfAllWorldsHasADaemonOrHandlersThatTheirPolicyHasNot() {
    Generator generator = new Generator(STOCK, From.EITHER);
    int daemons = 0;
    int handlers = 0;
    for (int i = 0; i < WORLDS; i++) {
      World world = generator.world(9, i);
      daemons += Objects.equals(world.policy().daemon(), world.usualPolicy().daemon()) ? 0 : 1;
      handlers += world.policy().handlers().equals(world.usualPolicy().handlers()) ? 0 : 1;
    }
    assertThat(daemons).isBetween(WORLDS / 10, WORLDS / 5);
    assertThat(handlers).isBetween(WORLDS / 12, WORLDS / 6);
  }

  @Test
  void whatAWorldHadBeforeThatItHasStill() {
    Generator generator = new Generator(STOCK, From.NOTHING);
    int same = 0;
    for (int i = 0; i < WORLDS / 4; i++) {
      World world = generator.world(9, i);
      World first = generator.first(9, i);
      assertThat(world.policy().name()).isEqualTo(first.policy().name());
      assertThat(world.seed()).isEqualTo(first.seed());
      Knobs.all().forEach(k -> assertThat(world.policy().get(k)).isEqualTo(first.policy().get(k)));
      same += world.workload().equals(first.workload()) ? 1 : 0;
    }
    assertThat(same).isBetween(WORLDS / 4 * 6 / 10, WORLDS / 4 * 9 / 10);
  }

  @Test
  void worldsHaveWhatNoMachineOfTheFirstHad() {
    Generator generator = new Generator(STOCK, From.NOTHING);
    int deepest = 0;
    int mostCpus = 0;
    boolean copyShared = false;
    boolean secret = false;
    for (int i = 0; i < WORLDS; i++) {
      Workload workload = generator.world(10, i).workload();
      deepest = Math.max(deepest, workload.cgroups().size());
      mostCpus = Math.max(mostCpus, workload.machine().cpus());
      copyShared |=
          workload.processes().stream().anyMatch(it -> String.valueOf(it.sharesMm()).endsWith("]"));
      secret |= !workload.cannotTell().isEmpty();
    }
    assertThat(deepest).isGreaterThan(8);
    assertThat(mostCpus).isEqualTo(8192);
    assertThat(copyShared).as("memory shared with one of many that are alike").isTrue();
    assertThat(secret).isTrue();
  }
}
