package org.oomlab.yaml;

import java.util.Locale;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;

/** Writes policies as files that stand on their own and are read back as the same. */
public final class PolicyWriter {
  private PolicyWriter() {}

  /**
   * A policy as YAML: every knob with its value, and in a comment the policy file or option that
   * set it.
   */
  public static String write(Policy policy) {
    Policy.About about = policy.about();
    StringBuilder out = new StringBuilder();
    if (!about.lineage().isEmpty()) {
      out.append("# extends ").append(String.join(", ", about.lineage())).append('\n');
    }
    key(out, "policy", about.name());
    key(out, "title", about.title());
    key(out, "source", about.source());
    key(out, "wins", about.wins());
    key(out, "loses", about.loses());
    key(out, "kernel", about.kernel());
    for (String section : PolicyFile.sections()) {
      out.append(section).append(":\n");
      for (Knob knob : Knobs.all()) {
        if (knob.path().startsWith(section + ".")) {
          String key = knob.path().substring(section.length() + 1);
          String line = "  " + key + ": " + knob.format(policy.get(knob));
          out.append(line).append(" ".repeat(Math.max(1, 40 - line.length())));
          out.append("# ").append(policy.origin(knob)).append('\n');
        }
      }
    }
    return out.toString();
  }

  /**
   * A policy as YAML that extends another and sets only what differs.
   *
   * @param name its own name, which must be that of its file
   */
  public static String write(Policy policy, String name, String title, String source, Policy base) {
    StringBuilder out = new StringBuilder();
    key(out, "policy", name);
    key(out, "title", title);
    key(out, "source", source);
    key(out, "extends", base.name());
    for (String section : PolicyFile.sections()) {
      boolean begun = false;
      for (Knob knob : Knobs.all()) {
        boolean differs = policy.get(knob) != base.get(knob);
        if (differs && knob.path().startsWith(section + ".")) {
          out.append(begun ? "" : section + ":\n");
          begun = true;
          String key = knob.path().substring(section.length() + 1);
          String line = "  " + key + ": " + knob.format(policy.get(knob));
          out.append(line).append(" ".repeat(Math.max(1, 40 - line.length())));
          out.append("# was ").append(knob.format(base.get(knob))).append('\n');
        }
      }
    }
    return out.toString();
  }

  private static void key(StringBuilder out, String key, String text) {
    if (!text.isEmpty()) {
      out.append(key).append(": ").append(quote(text)).append('\n');
    }
  }

  /** A YAML scalar that is read back as the text, whatever it holds. */
  static String quote(String text) {
    boolean plain =
        text.matches("[A-Za-z][A-Za-z0-9_./()-]*( [A-Za-z0-9_./()-]+)*") && !text.equals("null");
    if (plain) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (mustEscape(c)) {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** Controls, what YAML takes for a line break, and what it refuses or may lose. */
  private static boolean mustEscape(char c) {
    return Character.isISOControl(c)
        || Character.isSurrogate(c)
        || c == 0xa0
        || c == 0x2028
        || c == 0x2029
        || c == 0xfeff
        || c >= 0xfffe;
  }
}
