package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Type;

/** The kubelet's configuration as files. */
final class KubeletWriter {
  private KubeletWriter() {}

  /** The files that say so, the pods among them. */
  static List<DaemonFiles.Written> write(
      DaemonSettings settings, List<String> comments, Findings missing) {
    Section root = settings.root();
    StringBuilder text = new StringBuilder();
    comments.forEach(line -> text.append(line.isEmpty() ? "#" : "# " + line).append('\n'));
    text.append("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n");
    List<String> words = new ArrayList<>();
    for (Setting setting : root.settings().values()) {
      if (setting.isSet()) {
        option(text, words, setting);
      }
    }
    for (String part : KubeletReader.PARTS) {
      Section section = root.part(part);
      if (section.saysSomething()) {
        text.append(part).append(":\n");
        for (Setting setting : section.settings().values()) {
          if (setting.isSet()) {
            text.append("  ").append(setting.option().name()).append(": ");
            text.append('"').append(quantity(setting)).append("\"\n");
          }
        }
      }
    }
    List<DaemonFiles.Written> files = new ArrayList<>();
    files.add(new DaemonFiles.Written("/var/lib/kubelet/config.yaml", text.toString()));
    if (!words.isEmpty()) {
      files.add(
          new DaemonFiles.Written(
              "/etc/default/kubelet", "KUBELET_EXTRA_ARGS=\"" + String.join(" ", words) + "\"\n"));
    }
    for (Section pod : root.parts("pods")) {
      files.add(new DaemonFiles.Written(pod.text("name") + ".yaml", pod(pod)));
    }
    files.addAll(ServiceKeys.write(settings, "kubelet", missing));
    return files;
  }

  private static void option(StringBuilder text, List<String> words, Setting setting) {
    String name = setting.option().name();
    switch (name) {
      case "housekeepingInterval" ->
          words.add("--housekeeping-interval=" + duration(setting.number())); // No key has it.
      case "swapBehavior" ->
          text.append("memorySwap:\n  swapBehavior: ").append(setting.text()).append('\n');
      case "enforceNodeAllocatable" ->
          text.append(name).append(": [").append(setting.text().replace(",", ", ")).append("]\n");
      case "evictionMaxPodGracePeriod" ->
          text.append(name)
              .append(": ")
              .append(
                  setting.text().equals("never")
                      ? "-1"
                      : Type.decimal(Math.rint(setting.number() / 1e9)))
              .append('\n');
      default ->
          text.append(name)
              .append(": ")
              .append(
                  setting.option().type() == Type.SPAN
                      ? "\"" + duration(setting.number()) + "\""
                      : setting.option().type() == Type.TEXT
                          ? "\"" + setting.text() + "\""
                          : setting.text())
              .append('\n');
    }
  }

  private static String pod(Section pod) {
    StringBuilder text = new StringBuilder();
    boolean many = pod.get("replicas").isSet();
    String deep = many ? "      " : "  ";
    text.append(many ? "apiVersion: apps/v1\nkind: Deployment\n" : "apiVersion: v1\nkind: Pod\n");
    text.append("metadata:\n  name: \"").append(pod.text("name")).append("\"\n");
    if (pod.get("namespace").isSet()) {
      text.append("  namespace: \"").append(pod.text("namespace")).append("\"\n");
    }
    text.append("spec:\n");
    if (many) {
      text.append("  replicas: ").append(pod.text("replicas")).append("\n  template:\n    spec:\n");
    }
    Map<String, String> lines = new LinkedHashMap<>();
    for (String name : List.of("priority", "priorityClassName")) {
      if (pod.get(name).isSet()) {
        lines.put(name, pod.text(name));
      }
    }
    if (pod.get("terminationGracePeriodSeconds").isSet()) {
      lines.put(
          "terminationGracePeriodSeconds",
          Type.decimal(Math.rint(pod.number("terminationGracePeriodSeconds") / 1e9)));
    }
    lines.forEach(
        (key, value) -> text.append(deep).append(key).append(": ").append(value).append('\n'));
    text.append(deep).append("containers:\n");
    for (Section container : pod.parts("containers")) {
      text.append(deep).append("- name: \"").append(container.text("name")).append("\"\n");
      StringBuilder resources = new StringBuilder();
      for (String side : List.of("requests", "limits")) {
        StringBuilder each = new StringBuilder();
        for (String what : List.of("memory", "cpu")) {
          Setting setting = container.get(side + "." + what);
          if (setting.isSet()) {
            each.append(deep).append("      ").append(what).append(": \"");
            each.append(quantity(setting)).append("\"\n");
          }
        }
        if (!each.isEmpty()) {
          resources.append(deep).append("    ").append(side).append(":\n").append(each);
        }
      }
      if (!resources.isEmpty()) {
        text.append(deep).append("  resources:\n").append(resources);
      }
    }
    return text.toString();
  }

  private static String quantity(Setting setting) {
    return switch (setting.option().type()) {
      case SPAN -> duration(setting.number());
      case SHARE, BYTES -> setting.isPercent() ? setting.text() : bytes(setting.number());
      default -> Type.decimal(setting.number());
    };
  }

  private static String bytes(double bytes) {
    String text = Type.bytes(bytes);
    return text.equals("0")
        ? "0"
        : text.endsWith("iB") ? text.substring(0, text.length() - 1) : text.replace("B", "");
  }

  private static String duration(double nanos) {
    return nanos % 1e6 == 0
        ? (nanos % 1e9 == 0 ? Type.decimal(nanos / 1e9) + "s" : Type.decimal(nanos / 1e6) + "ms")
        : Type.decimal(nanos) + "ns";
  }
}
