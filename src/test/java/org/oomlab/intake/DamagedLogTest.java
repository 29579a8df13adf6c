package org.oomlab.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.Workload;

/** Whatever has happened to a log on its way here, reading it comes to an end and to a workload. */
class DamagedLogTest {
  private static final String[] LOGS = {
    "2.6.32-syslog.log",
    "4.14-child.log",
    "5.4-interleaved-memcg.log",
    "6.8-wrapped-kmsg.log",
    "6.1-kdump-panic.log",
    "container.json.log",
  };

  /** Lines lost, doubled, swapped, cut and joined; letters lost and changed. */
  static byte[] damaged(byte[] log, Random random) {
    List<String> lines = new ArrayList<>(new String(log, StandardCharsets.UTF_8).lines().toList());
    for (int i = random.nextInt(12); i > 0 && lines.size() > 1; i--) {
      int at = random.nextInt(lines.size());
      String line = lines.get(at);
      int cut = random.nextInt(line.length() + 1);
      switch (random.nextInt(7)) {
        case 0 -> lines.remove(at);
        case 1 -> lines.add(at, line);
        case 2 -> lines.set(at, lines.set(random.nextInt(lines.size()), line));
        case 3 -> lines.set(at, line.substring(0, cut));
        case 4 -> lines.set(at, line.substring(0, cut) + "\n" + line.substring(cut));
        case 5 -> lines.set(at, line.substring(0, cut) + (char) random.nextInt(300) + line);
        default -> lines.set(at, line.replace((char) ('0' + random.nextInt(10)), '9'));
      }
    }
    return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
  }

  @Property(tries = 400)
  void becomesAWorkloadThatIsWhole(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    byte[] log = damaged(OomLogTest.log(LOGS[random.nextInt(LOGS.length)]), random);
    List<OomReport> reports = new ArrayList<>();
    OomLog.read(new ByteArrayInputStream(log), reports::add, report -> {});

    for (OomReport report : reports) {
      Draft draft =
          ReportedSituation.draft(
              report, new ReportedSituation.Wishes("w", "log", "x86-64", null, policy -> true));
      Workload workload = draft.workload();
      assertThat(workload.processNames()).isNotEmpty().doesNotHaveDuplicates();
      assertThat(workload.processes())
          .extracting(ProcessSpec::oomScoreAdj)
          .allMatch(adj -> adj >= -1000 && adj <= 1000);
      assertThat(workload.machine().memory()).isPositive();
    }
  }
}
