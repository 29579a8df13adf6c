package org.oomlab.timeline;

import org.oomlab.trace.Tracepoint;

/**
 * Something that the kernel announced; the arguments are those of {@link
 * org.oomlab.trace.TraceSink}.
 */
public record Happening(long atNs, Tracepoint point, int subject, long a, long b) {}
