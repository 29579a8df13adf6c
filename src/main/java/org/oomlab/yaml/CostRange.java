package org.oomlab.yaml;

/**
 * Between what and what a cost may lie.
 *
 * @param key its key in the cost file
 * @param lowNs at least so many nanoseconds
 * @param highNs at most so many
 * @param source where that is known from
 */
public record CostRange(String key, long lowNs, long highNs, String source) {}
