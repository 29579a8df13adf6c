package org.oomlab.workload;

import java.io.Serializable;

/**
 * How a process uses a mapping while it computes.
 *
 * @param everyNs in how long, of computing, each of its pages is touched once
 * @param inTurn whether one page is touched after another, as by who reads a file over and over;
 *     else at random
 */
public record Access(long everyNs, boolean inTurn) implements Serializable {}
