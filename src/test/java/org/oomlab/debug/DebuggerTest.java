package org.oomlab.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DebuggerTest {
  @Test
  void whatIsStoppedStaysWhereItHasCome() {
    AtomicBoolean stop = new AtomicBoolean();
    Debugger debugger = new Debugger(Stage.of("oom-livelock-module", "linux-4.5"), 1, stop::get);
    stop.set(true);
    assertThat(Stage.say(debugger, "run")).contains("stopped on the way");
    long moment = debugger.moment();
    assertThat(moment).isPositive();
    stop.set(false);
    Stage.say(debugger, "step");
    assertThat(debugger.moment()).isEqualTo(moment + 1);
  }

  @Test
  void whatCannotBeDoneChangesNothing() {
    Debugger debugger = new Debugger(Stage.of("mlocked-all", "linux-4.19"), 3, () -> false);
    Stage.say(debugger, "goto kill 2");
    for (String line :
        new String[] {
          "goto 5h", "goto kill 9", "goto event 999999", "last panic", "back panic", "until free <",
          "next nobody", "set reaper.delay=1s", "veto", "kill db[1]", "switch there", "diff main"
        }) {
      assertThatThrownBy(() -> Stage.say(debugger, line)).as(line).isInstanceOf(Mistake.class);
      assertThat(Stage.say(debugger, "where").get(0)).startsWith("+1.501097ms  event 96  db[0]");
    }
  }

  @Test
  void whoIsKilledByHandIsNoneOfTheKillersVictims() {
    Debugger debugger = new Debugger(Stage.of("mlocked-all", "linux-4.19"), 3, () -> false);
    Stage.say(debugger, "goto kill 1");
    Stage.say(debugger, "back");
    Stage.say(debugger, "fork");
    Stage.say(debugger, "kill db[3]");
    assertThat(Stage.say(debugger, "print kills")).containsExactly("kills: 0");
    assertThat(Stage.say(debugger, "print dying(db[3])")).containsExactly("dying(db[3]): true");
    assertThat(Stage.say(debugger, "undo").get(0)).isEqualTo("undone: kill db[3]");
    assertThat(Stage.say(debugger, "print dying(db[3])")).containsExactly("dying(db[3]): false");
  }

  @Test
  void aFrozenProcessIsThawed() {
    Debugger debugger = new Debugger(Stage.of("frozen-cached-apps", "linux-6.18"), 1, () -> false);
    Stage.say(debugger, "until 0s");
    Stage.say(debugger, "fork");
    String frozen =
        debugger.cast().processes().stream()
            .filter(
                name -> Stage.say(debugger, "print frozen(" + name + ")").get(0).endsWith("true"))
            .findFirst()
            .orElseThrow();
    Stage.say(debugger, "thaw " + frozen);
    assertThat(Stage.say(debugger, "print frozen(" + frozen + ")").get(0)).endsWith("false");
    Stage.say(debugger, "run");
  }

  @Test
  void aLockIsReleased() {
    Debugger debugger = new Debugger(Stage.of("mmap-lock-held", "linux-6.18"), 1, () -> false);
    Stage.say(debugger, "until held(mmap_lock(backend))");
    Stage.say(debugger, "fork");
    Stage.say(debugger, "release mmap_lock(backend)");
    Stage.say(debugger, "step");
    assertThat(Stage.say(debugger, "print held(mmap_lock(backend))").get(0)).endsWith("false");
    Stage.say(debugger, "run");
  }
}
