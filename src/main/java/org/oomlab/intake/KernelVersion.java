package org.oomlab.intake;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel's version, as far as policies tell versions apart.
 *
 * @param major the first number
 * @param minor the second
 * @param patch the third, or 0
 * @param debian it is named as Debian names its kernels, whose third number says nothing
 */
record KernelVersion(int major, int minor, int patch, boolean debian) {
  private static final KernelVersion UNKNOWN = new KernelVersion(0, 0, 0, false);

  /** The oldest for which there is a policy. */
  private static final KernelVersion OLDEST = new KernelVersion(4, 5, 0, false);

  /**
   * The release of 5.10's stable branch that was read, and has backports which 5.10 had not. What
   * came in which release before has not been looked up.
   */
  private static final int STABLE_5_10 = 223;

  /** {@code 5.10.0-30-cloud-amd64}: a number for the interface, and an architecture of Debian's. */
  private static final Pattern OF_DEBIAN =
      Pattern.compile(
          "\\d+\\.\\d+\\.0-\\d{1,2}-(?:cloud-|rt-)?(?:amd64|arm64|armmp|686|powerpc64le|s390x)\\b.*");

  /** The newest for which there is one. */
  static final String NEWEST = "linux-7.2";

  /** The first line of a boot: linux_banner of init/version.c. */
  static final String BANNER = "Linux version ";

  /** {@code Linux host 5.10.0-23-amd64 #1 SMP ...}, of uname -a. */
  private static final Pattern UNAME =
      Pattern.compile("^Linux \\S{1,255} (\\d{1,2}\\.\\d{1,2}\\S{0,100}) #\\d");

  /** The release that a line outside of reports tells, or empty. */
  static String release(String text) {
    if (text.startsWith("Linux ")) {
      if (text.startsWith(BANNER)) {
        String word = Text.between(text, BANNER, " ");
        return of(word).isKnown() ? word : "";
      }
      Matcher uname = UNAME.matcher(text);
      return uname.find() ? uname.group(1) : "";
    }
    boolean trace = text.startsWith("CPU:") || text.startsWith("Pid:") || text.startsWith("PID:");
    return trace ? ReportParser.version(text) : "";
  }

  /** The version that a report says, or else the one it has the form of. */
  static KernelVersion of(OomReport report) {
    KernelVersion printed = of(report.kernel());
    return printed.isKnown() ? printed : byForm(report);
  }

  /** The version at the beginning of a release such as {@code 5.10.0-rc3-next}; 0.0 if none. */
  static KernelVersion of(String release) {
    int dot = release.indexOf('.');
    if (dot <= 0) {
      return UNKNOWN;
    }
    long major = Text.leading(release, 0);
    long minor = Text.leading(release, dot + 1);
    if (major <= 0 || major >= 100 || minor < 0 || minor >= 100) {
      return UNKNOWN;
    }
    int second = release.indexOf('.', dot + 1);
    long patch = second < 0 ? 0 : Text.leading(release, second + 1);
    boolean third = patch > 0 && patch < 10_000 && second <= dot + 3;
    return new KernelVersion(
        (int) major, (int) minor, third ? (int) patch : 0, OF_DEBIAN.matcher(release).matches());
  }

  /**
   * The version of a report that does not say it, as near as the form of its lines tells; 0.0 if it
   * does not. The lines are those of dump_tasks() and __oom_kill_process().
   */
  static KernelVersion byForm(OomReport report) {
    OomReport.Kill victim = report.victim();
    boolean countsTables = report.tasks().stream().anyMatch(task -> task.tablePages() >= 0);
    // With the structured line of 5.0, it is the kill line that is cut short.
    boolean noShmem =
        report.choice() == null && victim != null && victim.anonKb() >= 0 && victim.shmemKb() < 0;
    if (countsTables || noShmem) {
      return OLDEST;
    }
    if (report.chosenPid() >= 0) {
      return new KernelVersion(4, 19, 0, false);
    }
    boolean splits = report.tasks().stream().anyMatch(task -> task.anon() >= 0);
    boolean beforeUid = victim != null && victim.shmemKb() >= 0 && victim.uid() < 0 && !splits;
    return report.choice() != null && beforeUid ? new KernelVersion(5, 0, 0, false) : UNKNOWN;
  }

  boolean isKnown() {
    return major > 0;
  }

  boolean isBefore(int otherMajor, int otherMinor) {
    return isKnown() && (major < otherMajor || (major == otherMajor && minor < otherMinor));
  }

  /** The policy that is nearest to what this kernel did. */
  String policy() {
    if (!isKnown()) {
      return NEWEST;
    }
    if (isBefore(OLDEST.major, OLDEST.minor)) {
      return "linux-" + OLDEST.major + "." + OLDEST.minor;
    }
    if (hasBackports()) {
      return "debian-5.10";
    }
    // The one branch in which a policy begins in the middle, with 6.19.10.
    boolean inTheMiddle = major == 6 && minor == 19 && patch > 0;
    return "linux-" + major + "." + minor + (inTheMiddle ? "." + patch : "");
  }

  private boolean hasBackports() {
    return major == 5 && minor == 10 && (debian || patch >= STABLE_5_10);
  }

  /**
   * What to say about a policy that is to stand for this version, or empty if it does.
   *
   * @param release what the log says, or empty
   * @param policy the policy
   */
  String remark(String release, String policy) {
    if (!isKnown()) {
      return "the log does not say which kernel this was";
    }
    if (release.isEmpty()) {
      return "the log does not say which kernel this was, but its lines have the form of that time";
    }
    if (isBefore(OLDEST.major, OLDEST.minor)) {
      return release + " is older than any policy, and this is the nearest";
    }
    if (hasBackports() && policy.equals(policy()) && patch != STABLE_5_10) {
      return "it is that of 5.10."
          + STABLE_5_10
          + "; what other releases of 5.10 have is not known";
    }
    return policy.equals(policy()) ? "" : "there is none for " + release;
  }

  /** Whether badness counts the page of PUDs that the simulator adds by itself. */
  boolean countsAllLevels() {
    return !isBefore(4, 15);
  }
}
