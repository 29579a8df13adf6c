package org.oomlab.cli;

import picocli.CommandLine.Model.CommandSpec;

/**
 * What people type most: two lines at the end of the help of each command, that work as printed.
 */
final class Examples {
  private Examples() {}

  /** The examples of a command by its words, such as {@code import proc}; none for one below. */
  static String[] of(String words) {
    return switch (words) {
      case "run" ->
          lines("run mlocked -p linux-4.17,linux-6.18", "run frozen -r 100 --format csv -o f.csv");
      case "compare" ->
          lines(
              "compare threads -p linux-4.17,linux-6.18",
              "compare mlocked -p linux-6.18,patched=mine.yaml --measures kills,recovery_ms");
      case "sweep" ->
          lines(
              "sweep mlocked-all -p linux-5.17 --vary policy.reaper.delay=0s..4s/1s --format table",
              "sweep memcg --vary workload.machine.memory=1GiB,2GiB -o m.csv");
      case "merge" ->
          lines(
              "merge a.csv b.csv -o all.csv", "merge part-1.csv part-2.csv part-3.csv -o all.csv");
      case "search" ->
          lines(
              "search mlocked -p linux-4.17 --beside kernels",
              "search frozen --vary policy.reaper.delay=0s..4s --minimise kills -w better.yaml");
      case "sensitivity" ->
          lines(
              "sensitivity mlocked -p linux-4.17,linux-6.18",
              "sensitivity frozen --method sobol --of kills");
      case "check" -> lines("check mlocked", "check mine.yaml -p patched.yaml");
      case "list" -> lines("list workloads", "list knobs --format csv");
      case "show" -> lines("show linux-6.1 --against linux-6.18", "show reaper");
      case "explain" ->
          lines("explain mlocked-all -p linux-4.19 --seed 3", "explain frozen-v2 --kills");
      case "timeline" ->
          lines(
              "timeline mlocked-all -p linux-4.19,linux-5.18 --seed 3",
              "timeline frozen-v2 --around kill 1 --only oom_reaper --ascii");
      case "diff" ->
          lines(
              "diff mlocked-all -p linux-4.19,linux-5.18 --seed 3",
              "diff frozen-v2 -p linux-6.18,linux-5.10 -o parting.txt");
      case "plot" ->
          lines(
              "plot recovery.csv --as ecdf --format svg -o recovery.svg",
              "plot sweep.csv --of kills");
      case "report" ->
          lines(
              "report mlocked-all -p linux-4.17,linux-5.18 -o mlocked.html",
              "report --from-log dmesg.log -o incident.html");
      case "trace" -> lines("trace mlocked-all", "trace memcg-group --format ndjson");
      case "fidelity" -> lines("fidelity lab", "fidelity counted -p linux-6.1 -r 50");
      case "import" -> lines("import oom-report dmesg.log > case.yaml", "import proc > here.yaml");
      case "import oom-report" ->
          lines(
              "import oom-report dmesg.log > case.yaml",
              "import oom-report --list --killed postgres journal.log.gz");
      case "import policy" ->
          lines(
              "import policy /etc/default/earlyoom > mine.yaml",
              "import policy --facts oomd.conf user@.service.d/10-oomd.conf");
      case "export" ->
          lines("export policy earlyoom", "export policy mine.yaml -o earlyoom.default");
      case "export policy" -> lines("export policy earlyoom", "export policy better.yaml -d etc");
      case "import proc" -> lines("import proc > here.yaml", "import proc -o here.yaml");
      case "calibrate" ->
          lines("calibrate phone.yaml --write my-costs.yaml", "calibrate phone.yaml --no-fit");
      case "debug" ->
          lines(
              "debug mlocked-all -p linux-4.19 --seed 3",
              "debug frozen-v2 --script look.oomlab > seen.txt");
      case "tour" -> lines("tour", "tour extra-kill");
      case "fuzz" -> lines("fuzz --for 1m --seed 7", "fuzz --episodes 1000 -o found");
      case "refute" ->
          lines(
              "refute 'extra_kills(B) <= extra_kills(A)' -p linux-6.18,linux-7.0 --in cgroups",
              "refute 'outcome != panic' -p mine.yaml --in 'near mlocked-all' --for 5m -o"
                  + " worse.yaml");
      case "repl" -> lines("repl", "repl < commands.txt");
      case "diagnose" -> lines("diagnose dmesg.log", "diagnose journal.log.gz --killed postgres");
      case "threshold" ->
          lines(
              "threshold memcg-sidecar --vary workload.cgroups.pod.limit=256MiB..2GiB --until"
                  + " 'kills = 0'",
              "threshold mlocked-all -p linux-5.17 --vary policy.reaper.delay=0s..4s --until"
                  + " 'extra_kills_1s = 0' --share 0.9");
      case "outcomes" -> lines("outcomes memcg-group -p linux-4.17", "outcomes frozen-v2 --claims");
      case "bundle" -> lines("bundle run mlocked-all -p mine.yaml -o case.yaml", "run case.yaml");
      case "help" -> lines("help run", "help import oom-report");
      case "generate-completion" ->
          lines("generate-completion > ~/.oomlab-completion", "help generate-completion");
      default -> new String[0];
    };
  }

  private static String[] lines(String first, String second) {
    return new String[] {"", "Examples:", "  oomlab " + first, "  oomlab " + second};
  }

  /** Puts them at the end of a command's help. */
  static void addTo(CommandSpec command) {
    String[] examples = of(command.qualifiedName().replaceFirst("^oomlab ", ""));
    if (examples.length > 0) {
      command.usageMessage().footer(examples);
    }
  }
}
