package org.oomlab.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.experiment.daemon.Guarding;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Position;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Claim;
import org.oomlab.workload.Claim.Expectation;
import org.oomlab.workload.Costs;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.Workload;

/** Made-up workloads, policies and outcomes. */
public final class Samples {
  private static final Quantity NOTHING = new Constant(0);

  private Samples() {}

  /**
   * A machine of 4 GiB with processes {@code a}, {@code b} and {@code pool[0]}, {@code pool[1]}.
   */
  public static Workload workload(String name, Claim... claims) {
    return new Workload(
        name,
        "Nothing in particular",
        "made up",
        "reference",
        300_000_000_000L,
        new MachineSpec(1 << 20, -1, -1, -1, -1, 10, 0, 0, NOTHING, NOTHING, NOTHING, 2, 250),
        List.of(),
        List.of("X"),
        List.of("F"),
        List.of(process("a", 1), process("b", 1), process("pool", 2)),
        Arrays.asList(claims),
        null);
  }

  private static ProcessSpec process(String name, int count) {
    return new ProcessSpec(
        name,
        count,
        0,
        false,
        false,
        false,
        false,
        null,
        null,
        false,
        null,
        ProcessSpec.Freezer.NONE,
        NOTHING,
        List.of(),
        NOTHING,
        NOTHING,
        NOTHING,
        false,
        1_000_000_000L,
        Long.MAX_VALUE / 4,
        0,
        List.of(new ThreadSpec(name, 1, null, List.of()), new ThreadSpec("T", 2, null, List.of())));
  }

  /** Costs of nothing. */
  public static Costs costs() {
    return new Costs(
        "reference",
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        new Quantity.Constant(1_000),
        false,
        false,
        false,
        false,
        Integer.MAX_VALUE,
        false,
        null);
  }

  /** A policy in which every knob is 0. */
  public static Policy policy(String name) {
    return new Policy(
        new Policy.About(name, "", "", "", "", List.of(), ""),
        new long[Knobs.all().size()],
        new TreeMap<>());
  }

  /** A case of the three above. */
  public static Experiment.Case of(String workload, String policy) {
    return new Experiment.Case(workload(workload), costs(), policy(policy));
  }

  /** A claim about {@code new} at seeds 1 to 4. */
  public static Claim claim(String metric, String text) {
    return claim(metric, text, List.of());
  }

  /** The same about variants of a workload. */
  public static Claim claim(String metric, String text, List<Claim.Variant> vary) {
    return new Claim(
        at(1),
        List.of("new"),
        new SeedRange(1, 4),
        "so it is",
        "",
        "",
        "",
        vary,
        List.of(new Expectation(at(2), metric, text)));
  }

  private static Position at(int line) {
    return new Position("w.yaml", line, 3);
  }

  /** A kill that was needed. */
  public static KillRecord kill(String victim, long atNs) {
    return new KillRecord(victim, atNs, 230_412, "a", "worst", 16_384, -1, false, false);
  }

  /** A kill that would have been spared after a wait. */
  public static KillRecord extra(String victim, long atNs, long waitNs) {
    return new KillRecord(
        victim, atNs, 230_377, "a", "worst", 16_330, waitNs, waitNs <= 1_000_000_000L, true);
  }

  /** An outcome in which all is 0 or absent. */
  public static Builder outcome(String policy, long seed) {
    return new Builder(policy, seed);
  }

  /** Makes an outcome figure by figure. */
  public static final class Builder {
    private final String policy;
    private final long seed;
    private String workload = "w";
    private Verdict verdict = Verdict.RECOVERED;
    private @Nullable String panicText;
    private final List<KillRecord> kills = new ArrayList<>();
    private boolean judged = true;
    private long recoveryNs = -1;
    private long livelockSinceNs = -1;
    private long reserveMinPages = -1;
    private double workLost;
    private long freedByExitPages;
    private long digest;

    private Builder(String policy, long seed) {
      this.policy = policy;
      this.seed = seed;
    }

    public Builder workload(String name) {
      workload = name;
      return this;
    }

    public Builder panic(String text) {
      verdict = Verdict.PANIC;
      panicText = text;
      return this;
    }

    public Builder verdict(Verdict how) {
      verdict = how;
      return this;
    }

    public Builder kill(KillRecord kill) {
      kills.add(kill);
      return this;
    }

    public Builder unjudged() {
      judged = false;
      return this;
    }

    public Builder recovery(long nanos) {
      recoveryNs = nanos;
      return this;
    }

    public Builder livelockSince(long nanos) {
      livelockSinceNs = nanos;
      return this;
    }

    public Builder reserveMin(long pages) {
      reserveMinPages = pages;
      return this;
    }

    public Builder workLost(double units) {
      workLost = units;
      return this;
    }

    public Builder freedByExit(long pages) {
      freedByExitPages = pages;
      return this;
    }

    public Builder digest(long value) {
      digest = value;
      return this;
    }

    public Outcome build() {
      return new Outcome(
          workload,
          policy,
          seed,
          verdict,
          panicText,
          kills,
          judged,
          kills.size(),
          kills.size(),
          0,
          kills.isEmpty() ? -1 : 5_000_000,
          kills.isEmpty() ? -1 : 5_000_000 + kills.get(0).atNs(),
          recoveryNs,
          -1,
          -1,
          -1,
          -1,
          0,
          0,
          0,
          workLost,
          0,
          reserveMinPages,
          freedByExitPages,
          0,
          0,
          kills.size(),
          0,
          livelockSinceNs,
          -1,
          -1,
          digest,
          100,
          0,
          0,
          0,
          0,
          0,
          null,
          Guarding.NONE);
    }
  }
}
