package org.oomlab.worlds;

import org.oomlab.policy.Policy;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Workload;

/**
 * All that decides what happens in one episode.
 *
 * @param workload the machine and what runs on it
 * @param costs what things cost
 * @param policy what the kernel does
 * @param seed the episode's seed
 * @param usualCosts the shipped cost file that {@code costs} began as
 * @param usualPolicy the shipped policy that {@code policy} began as
 */
public record World(
    Workload workload,
    Costs costs,
    Policy policy,
    long seed,
    Costs usualCosts,
    Policy usualPolicy) {

  /** The same with another workload. */
  public World with(Workload other) {
    return new World(other, costs, policy, seed, usualCosts, usualPolicy);
  }

  /** The same with other costs, which a shipped file says. */
  public World withUsual(Costs other) {
    return new World(workload, other, policy, seed, other, usualPolicy);
  }

  /** The same with costs changed from those of the shipped file. */
  public World with(Costs changed) {
    return new World(workload, changed, policy, seed, usualCosts, usualPolicy);
  }

  /** The same under a shipped policy. */
  public World withUsual(Policy other) {
    return new World(workload, costs, other, seed, usualCosts, other);
  }

  /** The same under a policy changed from the shipped one. */
  public World with(Policy changed) {
    return new World(workload, costs, changed, seed, usualCosts, usualPolicy);
  }

  /** The same in the episode of another seed. */
  public World with(long other) {
    return new World(workload, costs, policy, other, usualCosts, usualPolicy);
  }
}
