package org.oomlab.daemon;

/**
 * Something about a daemon that is written in its source and that no option changes: what a reader
 * of a configuration has to know, and it does not say.
 *
 * @param name what it is about
 * @param value in the daemon's own sense
 * @param where in which source file that is written
 */
public record BuiltIn(String name, String value, String where) {}
