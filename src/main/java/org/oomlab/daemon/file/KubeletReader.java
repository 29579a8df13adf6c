package org.oomlab.daemon.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Option;
import org.oomlab.daemon.Ordered;
import org.oomlab.daemon.Place;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Table;
import org.oomlab.daemon.Type;
import org.oomlab.daemon.file.Findings.Effect;
import org.oomlab.daemon.file.Tree.Keys;
import org.oomlab.daemon.file.Tree.Member;

/** What a kubelet is told by its flags and by files in YAML. */
final class KubeletReader {
  /**
   * Flags that are maps, with the part they are; those of thresholds are written with {@code <}.
   */
  private static final Map<String, String> MAPS =
      Ordered.map(
          Map.entry("eviction-hard", "evictionHard"),
          Map.entry("eviction-soft", "evictionSoft"),
          Map.entry("eviction-soft-grace-period", "evictionSoftGracePeriod"),
          Map.entry("eviction-minimum-reclaim", "evictionMinimumReclaim"),
          Map.entry("kube-reserved", "kubeReserved"),
          Map.entry("system-reserved", "systemReserved"));

  static final List<String> PARTS =
      List.of(
          "evictionHard",
          "evictionSoft",
          "evictionSoftGracePeriod",
          "evictionMinimumReclaim",
          "kubeReserved",
          "systemReserved");

  /** Other keys of a KubeletConfiguration, which say nothing of memory. */
  private static final Set<String> OTHERS =
      new TreeSet<>(
          List.of(
              ("apiVersion kind metadata enableServer staticPodPath podLogsDir syncFrequency"
                      + " fileCheckFrequency httpCheckFrequency staticPodURL staticPodURLHeader address"
                      + " port readOnlyPort tlsCertFile tlsPrivateKeyFile tlsCipherSuites"
                      + " tlsCurvePreferences tlsMinVersion rotateCertificates serverTLSBootstrap"
                      + " authentication authorization registryPullQPS registryBurst eventRecordQPS"
                      + " imagePullCredentialsVerificationPolicy"
                      + " preloadedImagesVerificationAllowlist eventBurst enableDebuggingHandlers"
                      + " enableContentionProfiling healthzPort healthzBindAddress clusterDomain"
                      + " clusterDNS streamingConnectionIdleTimeout nodeStatusUpdateFrequency"
                      + " nodeStatusReportFrequency nodeLeaseDurationSeconds imageMinimumGCAge"
                      + " imageMaximumGCAge imageGCHighThresholdPercent imageGCLowThresholdPercent"
                      + " volumeStatsAggPeriod kubeletCgroups systemCgroups cgroupRoot cgroupDriver"
                      + " cpuManagerPolicy cpuManagerPolicyOptions cpuManagerReconcilePeriod"
                      + " memoryManagerPolicy topologyManagerPolicy topologyManagerScope"
                      + " topologyManagerPolicyOptions qosReserved runtimeRequestTimeout hairpinMode"
                      + " maxPods podCIDR podPidsLimit resolvConf runOnce cpuCFSQuota"
                      + " cpuCFSQuotaPeriod nodeStatusMaxImages maxOpenFiles contentType kubeAPIQPS"
                      + " kubeAPIBurst serializeImagePulls maxParallelImagePulls podsPerCore"
                      + " enableControllerAttachDetach protectKernelDefaults makeIPTablesUtilChains"
                      + " iptablesMasqueradeBit iptablesDropBit featureGates memorySwap"
                      + " containerLogMaxSize containerLogMaxFiles containerLogMaxWorkers"
                      + " containerLogMonitorInterval configMapAndSecretChangeDetectionStrategy"
                      + " reservedSystemCPUs showHiddenMetricsForVersion volumePluginDir providerID"
                      + " kernelMemcgNotification logging enableSystemLogHandler enableSystemLogQuery"
                      + " shutdownGracePeriod shutdownGracePeriodCriticalPods"
                      + " shutdownGracePeriodByPodPriority crashLoopBackOff reservedMemory"
                      + " enableProfilingHandler enableDebugFlagsHandler seccompDefault registerWithTaints"
                      + " registerNode tracing localStorageCapacityIsolation containerRuntimeEndpoint"
                      + " imageServiceEndpoint failCgroupV1 userNamespaces allowedUnsafeSysctls"
                      + " configureCBR0 draManagerReconcilePeriod")
                  .split(" ")));

  private final Findings findings;
  private final KubeletPods pods;
  private Section root = DaemonSettings.of("kubelet").root();

  KubeletReader(Findings findings) {
    this.findings = findings;
    this.pods = new KubeletPods(findings);
  }

  // Flags.

  void flags(List<Located> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      Located argument = arguments.get(i);
      if (!argument.toString().startsWith("--")) {
        continue;
      }
      int equals = argument.indexOf('=');
      String name = argument.sub(2, equals < 0 ? argument.length() : equals).toString();
      boolean next =
          equals < 0
              && i + 1 < arguments.size()
              && !arguments.get(i + 1).toString().startsWith("-");
      Located value = equals >= 0 ? argument.sub(equals + 1) : next ? arguments.get(i + 1) : null;
      flag(name, argument, value);
    }
  }

  private void flag(String name, Located argument, @Nullable Located value) {
    String part = MAPS.get(name);
    Option option = root.table().option("--" + name);
    if (part != null && value != null) {
      map(name, part, value);
    } else if (option != null && option.type() == Type.FLAG) {
      String text = value == null ? "true" : value.toString();
      bool(option, text, value == null ? argument.place() : value.place());
    } else if (option != null && value != null) {
      scalar(option, value.toString(), value.place());
    } else if (part != null || option != null) {
      findings.refused(argument, "--" + name, "flag needs an argument");
    } else if (name.startsWith("eviction")) {
      List<String> known = new ArrayList<>(MAPS.keySet());
      known.add("eviction-max-pod-grace-period");
      known.add("eviction-pressure-transition-period");
      String nearest = findings.nearest(name, known.stream().sorted().toList());
      findings.refused(
          argument,
          "--" + name,
          "unknown flag" + (nearest == null ? "" : "; did you mean --" + nearest + "?"));
    }
  }

  /** LangleSeparatedMapStringString and MapStringString. */
  private void map(String flag, String part, Located value) {
    char sign = flag.equals("eviction-hard") || flag.equals("eviction-soft") ? '<' : '=';
    Section section = Section.of(partTable(part));
    boolean any = false;
    for (Located pair : value.split(',')) {
      Located bare = pair.strip();
      if (bare.isEmpty()) {
        continue;
      }
      int at = bare.indexOf(sign);
      if (at < 0) {
        findings.refused(
            bare,
            "--" + flag,
            "malformed pair; expected SIGNAL"
                + sign
                + "VALUE, such as memory.available"
                + sign
                + (sign == '<' ? "500Mi" : "2m"));
        continue;
      }
      any = true;
      Located text = bare.sub(at + 1).strip();
      section =
          entry(section, part, bare.sub(0, at).strip().toString(), text.toString(), text.place());
    }
    root = root.withParts(part, List.of(any ? section : off(part, section, value.place())));
  }

  /** An empty map of hard thresholds is not the default: it turns all of them off. */
  private Section off(String part, Section section, Place at) {
    if (!part.equals("evictionHard")) {
      return section;
    }
    findings.add(
        Effect.TAKEN_OTHERWISE,
        at.position(),
        part,
        at.words(),
        "empty, which turns all hard thresholds off, the defaults as well");
    return findings.set(section, "memory.available", "0%", at);
  }

  private Table partTable(String key) {
    Table.Part part = root.table().part(key);
    if (part == null) {
      throw new AssertionError(key);
    }
    return part.table().get();
  }

  /** One threshold, grace period, reclaim or reservation. */
  private Section entry(Section section, String part, String name, String text, Place at) {
    Option option = section.table().option(name);
    if (option == null) {
      boolean reserved = part.endsWith("Reserved");
      String nearest = findings.nearest(name, section.table().names());
      findings.add(
          Effect.REFUSED,
          at.position(),
          part + "." + name,
          text,
          (reserved ? "cannot reserve " : "unsupported eviction signal ")
              + name
              + "; expected one of "
              + String.join(", ", section.table().names())
              + (nearest == null ? "" : "; did you mean " + nearest + "?"));
      return section;
    }
    String written =
        switch (part) {
          case "evictionHard", "evictionSoft" -> threshold(part + "." + name, text, at);
          case "evictionSoftGracePeriod" -> grace(part + "." + name, text, at);
          case "evictionMinimumReclaim" -> reclaim(part + "." + name, text, at);
          default -> reserved(option, text, at);
        };
    return written == null ? section : findings.set(section, name, written, at);
  }

  private @Nullable String refused(String name, String text, Place at, String why) {
    findings.add(Effect.REFUSED, at.position(), name, text, why);
    return null;
  }

  /** parseThresholdStatement(). */
  private @Nullable String threshold(String name, String text, Place at) {
    if (text.endsWith("%")) {
      Double percent = percent(text);
      if (percent == null || percent < 0 || percent > 100) {
        return refused(
            name,
            text,
            at,
            "expected 0% to 100%, found " + text + " (older kubelets take more than 100 %)");
      }
      if (text.equals("0%") || text.equals("100%")) {
        findings.add(
            Effect.TAKEN_OTHERWISE,
            at.position(),
            name,
            text,
            text
                + " is dropped: there is no such threshold"
                + (name.startsWith("evictionHard")
                    ? ", and no default of any other, since one is named"
                    : ""));
        return "0%";
      }
      return Type.percent(percent);
    }
    Double bytes = Quantities.kubernetes(text);
    if (bytes == null) {
      return refused(name, text, at, "expected a quantity such as 500Mi, or a share such as 5%");
    }
    return bytes <= 0
        ? refused(name, text, at, "eviction threshold must be positive: " + text)
        : Type.bytes(Math.ceil(bytes));
  }

  private static @Nullable Double percent(String text) {
    CNumber.Read read = CNumber.strtod(text.replaceFirst("%+$", ""));
    boolean number = read.rest().isEmpty() && !Double.isNaN(read.value()) && text.length() > 1;
    return number ? Double.valueOf(read.value()) : null;
  }

  private @Nullable String grace(String name, String text, Place at) {
    Double nanos = Quantities.duration(text);
    return nanos == null || nanos < 0
        ? refused(
            name,
            text,
            at,
            "expected a duration with its unit, such as 1m30s, found '" + text + "'")
        : Type.span(nanos);
  }

  private @Nullable String reclaim(String name, String text, Place at) {
    if (text.endsWith("%")) {
      Double percent = percent(text);
      return percent == null || percent <= 0
          ? refused(name, text, at, "eviction percentage minimum reclaim must be positive")
          : Type.percent(percent);
    }
    Double bytes = Quantities.kubernetes(text);
    return bytes == null || bytes < 0
        ? refused(name, text, at, "expected a quantity such as 500Mi that is not negative")
        : Type.bytes(Math.ceil(bytes));
  }

  private @Nullable String reserved(Option option, String text, Place at) {
    Double number = Quantities.kubernetes(text);
    if (number == null || number < 0) {
      return refused(option.name(), text, at, "expected a quantity such as 250Mi or 200m");
    }
    return option.type() == Type.BYTES ? Type.bytes(Math.ceil(number)) : Type.decimal(number);
  }

  private void bool(Option option, String text, Place at) {
    if (!text.matches("1|t|T|TRUE|true|True|0|f|F|FALSE|false|False")) {
      findings.add(Effect.REFUSED, at.position(), option.name(), text, "expected true or false");
      return;
    }
    root = findings.set(root, option.name(), String.valueOf(text.matches("1|[tT].*")), at);
  }

  private void scalar(Option option, String text, Place at) {
    String name = option.name();
    String written = text;
    if (name.equals("evictionMaxPodGracePeriod")) {
      if (!text.matches("-?[0-9]{1,9}")) {
        findings.add(
            Effect.REFUSED, at.position(), name, text, "expected a whole number of seconds");
        return;
      }
      boolean negative = text.startsWith("-");
      if (negative) {
        findings.add(
            Effect.TAKEN_OTHERWISE,
            at.position(),
            name,
            text,
            "negative: the pod's own terminationGracePeriodSeconds is taken");
      }
      written = negative ? "never" : Type.span(Double.parseDouble(text) * 1e9);
    } else if (option.type() == Type.SPAN) {
      Double nanos = Quantities.duration(text);
      if (nanos == null || nanos < 0) {
        findings.add(
            Effect.REFUSED,
            at.position(),
            name,
            text,
            "expected a duration with its unit, such as 5m or 30s");
        return;
      }
      if (nanos == 0 && name.equals("evictionPressureTransitionPeriod")) {
        findings.add(
            Effect.TAKEN_OTHERWISE,
            at.position(),
            name,
            text,
            "0s means the default of 5 minutes and not none");
        return;
      }
      written = Type.span(nanos);
    }
    root = findings.set(root, name, written, at);
  }

  // YAML.

  void document(Tree tree) {
    String kind = Tree.text(Tree.down(tree, "kind"));
    if (kind != null && (kind.equals("List") || kind.endsWith("List"))) {
      Tree.items(Tree.down(tree, "items")).forEach(this::document);
    } else if (kind != null && KubeletPods.isPod(kind)) {
      pods.read(kind, tree);
    } else if ("KubeletConfiguration".equals(kind)) {
      configuration(tree, true);
    } else {
      embedded(tree);
    }
  }

  /** Within the configuration of something that starts a kubelet: kops, eksctl, kubeadm, k3s. */
  private void embedded(Tree tree) {
    boolean any = false;
    for (String key : List.of("evictionHard", "evictionSoft")) {
      for (Keys keys : Tree.having(tree, key)) {
        if (key.equals("evictionHard") || keys.get("evictionHard") == null) {
          configuration(keys, false);
          any = true;
        }
      }
    }
    for (String key : List.of("kubeletExtraArgs", "kubelet-arg", "kubelet_args", "extraArgs")) {
      for (Keys keys : Tree.having(tree, key)) {
        any |= arguments(keys.get(key));
      }
    }
    if (!any && tree instanceof Keys) {
      findings.note(tree.at(), "neither a KubeletConfiguration nor pods; left out");
    }
  }

  private boolean arguments(@Nullable Tree tree) {
    boolean any = false;
    for (Map.Entry<String, Member> each : Tree.keys(tree).entrySet()) {
      any |= argument(each.getKey(), each.getValue().value());
    }
    for (Tree item : Tree.items(tree)) {
      String text = Tree.text(item);
      String name = Tree.text(Tree.down(item, "name"));
      Tree value = Tree.down(item, "value");
      if (text != null) {
        String bare = text.replaceFirst("^--", "");
        int equals = bare.indexOf('=');
        if (equals > 0) {
          any |= argument(bare.substring(0, equals), word(item, bare.substring(equals + 1)));
        }
      } else if (name != null && value != null) {
        any |= argument(name, value);
      }
    }
    return any;
  }

  private static Tree word(Tree at, String text) {
    return new Tree.Word(at.at(), text, false);
  }

  private boolean argument(String name, Tree value) {
    String text = Tree.text(value);
    if (text == null) {
      return false;
    }
    // As a file of its own, so that what is said of it has a place.
    flag(name, whole(value, name), whole(value, text));
    return true;
  }

  /** A text whose every character stands where the value does. */
  private static Located whole(Tree value, String text) {
    ConfigFile file =
        new ConfigFile(value.at().file(), "\n".repeat(Math.max(0, value.at().line() - 1)));
    Located.Builder builder = new Located.Builder(file, file.text().length());
    for (int i = 0; i < text.length(); i++) {
      builder.add(text.charAt(i), file.text().length());
    }
    return builder.build();
  }

  private void configuration(Tree tree, boolean alone) {
    for (Map.Entry<String, Member> each : Tree.keys(tree).entrySet()) {
      String key = each.getKey();
      Tree value = each.getValue().value();
      Option option = root.table().option(key);
      if (PARTS.contains(key)) {
        part(key, value);
      } else if (option != null && !key.startsWith("-") && !key.equals("swapBehavior")) {
        setting(option, value);
      } else if (key.equals("memorySwap")) {
        Tree behaviour = Tree.down(value, "swapBehavior");
        String text = Tree.text(behaviour);
        if (behaviour != null && text != null && !text.isEmpty()) {
          root = findings.set(root, "swapBehavior", text, KubeletPods.place(behaviour));
        }
      } else if (alone && !OTHERS.contains(key)) {
        unknown(each);
      }
    }
  }

  private void unknown(Map.Entry<String, Member> each) {
    List<String> known = new ArrayList<>(root.table().names());
    known.addAll(OTHERS.stream().sorted().toList());
    String nearest = findings.nearest(each.getKey(), known);
    findings.add(
        Effect.IGNORED,
        each.getValue().at(),
        each.getKey(),
        String.valueOf(Tree.text(each.getValue().value())),
        "unknown field: strict decoding fails, and lenient decoding leaves it out"
            + (nearest == null ? "" : "; " + nearest + " would count"));
  }

  private void part(String key, Tree value) {
    String flagged = Tree.text(value);
    if (flagged != null) { // kops has the flag's text there.
      Located text = whole(value, flagged);
      String flag =
          MAPS.entrySet().stream()
              .filter(entry -> entry.getValue().equals(key))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElse(key);
      map(flag, key, text);
      return;
    }
    if (value instanceof Tree.Word) {
      return; // Nothing: as if the key were not there.
    }
    if (!(value instanceof Keys keys)) {
      findings.refused(value.at(), key, "expected signals with values, found " + value.noun());
      return;
    }
    Section section = Section.of(partTable(key));
    for (Map.Entry<String, Member> each : keys.members().entrySet()) {
      Tree entry = each.getValue().value();
      String text = Tree.text(entry);
      if (text == null) {
        findings.refused(
            entry.at(), key + "." + each.getKey(), "expected a string, found " + entry.noun());
      } else {
        section = entry(section, key, each.getKey(), text, new Place(each.getValue().at(), text));
      }
    }
    boolean empty = keys.members().isEmpty();
    root =
        root.withParts(
            key, List.of(empty ? off(key, section, new Place(value.at(), "{}")) : section));
  }

  private void setting(Option option, Tree value) {
    String text = Tree.text(value);
    if (option.name().equals("enforceNodeAllocatable")) {
      List<String> all =
          Tree.items(value).stream().map(each -> String.valueOf(Tree.text(each))).toList();
      root = findings.set(root, option.name(), String.join(",", all), KubeletPods.place(value));
    } else if (text == null) {
      boolean nothing = value instanceof Tree.Word;
      if (!nothing) {
        findings.refused(value.at(), option.name(), "expected one value, found " + value.noun());
      }
    } else if (option.type() == Type.FLAG) {
      bool(option, text, KubeletPods.place(value));
    } else {
      scalar(option, text, KubeletPods.place(value));
    }
  }

  // All of it.

  /** What was read, after a look at whether it goes together. */
  Section checked(ConfigFile first) {
    root = root.withParts("pods", pods.all());
    Section soft = root.part("evictionSoft");
    Section grace = root.part("evictionSoftGracePeriod");
    for (Setting threshold : soft.settings().values()) {
      String signal = threshold.option().name();
      if (threshold.isSet() && !grace.get(signal).has() && !threshold.text().equals("0%")) {
        findings.refused(
            KubeletPods.placeOf(threshold).position(),
            "evictionSoft." + signal,
            "grace period must be specified for the soft eviction threshold "
                + signal
                + "; expected evictionSoftGracePeriod to name it");
      }
    }
    Setting hard = root.part("evictionHard").get("memory.available");
    Setting low = soft.get("memory.available");
    boolean comparable = hard.has() && low.isSet() && hard.isPercent() == low.isPercent();
    if (comparable && low.number() <= hard.number()) {
      findings.note(
          KubeletPods.placeOf(low).position(),
          "the soft threshold is not above the hard one, which evicts first");
    }
    if (root.part("evictionHard").saysSomething() && !root.flag("mergeDefaultEvictionSettings")) {
      List<String> off = new ArrayList<>();
      for (Setting each : Section.of(partTable("evictionHard")).settings().values()) {
        if (each.has() && !root.part("evictionHard").get(each.option().name()).isSet()) {
          off.add(each.option().name());
        }
      }
      if (!off.isEmpty()) {
        findings.note(
            first.position(0),
            "one hard threshold is named, so those that are not are off: "
                + String.join(", ", off));
      }
    }
    return root;
  }
}
