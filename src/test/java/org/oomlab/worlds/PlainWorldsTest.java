package org.oomlab.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.oomlab.engine.RandomStream;
import org.oomlab.kernel.Rigour;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.WorkloadWriter;

/**
 * The plainest worlds there are, such as a user writes first: one to four processes that hold
 * memory of some kind, one that asks for more, and one thing more. None of them crashes, hangs or
 * breaks a law.
 */
class PlainWorldsTest {
  private static final Library LIBRARY = Library.open(null);

  private static final List<String> KINDS =
      List.of("anonymous", "file", "shared_file", "shmem", "shared_anonymous");

  /** What is special in a world, and nothing else. */
  private enum Thing {
    NOTHING,
    LOCKED,
    FROZEN,
    THREADS,
    CGROUP,
    MUTEX,
    FUTEX,
    NOTIFIER
  }

  private static final List<Integer> CPUS = List.of(1, 2, 3, 4, 16);

  static List<Policy> policies() {
    return LIBRARY.resolvePolicies(List.of("kernels", "proposals", "sysctls"), note -> {});
  }

  private static final List<Workload> WORKLOADS =
      texts().stream().map(text -> LIBRARY.workload("plain", text)).toList();

  /** The share of the grid that is seen under one policy, another under each. */
  private static final int SHARE = 6;

  @ParameterizedTest
  @MethodSource("policies")
  void noneOfThemBreaksALaw(Policy policy) {
    Map<String, String> broken = new ConcurrentSkipListMap<>();
    Court court = new Court(List.of(new KeepsLaws(Rigour.WATCHED)));
    Costs costs = LIBRARY.costs("x86-64");
    long offset = RandomStream.split(1, policy.name());
    IntStream.range(0, WORKLOADS.size())
        .filter(i -> Math.floorMod(i + offset, SHARE) == 0)
        .parallel()
        .forEach(
            i -> {
              World world = new World(WORKLOADS.get(i), costs, policy, 1 + i % 20, costs, policy);
              Fault fault = court.tried(world);
              if (fault != null) {
                broken.put(fault.kind(), "seed " + world.seed() + "\n" + texts().get(i));
              }
            });
    assertThat(broken).isEmpty();
  }

  @Test
  void whatIsWrittenHereIsPlainEnoughForAFileToSay() {
    Workload first = LIBRARY.workload("plain", texts().get(0));

    assertThat(LIBRARY.workload("plain", WorkloadWriter.write(first, Map.of()))).isEqualTo(first);
    assertThat(WORKLOADS).hasSizeGreaterThan(1000);
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    int number = 0;
    for (int processes = 1; processes <= 4; processes++) {
      for (String kind : KINDS) {
        for (Thing thing : Thing.values()) {
          for (int cpus : CPUS) {
            texts.add(text(processes, kind, thing, cpus, number++, false));
            texts.add(text(processes, kind, thing, cpus, number++, true));
          }
        }
      }
    }
    return texts;
  }

  private static String text(
      int processes, String kind, Thing thing, int cpus, int number, boolean stacks) {
    RandomStream random = new RandomStream(RandomStream.split(number, "plain"));
    long total = 1000 + random.nextBelow(2500);
    StringBuilder text = new StringBuilder();
    text.append(
        "workload: plain\nmachine: {memory: 4GiB, free: %dMiB, cpus: %d}\n"
            .formatted(20 + random.nextBelow(60), cpus));
    if (thing == Thing.CGROUP) {
      text.append("cgroups: [{name: pod, limit: %dMiB}]\n".formatted(total / processes + 20));
    } else if (thing == Thing.MUTEX) {
      text.append("mutexes: [m]\n");
    } else if (thing == Thing.FUTEX) {
      text.append("futexes: [f]\n");
    }
    text.append("processes:\n");
    text.append("  - {name: systemd, init: true, memory: [{kind: anonymous, size: 12MiB}]}\n");
    for (int i = 0; i < processes; i++) {
      text.append(
          "  - {name: p%d%s, memory: [%s]%s}\n"
              .formatted(
                  i,
                  attributes(thing, i),
                  mappings(kind, thing, total / processes, stacks),
                  holding(thing)));
    }
    text.append("  - {name: asker, memory: [{kind: anonymous, size: 20MiB, name: heap}], run: [")
        .append(
            thing == Thing.MUTEX ? "{lock: m}, " : thing == Thing.FUTEX ? "{wait_futex: f}, " : "")
        .append("{touch: {size: %dMiB, memory: heap}}]}\n".formatted(10 + random.nextBelow(600)));
    return text.toString();
  }

  private static String attributes(Thing thing, int number) {
    return switch (thing) {
      case FROZEN -> ", frozen: v" + (1 + number % 2);
      case CGROUP -> number == 0 ? ", cgroup: pod" : "";
      case THREADS -> ", threads: " + (2 + 3 * number);
      default -> "";
    };
  }

  private static String mappings(String kind, Thing thing, long mib, boolean stacks) {
    String flags =
        thing == Thing.LOCKED
            ? ", locked: true"
            : thing == Thing.NOTIFIER ? ", notifier: blockable" : "";
    String mapping = "{kind: %s, size: %dMiB%s}".formatted(kind, mib, flags);
    return stacks ? mapping + ", {kind: anonymous, size: 4MiB}" : mapping;
  }

  private static String holding(Thing thing) {
    return switch (thing) {
      case MUTEX -> ", run: [{lock: m}, {touch: 10MiB}, {sleep: 5ms}, {unlock: m}]";
      case FUTEX -> ", run: [{take_futex: f}, {sleep: 5ms}, {touch: 5MiB}, {release_futex: f}]";
      case CGROUP -> ", run: [{touch: 30MiB}]";
      default -> "";
    };
  }
}
