package org.oomlab.swap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiskTest {
  private static final long MS = 1_000_000L;

  @Test
  void requestsAreServedOneAfterAnother() {
    Disk disk = new Disk(5000, 1000, 0);
    assertThat(disk.write(0, 10)).isEqualTo(10 * MS);
    assertThat(disk.read(0, 5, 5)).isEqualTo(11 * MS);
    assertThat(disk.read(20 * MS, 5, 5)).isEqualTo(21 * MS);
    assertThat(disk.busyNs()).isEqualTo(12 * MS);
  }

  @Test
  void aRequestHasALeastTime() {
    Disk disk = new Disk(5000, 5000, 2 * MS);
    assertThat(disk.read(0, 1, 1)).isEqualTo(2 * MS);
    assertThat(disk.read(0, 32, 1)).isEqualTo(8_400_000L);
    assertThat(disk.read(0, 4, 4)).isEqualTo(16_400_000L);
  }

  @Test
  void whatIsWrittenComesFreeInItsOrder() {
    WriteQueue queue = new WriteQueue();
    for (int i = 1; i <= 100; i++) {
      queue.add(i, i * MS);
    }
    assertThat(queue.pages()).isEqualTo(5050);
    assertThat(queue.nextNs()).isEqualTo(MS);
    assertThat(queue.takeDone(3 * MS)).isEqualTo(6);
    assertThat(queue.whenDone(5)).isEqualTo(5 * MS);
    assertThat(queue.whenDone(1_000_000)).isEqualTo(100 * MS);
    WriteQueue copy = new WriteQueue();
    copy.copyFrom(queue);
    assertThat(copy.takeDone(100 * MS)).isEqualTo(5044);
    assertThat(copy.nextNs()).isEqualTo(Long.MAX_VALUE);
    assertThat(queue.pages()).isEqualTo(5044);
  }
}
