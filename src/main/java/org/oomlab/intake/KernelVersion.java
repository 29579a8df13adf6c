package org.oomlab.intake;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel's version, as far as policies tell versions apart.
 *
 * @param major the first number
 * @param minor the second
 */
record KernelVersion(int major, int minor) {
  /** The oldest for which there is a policy. */
  private static final KernelVersion OLDEST = new KernelVersion(4, 5);

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
      return new KernelVersion(0, 0);
    }
    long major = Text.leading(release, 0);
    long minor = Text.leading(release, dot + 1);
    boolean possible = major > 0 && major < 100 && minor >= 0 && minor < 100;
    return possible ? new KernelVersion((int) major, (int) minor) : new KernelVersion(0, 0);
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
      return new KernelVersion(4, 19);
    }
    boolean splits = report.tasks().stream().anyMatch(task -> task.anon() >= 0);
    boolean beforeUid = victim != null && victim.shmemKb() >= 0 && victim.uid() < 0 && !splits;
    return report.choice() != null && beforeUid ? new KernelVersion(5, 0) : new KernelVersion(0, 0);
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
    return "linux-" + major + "." + minor;
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
    return policy.equals(policy()) ? "" : "there is none for " + release;
  }

  /** Whether badness counts the page of PUDs that the simulator adds by itself. */
  boolean countsAllLevels() {
    return !isBefore(4, 15);
  }
}
