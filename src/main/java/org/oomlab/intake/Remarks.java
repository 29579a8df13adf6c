package org.oomlab.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What there is to say about a workload while it is being made. */
final class Remarks {
  private final SortedMap<String, List<String>> comments = new TreeMap<>();
  private final List<String> guesses = new ArrayList<>();

  /** Says something about the part of the document with this path. */
  void say(String path, String line) {
    comments.computeIfAbsent(path, key -> new ArrayList<>()).add(line);
  }

  /** Owns up to something that was not known. */
  void guess(String line) {
    guesses.add(line);
  }

  List<String> guesses() {
    return guesses;
  }

  SortedMap<String, List<String>> comments() {
    return comments;
  }
}
