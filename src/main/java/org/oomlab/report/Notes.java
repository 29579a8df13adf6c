package org.oomlab.report;

import java.util.ArrayList;
import java.util.List;

/** Footnotes: each text once, numbered in the order of first mention. */
final class Notes {
  private final List<String> texts = new ArrayList<>();

  /** The mark to put behind a word. */
  String mark(String text) {
    int index = texts.indexOf(text);
    if (index < 0) {
      index = texts.size();
      texts.add(text);
    }
    return " " + Numbers.raised(index + 1);
  }

  /** The notes, each with its mark. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      lines.add(Numbers.raised(i + 1) + " " + texts.get(i));
    }
    return lines;
  }
}
