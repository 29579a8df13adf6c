package org.oomlab.daemon.file;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Limits;
import org.oomlab.daemon.Place;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Setting;
import org.oomlab.daemon.Table;
import org.oomlab.daemon.Type;
import org.oomlab.daemon.file.Findings.Effect;
import org.oomlab.daemon.file.Tree.Member;

/** The memory keys of compose files: limits of the cgroups of containers. */
final class ComposeFiles implements LimitFiles {
  /** Docker refuses less. */
  private static final double LEAST = 6 << 20;

  /** As much as there is; more than any machine has. */
  private static final double UNLIMITED = 1L << 59;

  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{[A-Za-z_][A-Za-z0-9_]*:?-([^${}]+)\\}");

  private static final List<String> SIZES =
      List.of("mem_limit", "memswap_limit", "mem_reservation");

  private final Tree.Parser parser;

  ComposeFiles(Tree.Parser parser) {
    this.parser = parser;
  }

  @Override
  public String kind() {
    return "compose";
  }

  @Override
  public int recognises(ConfigFile file) {
    boolean services = file.has("(?m)^services[ \\t]{0,9}:");
    boolean memory =
        file.has(
            "\\b(mem_limit|memswap_limit|mem_reservation|oom_kill_disable|oom_score_adj|image"
                + "|build|deploy)[ \\t]{0,9}:");
    return services && memory ? 9 : file.base().matches(".*compose.*\\.ya?ml") ? 8 : 0;
  }

  @Override
  public DaemonSettings read(List<ConfigFile> files, Findings findings) {
    Map<String, Section> services = new LinkedHashMap<>();
    for (ConfigFile file : files) {
      for (Tree tree : parser.yaml(file)) {
        Tree all = Tree.down(tree, "services");
        Map<String, Member> named = all == null ? old(tree) : Tree.keys(all);
        if (named.isEmpty()) {
          findings.note(tree.at(), "no services in it");
        }
        for (Map.Entry<String, Member> each : named.entrySet()) {
          Section service = services.getOrDefault(each.getKey(), named(each, findings));
          services.put(each.getKey(), service(service, each.getValue().value(), findings));
        }
      }
    }
    Section root = Section.of(Limits.compose());
    return new DaemonSettings(kind(), root.withParts("services", List.copyOf(services.values())));
  }

  /** Files of version 1 have the services at the top. */
  private static Map<String, Member> old(Tree tree) {
    Map<String, Member> services = new LinkedHashMap<>();
    Tree.keys(tree)
        .forEach(
            (key, member) -> {
              if (Tree.down(member.value(), "image") != null
                  || Tree.down(member.value(), "build") != null) {
                services.put(key, member);
              }
            });
    return services;
  }

  private static Section named(Map.Entry<String, Member> each, Findings findings) {
    Table.Part part = Limits.compose().part("services");
    if (part == null) {
      throw new AssertionError();
    }
    return findings.set(
        Section.of(part.table().get()),
        "name",
        each.getKey(),
        new Place(each.getValue().at(), each.getKey()));
  }

  private static Section service(Section before, Tree tree, Findings findings) {
    Section service = before;
    for (Map.Entry<String, Member> each : Tree.keys(tree).entrySet()) {
      String key = each.getKey();
      Tree value = each.getValue().value();
      if (SIZES.contains(key)) {
        service = size(service, key, value, findings);
      } else if (key.equals("oom_kill_disable")) {
        service = flag(service, key, value, findings);
      } else if (key.matches("mem_swappiness|oom_score_adj")) {
        service = count(service, key, value, findings);
      } else if (key.equals("deploy")) {
        service = deploy(service, value, findings);
      } else if (key.equals("scale")) {
        service = replicas(service, value, findings);
      } else if (key.matches("mem.*|oom.*")) {
        String nearest = findings.nearest(key, service.table().names());
        findings.add(
            Effect.REFUSED,
            each.getValue().at(),
            key,
            String.valueOf(Tree.text(value)),
            "additional property "
                + key
                + " is not allowed"
                + (nearest == null ? "" : "; did you mean " + nearest + "?"));
      }
    }
    check(service, tree, findings);
    return service;
  }

  private static Section replicas(Section service, @Nullable Tree value, Findings findings) {
    String text = Tree.text(value);
    return value != null && text != null && text.matches("[0-9]{1,6}")
        ? findings.set(service, "replicas", text, place(value))
        : service;
  }

  private static Section deploy(Section before, Tree deploy, Findings findings) {
    Section service = replicas(before, Tree.down(deploy, "replicas"), findings);
    Tree limit = Tree.down(deploy, "resources", "limits", "memory");
    Tree reservation = Tree.down(deploy, "resources", "reservations", "memory");
    service = limit == null ? service : merged(service, "mem_limit", limit, "limits", findings);
    return reservation == null
        ? service
        : merged(service, "mem_reservation", reservation, "reservations", findings);
  }

  private static Section merged(
      Section service, String name, Tree value, String side, Findings findings) {
    Section other = size(service.without(name), name, value, findings);
    boolean both = service.get(name).isSet();
    if (both && service.number(name) != other.number(name)) {
      findings.refused(
          value.at(),
          name,
          "can't set distinct values on '" + name + "' and 'deploy.resources." + side + ".memory'");
    }
    return other;
  }

  private static Section size(Section service, String key, Tree value, Findings findings) {
    String text = Tree.text(value);
    if (text == null) {
      return service;
    }
    Matcher variable = VARIABLE.matcher(text);
    if (variable.matches()) {
      findings.note(
          value.at(),
          key
              + ": a variable; its default "
              + variable.group(1)
              + " is taken, as if it were not set");
      text = variable.group(1);
    }
    if (text.startsWith("$")) {
      findings.add(
          Effect.IGNORED,
          value.at(),
          key,
          text,
          "a variable, and its value is not in the file; nothing is set");
      return service;
    }
    if (key.equals("memswap_limit") && text.equals("-1")) {
      findings.note(value.at(), "memswap_limit: -1 is as much swap as there is");
      return findings.set(service, key, Type.bytes(UNLIMITED), new Place(value.at(), text));
    }
    Double bytes = Quantities.docker(text.strip());
    if (bytes == null) {
      findings.add(
          Effect.REFUSED,
          value.at(),
          key,
          text,
          "invalid size: expected a size such as 512m or 1g, found '"
              + Findings.shortened(text)
              + "'");
      return service;
    }
    if (bytes == 0) {
      findings.add(
          Effect.TAKEN_OTHERWISE,
          value.at(),
          key,
          text,
          key.equals("memswap_limit")
              ? "0 means that it is not set, which is twice mem_limit, and not 'no swap'; mem_limit"
                  + " itself would be that"
              : "0 means that it is not set");
      return service.without(key);
    }
    if (key.equals("mem_limit") && bytes < LEAST) {
      findings.add(Effect.REFUSED, value.at(), key, text, "Minimum memory limit allowed is 6MB");
      return service;
    }
    return findings.set(service, key, Type.bytes(bytes), place(value));
  }

  private static Section flag(Section service, String key, Tree value, Findings findings) {
    String text = String.valueOf(Tree.text(value));
    if (!text.matches("true|false")) {
      findings.refused(value.at(), key, "expected true or false, found " + value.noun());
      return service;
    }
    if (text.equals("true")) {
      findings.add(
          Effect.TAKEN_OTHERWISE,
          value.at(),
          key,
          text,
          "only on cgroup v1; on v2 the engine discards it with a warning");
    }
    return findings.set(service, key, text, place(value));
  }

  private static Section count(Section service, String key, Tree value, Findings findings) {
    String text = Tree.text(value);
    if (text == null) {
      return service;
    }
    if (key.equals("mem_swappiness")) {
      findings.add(
          Effect.NO_BEARING, value.at(), key, text, "only on cgroup v1; v2 has no such limit");
    }
    return findings.set(service, key, text, place(value));
  }

  private static void check(Section service, Tree tree, Findings findings) {
    Setting limit = service.get("mem_limit");
    Setting swap = service.get("memswap_limit");
    Setting reservation = service.get("mem_reservation");
    boolean unlimited = swap.number() >= UNLIMITED;
    if (swap.isSet() && !limit.isSet() && !unlimited) {
      refused(
          swap,
          tree,
          findings,
          "You should always set the Memory limit when using Memoryswap" + " limit, see usage.");
    } else if (swap.isSet() && swap.number() < limit.number()) {
      refused(
          swap,
          tree,
          findings,
          "Minimum memoryswap limit should be larger than memory limit," + " see usage.");
    }
    if (reservation.isSet() && limit.isSet() && reservation.number() > limit.number()) {
      refused(
          reservation,
          tree,
          findings,
          "Minimum memory limit can not be less than memory" + " reservation limit, see usage.");
    }
  }

  private static void refused(Setting setting, Tree tree, Findings findings, String why) {
    Place at = setting.at();
    findings.add(
        Effect.REFUSED,
        at == null ? tree.at() : at.position(),
        setting.option().name(),
        setting.text(),
        why);
  }

  private static Place place(Tree value) {
    return new Place(value.at(), String.valueOf(Tree.text(value)));
  }

  @Override
  public List<Cgroup> cgroups(DaemonSettings settings, double memory) {
    return settings.root().parts("services").stream().map(ComposeFiles::cgroup).toList();
  }

  private static Cgroup cgroup(Section service) {
    Setting limit = service.get("mem_limit");
    Setting swap = service.get("memswap_limit");
    boolean unlimited = !swap.has() || swap.number() >= UNLIMITED;
    return new Cgroup(
        service.text("name"),
        Math.max(1, (int) service.number("replicas")),
        limit.isSet() ? limit.number() : -1,
        -1,
        unlimited || !limit.isSet() ? -1 : Math.max(0, swap.number() - limit.number()),
        service.get("mem_reservation").isSet() ? service.number("mem_reservation") : -1,
        -1,
        false,
        service.flag("oom_kill_disable"),
        service.get("oom_score_adj"));
  }
}
