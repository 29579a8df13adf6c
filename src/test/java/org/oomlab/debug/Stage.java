package org.oomlab.debug;

import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.oomlab.experiment.Experiment;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.report.Page;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;

/** Shipped workloads for tests of the debugger, and what is seen in them. */
final class Stage {
  private static final Library LIBRARY = Library.open(Path.of(""));

  /** One workload of each family, and a policy under which much happens in it. */
  static final List<String[]> FAMILIES =
      List.of(
          new String[] {"bench-50-mlocked", "linux-4.19"},
          new String[] {"counted-b2", "linux-7.2"},
          new String[] {"mmap-lock-held", "linux-6.18"},
          new String[] {"frozen-cached-apps", "linux-6.18"},
          new String[] {"lab-4.19-b8", "linux-4.19"},
          new String[] {"oom-livelock-module", "linux-4.5"},
          new String[] {"memcg", "linux-4.19"},
          new String[] {"mlocked-all", "linux-4.19"},
          new String[] {"mmu-notifier", "linux-4.17"},
          new String[] {"reference", "linux-4.17"},
          new String[] {"robust-futex", "linux-5.17"},
          new String[] {"shared-file", "linux-6.18"},
          new String[] {"a-holder-that-wants-too-much", "rientjes-reserves-2016"},
          new String[] {"early-skip-kills-another", "linux-4.17"});

  private Stage() {}

  /** The first workload of this name or family, under a policy. */
  static Case of(String workload, String policy) {
    Workload found = LIBRARY.resolveWorkloads(List.of(workload), note -> {}).get(0);
    return Experiment.cases(
            List.of(found),
            each -> LIBRARY.costs(each.costsName()),
            LIBRARY.resolvePolicies(List.of(policy), note -> {}))
        .get(0);
  }

  /** The lines that somebody writes to a page. */
  static List<String> lines(Consumer<Page> writer) {
    Page page = new Page(false);
    writer.accept(page);
    StringWriter text = new StringWriter();
    page.print(text);
    return text.toString().lines().toList();
  }

  /** What is answered to a command line. */
  static List<String> say(Debugger debugger, String line) {
    List<String> words = List.of(line.split(" "));
    Verb verb =
        Verbs.all().stream()
            .filter(each -> each.name().equals(words.get(0)))
            .findFirst()
            .orElseThrow();
    return lines(page -> verb.action().run(debugger, words.subList(1, words.size()), page));
  }

  /** All that there is to see of a moment. */
  static List<String> everything(Scene scene) {
    List<String> all = new ArrayList<>();
    all.addAll(
        lines(
            page -> {
              Views views = new Views(scene, page);
              views.where();
              views.processes(-1);
              views.mm(0);
              views.zone();
              views.cgroups();
              views.locks();
              views.futexes();
              views.reaper();
              views.pending(1000);
              views.cpus();
            }));
    all.add(scene.outcome().toString());
    return all;
  }
}
