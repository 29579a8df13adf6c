package org.oomlab.yaml;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.yaml.tree.ProblemException;

/** A folder with small policies, workloads and costs, for tests to add to. */
final class Home {
  private final Path folder;

  Home(Path folder) {
    this.folder = folder;
    root("linux-4.17", "versions: 4.16.13..4.18\n");
    root("linux-6.1", "versions: 6.1..6.17\n");
    root("linux-6.18", "versions: 6.18..\n");
    write(
        "policies/proposals/patient.yaml",
        "policy: patient\nextends: linux-4.17\nreaper: {delay: 2s}\n");
    write("workloads/costs/x86-64.yaml", costs("x86-64"));
    write("workloads/costs/reference.yaml", costs("reference"));
    write("workloads/threads/threads-7.yaml", workload("threads-7", ""));
    write("workloads/mlocked/mlocked-one.yaml", workload("mlocked-one", ""));
    write("workloads/mlocked/deep/mlocked-all.yaml", workload("mlocked-all", ""));
  }

  /** A policy that sets every knob, to zero or its first choice, as {@code show} prints it. */
  static String rootText(String name) {
    Policy.About about = new Policy.About(name, "Title of " + name, "", "", "", List.of(), "");
    long[] values = Knobs.all().stream().mapToLong(knob -> knob.least()).toArray();
    return PolicyWriter.write(new Policy(about, values, new TreeMap<>()));
  }

  private void root(String name, String more) {
    write("policies/kernels/" + name + ".yaml", rootText(name) + more);
  }

  static String costs(String name) {
    return "costs: "
        + name
        + "\nkswapd: true\ntimer_wheel: false\ncpu_contention: false\npage_table_contention: off\n"
        + List.of(
                "fault",
                "kernel_page",
                "unmap",
                "unmap_locked",
                "munlock",
                "unmap_file",
                "free_shared",
                "unmap_huge",
                "page_table",
                "area",
                "pass",
                "reclaim_page",
                "exit_latency",
                "reaper_latency",
                "lock_latency",
                "report",
                "report_task")
            .stream()
            .map(key -> key + ": {value: 1us, range: 0.3us..3us, source: guess}\n")
            .collect(Collectors.joining());
  }

  static String workload(String name, String more) {
    return "workload: " + name + "\nmachine: {memory: 1GiB}\nprocesses: [{name: db}]\n" + more;
  }

  Path write(String path, String text) {
    return write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  Path write(String path, byte[] bytes) {
    Path file = folder.resolve(path);
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  Library library() {
    return Library.open(folder);
  }

  Library library(String stdin) {
    return Library.open(folder, new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)));
  }

  /** The problems something ends with, one to a line, with paths relative to the home. */
  String problemsOf(ThrowingCallable reading) {
    String[] message = new String[1];
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            ProblemException.class, e -> message[0] = e.getMessage().replace(folder + "/", ""));
    return message[0];
  }
}
