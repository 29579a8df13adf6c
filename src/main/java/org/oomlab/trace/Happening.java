package org.oomlab.trace;

/** Something that the kernel announced; the arguments are those of {@link TraceSink}. */
public record Happening(long atNs, Tracepoint point, int subject, long a, long b) {}
