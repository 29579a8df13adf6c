package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oomlab.cli.session.ExitCodes;

/**
 * Sweeps whose processes are killed, whose files are damaged, and that meet each other. In the end
 * there is the file that an undisturbed sweep writes, or somebody was told why not. {@code
 * -Doomlab.faults=long} does it so often that rare moments are among them.
 */
@Timeout(value = 5, unit = TimeUnit.HOURS)
class FaultsTest {
  private static final boolean LONG = System.getProperty("oomlab.faults", "").equals("long");

  private static final List<String> SWEEP =
      List.of(
          "sweep",
          "m01-runnable-victim",
          "-p",
          "linux-6.18,linux-5.10",
          "--vary",
          "reaper.delay=0s..1s/100ms",
          "-r",
          "30",
          "-j",
          "1",
          "--each");

  private static final List<String> SMALL =
      List.of(
          "sweep", "frozen-snapshot", "--vary", "reaper.delay=0s..1s/250ms", "-r", "2", "--each");

  @TempDir Path temporary;
  private Path folder;
  private final Random random = new Random(15);

  @BeforeEach
  void begin() throws IOException {
    folder = Files.createTempDirectory(temporary, "sweep");
  }

  private static int times(int briefly, int thoroughly) {
    return LONG ? thoroughly : briefly;
  }

  private String file() {
    return folder.resolve("result.csv").toString();
  }

  private static List<String> with(List<String> line, String... more) {
    List<String> all = new ArrayList<>(line);
    Collections.addAll(all, more);
    return all;
  }

  private static Cli.Result run(List<String> line) {
    return Cli.run(line.toArray(String[]::new));
  }

  /** Runs a command line in a process of its own, which says what it has to say into a file. */
  private Process start(String said, List<String> line) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    Collections.addAll(
        command, "-cp", System.getProperty("java.class.path"), "org.oomlab.cli.Oomlab");
    command.addAll(line);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(temporary.resolve(said).toFile())
        .start();
  }

  private int ended(Process process) throws InterruptedException {
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  /** How long an undisturbed process takes here and now, so that moments are spread over it. */
  private long undisturbedNanos() throws IOException, InterruptedException {
    long began = System.nanoTime();
    assertThat(ended(start("said", with(SWEEP, "-o", file())))).isZero();
    return System.nanoTime() - began;
  }

  private void sleep(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep((long) (random.nextDouble() * nanos));
  }

  private void untilRowsAreWritten(Process process) throws InterruptedException {
    while (process.isAlive() && !Files.exists(Path.of(file() + ".part"))) {
      Thread.sleep(1);
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aSweepThatIsKilledIsContinuedToTheSameBytes() throws IOException, InterruptedException {
    String whole = run(SWEEP).out();
    long nanos = undisturbedNanos();
    int interrupted = 0;
    for (int i = 0; i < times(4, 200); i++) {
      begin();
      int kills = 1 + random.nextInt(2);
      for (int kill = 0; kill < kills; kill++) {
        Process process = start("said", with(SWEEP, "--resume", file()));
        if (random.nextBoolean()) {
          sleep(nanos);
        } else {
          untilRowsAreWritten(process); // Most of the time goes by before.
          sleep(nanos / 4);
        }
        if (random.nextInt(4) == 0) {
          process.destroy(); // SIGTERM
        } else {
          process.destroyForcibly(); // SIGKILL
        }
        ended(process);
      }
      interrupted += names().contains("result.csv.part") ? 1 : 0;
      Cli.Result result = run(with(SWEEP, "--resume", file()));
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(Files.readString(Path.of(file()))).as("round %d", i).isEqualTo(whole);
      assertThat(names()).containsExactly("result.csv", "result.csv.meta.json", "result.csv.sums");
    }
    if (LONG) {
      System.err.println("killed: " + times(4, 200) + ", in the middle: " + interrupted);
    }
  }

  @Test
  void ofTwoWritersOneIsRefusedOrFindsAllDone() throws IOException, InterruptedException {
    String whole = run(SWEEP).out();
    long nanos = undisturbedNanos();
    int refused = 0;
    for (int i = 0; i < times(3, 50); i++) {
      begin();
      String[] how = {"-o", "--resume"};
      Process first = start("first", with(SWEEP, how[random.nextInt(2)], file()));
      sleep(random.nextBoolean() ? nanos : nanos / 100);
      Process second = start("second", with(SWEEP, how[random.nextInt(2)], file()));
      for (String name : List.of("first", "second")) {
        int code = ended(name.equals("first") ? first : second);
        String said = Files.readString(temporary.resolve(name));
        assertThat(code).as(said).isIn(ExitCodes.OK, ExitCodes.USAGE);
        if (code == ExitCodes.USAGE) {
          refused++;
          assertThat(said)
              .contains("result.csv: ")
              .containsAnyOf("another run is writing it", "there is an interrupted sweep in");
        }
      }
      assertThat(Files.readString(Path.of(file()))).as("round %d", i).isEqualTo(whole);
      assertThat(names()).containsExactly("result.csv", "result.csv.meta.json", "result.csv.sums");
    }
    if (LONG) {
      System.err.println("pairs: " + times(3, 50) + ", of which refused: " + refused);
    }
  }

  @Test
  void oneWriterAtATimeWhateverTheCommand() throws IOException, InterruptedException {
    List<String> hours = with(SWEEP, "-o", file());
    Collections.replaceAll(hours, "30", "300000");
    Process sweep = start("said", hours);
    try {
      Path part = Path.of(file() + ".part");
      while (!Files.exists(part)) {
        assertThat(sweep.isAlive()).isTrue();
        Thread.sleep(5);
      }
      String[][] others = {
        {"run", "frozen-snapshot", "-o", file()},
        {"list", "costs", "-o", file()},
        {"trace", "frozen-snapshot", "-o", file()},
        {"import", "proc", "-o", file()},
        {
          "sweep",
          "frozen-snapshot",
          "--vary",
          "reaper.delay=0s,1s",
          "--format",
          "json",
          "-o",
          file()
        }
      };
      for (String[] other : others) {
        Cli.Result result = Cli.run(other);
        assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(result.err()).contains("another run is writing it");
      }
    } finally {
      sweep.destroyForcibly();
      ended(sweep);
    }
  }

  @Test
  void whatIsDamagedIsComputedAgainOrRefused() throws IOException {
    String whole = run(SMALL).out();
    assertThat(run(with(SMALL, "-o", file())).code()).isZero();
    byte[] rows = Files.readAllBytes(Path.of(file()));
    byte[] sums = Files.readAllBytes(Path.of(file() + ".sums"));
    int refused = 0;
    for (int i = 0; i < times(60, 10_000); i++) {
      boolean complete = random.nextBoolean();
      Files.deleteIfExists(Path.of(file()));
      Files.deleteIfExists(Path.of(file() + ".sums"));
      String name = complete ? file() : file() + ".part";
      boolean which = random.nextInt(5) > 0;
      Files.write(Path.of(name), which ? damaged(rows) : rows);
      Files.write(Path.of(name + ".sums"), which ? sums : damaged(sums));
      Cli.Result result = run(with(SMALL, "--resume", file()));
      if (result.code() == ExitCodes.USAGE) {
        refused++;
        assertThat(result.err()).contains("is damaged: ");
        Files.delete(Path.of(name));
        Files.delete(Path.of(name + ".sums"));
        continue;
      }
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(Files.readString(Path.of(file()))).as("round %d", i).isEqualTo(whole);
      assertThat(names()).containsExactly("result.csv", "result.csv.meta.json", "result.csv.sums");
    }
    if (LONG) {
      System.err.println("damaged: " + times(60, 10_000) + ", of which refused: " + refused);
    }
  }

  private byte[] damaged(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    int length = Math.min(bytes.length - at, 1 + random.nextInt(200));
    byte[] damaged = bytes.clone();
    switch (random.nextInt(6)) {
      case 0 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 1 -> Arrays.fill(damaged, at, at + length, (byte) 0);
      case 2 -> {
        // A block that is somebody else's.
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, damaged, at, length);
      }
      case 3 -> {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - length);
        System.arraycopy(bytes, at + length, shorter, at, bytes.length - at - length);
        return shorter;
      }
      case 4 -> {
        // Lines that are there twice.
        byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
        System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
        return longer;
      }
      default -> damaged[at] ^= (byte) (1 << random.nextInt(8));
    }
    return damaged;
  }

  @Test
  void aShardThatIsDamagedIsNotMerged() throws IOException {
    List<String> files = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      files.add(folder.resolve("shard" + i + ".csv").toString());
      assertThat(run(with(SMALL, "--shard", i + "/2", "-o", files.get(i - 1))).code()).isZero();
    }
    String whole = run(SMALL).out();
    List<String> merge = with(with(List.of("merge"), files.get(0)), files.get(1));
    assertThat(run(merge).out()).isEqualTo(whole);
    byte[] rows = Files.readAllBytes(Path.of(files.get(0)));
    for (int i = 0; i < times(50, 2000); i++) {
      byte[] flipped = rows.clone();
      flipped[random.nextInt(rows.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(Path.of(files.get(0)), flipped);
      Cli.Result result = run(merge);
      assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
      assertThat(result.err()).containsAnyOf("shard1.csv: is damaged", "shard1.csv: is no result");
    }
  }

  @Test
  void aShardWithoutChecksumsIsReadWithCare() throws IOException {
    Path shard = folder.resolve("shard.csv");
    String whole = run(SMALL).out();
    String[] damages = {
      whole.replaceFirst(",recovered,", ",\"recovered,"),
      whole.replaceFirst(",recovered,", ",reco\nvered,"),
      whole.replaceFirst(",recovered,", ",recovered,,"),
      whole.substring(0, whole.length() - 40)
    };
    for (String damage : damages) {
      Files.writeString(shard, damage);
      Cli.Result result = Cli.run("merge", shard.toString());
      assertThat(result.code()).as(result.out()).isEqualTo(ExitCodes.USAGE);
      assertThat(result.err()).contains("shard.csv: ");
    }
    byte[] noText = whole.getBytes(StandardCharsets.UTF_8);
    noText[noText.length / 2] = (byte) 0xff;
    Files.write(shard, noText);
    assertThat(Cli.run("merge", shard.toString()).code()).isEqualTo(ExitCodes.USAGE);
  }
}
