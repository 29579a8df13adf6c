package org.oomlab.workload;

import java.io.Serializable;

/**
 * The disk on which files are.
 *
 * @param read pages it reads in a second
 * @param requestNs the least time of a request
 */
public record DiskSpec(long read, long requestNs) implements Serializable {}
