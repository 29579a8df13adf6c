package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Setting;
import org.oomlab.yaml.ForeignFiles;

/** What a reader makes of files, for tests. */
record Told(DaemonSettings settings, Findings findings) {
  /** Files by name and text, in turn. */
  static Told of(String kind, String... namesAndTexts) {
    List<ConfigFile> files = new ArrayList<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      files.add(new ConfigFile(namesAndTexts[i], namesAndTexts[i + 1]));
    }
    Findings findings = new Findings();
    ForeignFiles parser = new ForeignFiles();
    DaemonSettings settings =
        Formats.isLimits(kind)
            ? Formats.limits(kind, parser).read(files, findings)
            : Formats.of(kind, parser).read(files, findings);
    return new Told(settings, findings);
  }

  /** The value at a path: {@code 10% set}, {@code 5% default}, or {@code unset}. */
  String at(String path) {
    Setting setting = settings.get(path);
    String origin = setting.origin().name().toLowerCase(Locale.ROOT);
    return setting.has() ? setting.text() + " " + origin : origin;
  }

  /** Everything remarked, as {@code line:column effect option: message}. */
  List<String> remarks() {
    return findings.remarks().stream()
        .map(
            each ->
                each.at().line()
                    + ":"
                    + each.at().column()
                    + " "
                    + each.effect().name().toLowerCase(Locale.ROOT)
                    + " "
                    + each.option()
                    + ": "
                    + each.message())
        .toList();
  }

  boolean refused() {
    return findings.refused();
  }
}
