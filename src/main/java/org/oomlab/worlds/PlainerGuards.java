package org.oomlab.worlds;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Table;
import org.oomlab.handler.Handler;
import org.oomlab.policy.Policy;

/** Policies with less beside the kernel: no daemon, an option less, a handler less. */
final class PlainerGuards {
  private PlainerGuards() {}

  /** Plainer ones than a policy, the plainest first; none if it is the usual one. */
  static List<Policy> of(Policy policy, Policy usual) {
    List<Policy> plainer = new ArrayList<>();
    DaemonSettings daemon = policy.daemon();
    if (!Objects.equals(daemon, usual.daemon())) {
      plainer.add(policy.with(usual.daemon()));
      if (daemon != null) {
        for (Section root : of(daemon.root(), below(usual.daemon(), daemon.kind()))) {
          plainer.add(policy.with(new DaemonSettings(daemon.kind(), root)));
        }
      }
    }
    if (!policy.handlers().equals(usual.handlers())) {
      plainer.add(policy.with(usual.handlers()));
      for (int i = 0; i < policy.handlers().size(); i++) {
        plainer.add(policy.with(Records.<Handler>with(policy.handlers(), i, null)));
      }
    }
    return plainer;
  }

  private static @Nullable Section below(@Nullable DaemonSettings usual, String kind) {
    return usual == null || !usual.kind().equals(kind) ? null : usual.root();
  }

  /** A place of a configuration without one thing that is said there, and not by the usual one. */
  private static List<Section> of(Section section, @Nullable Section usual) {
    List<Section> plainer = new ArrayList<>();
    for (Table.Part part : section.table().parts()) {
      List<Section> places = section.parts(part.key());
      for (int i = 0; i < places.size(); i++) {
        plainer.add(section.withParts(part.key(), Records.<Section>with(places, i, null)));
        boolean same = !part.many() && usual != null && !usual.parts(part.key()).isEmpty();
        for (Section each : of(places.get(i), same ? usual.part(part.key()) : null)) {
          plainer.add(section.withParts(part.key(), Records.with(places, i, each)));
        }
      }
    }
    for (Setting setting : section.settings().values()) {
      String name = setting.option().name();
      boolean variant = name.equals("name");
      if (setting.isSet() && !variant && (usual == null || !usual.get(name).isSet())) {
        plainer.add(section.without(name));
      }
    }
    return plainer;
  }
}
