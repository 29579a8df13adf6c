package org.oomlab.daemon.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Daemons;
import org.oomlab.daemon.Section;
import org.oomlab.unit.Span;

/** What each daemon does about what it sees. */
class WatchersTest {
  private static final long SECOND = Span.SECOND;

  private static DaemonSettings settings(String kind, String... set) {
    DaemonSettings settings = DaemonSettings.of(kind);
    for (String each : set) {
      int equals = each.indexOf('=');
      settings = settings.with(each.substring(0, equals), each.substring(equals + 1));
    }
    return settings;
  }

  private static Watcher watcher(DaemonSettings settings) {
    return Objects.requireNonNull(Watchers.of(settings)).watcher();
  }

  private static Watcher watcher(String kind, String... set) {
    return watcher(settings(kind, set));
  }

  private static Scene scene() {
    Scene scene = new Scene();
    scene.process("init", 0, 10);
    scene.process("self", 900, 10);
    scene.process("small", 700, 1000);
    scene.process("large", 1200, 300_000);
    return scene;
  }

  /** Memory and swap at so many per cent, as earlyoom counts them. */
  private static void low(Scene scene, int memPercent, int swapPercent) {
    scene.memAvailable = 10_000L * memPercent;
    scene.anonPages = 1_000_000 - scene.memAvailable;
    scene.swapFree = 10_000L * swapPercent;
  }

  // earlyoom.

  @Test
  void earlyoomWaitsForMemoryAndSwap() {
    Watcher earlyoom = watcher("earlyoom");
    Scene scene = scene();
    low(scene, 0, 11);
    scene.untilItSleeps(earlyoom, scene.notesOf(earlyoom));
    assertThat(scene.signals).isEmpty();

    low(scene, 11, 0);
    scene.untilItSleeps(earlyoom, scene.notesOf(earlyoom));
    assertThat(scene.signals).isEmpty();

    low(scene, 10, 10);
    scene.untilItSleeps(earlyoom, scene.notesOf(earlyoom));
    assertThat(scene.signals).containsExactly("TERM large");
  }

  /** In C, a headroom that is nan is less than none as a whole number, and the sleep the least. */
  @Test
  void earlyoomSleepsAlsoWhereItsLimitIsNoNumber() {
    Watcher earlyoom = watcher("earlyoom", "mem_min_percent=nan", "swap_min_percent=nan");
    Scene scene = scene();
    low(scene, 50, 50);
    long before = scene.nowNs();
    scene.untilItSleeps(earlyoom, scene.notesOf(earlyoom));

    assertThat(scene.nowNs() - before).isGreaterThanOrEqualTo(SECOND / 10);
    assertThat(scene.signals).isEmpty();
  }

  @Test
  void earlyoomKillsAtHalf() {
    Watcher earlyoom = watcher("earlyoom");
    Scene scene = scene();
    low(scene, 5, 5);
    scene.untilItSleeps(earlyoom, scene.notesOf(earlyoom));
    assertThat(scene.signals).containsExactly("KILL large");
  }

  @Test
  void earlyoomFollowsWithSigkillWhereMemoryGoesOnFalling() {
    Watcher earlyoom = watcher("earlyoom");
    Scene scene = scene();
    Notes notes = scene.notesOf(earlyoom);
    low(scene, 8, 8);
    scene.untilItSleeps(earlyoom, notes);
    low(scene, 3, 3);
    scene.untilItSleeps(earlyoom, notes);
    assertThat(scene.signals).containsExactly("TERM large", "KILL large");
  }

  @Test
  void earlyoomHasOneVictimAtATime() {
    Watcher earlyoom = watcher("earlyoom");
    Scene scene = scene();
    Notes notes = scene.notesOf(earlyoom);
    low(scene, 8, 8);
    for (int i = 0; i < 20; i++) {
      scene.untilItSleeps(earlyoom, notes);
    }
    assertThat(scene.signals).containsExactly("TERM large");
    scene.gone.add(3);
    scene.untilItSleeps(earlyoom, notes);
    scene.untilItSleeps(earlyoom, notes);
    assertThat(scene.signals).containsExactly("TERM large", "TERM small");
  }

  @Test
  void earlyoomSleepsForAsLongAsMemoryTakesToFill() {
    Watcher earlyoom = watcher("earlyoom");
    Scene scene = scene();
    low(scene, 90, 90);
    scene.untilItSleeps(earlyoom, scene.notesOf(earlyoom));
    assertThat(scene.nextNs).isEqualTo(SECOND);

    low(scene, 11, 11);
    scene.untilItSleeps(earlyoom, scene.notesOf(earlyoom));
    assertThat(scene.nextNs).isEqualTo(SECOND / 10);
  }

  @Test
  void earlyoomPrefersAvoidsAndIgnoresByName() {
    Scene scene = scene();
    low(scene, 8, 8);
    Watcher prefers = watcher("earlyoom", "prefer=^small$", "avoid=^large$");
    scene.untilItSleeps(prefers, scene.notesOf(prefers));
    Watcher ignores = watcher("earlyoom", "ignore=large");
    scene.untilItSleeps(ignores, scene.notesOf(ignores));
    assertThat(scene.signals).containsExactly("TERM small", "TERM small");
  }

  // systemd-oomd.

  private static DaemonSettings oomd(String... unit) {
    DaemonSettings settings = DaemonSettings.of("systemd-oomd");
    Section units =
        Section.of(Objects.requireNonNull(settings.root().table().part("units")).table().get());
    for (String each : unit) {
      int equals = each.indexOf('=');
      units = units.with(each.substring(0, equals), each.substring(equals + 1), null);
    }
    return new DaemonSettings("systemd-oomd", settings.root().plus("units", units));
  }

  private static Scene session() {
    Scene scene = scene();
    int user = scene.cgroup("user.slice", Sight.MACHINE, 500_000, 800_000, 0);
    int service = scene.cgroup("user@1000.service", user, 500_000, 800_000, 0);
    int browser = scene.cgroup("browser", service, 300_000, 700_000, 0);
    int editor = scene.cgroup("editor", service, 200_000, 100_000, 0);
    scene.process("tab", browser, 300, 900, 100_000, 0);
    scene.process("vi", editor, 200, 800, 200_000, 0);
    return scene;
  }

  @Test
  void systemdOomdWithoutAUnitNeverKills() {
    Watcher watcher = watcher("systemd-oomd");
    Scene scene = session();
    scene.full10 = 10_000;
    scene.memAvailable = 0;
    scene.swapFree = 0;
    Notes notes = scene.notesOf(watcher);
    for (int i = 0; i < 500; i++) {
      scene.untilItSleeps(watcher, notes);
    }
    assertThat(scene.signals).isEmpty();
  }

  @Test
  void systemdOomdActsAfterThirtySecondsOfPressureOnWhoIsReclaimedMost() {
    Watcher watcher = watcher(oomd("cgroup=user@.service", "ManagedOOMMemoryPressure=kill"));
    Scene scene = session();
    scene.full10 = 6_100;
    Notes notes = scene.notesOf(watcher);
    while (scene.signals.isEmpty() && scene.nowNs < 100 * SECOND) {
      scene.scans.set(1, scene.scans.get(1) + 30);
      scene.scans.set(2, scene.scans.get(2) + 10);
      scene.scans.set(3, scene.scans.get(3) + 20);
      scene.untilItSleeps(watcher, notes);
    }
    assertThat(scene.signals).containsExactly("KILL vi");
    assertThat(scene.nowNs).isBetween(30 * SECOND, 33 * SECOND);
  }

  @Test
  void systemdOomdLeavesAloneWhoIsNotReclaimed() {
    Watcher watcher = watcher(oomd("cgroup=user@.service", "ManagedOOMMemoryPressure=kill"));
    Scene scene = session();
    scene.full10 = 6_100;
    Notes notes = scene.notesOf(watcher);
    while (scene.nowNs < 100 * SECOND) {
      scene.untilItSleeps(watcher, notes);
    }
    assertThat(scene.signals).isEmpty();
  }

  @Test
  void systemdOomdTakesWhoHasMostSwap() {
    Watcher watcher = watcher(oomd("cgroup=-.slice", "ManagedOOMSwap=kill"));
    Scene scene = session();
    scene.memAvailable = 50_000;
    scene.swapFree = 90_000;
    scene.untilItSleeps(watcher, scene.notesOf(watcher));
    assertThat(scene.signals).containsExactly("KILL tab");
  }

  // The others.

  @Test
  void nohangWaitsForFivePerCentAndTen() {
    Watcher nohang = watcher("nohang");
    Scene scene = scene();
    scene.memAvailable = 50_000;
    scene.swapFree = 100_001;
    scene.untilItSleeps(nohang, scene.notesOf(nohang));
    assertThat(scene.signals).isEmpty();
    scene.swapFree = 100_000;
    scene.untilItSleeps(nohang, scene.notesOf(nohang));
    assertThat(scene.signals).containsExactly("TERM large");
  }

  @Test
  void lmkdIsWokenByStallsAndTakesTheLeastImportant() {
    Watcher lmkd = watcher("lmkd");
    Scene scene = scene();
    scene.process("cached", Sight.MACHINE, 910, 1300, 100, 0);
    scene.process("visible", Sight.MACHINE, 100, 1100, 100_000, 0);
    Notes notes = scene.notesOf(lmkd);
    scene.memFree = 1_200;
    scene.reclaimed = 10;
    scene.wake(lmkd, notes, -1);
    assertThat(scene.nextNs).isEqualTo(Span.FOREVER);
    assertThat(scene.signals).isEmpty();

    scene.nowNs = 5 * SECOND;
    scene.wake(lmkd, notes, 0);
    assertThat(scene.signals).containsExactly("KILL cached");
    assertThat(scene.next).isEqualTo("release");
  }

  @Test
  void lmkdSparesWhoIsPerceptibleWhileItCan() {
    Watcher lmkd = watcher("lmkd");
    Scene scene = scene();
    scene.process("visible", Sight.MACHINE, 100, 1100, 100_000, 0);
    Notes notes = scene.notesOf(lmkd);
    scene.memFree = 1_200;
    scene.reclaimed = 10;
    scene.nowNs = 5 * SECOND;
    scene.wake(lmkd, notes, 0);
    assertThat(scene.signals).isEmpty();

    scene.reclaimed = 20;
    scene.wake(lmkd, notes, 1); // full: the device does not respond
    assertThat(scene.signals).hasSize(1);
  }

  @Test
  void theKubeletEvictsWhoExceedsItsRequest() {
    DaemonSettings settings = DaemonSettings.of("kubelet");
    Section pods =
        Section.of(Objects.requireNonNull(settings.root().table().part("pods")).table().get());
    Section root =
        settings
            .root()
            .plus("pods", pods.with("name", "web", null).with("priority", "100", null))
            .plus("pods", pods.with("name", "batch", null));
    Watcher kubelet = watcher(new DaemonSettings("kubelet", root));
    Scene scene = scene();
    int web = scene.cgroup("web", Sight.MACHINE, 500_000, 0, 0);
    int batch = scene.cgroup("batch", Sight.MACHINE, 100_000, 0, 0);
    scene.process("nginx", web, 0, 900, 500_000, 0);
    scene.process("job", batch, 0, 700, 100_000, 0);
    scene.fileList = 0;
    scene.memFree = 25_600;
    Notes notes = scene.notesOf(kubelet);
    scene.untilItSleeps(kubelet, notes);
    assertThat(scene.signals).isEmpty();
    assertThat(scene.nextNs).isEqualTo(10 * SECOND);

    scene.memFree = 25_599;
    scene.untilItSleeps(kubelet, notes);
    assertThat(scene.signals).containsExactly("TERM job");
  }

  @Test
  void aRuleHoldsForAsLongAsItSays() {
    Watcher rule = watcher("rule", "psi_above=20%", "lasting=5s");
    Scene scene = scene();
    Notes notes = scene.notesOf(rule);
    scene.full10 = 2_001;
    scene.nowNs = SECOND;
    while (scene.signals.isEmpty() && scene.nowNs < 60 * SECOND) {
      scene.untilItSleeps(rule, notes);
    }
    assertThat(scene.signals).containsExactly("KILL large");
    assertThat(scene.nowNs).isBetween(6 * SECOND, 8 * SECOND);
  }

  @Test
  void oomdPausesTheRulesetThatHasKilled() {
    DaemonSettings settings = DaemonSettings.of("oomd");
    Section ruleset =
        Section.of(Objects.requireNonNull(settings.root().table().part("rulesets")).table().get());
    Section group =
        Section.of(Objects.requireNonNull(ruleset.table().part("detectors")).table().get());
    Section swap =
        Section.of(
                Objects.requireNonNull(
                    Objects.requireNonNull(group.table().part("plugins")).of("swap_free")))
            .with("name", "swap_free", null)
            .with("threshold_pct", "15%", null);
    Section kill =
        Section.of(
                Objects.requireNonNull(
                    Objects.requireNonNull(ruleset.table().part("actions"))
                        .of("kill_by_swap_usage")))
            .with("name", "kill_by_swap_usage", null)
            .with("cgroup", "user.slice/*/*", null);
    Section whole = ruleset.plus("detectors", group.plus("plugins", swap)).plus("actions", kill);
    Watcher oomd = watcher(new DaemonSettings("oomd", settings.root().plus("rulesets", whole)));
    Scene scene = session();
    scene.swapFree = 100_000;
    Notes notes = scene.notesOf(oomd);
    scene.untilItSleeps(oomd, notes);
    scene.untilItSleeps(oomd, notes);
    scene.untilItSleeps(oomd, notes);
    assertThat(scene.signals).containsExactly("KILL tab");
    scene.untilItSleeps(oomd, notes);
    assertThat(scene.signals).containsExactly("KILL tab", "KILL tab");
  }

  @Test
  void whatCannotBePlayedIsRefused() {
    DaemonSettings settings = DaemonSettings.of("oomd");
    Section ruleset =
        Section.of(Objects.requireNonNull(settings.root().table().part("rulesets")).table().get());
    Section senpai =
        Section.of(
                Objects.requireNonNull(
                    Objects.requireNonNull(ruleset.table().part("actions")).of("senpai")))
            .with("name", "senpai", null);
    DaemonSettings with =
        new DaemonSettings(
            "oomd", settings.root().plus("rulesets", ruleset.plus("actions", senpai)));
    assertThatThrownBy(() -> Watchers.of(with))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("senpai");
  }

  // All.

  @Property(tries = 300)
  void whateverItSeesItWaitsForOneThingAndSparesInitAndItself(
      @ForAll @IntRange(max = 100) int memory,
      @ForAll @IntRange(max = 100) int swap,
      @ForAll @IntRange(max = 100) int full,
      @ForAll @IntRange(max = 6) int kind,
      @ForAll boolean hasSwap) {
    List<String> kinds = Daemons.kinds();
    Watcher watcher = watcher(kinds.get(kind % kinds.size()));
    Scene scene = session();
    Notes notes = scene.notesOf(watcher);
    for (int i = 0; i < 40; i++) {
      low(scene, (memory + 7 * i) % 101, (swap + 13 * i) % 101);
      scene.memFree = scene.memAvailable / 2;
      scene.swapTotal = hasSwap ? 1_000_000 : 0;
      scene.swapFree = Math.min(scene.swapFree, scene.swapTotal);
      scene.full10 = (full + i) % 101 * 100;
      scene.some10 = scene.full10;
      scene.reclaimed += 5;
      scene.wake(watcher, notes, watcher.triggers().isEmpty() ? -1 : i % 3 - 1);
      scene.nowNs += SECOND / 4;
      assertThat(scene.nextNs).isNotNegative();
    }
    assertThat(scene.signals).noneMatch(each -> each.endsWith(" init") || each.endsWith(" self"));
  }
}
