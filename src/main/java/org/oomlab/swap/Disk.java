package org.oomlab.swap;

/**
 * A block device that serves requests in the order in which they come: one server. What it takes
 * grows with the pages of a request, and a request has a least time of its own.
 */
public final class Disk {
  private static final long SECOND = 1_000_000_000L;

  private final long readPagesPerSecond;
  private final long writePagesPerSecond;
  private final long requestNs;

  private long freeAtNs;
  private long busyNs;

  /**
   * An idle device.
   *
   * @param readPagesPerSecond pages it reads in a second, more than none
   * @param writePagesPerSecond pages it writes in a second, more than none
   * @param requestNs the least time of a request: its latency, or what a limit of requests leaves
   */
  public Disk(long readPagesPerSecond, long writePagesPerSecond, long requestNs) {
    this.readPagesPerSecond = readPagesPerSecond;
    this.writePagesPerSecond = writePagesPerSecond;
    this.requestNs = requestNs;
  }

  /** Forgets what it was at. */
  public void clear() {
    freeAtNs = 0;
    busyNs = 0;
  }

  /** Makes this device's state that of {@code that}, which is as fast. */
  public void copyFrom(Disk that) {
    freeAtNs = that.freeAtNs;
    busyNs = that.busyNs;
  }

  /**
   * Pages are to be read.
   *
   * @param requests in how many requests
   * @return when they are all there
   */
  public long read(long nowNs, long pages, long requests) {
    return serve(nowNs, Math.max(pages * SECOND / readPagesPerSecond, requests * requestNs));
  }

  /**
   * Pages are to be written, next to one another.
   *
   * @return when they are all written
   */
  public long write(long nowNs, long pages) {
    return serve(nowNs, Math.max(pages * SECOND / writePagesPerSecond, requestNs));
  }

  private long serve(long nowNs, long ns) {
    freeAtNs = Math.max(freeAtNs, nowNs) + ns;
    busyNs += ns;
    return freeAtNs;
  }

  /** How long it has been at work, or will have been when it is done with what it has. */
  public long busyNs() {
    return busyNs;
  }
}
