package org.oomlab.workload;

/**
 * What a world may have in it. A world is made with some of them only: what shows in a world of a
 * few things is hidden in one of many, and the other way round.
 */
public enum Feature {
  ALLOC,
  ATTRIBUTES,
  BLOCKING,
  CACHE,
  CGROUPS,
  CHANCE,
  COMPUTING,
  COPIES,
  COSTS,
  COUNTERS,
  DISTRIBUTIONS,
  DRAIN,
  EXITS,
  EXTREMES,
  FAMILIES,
  FREE,
  FREEZER,
  FUTEXES,
  KERNEL_THREADS,
  KILLS,
  KNOBS,
  LOOPS,
  MAPPING_FLAGS,
  MAPPING_KINDS,
  MMAP_LOCK,
  MRELEASE,
  MUTEXES,
  PACES,
  PAGING,
  PRESSURE,
  PROCESSORS,
  SHARED_MM,
  SLEEPS,
  START_TIMES,
  SWAP,
  THREADS,
  UNTIL_KILLED,
  WATERMARKS,
  WORK;

  /** Whether a space has it only if it says so: it came after the spaces that do not. */
  public boolean mustBeNamed() {
    return this == COUNTERS || this == PACES || this == PAGING || this == PRESSURE;
  }
}
