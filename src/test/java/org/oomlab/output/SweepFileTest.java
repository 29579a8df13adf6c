package org.oomlab.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of a sweep that has been damaged, at every place that there is. */
class SweepFileTest {
  private static final String HEADER = "workload,policy,result,point";
  private static final int ROWS = 2;
  private static final int CASES = 7;

  @TempDir Path folder;
  private Path file;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void name() {
    file = folder.resolve("result.csv");
  }

  private static String row(long row) {
    return "w,p," + (row * row * 7919 % 1000) + "," + (row / ROWS + 1);
  }

  private static String rows(long number) {
    StringBuilder rows = new StringBuilder();
    for (long row = number * ROWS; row < (number + 1) * ROWS; row++) {
      rows.append(row(row)).append('\n');
    }
    return rows.toString();
  }

  private static String undisturbed() {
    StringBuilder all = new StringBuilder(HEADER + "\n");
    IntStream.range(0, CASES).forEach(number -> all.append(rows(number)));
    return all.toString();
  }

  private SweepFile open() {
    return new SweepFile(
        Target.file("-o", file.toString()),
        HEADER,
        ROWS,
        CASES,
        row -> new SweepFile.Keys("w,p,", "," + (row / ROWS + 1)),
        SweepFileTest::rows);
  }

  /** Runs the sweep up to a case; the last one is published. */
  private void write(SweepFile sweep, long from, long to) {
    try (Output output = sweep.append()) {
      output.print(sweep.hasHeader() ? "" : HEADER + "\n");
      for (long number = from; number < to; number++) {
        output.print(rows(number));
      }
      output.check();
      if (to == CASES) {
        output.commit();
      }
    }
  }

  private void interrupted(int cases) {
    try (SweepFile sweep = open()) {
      sweep.begin();
      write(sweep, 0, cases);
    }
  }

  private void resumed() throws IOException {
    said.clear();
    try (SweepFile sweep = open()) {
      write(sweep, Math.max(0, sweep.resume(said::add)), CASES);
    }
    assertThat(file).content(StandardCharsets.UTF_8).isEqualTo(undisturbed());
    assertThat(names()).containsExactly("result.csv", "result.csv.sums");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }

  private Path part() {
    return folder.resolve("result.csv.part");
  }

  private Path sums() {
    return folder.resolve("result.csv.part.sums");
  }

  private void reset(byte[] rows, byte[] sums) throws IOException {
    for (String name : names()) {
      Files.delete(folder.resolve(name));
    }
    Files.write(part(), rows);
    Files.write(sums(), sums);
  }

  @Test
  void whatWasInterruptedIsContinued() throws IOException {
    interrupted(3);
    assertThat(names()).containsExactly("result.csv.part", "result.csv.part.sums");
    resumed();
    assertThat(said).isEmpty();
  }

  @Test
  void aCutAnywhereLeavesNoTrace() throws IOException {
    interrupted(5);
    byte[] rows = Files.readAllBytes(part());
    byte[] sums = Files.readAllBytes(sums());
    for (int cut = 0; cut <= rows.length; cut++) {
      reset(java.util.Arrays.copyOf(rows, cut), sums);
      resumed();
      assertThat(said).as("cut to %d bytes", cut).isEmpty();
    }
    for (int cut = 0; cut <= sums.length; cut++) {
      reset(rows, java.util.Arrays.copyOf(sums, cut));
      resumed();
    }
  }

  @Test
  void aFlippedBitAnywhereIsNoticed() throws IOException {
    interrupted(5);
    byte[] rows = Files.readAllBytes(part());
    byte[] sums = Files.readAllBytes(sums());
    for (int bit = 0; bit < 8 * rows.length; bit += 5) {
      byte[] flipped = rows.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      reset(flipped, sums);
      if (bit / 8 > HEADER.length()) {
        resumed();
        assertThat(said).as("bit %d", bit).hasSize(1).first().asString().contains("computed again");
      } else {
        assertThatExceptionOfType(OutputRefused.class)
            .isThrownBy(this::resumed)
            .withMessageContaining("is damaged: its columns are others");
      }
    }
    for (int bit = 0; bit < 8 * sums.length; bit += 7) {
      byte[] flipped = sums.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      reset(rows, flipped);
      resumed();
    }
  }

  @Test
  void whateverElseIsDoneToItEndsInTheSameBytesOrIsRefused() throws IOException {
    interrupted(5);
    byte[] rows = Files.readAllBytes(part());
    byte[] sums = Files.readAllBytes(sums());
    Random random = new Random(1);
    int behindHeader = HEADER.length() + 1;
    for (int i = 0; i < 200; i++) {
      int at = behindHeader + random.nextInt(rows.length - behindHeader);
      int length = random.nextInt(60);
      byte[] noise = new byte[random.nextBoolean() ? 0 : random.nextInt(60)];
      random.nextBytes(noise);
      byte[] damaged = new byte[at + noise.length + Math.max(0, rows.length - at - length)];
      System.arraycopy(rows, 0, damaged, 0, at);
      System.arraycopy(noise, 0, damaged, at, noise.length);
      int rest = damaged.length - at - noise.length;
      System.arraycopy(rows, rows.length - rest, damaged, at + noise.length, rest);
      reset(damaged, sums);
      try {
        resumed();
      } catch (OutputRefused nothingLeft) {
        assertThat(nothingLeft).hasMessageContaining("or is damaged: ");
        assertThat(part()).hasBinaryContent(damaged);
      }
    }
  }

  @Test
  void onlyWhatIsDamagedIsComputedAgain() throws IOException {
    interrupted(5);
    String damaged = Files.readString(part()).replaceFirst("(?m)^w,p,676,2$", "w,p,677,2");
    byte[] sums = Files.readAllBytes(sums());
    reset(damaged.getBytes(StandardCharsets.UTF_8), sums);
    try (SweepFile sweep = open()) {
      assertThat(sweep.resume(said::add)).isEqualTo(5);
    }
    assertThat(said)
        .containsExactly(
            "result.csv.part: line 4 is not what the checksum says, and computed again");
  }

  @Test
  void whatHasNoChecksumIsNotBelieved() throws IOException {
    Files.writeString(part(), undisturbed().replaceFirst("676", "677"));
    resumed();
    assertThat(said).hasSize(1).first().asString().contains("no checksums beside it");
  }

  @Test
  void theCompleteFileIsHeldAgainstItsChecksumsToo() throws IOException {
    interrupted(CASES);
    assertThat(SweepFile.complaint(file)).isNull();
    Files.writeString(file, undisturbed().replaceFirst("676", "677"));
    assertThat(SweepFile.complaint(file)).contains("line 4 ");
    resumed();
    assertThat(said).hasSize(1).first().asString().contains("line 4 ");
  }

  @Test
  void whatIsWrittenOverItTakesItsChecksumsAway() throws IOException {
    interrupted(CASES);
    Output.open(System.out, Target.of("-o", file.toString())).commit();
    assertThat(names()).containsExactly("result.csv");
  }

  @Test
  void aFileOfTheSameNameThatIsNoneOfOursStays() throws IOException {
    Files.writeString(folder.resolve("result.csv.sums"), "12 apples\n");
    Output.open(System.out, Target.of("-o", file.toString())).commit();
    assertThat(names()).containsExactly("result.csv", "result.csv.sums");
  }

  @Test
  void theSecondWriterIsRefusedAndTheFirstUndisturbed() throws IOException {
    try (SweepFile first = open()) {
      first.begin();
      assertThatExceptionOfType(OutputRefused.class)
          .isThrownBy(this::open)
          .withMessage("-o " + file + ": another run is writing it");
      assertThatExceptionOfType(OutputRefused.class)
          .isThrownBy(() -> Output.open(System.out, Target.of("-o", file.toString())));
      write(first, 0, CASES);
    }
    assertThat(file).content(StandardCharsets.UTF_8).isEqualTo(undisturbed());
    open().close();
  }
}
