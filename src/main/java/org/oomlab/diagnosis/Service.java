package org.oomlab.diagnosis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whose a cgroup is, in the words of those who made it: a unit, a container, a pod. */
public final class Service {
  private static final Pattern POD = Pattern.compile("pod([0-9a-f]{8}[-_0-9a-f]{0,30})");
  private static final Pattern CONTAINER = Pattern.compile("([0-9a-f]{12})[0-9a-f]{52}");

  private Service() {}

  /** A name for people, or empty for the root and for a cgroup that is not known. */
  public static String of(String path) {
    if (path.isEmpty() || path.equals("/")) {
      return "";
    }
    StringBuilder name = new StringBuilder();
    Matcher pod = POD.matcher(path);
    if (pod.find()) {
      name.append("pod ").append(pod.group(1).replace('_', '-'));
    }
    Matcher container = CONTAINER.matcher(path);
    if (container.find()) {
      name.append(name.isEmpty() ? "" : ", ").append("container ").append(container.group(1));
    }
    if (!name.isEmpty()) {
      return name.toString();
    }
    String unit = "";
    for (String step : path.split("/")) {
      boolean isUnit = step.endsWith(".service") || step.endsWith(".scope");
      unit = isUnit || (unit.isEmpty() && step.endsWith(".slice")) ? step : unit;
    }
    return unit.isEmpty() ? "cgroup " + path : unit;
  }
}
