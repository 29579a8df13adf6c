package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.List;

/** systemd's syntax: sections, assignments, comments, lines that go on. */
final class UnitFile {
  /**
   * One assignment.
   *
   * @param section without its brackets
   * @param value may be empty, which takes back what was said before
   */
  record Assignment(String section, Located key, Located value) {
    boolean is(String wantedSection, String wantedKey) {
      return section.equals(wantedSection) && key.toString().equals(wantedKey);
    }
  }

  private UnitFile() {}

  /**
   * The assignments of a file.
   *
   * @param sections those that its reader knows; others are ignored
   */
  static List<Assignment> read(ConfigFile file, List<String> sections, Findings findings) {
    List<Assignment> all = new ArrayList<>();
    String section = "";
    boolean known = false;
    for (Located raw : logicalLines(file)) {
      Located line = raw.strip();
      if (line.isEmpty()) {
        continue;
      }
      if (line.charAt(0) == '[') {
        if (line.charAt(line.length() - 1) != ']') {
          findings.ignored(
              line, "", "invalid section header, so systemd leaves out the rest of the file");
          return all;
        }
        section = line.sub(1, line.length() - 1).toString();
        known = sections.contains(section);
        if (!known && !section.startsWith("X-")) {
          String nearest = findings.nearest(section, sections);
          findings.ignored(
              line,
              "",
              "unknown section, ignored with all that is in it"
                  + (nearest == null ? "" : "; [" + nearest + "] would count"));
        }
        continue;
      }
      int equals = line.indexOf('=');
      if (equals <= 0) {
        findings.ignored(
            line, "", equals == 0 ? "no key before '=', ignored" : "no '=' in the line, ignored");
      } else if (section.isEmpty()) {
        findings.ignored(line, "", "assignment outside of a section, ignored");
      } else if (known) {
        all.add(new Assignment(section, line.sub(0, equals).strip(), line.sub(equals + 1).strip()));
      }
    }
    return all;
  }

  /** Lines after those that end in a backslash have been joined; comments are left out. */
  static List<Located> logicalLines(ConfigFile file) {
    List<Located> lines = new ArrayList<>();
    Located.Builder begun = null;
    for (Located raw : file.whole().lines()) {
      Located bare = raw.strip();
      if (!bare.isEmpty() && (bare.charAt(0) == '#' || bare.charAt(0) == ';')) {
        continue; // Also within a line that goes on.
      }
      int backslashes = 0;
      for (int i = raw.length() - 1; i >= 0 && raw.charAt(i) == '\\'; i--) {
        backslashes++;
      }
      boolean goesOn = backslashes % 2 == 1;
      Located line = goesOn ? raw.sub(0, raw.length() - 1) : raw;
      if (begun == null && !goesOn) {
        lines.add(line);
        continue;
      }
      if (begun == null) {
        begun = new Located.Builder(file, line.offset(0));
      }
      begun.add(line);
      if (goesOn) {
        begun.add(' ', raw.offset(raw.length() - 1));
      } else {
        lines.add(begun.build());
        begun = null;
      }
    }
    if (begun != null) {
      lines.add(begun.build());
    }
    return lines;
  }

  /** Whether it looks like one. */
  static boolean looksLike(ConfigFile file, String... sections) {
    for (String section : sections) {
      if (file.has("(?m)^[ \\t]{0,40}\\[" + section + "\\]")) {
        return true;
      }
    }
    return false;
  }
}
