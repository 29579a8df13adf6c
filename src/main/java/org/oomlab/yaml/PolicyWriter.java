package org.oomlab.yaml;

import java.util.List;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.yaml.tree.YamlText;

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
          knob(out, knob, policy, policy.origin(knob));
        }
      }
    }
    if (!policy.handlers().isEmpty()) {
      HandlerReader.write(out, policy.handlers());
    }
    if (policy.daemon() != null) {
      DaemonWriter.write(out, policy.daemon(), true);
    }
    return out.toString();
  }

  /**
   * A policy as YAML that extends another and sets only what differs.
   *
   * @param name its own name, which must be that of its file
   */
  public static String write(Policy policy, String name, String title, String source, Policy base) {
    return write(policy, name, title, source, base, true);
  }

  /**
   * The same, as short as it can be.
   *
   * @param name its own name
   */
  public static String bare(Policy policy, String name, String title, String source, Policy base) {
    return write(policy, name, title, source, base, false);
  }

  private static String write(
      Policy policy, String name, String title, String source, Policy base, boolean defaults) {
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
          knob(out, knob, policy, "was " + knob.format(base.get(knob)));
        }
      }
    }
    if (!policy.handlers().equals(base.handlers())) {
      HandlerReader.write(out, policy.handlers());
    }
    if (policy.daemon() != null && !policy.daemon().equals(base.daemon())) {
      DaemonWriter.write(out, policy.daemon(), defaults);
    }
    return out.toString();
  }

  /**
   * A policy that is another with a daemon beside the kernel.
   *
   * @param base the name of the policy it extends
   * @param comments lines for the head of the file
   */
  public static String write(
      DaemonSettings daemon,
      String name,
      String title,
      String source,
      String base,
      List<String> comments) {
    StringBuilder out = new StringBuilder();
    comments.forEach(line -> out.append("# ").append(YamlText.comment(line)).append('\n'));
    key(out, "policy", name);
    key(out, "title", title);
    key(out, "source", source);
    key(out, "extends", base);
    DaemonWriter.write(out, daemon, true);
    return out.toString();
  }

  private static void knob(StringBuilder out, Knob knob, Policy policy, String remark) {
    String key = knob.path().substring(knob.path().indexOf('.') + 1);
    String line = "  " + key + ": " + knob.format(policy.get(knob));
    out.append(line).append(" ".repeat(Math.max(1, 40 - line.length())));
    out.append("# ").append(remark).append('\n');
  }

  private static void key(StringBuilder out, String key, String text) {
    if (!text.isEmpty()) {
      out.append(key).append(": ").append(YamlText.quote(text)).append('\n');
    }
  }
}
