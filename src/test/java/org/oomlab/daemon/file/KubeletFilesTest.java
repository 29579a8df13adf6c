package org.oomlab.daemon.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.yaml.tree.ProblemException;

class KubeletFilesTest {
  private static final String HEAD =
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  private static Told config(String yaml) {
    return Told.of("kubelet", "config.yaml", HEAD + yaml);
  }

  private static Told flags(String flags) {
    return Told.of("kubelet", "kubelet", "KUBELET_EXTRA_ARGS=\"" + flags + "\"\n");
  }

  @Test
  void nothingSetIsAllDefaults() {
    Told told = config("maxPods: 30\n");
    assertThat(told.remarks()).isEmpty();
    assertThat(told.at("evictionHard.memory.available")).isEqualTo("100MiB default");
    assertThat(told.at("evictionHard.nodefs.inodesFree")).isEqualTo("5% default");
    assertThat(told.at("evictionSoft.memory.available")).isEqualTo("unset");
    assertThat(told.at("evictionPressureTransitionPeriod")).isEqualTo("300s default");
    assertThat(told.at("failSwapOn")).isEqualTo("true default");
  }

  @Test
  void oneHardThresholdTurnsTheOthersOffUnlessTheyAreMerged() {
    Told told = config("evictionHard:\n  memory.available: 250Mi\n");
    assertThat(told.at("evictionHard.memory.available")).isEqualTo("250MiB set");
    assertThat(told.at("evictionHard.nodefs.available")).isEqualTo("unset");
    assertThat(told.remarks()).anyMatch(line -> line.contains("those that are not are off"));

    Told merged =
        config("mergeDefaultEvictionSettings: true\nevictionHard:\n  memory.available: 250Mi\n");
    assertThat(merged.at("evictionHard.nodefs.available")).isEqualTo("10% default");
    assertThat(merged.remarks()).isEmpty();

    Told none = config("evictionHard: {}\n");
    assertThat(none.at("evictionHard.memory.available")).isEqualTo("0% set");
    assertThat(none.at("evictionHard.nodefs.available")).isEqualTo("unset");
  }

  @Test
  void flagsInAUnitGoOnInTheNextLineAndGoBeforeTheFile() {
    Told told =
        Told.of(
            "kubelet",
            "kubelet.service",
            "[Service]\nOOMScoreAdjust=-900\nExecStart=/usr/bin/kubelet \\\n"
                + "  --eviction-hard=memory.available<3%,nodefs.available<1Gi \\\n"
                + "  --eviction-soft memory.available<6% \\\n"
                + "  --eviction-soft-grace-period=memory.available=1m30s \\\n"
                + "  --eviction-max-pod-grace-period=45 --fail-swap-on=false\n",
            "config.yaml",
            HEAD + "evictionHard: {memory.available: 1Gi}\nfailSwapOn: true\n");
    assertThat(told.at("evictionHard.memory.available")).isEqualTo("3% set");
    assertThat(told.at("evictionHard.nodefs.available")).isEqualTo("1GiB set");
    assertThat(told.at("evictionSoftGracePeriod.memory.available")).isEqualTo("90s set");
    assertThat(told.at("evictionMaxPodGracePeriod")).isEqualTo("45s set");
    assertThat(told.at("failSwapOn")).isEqualTo("false set");
    assertThat(told.at("process.oom_score_adj")).isEqualTo("-900 set");
    assertThat(told.settings().get("evictionHard.nodefs.available").at().position().line())
        .isEqualTo(4);
  }

  @Test
  void whatStartsAKubeletHasItsOptionsWithin() {
    assertThat(
            Told.of(
                    "kubelet",
                    "k3s.yaml",
                    "kubelet-arg:\n- \"eviction-hard=memory.available<9%\"\n")
                .at("evictionHard.memory.available"))
        .isEqualTo("9% set");
    assertThat(
            Told.of(
                    "kubelet",
                    "kops.yaml",
                    "kind: Cluster\nspec:\n  kubelet:\n    evictionHard: memory.available<8%\n")
                .at("evictionHard.memory.available"))
        .isEqualTo("8% set");
    assertThat(
            Told.of(
                    "kubelet",
                    "kubeadm.yaml",
                    "kind: InitConfiguration\nnodeRegistration:\n  kubeletExtraArgs:\n"
                        + "    eviction-hard: memory.available<7%\n")
                .at("evictionHard.memory.available"))
        .isEqualTo("7% set");
  }

  @Test
  void flagsMayStandInLinesOfTheirOwn() {
    Told told =
        Told.of(
            "kubelet",
            "args/kubelet",
            "--fail-swap-on=false\n--eviction-hard=\"memory.available<150Mi,nodefs.available<1Gi\"\n");
    assertThat(told.at("evictionHard.memory.available")).isEqualTo("150MiB set");
    assertThat(told.at("failSwapOn")).isEqualTo("false set");
    assertThat(flags("--eviction-hard=\\\"\\\" --fail-swap-on").at("evictionHard.memory.available"))
        .isEqualTo("0% set");
  }

  @Test
  void podsHaveTheirRequestsLimitsAndClass() {
    Told told =
        Told.of(
            "kubelet",
            "pods.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: a}
            spec:
              priorityClassName: system-node-critical
              containers:
              - name: one
                resources:
                  limits: {memory: 256Mi, cpu: 500m}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: b, namespace: shop}
            spec:
              replicas: 3
              template:
                spec:
                  terminationGracePeriodSeconds: 5
                  containers:
                  - name: two
                    resources:
                      requests: {memory: 100M}
            ---
            kind: Pod
            metadata: {name: c}
            spec: {containers: [{name: three}]}
            """);
    assertThat(told.at("pods[0].qosClass")).isEqualTo("Guaranteed set");
    assertThat(told.at("pods[0].priority")).isEqualTo("2000001000 set");
    assertThat(told.at("pods[0].containers[0].requests.memory")).isEqualTo("256MiB default");
    assertThat(told.at("pods[1].qosClass")).isEqualTo("Burstable set");
    assertThat(told.at("pods[1].replicas")).isEqualTo("3 set");
    assertThat(told.at("pods[1].terminationGracePeriodSeconds")).isEqualTo("5s set");
    assertThat(told.at("pods[1].containers[0].requests.memory")).isEqualTo("100000000B set");
    assertThat(told.at("pods[2].qosClass")).isEqualTo("BestEffort set");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "evictionSoft: {memory.available: 1Gi};grace period must be specified",
        "evictionHard: {memory.available: 101%};expected 0% to 100%",
        "evictionHard: {memory.available: -1%};expected 0% to 100%",
        "evictionHard: {memory.available: 0};must be positive",
        "evictionHard: {memory.available: 500MB};expected a quantity such as 500Mi",
        "evictionHard: {memory.avaliable: 5%};did you mean memory.available?",
        "evictionHard: [a];expected signals with values",
        "evictionPressureTransitionPeriod: 5;expected a duration with its unit",
        "evictionMinimumReclaim: {memory.available: 0%};must be positive",
        "kubeReserved: {memory: lots};expected a quantity such as 250Mi",
        "oomScoreAdj: -1001;-1000 to 1000",
      })
  void whatItRefusesIsRefused(String yaml, String why) {
    Told told = config(yaml + "\n");
    assertThat(told.refused()).isTrue();
    assertThat(told.remarks()).anyMatch(line -> line.matches("3:.*") && line.contains(why));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--eviction-hard=memory.available=5%;malformed pair",
        "--eviction-hard=memory.available<150%;expected 0% to 100%",
        "--eviction-hrad=memory.available<5%;",
        "--eviction-sof=memory.available<5%;did you mean --eviction-soft?",
        "--eviction-soft=memory.available<5%;grace period must be specified",
      })
  void soAreItsFlags(String flag, String why) {
    Told told = flags(flag);
    assertThat(told.refused()).isTrue();
    if (why != null) {
      assertThat(told.remarks()).anyMatch(line -> line.startsWith("1:") && line.contains(why));
    }
  }

  @Test
  void thresholdsOfNothingAndOfEverythingAreDropped() {
    for (String share : new String[] {"0%", "100%"}) {
      Told told = config("evictionHard: {memory.available: \"" + share + "\"}\n");
      assertThat(told.refused()).isFalse();
      assertThat(told.at("evictionHard.memory.available")).isEqualTo("0% set");
      assertThat(told.remarks()).anyMatch(line -> line.contains("is dropped"));
    }
    assertThat(
            config("evictionPressureTransitionPeriod: 0s\n").at("evictionPressureTransitionPeriod"))
        .isEqualTo("300s default");
  }

  @Test
  void anUnknownFieldIsLeftOutWithAWarning() {
    Told told = config("evictionhard: {memory.available: 5%}\n");
    assertThat(told.refused()).isFalse();
    assertThat(told.at("evictionHard.memory.available")).isEqualTo("100MiB default");
    assertThat(told.remarks())
        .singleElement()
        .asString()
        .startsWith("3:1 ignored evictionhard")
        .contains("evictionHard would count");
  }

  @Test
  void aSoftThresholdBelowTheHardOneIsTold() {
    assertThat(
            config(
                    "evictionHard: {memory.available: 5%}\nevictionSoft: {memory.available: 4%}\n"
                        + "evictionSoftGracePeriod: {memory.available: 1m}\n")
                .remarks())
        .anyMatch(line -> line.contains("not above the hard one"));
  }

  @Test
  void aRequestAboveTheLimitAndThousandthsOfBytesAreSeen() {
    Told told =
        Told.of(
            "kubelet",
            "p.yaml",
            "kind: Pod\napiVersion: v1\nspec: {containers: [{name: a, resources: {requests: {memory: 2Gi},"
                + " limits: {memory: 1Gi}}}, {name: b, resources: {limits: {memory: 512m}}}]}\n");
    assertThat(told.remarks())
        .anyMatch(line -> line.contains("less than or equal to the limit"))
        .anyMatch(line -> line.contains("thousandth of a byte"));
  }

  @Test
  void aliasesThatAreNoneAndTagsDoNoHarm() {
    assertThatThrownBy(() -> config("evictionHard: &a {memory.available: *a}\n"))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith("config.yaml:3:");
    assertThat(config("evictionHard: !x {memory.available: 5%}\n").refused()).isFalse();
  }
}
