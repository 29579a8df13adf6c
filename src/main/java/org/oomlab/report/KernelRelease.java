package org.oomlab.report;

/**
 * The kernel whose log is imitated.
 *
 * @param major the first number of its version
 * @param minor the second
 */
record KernelRelease(int major, int minor) {
  /** What a policy that does not say which kernel it follows is taken for. */
  private static final KernelRelease NEWEST = new KernelRelease(6, 18);

  /** The release of a version such as 6.1 or 4.16.13; the newest if that is empty. */
  static KernelRelease of(String version) {
    if (version.isEmpty()) {
      return NEWEST;
    }
    String[] numbers = version.split("\\.", -1);
    return new KernelRelease(
        Integer.parseInt(numbers[0]), numbers.length > 1 ? Integer.parseInt(numbers[1]) : 0);
  }

  /** Whether it is this version or a later one. */
  boolean isSince(int otherMajor, int otherMinor) {
    return major > otherMajor || (major == otherMajor && minor >= otherMinor);
  }

  /** As uname -r says it. */
  @Override
  public String toString() {
    return major + "." + minor + ".0";
  }
}
