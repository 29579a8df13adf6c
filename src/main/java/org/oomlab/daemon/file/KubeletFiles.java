package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Daemons;

/** The kubelet's flags and KubeletConfiguration, and the pods it runs. */
final class KubeletFiles implements DaemonFiles {
  private final Tree.Parser parser;

  KubeletFiles(Tree.Parser parser) {
    this.parser = parser;
  }

  @Override
  public String kind() {
    return "kubelet";
  }

  @Override
  public int recognises(ConfigFile file) {
    if (file.has(
        "KubeletConfiguration|eviction-(hard|soft|minimum|max|pressure)|evictionHard|evictionSoft")) {
      return 10;
    }
    boolean pods =
        file.has("(?m)^[ \\t]{0,40}\"?apiVersion\"?:")
            && file.has(
                "(?m)^[ \\t]{0,40}\"?kind\"?:[ \\t]{0,40}[\"']?(Pod|Deployment|StatefulSet|DaemonSet"
                    + "|ReplicaSet|Job|CronJob|List)\\b");
    if (pods) {
      return 9;
    }
    return file.has("[/\\s]kubelet\\s{1,9}(\\\\\\s{1,40})?-|KUBELET_")
        ? 8
        : file.base().contains("kubelet") ? 7 : 0;
  }

  @Override
  public DaemonSettings read(List<ConfigFile> files, Findings findings) {
    KubeletReader reading = new KubeletReader(findings);
    List<ConfigFile> started = new ArrayList<>();
    for (ConfigFile file : files) {
      if (isYaml(file)) {
        parser.yaml(file).forEach(reading::document);
      } else {
        started.add(file);
      }
    }
    Map<String, Located> service = Collections.emptyMap();
    if (!started.isEmpty()) {
      CommandLines.Found found =
          new CommandLines("kubelet", "KUBELET_.*|kubelet_args", findings).find(started);
      reading.flags(found.arguments()); // Flags go before the file.
      service = found.service();
    }
    DaemonSettings settings =
        Daemons.finished(new DaemonSettings(kind(), reading.checked(files.get(0))));
    return ServiceKeys.read(settings, service, findings);
  }

  private static boolean isYaml(ConfigFile file) {
    return file.base().matches(".*\\.(ya?ml|json)")
        || file.has("(?m)^(apiVersion|kind|evictionHard|evictionSoft):")
            && !CommandLines.isUnit(file);
  }

  @Override
  public List<Written> write(DaemonSettings settings, List<String> comments, Findings missing) {
    return KubeletWriter.write(settings, comments, missing);
  }
}
