package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shards.md says to write is run, but for the schedulers, and comes to the same bytes. */
class ShardsTest {
  private static final int PARTS = 4;
  private static final String SMALL =
      "m01-runnable-victim -p linux-5.17 -r 1 --vary reaper.delay=0s..4s/1s";

  @TempDir Path folder;
  private final Map<String, String> examples = new TreeMap<>();

  @BeforeEach
  void read() throws IOException {
    Matcher sections =
        Pattern.compile("(?m)^## (.*)\n\n(?:[^ ].*\n+)*((?: {4}.*\n|\n)+)")
            .matcher(Files.readString(Path.of("src/site/markdown/shards.md")));
    while (sections.find()) {
      examples.put(sections.group(1), sections.group(2).replaceAll("(?m)^ {4}", ""));
    }
    // Stands where oomlab would be, and says what it was asked for.
    Path stand = folder.resolve("oomlab");
    Files.writeString(stand, "#!/bin/sh\nfor word; do printf '%s\\n' \"$word\"; done\n");
    assertThat(stand.toFile().setExecutable(true)).isTrue();
  }

  /** The words that a shell hands to oomlab. */
  private List<String> words(String script, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true);
    shell.environment().putAll(environment);
    shell.environment().put("PATH", folder + ":" + shell.environment().get("PATH"));
    Process process = shell.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out.lines().toList();
  }

  /** Runs the parts of a small sweep in place of the one in the example, and joins them. */
  private void makeTheWhole(List<List<String>> parts) {
    List<String> merge = new ArrayList<>(List.of("merge"));
    for (List<String> part : parts) {
      String command = String.join(" ", part);
      assertThat(command)
          .startsWith("sweep mlocked -p linux-5.17 --vary reaper.delay=0s..4s/250ms --shard ");
      String file =
          folder + "/" + Path.of(command.replaceFirst(".* --resume (\\S+).*", "$1")).getFileName();
      String small =
          command
              .replaceFirst("mlocked .*/250ms", SMALL)
              .replaceFirst("--resume \\S+", "--resume " + file);
      Cli.Result result = Cli.run(small.split(" "));
      assertThat(result.code()).as(result.err()).isZero();
      merge.add(file);
    }
    String whole = Cli.run(("sweep " + SMALL + " --format csv").split(" ")).out();
    assertThat(Cli.run(merge.toArray(String[]::new)).out()).isEqualTo(whole);
  }

  @Test
  void inSlurm() throws IOException, InterruptedException {
    List<List<String>> parts = new ArrayList<>();
    for (int i = 1; i <= PARTS; i++) {
      parts.add(
          words(
              examples.get("Slurm"),
              Map.of("SLURM_ARRAY_TASK_ID", "" + i, "SLURM_ARRAY_TASK_COUNT", "" + PARTS)));
    }
    makeTheWhole(parts);
  }

  @Test
  void inKubernetes() throws IOException, InterruptedException {
    JsonNode job = new YAMLMapper().readTree(examples.get("Kubernetes"));
    JsonNode container = job.at("/spec/template/spec/containers/0");
    assertThat(container.at("/env/0/value").asText())
        .isEqualTo(job.at("/spec/completions").asText());
    assertThat(container.at("/command").toString()).isEqualTo("[\"/bin/sh\",\"-c\"]");
    List<List<String>> parts = new ArrayList<>();
    for (int i = 0; i < PARTS; i++) {
      parts.add(
          words(
              container.at("/args/0").asText(),
              Map.of("JOB_COMPLETION_INDEX", "" + i, "PARTS", "" + PARTS)));
    }
    makeTheWhole(parts);
  }

  @Test
  void inGnuParallel() throws IOException, InterruptedException {
    String line = examples.get("GNU parallel").replaceFirst("(?s)\noomlab merge.*", "");
    assertThat(line).startsWith("parallel oomlab ").endsWith(" ::: $(seq 16)");
    List<List<String>> parts = new ArrayList<>();
    for (int i = 1; i <= PARTS; i++) {
      String one = line.replaceFirst("^parallel ", "").replaceFirst(" ::: .*", "");
      parts.add(words(one.replace("{}", "" + i).replace("/16", "/" + PARTS), Map.of()));
    }
    makeTheWhole(parts);
  }
}
