package org.oomlab.workload;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.oomlab.unit.Position;
import org.oomlab.unit.SeedRange;

/**
 * What a workload file says will happen under some policies.
 *
 * @param position where it stands
 * @param policies names of the policies it speaks of
 * @param seeds the episodes it speaks of
 * @param because why, in a sentence
 * @param says what somebody said about it, in a sentence, or empty
 * @param thread who said that, where and when, or empty
 * @param contradicts if the simulator does not bear that out: what comes of it instead and why; the
 *     expectations are then those of the simulator. Else empty
 * @param vary other values for the workload with each of which it is claimed; empty if it is
 *     claimed of the workload as it is
 * @param expectations what is claimed of each of these policies
 */
public record Claim(
    Position position,
    List<String> policies,
    SeedRange seeds,
    String because,
    String says,
    String thread,
    String contradicts,
    List<Variant> vary,
    List<Expectation> expectations) {

  public Claim {
    policies = List.copyOf(policies);
    vary = List.copyOf(vary);
    expectations = List.copyOf(expectations);
  }

  /**
   * The workload with other values in it.
   *
   * @param values the values by their paths, in the order of the file
   * @param workload what it then is, without claims
   */
  public record Variant(Map<String, String> values, Workload workload) {
    public Variant {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** What is different, as in {@code machine.cpus=1, machine.hz=100}. */
    public static String text(Map<String, String> values) {
      return values.entrySet().stream()
          .map(each -> each.getKey() + "=" + each.getValue())
          .collect(Collectors.joining(", "));
    }
  }

  /**
   * One claim about one metric, still as it was written.
   *
   * @param position where its value stands
   * @param metric the metric's column, such as {@code kills}
   * @param text the value: {@code 3}, {@code < 1s}, {@code 2s..3s}, {@code [a, b]} joined by
   *     semicolons, {@code fewer than linux-4.17}
   */
  public record Expectation(Position position, String metric, String text) {}
}
