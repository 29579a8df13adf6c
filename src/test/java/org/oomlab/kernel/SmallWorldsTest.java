package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.oomlab.kernel.SmallWorld.Extent;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.policy.Policy;
import org.oomlab.trace.TraceSink;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.tree.Setting;

/**
 * Two that may be killed, one that exits, one that asks for memory, a reaper where the policy has
 * one, and in most worlds one thing more: everything that can happen there keeps the laws and comes
 * to an end, under every shipped policy.
 *
 * <p>Usually each policy has its share of the worlds, and others each their own; {@code
 * -Doomlab.smallWorlds=long} looks at all of them, with more left to chance, and holds every state
 * that is met again to what followed the first time. What there was to look at is written to {@code
 * target/small-worlds.csv}.
 */
class SmallWorldsTest {
  private static final boolean LONG = System.getProperty("oomlab.smallWorlds", "").equals("long");

  /** Of all worlds, one in so many is looked at under one policy. */
  private static final int SHARE = LONG ? 1 : 16;

  private static final Path COSTS = Path.of("src/test/resources/org/oomlab/kernel/small.yaml");
  private static final Path TABLE = Path.of("target/small-worlds.csv");

  private static final Library LIBRARY = Library.open(null);

  private static final List<Policy> POLICIES = Worlds.policies("kernels", "proposals", "sysctls");

  private static final Map<String, Line> EXTENTS = new ConcurrentSkipListMap<>();

  /** Who is in every world, and what for. */
  private static final String[] CAST = {
    "a: memory: [{kind: anonymous, size: 200 pages}]",
    "b: memory: [{kind: anonymous, size: 100 pages}]",
    "leaver: oom_score_adj: -1000",
    "leaver: memory: [{kind: anonymous, size: 10 pages}]",
    "leaver: run: [{sleep: 10ms}, {exit: {}}]",
    "asker: oom_score_adj: -1000",
    "asker: run: [{touch: 250 pages}]"
  };

  /** Whom the processors belong to, and what else is set. */
  private enum Machinery {
    /** Everybody has a processor. */
    ALONE(8),
    ONE(1, "cpu_contention=true"),
    TWO(2, "cpu_contention=true"),
    THREE(3, "cpu_contention=true"),
    /** Walkers get in each other's way, sleeps end with a tick, and kswapd helps. */
    BESIDE(
        2,
        "cpu_contention=true",
        "timer_wheel=true",
        "kswapd=true",
        "page_table_contention={under_lock: {value: 0.5, source: chosen}, visit: {value: 1ms, source:"
            + " chosen}, bounce: {value: 0us, source: chosen}, freeing: {value: 0.5, source:"
            + " chosen}}");

    private final int cpus;
    private final Costs costs;

    Machinery(int cpus, String... settings) {
      List<Setting> all = new ArrayList<>();
      for (String setting : settings) {
        all.add(Setting.parse("costs." + setting));
      }
      if (LONG) {
        all.add(
            Setting.parse("costs.lock_latency={value: {uniform: [0ms, 10ms]}, source: chosen}"));
      }
      this.cpus = cpus;
      this.costs = LIBRARY.withSettings(all).costs(COSTS.toString());
    }
  }

  /** What there is in a world besides, or is otherwise in it. */
  private enum Thing {
    NOTHING,
    THREADS("a: threads: 2"),
    SHARED_MM("c: shares_mm: a"),
    LOCKED("a: memory: [{kind: anonymous, size: 200 pages, locked: true}]"),
    NOTIFIER("a: memory: [{kind: anonymous, size: 200 pages, notifier: blockable}]"),
    TMPFS(
        "a: memory: [{kind: shared_anonymous, size: 200 pages}]",
        "b: memory: [{kind: file, size: 60 pages}, {kind: anonymous, size: 40 pages}]"),
    FROZEN("a: frozen: v1", "b: frozen: v2", "asker: run: [{touch: 250 pages}, {thaw: a}]"),
    MUTEX(
        "mutexes: [m]",
        "a: run: [{lock: m}, {sleep: 20ms}, {unlock: m}]",
        "b: run: [{lock: m}, {sleep: 10ms}, {unlock: m}]",
        "asker: run: [{lock: m}, {touch: 250 pages}, {unlock: m}]"),
    FUTEX(
        "futexes: [f]",
        "a: run: [{take_futex: f}, {sleep: 20ms}, {release_futex: f}]",
        "b: run: [{wait_futex: f}]"),
    MMAP_LOCK(
        "a: run: [{mmap_lock: {of: b, time: 30ms}}]",
        "b: run: [{sleep: 10ms}, {mmap_lock: {of: a, time: 20ms}}]"),
    KILLER("killer: run: [{sleep: 10ms}, {kill: a}, {mrelease: a}]"),
    CGROUP(
        "cgroups: [{name: g, limit: 320 pages}]",
        "a: cgroup: g",
        "b: cgroup: g",
        "asker: cgroup: g"),
    NOFAIL("asker: run: [{alloc: {size: 150 pages, gfp: nofail}}]"),
    ANTAGONIST("asker: run: [{drain: 150 pages}]"),
    CHANCE(
        "a: run: [{sleep: 10ms}, {chance: {probability: 0.5, steps: [{exit: {}}]}}]",
        "leaver: run: [{chance: {probability: 0.5, steps: [{sleep: 10ms}]}}, {exit: {}}]"),
    /** Large, for a small world. */
    ASKERS("b: run: [{touch: 20 pages}]");

    private final String[] lines;

    Thing(String... lines) {
      this.lines = lines;
    }

    /** Those that are looked at; the large one not every day, nor on every machine. */
    private static Set<Thing> on(Machinery machinery) {
      boolean all = LONG && machinery == Machinery.ALONE;
      return all ? EnumSet.allOf(Thing.class) : EnumSet.complementOf(EnumSet.of(ASKERS));
    }
  }

  private static final Map<Machinery, Map<Thing, Workload>> WORLDS = new EnumMap<>(Machinery.class);

  static {
    for (Machinery machinery : Machinery.values()) {
      Map<Thing, Workload> workloads = new EnumMap<>(Thing.class);
      for (Thing thing : Thing.on(machinery)) {
        workloads.put(thing, workload(machinery.cpus, thing.lines));
      }
      WORLDS.put(machinery, workloads);
    }
  }

  /**
   * A workload from lines such as {@code a: threads: 2}, each a key of a process, or of its own.
   */
  private static Workload workload(int cpus, String... lines) {
    Map<String, Map<String, String>> processes = new LinkedHashMap<>();
    StringBuilder text = new StringBuilder();
    text.append("workload: small\nhorizon: 1h\n")
        .append("machine: {memory: 400 pages, free: 30 pages, min: 10 pages, low: 12 pages,")
        .append(" high: 14 pages, hz: 100, cpus: " + cpus + "}\n");
    for (String line : Stream.concat(Stream.of(CAST), Stream.of(lines)).toList()) {
      String[] parts = line.split(": ", 3);
      if (parts.length == 2 || parts[1].startsWith("[")) {
        text.append(line).append('\n');
      } else {
        processes
            .computeIfAbsent(parts[0], name -> new LinkedHashMap<>())
            .put(parts[1], parts[1] + ": " + parts[2]);
      }
    }
    text.append("processes:\n");
    processes.forEach(
        (name, keys) ->
            text.append("  - {name: " + name + ", " + String.join(", ", keys.values()) + "}\n"));
    return LIBRARY.workload("small", text.toString());
  }

  static List<Policy> policies() {
    return POLICIES;
  }

  /** A world under a policy. */
  private record Case(Policy policy, Machinery machinery, Thing thing) {
    private SmallWorld world() {
      return new SmallWorld(
          WORLDS.get(machinery).get(thing), machinery.costs, policy, kernel -> {}, LONG);
    }
  }

  private static List<Case> casesOf(Policy policy) {
    int number = POLICIES.indexOf(policy);
    List<Case> cases = new ArrayList<>();
    for (Machinery machinery : Machinery.values()) {
      for (Thing thing : Thing.on(machinery)) {
        if (number++ % SHARE == 0) {
          cases.add(new Case(policy, machinery, thing));
        }
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("policies")
  void whateverComesFirstAndHoweverChanceDecidesNoLawBreaksAndAllComesToAnEnd(Policy policy) {
    List<String> found = new CopyOnWriteArrayList<>();
    casesOf(policy).parallelStream()
        .forEach(
            each -> {
              String name = each.thing + " on " + each.machinery;
              try {
                Extent extent = each.world().explore();
                EXTENTS.put(each.policy.name() + " " + name, Line.of(each, extent));
              } catch (SmallWorld.Found e) {
                found.add(name + ": " + e.getMessage());
              }
            });
    assertThat(found).isEmpty();
    // A world that panics at its first OOM may know no race, but not all of a policy's.
    assertThat(EXTENTS.entrySet())
        .filteredOn(entry -> entry.getKey().startsWith(policy.name() + " "))
        .anySatisfy(
            entry -> {
              assertThat(entry.getValue().races()).isGreaterThan(1);
              assertThat(entry.getValue().draws()).isGreaterThan(1);
            });
  }

  @Test
  void everyWorldIsLookedAtUnderSomePolicy() {
    Set<String> worlds = new TreeSet<>();
    for (Policy policy : POLICIES) {
      casesOf(policy).forEach(each -> worlds.add(each.machinery + " " + each.thing));
    }
    assertThat(worlds).hasSize(WORLDS.values().stream().mapToInt(Map::size).sum());
  }

  /** A line of the table that is written. */
  private record Line(
      String policy,
      String world,
      String processors,
      long states,
      long transitions,
      long races,
      long draws,
      int longest,
      long no_oom,
      long recovered,
      long livelock,
      long panic) {
    private static Line of(Case each, Extent extent) {
      return new Line(
          each.policy.name(),
          each.thing.name().toLowerCase(Locale.ROOT),
          each.machinery.name().toLowerCase(Locale.ROOT),
          extent.states(),
          extent.transitions(),
          extent.races(),
          extent.draws(),
          extent.longest(),
          extent.ends(Verdict.NO_OOM),
          extent.ends(Verdict.RECOVERED),
          extent.ends(Verdict.LIVELOCK),
          extent.ends(Verdict.PANIC));
    }
  }

  @AfterAll
  static void writeTable() throws IOException {
    CsvMapper mapper =
        CsvMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();
    mapper
        .writer(mapper.schemaFor(Line.class).withHeader())
        .writeValue(TABLE.toFile(), EXTENTS.values());
  }

  // It finds what there is to be found.

  /** Breaks a law when it comes to pass, and does nothing else. */
  private static Consumer<Kernel> pageIsLostIf(Predicate<Machine> comesToPass) {
    return kernel -> {
      if (comesToPass.test(kernel.machine)) {
        kernel.machine.freePages--;
      }
    };
  }

  private static final Policy ANY = Worlds.policy("linux-6.18");

  private static SmallWorld world(Consumer<Kernel> fault, String... lines) {
    return new SmallWorld(workload(2, lines), Machinery.TWO.costs, ANY, fault, true);
  }

  /** Whether the fault comes to pass in one of a hundred episodes as anybody runs them. */
  private static boolean shows(Consumer<Kernel> fault, String... lines) {
    Kernel kernel = new Kernel(workload(2, lines), Machinery.TWO.costs, ANY, Rigour.CHECKED);
    for (int seed = 1; seed <= 100; seed++) {
      kernel.boot(seed, TraceSink.NONE);
      try {
        while (kernel.step()) {
          fault.accept(kernel);
        }
      } catch (LawBroken e) {
        return true;
      }
    }
    return false;
  }

  @Test
  void aFaultThatOneOrderOfEventsBringsAboutIsFound() {
    int b = 1;
    String[] lines = Thing.MUTEX.lines;
    Consumer<Kernel> fault =
        pageIsLostIf(
            machine -> machine.mutexes[0].owner == b && machine.mutexes[0].waiters.size() == 2);

    assertThat(shows(fault, lines)).isFalse();
    assertThatThrownBy(() -> world(fault, lines).explore())
        .isInstanceOf(SmallWorld.Found.class)
        .hasMessageContaining("PAGES_CONSERVED")
        .hasMessageContaining("TASK_STEP b");
  }

  @Test
  void aFaultThatOneOutcomeOfChanceBringsAboutIsFound() {
    int leaver = 2;
    String[] lines = {
      "leaver: run: [{chance: {probability: 0.0001, steps: [{alloc: 1 page}]}}, {sleep: 10ms}]"
    };
    Consumer<Kernel> fault = pageIsLostIf(machine -> machine.tasks[leaver].kernelPages > 0);

    assertThat(shows(fault, lines)).isFalse();
    assertThatThrownBy(() -> world(fault, lines).explore())
        .isInstanceOf(SmallWorld.Found.class)
        .hasMessageContaining("PAGES_CONSERVED");
  }

  @Test
  void anEpisodeWithoutAnEndIsFound() {
    String lines =
        "leaver: run: [{repeat: {times: forever, steps: [{alloc: 1 page}, {free: 1 page}, {sleep: 10ms}]}}]";

    assertThatThrownBy(() -> world(kernel -> {}, lines).explore())
        .isInstanceOf(SmallWorld.Found.class)
        .hasMessageContaining("an episode without an end");
  }

  @Test
  void aStateThatGoesOnInTwoWaysIsFound() {
    AtomicInteger events = new AtomicInteger();
    Consumer<Kernel> remembers =
        kernel -> {
          if (events.incrementAndGet() % 7 == 0) {
            kernel.machine.lastChangeNs--;
          }
        };

    assertThatThrownBy(() -> world(remembers).explore())
        .isInstanceOf(SmallWorld.Found.class)
        .hasMessageContaining("states that differ are taken for the same");
  }
}
