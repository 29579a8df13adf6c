package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.List;

/** Variables as systemd reads them from files such as those in {@code /etc/default}. */
final class EnvironmentFile {
  /** A variable with its value, of which the outer quotes are gone. */
  record Variable(Located name, Located value) {}

  private final ConfigFile file;
  private final String text;
  private final List<Variable> variables = new ArrayList<>();
  private int at;

  private EnvironmentFile(ConfigFile file) {
    this.file = file;
    this.text = file.text();
  }

  /** All of them, in their order; the last of a name counts. */
  static List<Variable> read(ConfigFile file, Findings findings) {
    EnvironmentFile reader = new EnvironmentFile(file);
    while (reader.at < reader.text.length()) {
      reader.line(findings);
    }
    return reader.variables;
  }

  private void line(Findings findings) {
    int end = text.indexOf('\n', at);
    int stop = end < 0 ? text.length() : end;
    Located whole = Located.of(file, at, stop).strip();
    if (whole.isEmpty() || whole.charAt(0) == '#' || whole.charAt(0) == ';') {
      at = stop + 1;
      return;
    }
    int equals = text.indexOf('=', at);
    if (equals < 0 || equals >= stop) {
      findings.ignored(whole, "", "no variable is set in this line, ignored");
      at = stop + 1;
      return;
    }
    Located name = Located.of(file, at, equals).strip();
    at = equals + 1;
    Located value = value();
    if (name.toString().startsWith("export ")) {
      name = name.sub("export ".length()).strip(); // A shell sources it.
    }
    if (!name.toString().matches("[A-Za-z_][A-Za-z0-9_]*")) {
      findings.ignored(name, "", "not the name of a variable, ignored");
      return;
    }
    variables.add(new Variable(name, value));
  }

  /** As parse_env_file_internal() of systemd: quotes count where a word begins. */
  private Located value() {
    Located.Builder value = new Located.Builder(file, Math.min(at, text.length()));
    char quote = 0;
    boolean inWord = false;
    int kept = 0;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      char next = at + 1 < text.length() ? text.charAt(at + 1) : 0;
      if (quote == '\'') {
        quote = c == '\'' ? 0 : quote;
        kept = c == '\'' ? kept : value.add(c, at).length();
      } else if (quote == '"') {
        if (c == '"') {
          quote = 0;
        } else if (c == '\\' && next == '\n') {
          at++;
        } else if (c == '\\' && "\"\\`$".indexOf(next) >= 0 && next != 0) {
          at++;
          kept = value.add(next, at).length();
        } else {
          kept = value.add(c, at).length();
        }
      } else if (c == '\n') {
        at++;
        break;
      } else if (c == '\\' && next != 0) {
        at++;
        inWord = true;
        kept = next == '\n' ? kept : value.add(next, at).length();
      } else if (!inWord && (c == '"' || c == '\'')) {
        quote = c;
      } else if (inWord || !Character.isWhitespace(c)) {
        inWord = true;
        value.add(c, at);
        kept = Character.isWhitespace(c) ? kept : value.length();
      }
    }
    return value.build().sub(0, kept);
  }
}
