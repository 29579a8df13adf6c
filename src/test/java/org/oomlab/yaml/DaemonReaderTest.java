package org.oomlab.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.handler.Handler;
import org.oomlab.policy.Policy;
import org.oomlab.yaml.tree.ProblemException;
import org.oomlab.yaml.tree.Setting;

/** What a policy may say of a daemon and of handlers, and what it may not. */
class DaemonReaderTest {
  private static final Library LIBRARY = Library.open(null);

  @TempDir Path folder;

  private Policy read(String more, String... set) {
    Path file = folder.resolve("mine.yaml");
    try {
      Files.writeString(
          file, "policy: mine\ntitle: mine\nsource: ours\nextends: linux-7.2\n" + more);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    List<Setting> settings = Stream.of(set).map(Setting::parse).toList();
    return LIBRARY
        .withSettings(settings)
        .resolvePolicies(List.of(file.toString()), Notes.NONE)
        .get(0);
  }

  private DaemonSettings daemon(String more, String... set) {
    return Objects.requireNonNull(read(more, set).daemon());
  }

  @Test
  void whatIsSaidIsSetAndTheRestIsDefault() {
    DaemonSettings daemon = daemon("daemon: {kind: earlyoom, mem_min_percent: 4%}\n");

    assertThat(daemon.get("mem_min_percent").isSet()).isTrue();
    assertThat(daemon.get("mem_kill_percent").number()).isEqualTo(2);
    assertThat(daemon.get("mem_kill_percent").isSet()).isFalse();
    assertThat(daemon.get("swap_min_percent").number()).isEqualTo(10);
  }

  @Test
  void aPolicyChangesTheDaemonOfWhatItExtends() {
    Policy policy = LIBRARY.resolvePolicies(List.of("nohang-desktop"), Notes.NONE).get(0);

    DaemonSettings daemon = Objects.requireNonNull(policy.daemon());
    assertThat(daemon.kind()).isEqualTo("nohang");
    assertThat(daemon.get("psi_checking_enabled").flag()).isTrue();
  }

  @Test
  void itsOptionsAreSetByLongNamesAndShortOnes() {
    String earlyoom = "daemon: {kind: earlyoom}\n";

    assertThat(daemon(earlyoom, "daemon.mem_min_percent=7%").get("-m").number()).isEqualTo(7);
    assertThat(daemon(earlyoom, "-m=7").get("mem_min_percent").number()).isEqualTo(7);
    assertThat(daemon(earlyoom, "daemon.process.locked=false").process().flag("locked")).isFalse();
  }

  @Test
  void whatIsWrittenIsReadBackAsTheSame() {
    for (String name :
        List.of("earlyoom", "systemd-oomd", "oomd", "nohang-desktop", "bpf-nested")) {
      Policy policy = LIBRARY.resolvePolicies(List.of(name), Notes.NONE).get(0);
      Path file = folder.resolve(name + ".yaml");
      try {
        Files.writeString(file, PolicyWriter.write(policy));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      Policy back = LIBRARY.resolvePolicies(List.of(file.toString()), Notes.NONE).get(0);
      assertThat(back.daemon()).as(name).isEqualTo(policy.daemon());
      assertThat(back.handlers()).as(name).isEqualTo(policy.handlers());
    }
  }

  @Test
  void aPlaceOfWhichNothingIsSaidIsOnePlaceMore() {
    Policy policy =
        read("daemon: {kind: kubelet, pods: [{}, {name: a}, {containers: [{}]}, {}]}\n");
    Path file = folder.resolve("back.yaml");
    try {
      Files.writeString(file, PolicyWriter.write(policy.named("back")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }

    Policy back = LIBRARY.resolvePolicies(List.of(file.toString()), Notes.NONE).get(0);
    assertThat(back.daemon()).isEqualTo(policy.daemon());
    assertThat(Objects.requireNonNull(back.daemon()).root().parts("pods")).hasSize(4);
  }

  @Test
  void whatGoesToAnotherMachineArrivesAsTheSame() throws Exception {
    for (String name : List.of("earlyoom", "systemd-oomd", "oomd", "bpf-nested")) {
      Policy policy = LIBRARY.resolvePolicies(List.of(name), Notes.NONE).get(0);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(policy);
      }
      Policy back;
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        back = (Policy) in.readObject();
      }
      assertThat(back.daemon()).as(name).isEqualTo(policy.daemon());
      assertThat(back.handlers()).as(name).isEqualTo(policy.handlers());
    }
  }

  @Test
  void handlersComeInTheOrderOfTheFile() {
    Policy policy =
        read(
            "handlers: [{name: a, cgroup: x, do: decline}, {name: b, cgroup: /, do: kill_task}]\n");

    assertThat(policy.handlers()).extracting(Handler::name).containsExactly("a", "b");
    assertThat(policy.handlers()).extracting(Handler::cgroup).containsExactly("x", "");
  }

  private record Wrong(String what, String text, String words) {}

  @TestFactory
  Stream<DynamicTest> whatIsWrongIsSaidWithItsPlace() {
    return Stream.of(
            new Wrong("no kind", "daemon: {mem_min_percent: 4%}", "kind is missing"),
            new Wrong("another kind", "daemon: {kind: earlyom}", "did you mean earlyoom"),
            new Wrong("another option", "daemon: {kind: earlyoom, mem_min_pct: 4%}", "mem_min_pct"),
            new Wrong("no unit", "daemon: {kind: earlyoom, mem_min_percent: 4}", "with its sign"),
            new Wrong("too much", "daemon: {kind: earlyoom, mem_min_percent: 101%}", "0% to 99%"),
            new Wrong(
                "another flag", "daemon: {kind: nohang, psi_checking_enabled: 1}", "true or false"),
            new Wrong("no daemon", "daemon: earlyoom", "or none"),
            new Wrong(
                "a plugin that nobody knows",
                "daemon: {kind: oomd, rulesets: [{actions: [{name: kill_all}]}]}",
                "no such actions"),
            new Wrong(
                "what cannot be played",
                "daemon: {kind: oomd, rulesets: [{actions: [{name: senpai}]}]}",
                "cannot be played"),
            new Wrong(
                "levels that are none",
                "daemon: {kind: lmkd, minfree_levels: 18432}",
                "pairs pages:adj"),
            new Wrong(
                "levels beyond what there can be",
                "daemon: {kind: lmkd, minfree_levels: '99999999999:0'}",
                "pairs pages:adj"),
            new Wrong("a handler without a name", "handlers: [{do: decline}]", "name is missing"),
            new Wrong(
                "a promise without a time", "handlers: [{name: a, do: promise}]", "promise is"),
            new Wrong(
                "a victim of nobody",
                "handlers: [{name: a, do: decline, by: size}]",
                "kills nobody"))
        .map(
            wrong ->
                DynamicTest.dynamicTest(
                    wrong.what(),
                    () ->
                        assertThatThrownBy(() -> read(wrong.text() + "\n"))
                            .isInstanceOf(ProblemException.class)
                            .hasMessageContaining(wrong.words())
                            .hasMessageContaining("mine.yaml:5:")));
  }

  @Test
  void whatNoDaemonHereTakesIsRefused() {
    assertThatThrownBy(() -> read("", "daemon.mem_min_percent=7%"))
        .hasMessageContaining("no policy here has a daemon that takes it");
    assertThatThrownBy(() -> read("daemon: {kind: earlyoom}\n", "daemon.mem_min=5%"))
        .hasMessageContaining("expected a size");
    assertThatThrownBy(() -> read("daemon: {kind: earlyoom}\n", "daemon.memory=5%"))
        .hasMessageContaining("no daemon has this option");
  }
}
