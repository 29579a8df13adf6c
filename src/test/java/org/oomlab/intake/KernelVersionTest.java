package org.oomlab.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which policy stands for a release that a log names. */
class KernelVersionTest {
  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "6.1.25, linux-6.1",
    "6.8.0-31-generic, linux-6.8",
    "6.19.8-arch1, linux-6.19.8",
    "6.19.10-1-default, linux-6.19.10",
    "6.19.0, linux-6.19",
    "7.1.3, linux-7.1",
    "5.10.0, linux-5.10",
    "5.10.100, linux-5.10",
    "5.10.223, debian-5.10",
    "5.10.0-30-cloud-amd64, debian-5.10",
    "5.10.0-1057-oem, linux-5.10",
    "3.10.0-1160.el7.x86_64, linux-4.5",
    "garbage, linux-7.2",
  })
  void aReleaseHasAPolicy(String release, String policy) {
    assertThat(KernelVersion.of(release).policy()).isEqualTo(policy);
  }

  @ParameterizedTest
  @CsvSource({"5.10.223, ''", "6.19.10, ''", "7.1.3, ''"})
  void nothingIsSaidWhereThePolicyIsThatKernel(String release, String remark) {
    KernelVersion version = KernelVersion.of(release);
    assertThat(version.remark(release, version.policy())).isEqualTo(remark);
  }

  @ParameterizedTest
  @CsvSource({"5.10.0-30-amd64", "5.10.230"})
  void itIsSaidThatOnlyOneReleaseOfTheStableBranchWasRead(String release) {
    KernelVersion version = KernelVersion.of(release);
    assertThat(version.remark(release, version.policy())).contains("5.10.223");
  }
}
