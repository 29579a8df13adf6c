package org.oomlab.article;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.oomlab.experiment.Outcome;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.Costs;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Paging;
import org.oomlab.workload.SwapSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.workload.Workload;

/**
 * Something that is not modelled, as limits.md has it.
 *
 * @param what is not modelled, in Markdown
 * @param means what that means for a result, in Markdown
 */
record Limit(String what, String means) {
  /** A zone of more pages than this is rarely the only one: 64 GiB. */
  private static final long ONE_ZONE = 16L << 20;

  /** Where each of them matters; what no workload can say is never known to. */
  static final List<Map.Entry<String, Predicate<Chapter>>> MATTERS =
      List.of(
          Map.entry("orders above 0", chapter -> false),
          Map.entry(
              "several zones", machine(it -> it.memory() > ONE_ZONE || it.lowmemReserve() > 0)),
          Map.entry(
              "swapping out where", machine(it -> it.swap() > 0 && it.paging().swap() == null)),
          Map.entry("single pages", paging(Paging::moves)),
          Map.entry("waves of swap-out", swap(it -> !it.isZram())),
          Map.entry("slots of swap", swap(it -> true)),
          Map.entry("the processor time of disk", swap(it -> !it.isZram())),
          Map.entry(
              "memory.low", paging(Paging::generations).and(cgroup(it -> it.soft().low() > 0))),
          Map.entry("dirty page cache", machine(it -> !it.dirtyCache().isZero())),
          Map.entry("kswapd as a task", paging(it -> it.psi() || it.moves())),
          Map.entry("gathered pages", costs(it -> !it.gather())),
          Map.entry("page faults that fail", outcome(Outcome::freedByReaperPages, 0)),
          Map.entry(
              "more than one reaper pass",
              costs(it -> it.pageTableContention() == null)
                  .and(outcome(Outcome::freedByReaperPages, 0))),
          Map.entry("a page table that two walkers", costs(it -> it.pageTableContention() != null)),
          Map.entry("contention for the free lists", outcome(it -> it.kills().size(), 1)),
          Map.entry(
              "where pages lie uncounted",
              workload(it -> it.processes().stream().anyMatch(each -> each.spread() > 0))),
          Map.entry(
              "the time of a scan", costs(it -> !it.scan().isZero() || !it.scanCounter().isZero())),
          Map.entry("files in tmpfs", mapping(VmaSpec.Kind.SHMEM)),
          Map.entry("kernel memory charged", cgroup(it -> it.limit() < Long.MAX_VALUE)),
          Map.entry("version 1", cgroup(CgroupSpec::oomKillDisable)),
          Map.entry(
              "real-time priorities",
              workload(it -> it.processNames().size() > it.machine().cpus())
                  .and(costs(Costs::cpuContention))),
          Map.entry("order within a group kill", cgroup(CgroupSpec::oomGroup)),
          Map.entry("the timer wheel before", Limit::hasOldTimers),
          Map.entry("how long a daemon", Limit::hasDaemon),
          Map.entry("processes that handle SIGTERM", Limit::hasDaemon),
          Map.entry("several reclaimers", swap(it -> !it.isZram())),
          Map.entry("pressure of input and output", Limit::hasDaemon));

  private static Predicate<Chapter> workload(Predicate<Workload> is) {
    return chapter -> is.test(chapter.workload());
  }

  private static Predicate<Chapter> machine(Predicate<MachineSpec> is) {
    return workload(it -> is.test(it.machine()));
  }

  private static Predicate<Chapter> paging(Predicate<Paging> is) {
    return machine(it -> is.test(it.paging()));
  }

  private static Predicate<Chapter> swap(Predicate<SwapSpec> is) {
    return paging(it -> it.swap() != null && is.test(it.swap()));
  }

  private static Predicate<Chapter> cgroup(Predicate<CgroupSpec> is) {
    return workload(it -> it.cgroups().stream().anyMatch(is));
  }

  private static Predicate<Chapter> mapping(VmaSpec.Kind kind) {
    return workload(
        it ->
            it.processes().stream()
                .flatMap(process -> process.memory().stream())
                .anyMatch(vma -> vma.kind() == kind));
  }

  private static Predicate<Chapter> costs(Predicate<Costs> is) {
    return chapter -> is.test(chapter.cases().get(0).costs());
  }

  private static Predicate<Chapter> outcome(ToLongFunction<Outcome> figure, long above) {
    return chapter ->
        chapter.outcomes().stream()
            .flatMap(List::stream)
            .anyMatch(outcome -> figure.applyAsLong(outcome) > above);
  }

  /** Somebody in user space who kills as well. */
  private static boolean hasDaemon(Chapter chapter) {
    return chapter.cases().stream().anyMatch(each -> each.policy().daemon() != null);
  }

  /** A kernel up to 4.7, run with sleeps that are rounded. */
  private static boolean hasOldTimers(Chapter chapter) {
    return chapter.cases().stream()
        .filter(each -> each.costs().timerWheel())
        .map(each -> each.policy().about().kernel())
        .anyMatch(kernel -> kernel.matches("4\\.[0-7](\\..*)?"));
  }

  /** All of them, in the order of the document. */
  static List<Limit> all() {
    List<Limit> all = new ArrayList<>();
    text()
        .lines()
        .filter(line -> line.startsWith("| "))
        .skip(1)
        .map(line -> line.split(" \\| |^\\| | \\|$"))
        .forEach(cells -> all.add(new Limit(cells[1], cells[2])));
    return all;
  }

  private static String text() {
    try (InputStream in = Limit.class.getResourceAsStream("/oomlab/article/limits.md")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it would matter here; what nobody has said that of yet is told rather than not. */
  boolean matters(Chapter chapter) {
    return MATTERS.stream()
        .filter(each -> what.startsWith(each.getKey()))
        .findFirst()
        .map(each -> each.getValue().test(chapter))
        .orElse(true);
  }

  /** In the order of the document, those that matter here, by some function of them. */
  static <T> List<T> mattering(Chapter chapter, boolean matter, Function<Limit, T> each) {
    return all().stream().filter(it -> it.matters(chapter) == matter).map(each).toList();
  }
}
