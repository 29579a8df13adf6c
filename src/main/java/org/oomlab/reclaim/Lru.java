package org.oomlab.reclaim;

/** How a kernel keeps pages in order of their use. */
public enum Lru {
  /** An active and an inactive list each for files and anonymous memory. */
  CLASSIC,
  /** Generations: CONFIG_LRU_GEN_ENABLED, 6.1 and later. */
  GENERATIONS
}
