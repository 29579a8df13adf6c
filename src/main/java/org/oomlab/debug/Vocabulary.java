package org.oomlab.debug;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Dimension;
import org.oomlab.experiment.Metric;
import org.oomlab.kernel.Procfs;
import org.oomlab.kernel.Vmcore;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.CgroupSpec;

/**
 * The words of expressions: what /proc shows of the machine and of a process, locks, metrics, and
 * tracepoints. They are those that reports, claims and traces have for the same things.
 */
final class Vocabulary {
  /** What a word is about, beside the machine. */
  enum About {
    NOTHING(""),
    PROCESS("PROCESS"),
    CGROUP("CGROUP"),
    LOCK("LOCK"),
    /** A process or one of its tasks, or nobody in particular. */
    ANYBODY("[NAME]");

    private final String label;

    About(String label) {
      this.label = label;
    }
  }

  /** Reads a number off a moment; NaN if there is none. */
  interface Reader {
    double read(Scene scene, String argument);
  }

  /**
   * A word.
   *
   * @param name as it is written
   * @param about what its argument names
   * @param dimension what its value is counted in
   * @param doc what it means, in a few words
   */
  record Word(String name, About about, Dimension dimension, String doc, Reader reader) {
    /** As it is written, with its argument. */
    String usage() {
      return about == About.NOTHING ? name : name + "(" + about.label + ")";
    }
  }

  private static final Map<String, Word> WORDS = words();

  private Vocabulary() {}

  /** A word, or null. */
  static @Nullable Word find(String name) {
    Word word = WORDS.get(name);
    return word == null ? Metric.named(name).map(Vocabulary::of).orElse(null) : word;
  }

  /** All words, those of a kind together. */
  static List<Word> all() {
    return List.copyOf(WORDS.values());
  }

  /** All names. */
  static List<String> names() {
    return List.copyOf(WORDS.keySet());
  }

  private static Map<String, Word> words() {
    Map<String, Word> words = new LinkedHashMap<>();
    for (Word word : ofTheMachine()) {
      words.put(word.name(), word);
    }
    for (Word word : ofProcesses()) {
      words.put(word.name(), word);
    }
    for (Metric metric : Metric.values()) {
      // Whether a kill was necessary is not known while the episode goes on; "why" finds out.
      if (metric != Metric.EXTRA_KILLS_1S && metric != Metric.EXTRA_KILLS_10S) {
        words.putIfAbsent(metric.shortName(), of(metric));
      }
    }
    for (Tracepoint point : Tracepoint.values()) {
      String name = point.name().toLowerCase(Locale.ROOT);
      words.put(
          name,
          new Word(
              name,
              About.ANYBODY,
              Dimension.TRUTH,
              "the event before this moment announced: " + point.format().replace("%d", "N"),
              (scene, who) -> truth(Events.has(scene, point, who))));
    }
    return words;
  }

  private static Word machine(
      String name, Dimension dimension, String doc, ToDoubleFunction<Scene> reader) {
    return new Word(
        name, About.NOTHING, dimension, doc, (scene, argument) -> reader.applyAsDouble(scene));
  }

  private static List<Word> ofTheMachine() {
    return List.of(
        machine("free", Dimension.PAGES, "free memory", scene -> scene.kernel().freePages()),
        machine("min", Dimension.PAGES, "the min watermark", s -> s.procfs().minWatermark()),
        machine("low", Dimension.PAGES, "the low watermark", s -> s.procfs().lowWatermark()),
        machine("high", Dimension.PAGES, "the high watermark", s -> s.procfs().highWatermark()),
        machine(
            "cache", Dimension.PAGES, "page cache nobody maps", s -> s.procfs().unmappedCache()),
        machine("dirty", Dimension.PAGES, "of that, what is dirty", s -> s.procfs().dirty()),
        machine("slab", Dimension.PAGES, "what the kernel holds", s -> s.procfs().slab()),
        machine("time", Dimension.TIME, "since the first OOM call", Scene::nowNs),
        machine("event", Dimension.NUMBER, "events so far", scene -> scene.branch().moment()),
        machine("blocked", Dimension.NUMBER, "blocked requests", s -> s.vmcore().blockedTasks()));
  }

  private static Word process(String name, Dimension dimension, String doc, OfProcess reader) {
    return new Word(
        name,
        About.PROCESS,
        dimension,
        doc,
        (scene, argument) -> reader.read(scene, scene.cast().process(argument)));
  }

  private interface OfProcess {
    double read(Scene scene, int process);
  }

  private static Word usage(String name, String doc, ToDoubleFunction<Procfs.Usage> part) {
    return process(name, Dimension.PAGES, doc, (s, p) -> part.applyAsDouble(s.procfs().of(p)));
  }

  private static List<Word> ofProcesses() {
    List<Word> words = new ArrayList<>();
    words.add(usage("rss", "resident pages", Procfs.Usage::rss));
    words.add(usage("anon", "anonymous pages", Procfs.Usage::anon));
    words.add(usage("file", "mapped pages of files", Procfs.Usage::file));
    words.add(usage("shmem", "pages of tmpfs and shared memory", Procfs.Usage::shmem));
    words.add(usage("mlocked", "locked pages", Procfs.Usage::unevictable));
    words.add(usage("pgtables", "page tables", Procfs.Usage::pageTables));
    words.add(usage("swap", "pages in swap", Procfs.Usage::swap));
    words.add(
        process(
            "badness",
            Dimension.PAGES,
            "oom_badness(); none if it is not eligible",
            (s, p) -> {
              long points = s.procfs().badness(p);
              return points == Long.MIN_VALUE ? Double.NaN : points;
            }));
    words.add(
        process(
            "oom_score_adj",
            Dimension.NUMBER,
            "-1000 to 1000",
            (s, p) -> s.procfs().oomScoreAdj(p)));
    words.add(
        process(
            "victim",
            Dimension.TRUTH,
            "the killer's victim",
            (s, p) -> truth(s.vmcore().isVictim(p))));
    words.add(
        process(
            "skipped",
            Dimension.TRUTH,
            "MMF_OOM_SKIP is set",
            (s, p) -> truth(s.vmcore().isSkipped(p))));
    words.add(
        process(
            "dying",
            Dimension.TRUTH,
            "SIGKILL is pending",
            (s, p) -> truth(s.vmcore().isDying(p))));
    words.add(
        process(
            "alive",
            Dimension.TRUTH,
            "a thread is left",
            (s, p) -> truth(s.vmcore().liveTasks(p) > 0)));
    words.add(process("frozen", Dimension.TRUTH, "its leader is frozen", Vocabulary::isFrozen));
    words.add(
        new Word(
            "usage",
            About.CGROUP,
            Dimension.PAGES,
            "memory.current",
            (scene, name) -> scene.procfs().cgroupUsage(scene.cast().cgroup(name))));
    words.add(
        new Word(
            "limit",
            About.CGROUP,
            Dimension.PAGES,
            "memory.max; none if unlimited",
            Vocabulary::limit));
    words.add(
        new Word(
            "held",
            About.LOCK,
            Dimension.TRUTH,
            "somebody holds it",
            (scene, name) -> held(scene, name)));
    words.add(
        new Word(
            "waiters",
            About.LOCK,
            Dimension.NUMBER,
            "how many wait for it",
            (s, name) -> waiters(s, name)));
    return words;
  }

  private static double isFrozen(Scene scene, int process) {
    int leader = scene.procfs().leaderOf(process);
    return truth(scene.vmcore().doing(leader) == Vmcore.Doing.FROZEN);
  }

  private static double limit(Scene scene, String name) {
    CgroupSpec cgroup = scene.branch().of().workload().cgroups().get(scene.cast().cgroup(name));
    return cgroup.limit() == Long.MAX_VALUE ? Double.NaN : cgroup.limit();
  }

  private static double held(Scene scene, String name) {
    Vmcore.Lock found = scene.find(scene.cast().lock(name));
    return truth(found != null && !found.broken());
  }

  private static double waiters(Scene scene, String name) {
    Vmcore.Lock found = scene.find(scene.cast().lock(name));
    return found == null ? 0 : found.waiters().size();
  }

  private static Word of(Metric metric) {
    Dimension dimension = Dimension.of(metric.unit());
    double inside = dimension == Dimension.TIME ? 1e6 : 1;
    return machine(
        metric.shortName(), dimension, metric.doc(), scene -> metric.of(scene.outcome()) * inside);
  }

  static double truth(boolean holds) {
    return holds ? 1 : 0;
  }
}
