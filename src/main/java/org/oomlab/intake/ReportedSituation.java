package org.oomlab.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.oomlab.intake.OomReport.Kill;
import org.oomlab.intake.Specs.Draftee;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.Claim;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Workload;

/**
 * The situation an OOM report tells of, as a workload that begins at the moment of the report: who
 * asked for memory asks at once, and there is none.
 */
public final class ReportedSituation {
  private static final long UNKNOWN = OomReport.UNKNOWN;
  private static final long GIB = 1L << 18;

  /** The process that stands for what a cgroup is charged for beside its processes. */
  public static final String REST_OF_CGROUP = "rest-of-the-cgroup";

  private final OomReport report;
  private final KernelVersion version;
  private final Wishes wishes;
  private final long factor;
  private final Remarks remarks = new Remarks();
  private final ReportedProcesses processes;
  private final List<CgroupSpec> cgroups = new ArrayList<>();

  /**
   * What the caller decides.
   *
   * @param name of the workload
   * @param source where the report was, for people
   * @param costs name of a cost file
   * @param policy the policy to claim the victim under, or null: that of the kernel's version
   * @param isPolicy whether there is a policy of a name
   */
  public record Wishes(
      String name,
      String source,
      String costs,
      @Nullable String policy,
      Predicate<String> isPolicy) {}

  private ReportedSituation(OomReport report, Wishes wishes) {
    this.report = report;
    this.wishes = wishes;
    this.version = KernelVersion.of(report);
    this.factor = PageSize.of(report) / Bytes.PAGE;
    this.processes = new ReportedProcesses(report, version, factor, remarks);
  }

  /**
   * The policy that is nearest to the kernel that made a report, by the version it printed or else
   * by the form of its lines.
   *
   * @param isPolicy whether there is a policy of a name
   */
  public static String policyOf(OomReport report, Predicate<String> isPolicy) {
    String policy = KernelVersion.of(report).policy();
    return isPolicy.test(policy) ? policy : KernelVersion.NEWEST;
  }

  /** Makes the workload of a report, whatever of it there is. */
  public static Draft draft(OomReport report, Wishes wishes) {
    return new ReportedSituation(report, wishes).draft();
  }

  private Draft draft() {
    Draftee invoker = processes.draft();
    MachineSpec machine = report.isMemcg() ? cgroupMachine() : globalMachine();
    Ranking ranking = new Ranking(report, version, processes, invoker);
    long total = report.isMemcg() ? cgroups.get(0).limit() : machine.memory() + machine.swap();
    String named = wishes.policy();
    String policy = named == null ? policyOf(report, wishes.isPolicy()) : named;
    List<Claim> claims =
        new ReportedClaims(report, processes, remarks, wishes.source(), policy)
            .claims(ranking.remark(total));
    Kill victim = report.victim();
    String fate =
        victim != null
            ? victim.name() + " (" + victim.pid() + ") is killed"
            : report.nobody() ? "nobody can be killed" : "the log does not say who is killed";
    String asked = report.header() == null ? "" : report.header().invoker();
    String kernel = report.kernel().isEmpty() ? "of an unknown version" : report.kernel();
    introduce(kernel, policy);
    Workload workload =
        new Workload(
            wishes.name(),
            (asked.isEmpty() ? "somebody" : asked) + " asks for memory, " + fate,
            wishes.source() + ", line " + report.line() + "; kernel " + kernel,
            wishes.costs(),
            300 * Span.SECOND,
            machine,
            cgroups,
            List.of(),
            List.of(),
            processes.all().stream().map(Draftee::spec).toList(),
            claims,
            null,
            Doubts.of(report));
    return new Draft(workload, remarks.comments());
  }

  private void introduce(String kernel, String policy) {
    remarks.say(
        "",
        "Made by oomlab import oom-report from "
            + wishes.source()
            + ", line "
            + report.line()
            + (report.time().isEmpty() ? "" : " (" + report.time() + ")")
            + ".");
    OomReport.Header header = report.header();
    if (header != null) {
      remarks.say(
          "",
          "Kernel "
              + kernel
              + "; gfp_mask "
              + header.gfpMask()
              + ", order "
              + (header.order() == null ? "unknown" : header.order())
              + ".");
    } else {
      remarks.say(
          "", "Kernel " + kernel + "; the line that says who asked for what is not in the log.");
    }
    String doubt = wishes.policy() == null ? version.remark(report.kernel(), policy) : "";
    remarks.say("", "Policy: " + policy + (doubt.isEmpty() ? "" : "; " + doubt) + ".");
    remarks.say("", "To see what it makes of this: oomlab explain FILE -p " + policy);
    if (report.choice() != null) {
      remarks.say(
          "",
          "Constraint: "
              + report.choice().constraint()
              + (report.choice().taskMemcg().isEmpty()
                  ? ""
                  : "; the victim was in cgroup " + report.choice().taskMemcg())
              + ".");
    }
    if (factor > 1) {
      remarks.say("", "The kernel's pages are of " + factor * 4 + "KiB; a page here is of 4KiB.");
    }
    if (report.unread() > 0) {
      remarks.say("", report.unread() + " rows of the task table could not be read.");
    }
    if (report.slips() > 0) {
      remarks.say("", report.slips() + " figures that no machine has were left out.");
    }
    if (!remarks.guesses().isEmpty()) {
      remarks.say("", "What the log does not tell, and what was taken instead:");
      remarks.guesses().forEach(guess -> remarks.say("", "- " + guess));
    }
  }

  private long sumOf(java.util.function.ToLongFunction<Draftee> part) {
    return processes.all().stream().mapToLong(part).sum();
  }

  /** Makes everything fit in so many pages. */
  private void fit(long room, String where) {
    Footprints footprints =
        new Footprints(
            room - sumOf(d -> d.tables),
            sumOf(d -> d.anon),
            sumOf(d -> d.file),
            sumOf(d -> d.shmem));
    if (footprints.areShared()) {
      processes.all().forEach(draftee -> draftee.share(footprints));
      remarks.guess(
          "which pages are shared: together more is resident than fits in "
              + where
              + ", so of each process a part is borrowed");
    }
  }

  private MachineSpec globalMachine() {
    OomReport.Memory memory = report.memory();
    ReportedMemory figures = new ReportedMemory(memory, factor);
    long managed = figures.managed();
    long free = figures.free();
    if (free < 0) {
      free = 4096;
      remarks.guess(
          "free memory and watermarks: 16MiB, as little as an ordinary request must leave");
    }
    long swap = figures.swap();
    long swapped = sumOf(d -> d.swap);
    if (swap < swapped) {
      if (swap >= 0) {
        remarks.guess("swap: more is swapped out than there is, so it is as large as that");
      } else if (swapped > 0) {
        remarks.guess("swap: as large as what is in it");
      }
      swap = swapped;
    }
    if (managed < 0) {
      managed = (sumOf(Draftee::takes) + free) / 4 * 5 / GIB * GIB + GIB;
      remarks.guess("how much memory there is: " + Bytes.format(managed));
    } else if (managed < free + sumOf(d -> d.tables)) {
      managed = free + sumOf(d -> d.tables) + 1;
    }
    fit(managed - free, "memory");
    long min = figures.min() < 0 ? free : figures.min();
    long low = figures.min() < 0 ? min + min / 4 : figures.low();
    long high = figures.min() < 0 ? min + min / 2 : figures.high();
    figures.explain(remarks::say);
    MachineSpec machine =
        Specs.machine(
            managed,
            free,
            min,
            Math.max(min, low),
            Math.max(Math.max(min, low), high),
            Math.max(0, free - min),
            swap,
            2);
    return machine;
  }

  /** The machine of a full cgroup, which the kernel does not describe. */
  private MachineSpec cgroupMachine() {
    OomReport.Cgroup cgroup = report.memcg();
    String path = Specs.clean(report.oomCgroup().isEmpty() ? "cgroup" : report.oomCgroup());
    processes.all().forEach(draftee -> draftee.cgroup = path);
    boolean limited =
        cgroup != null && cgroup.limitKb() >= 0 && cgroup.limitKb() < MemcgParser.NO_LIMIT_KB;
    long limit = limited ? cgroup.limitKb() / 4 : sumOf(Draftee::takes);
    if (!limited) {
      remarks.guess("the limit of the cgroup: what its processes hold");
    }
    long tables = sumOf(d -> d.tables);
    if (limit <= tables) {
      limit = tables + 1;
      remarks.guess("the limit had to be raised above the page tables alone");
    }
    fit(limit, "the cgroup");
    long rest = limit - sumOf(Draftee::takes);
    if (rest > 0) {
      Draftee others =
          processes.add(
              REST_OF_CGROUP,
              UNKNOWN,
              "no process: what the cgroup is charged for besides, page cache and kernel memory");
      others.adj = -1000;
      others.shmem = rest;
      others.cgroup = path;
    }
    group(path, limit);
    long swapped = sumOf(d -> d.swap);
    long swap = swapped;
    long memory = (limit / 2 * 3) / GIB * GIB + GIB;
    remarks.guess("the machine, of which such a report says nothing: " + Bytes.format(memory));
    if (swapped > 0) {
      remarks.guess("swap: as large as what is in it");
    }
    return Specs.machine(memory, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 0, swap, 2);
  }

  /** The cgroup, and the one below it that was killed as one, if it was another. */
  private void group(String path, long limit) {
    String group = Specs.clean(report.groupCgroup());
    boolean whole = report.isGroup() && group.equals(path);
    cgroups.add(new CgroupSpec(path, null, limit, whole, false));
    if (report.isGroup() && !whole) {
      cgroups.add(new CgroupSpec(group, path, Long.MAX_VALUE, true, false));
      for (Kill kill : report.kills()) {
        Draftee member = processes.of(kill.pid());
        if (member != null) {
          member.cgroup = group;
        }
      }
    }
  }
}
