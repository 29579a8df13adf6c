package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.oomlab.kernel.state.Event;
import org.oomlab.kernel.state.Law;
import org.oomlab.kernel.state.LawBroken;
import org.oomlab.kernel.state.Shortcut;
import org.oomlab.kernel.state.WaitsFor;
import org.oomlab.kernel.state.Walk;
import org.oomlab.trace.TraceSink;

/** Each law bites: a fault is planted in a machine that is well, and the law is named. */
class LawsTest {
  /** Laws that are looked at between worlds and not between events: their tests are in worlds. */
  private static final Map<Law, String> ELSEWHERE =
      new EnumMap<>(
          Map.of(
              Law.NO_CHANGE_NO_CHANGE, "JudgesTest, aCopyThatGoesOnOtherwiseThanTheOriginalIsFound",
              Law.NO_SHORTCUT_CHANGES_A_RESULT,
                  "JudgesTest, anOutcomeThatAShortcutHasChangedIsFound"));

  private static final Map<Law, Consumer<Kernel>> FAULTS = new EnumMap<>(Law.class);

  static {
    FAULTS.put(Law.PAGES_CONSERVED, kernel -> kernel.machine.freePages++);
    FAULTS.put(
        Law.NEVER_NEGATIVE,
        kernel -> {
          kernel.machine.kernelPages += kernel.machine.freePages + 1;
          kernel.machine.freePages = -1;
        });
    FAULTS.put(
        Law.RIGHT_TO_FREE,
        kernel -> {
          kernel.machine.reaperWalk.pass = Walk.Pass.REAP;
          kernel.machine.reaperWalk.mm = 0;
          kernel.machine.reaperWalk.stage = Walk.Stage.PAGES;
        });
    FAULTS.put(Law.MM_STATES, kernel -> kernel.machine.mms[0].users++);
    FAULTS.put(Law.LOCK_STATES, kernel -> kernel.machine.mms[0].readers++);
    FAULTS.put(Law.FUTEX_STATES, kernel -> kernel.machine.tasks[0].heldFutexes++);
    FAULTS.put(Law.FREEZER_STATES, kernel -> kernel.machine.tasks[0].frozen = true);
    FAULTS.put(Law.ONE_WAIT, kernel -> kernel.waits.until(0, Event.TASK_STEP, kernel.clock() + 1));
    FAULTS.put(Law.WAKER, kernel -> kernel.machine.entities[0].waitsFor = WaitsFor.A_TURN);
    FAULTS.put(
        Law.KILL_NEEDS_OOM,
        kernel -> {
          kernel.machine.ledger.oomCalls = 0;
          kernel.watch.killed(kernel.machine.tasks[0]);
        });
    FAULTS.put(Law.MARK_NEEDS_DEATH, kernel -> kernel.machine.tasks[0].marked = true);
    FAULTS.put(Law.REAPER_LIST, kernel -> kernel.machine.reaperList.addLast(0));
    FAULTS.put(Law.CGROUP_SUM, kernel -> kernel.machine.memcgs[0].usagePages++);
    FAULTS.put(Law.LEDGER, kernel -> kernel.machine.blockedTasks++);
    FAULTS.put(Law.TIME_GOES_ON, kernel -> kernel.at(Event.MEMORY, 0, kernel.clock() - 1));
    FAULTS.put(
        Law.BOUNDED_MOMENT,
        kernel -> {
          while (true) { // An event that schedules itself again, now.
            kernel.at(Event.MEMORY, 0, kernel.clock());
            kernel.step();
          }
        });
  }

  static Stream<Law> planted() {
    return FAULTS.keySet().stream();
  }

  private static Kernel wellKernel() {
    Kernel kernel = Worlds.kernel("m30-oom-group", "linux-6.18");
    kernel.boot(1, TraceSink.NONE);
    while (kernel.ledger().oomCalls() == 0) {
      kernel.step();
    }
    return kernel;
  }

  private static Laws laws(Kernel kernel) {
    return new Laws(kernel, Worlds.policy("linux-6.18"), true);
  }

  @Test
  void aMachineThatIsWellBreaksNone() {
    Kernel kernel = wellKernel();
    laws(kernel).lookNow();
  }

  @ParameterizedTest
  @MethodSource("planted")
  void aPlantedFaultIsFound(Law law) {
    Kernel kernel = wellKernel();
    assertThatThrownBy(
            () -> {
              FAULTS.get(law).accept(kernel);
              laws(kernel).lookNow();
            })
        .isInstanceOfSatisfying(LawBroken.class, broken -> assertThat(broken.law()).isEqualTo(law));
  }

  @ParameterizedTest
  @EnumSource
  void everyLawHasAPlantedFaultOrATestOfItsOwn(Law law) {
    assertThat(FAULTS.containsKey(law) || ELSEWHERE.containsKey(law)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void everyLawIsInTheDocuments(Law law) throws IOException {
    assertThat(Files.readString(Path.of("src/site/markdown/laws.md"))).contains("| " + law + " |");
  }

  @ParameterizedTest
  @EnumSource
  void everyShortcutIsInTheDocuments(Shortcut shortcut) throws IOException {
    assertThat(Files.readString(Path.of("src/site/markdown/laws.md")))
        .contains("| " + shortcut + " |");
  }
}
