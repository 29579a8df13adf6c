package org.oomlab.worlds;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Daemons;
import org.oomlab.daemon.Option;
import org.oomlab.daemon.Section;
import org.oomlab.daemon.Table;
import org.oomlab.daemon.Type;
import org.oomlab.daemon.watch.Watchers;
import org.oomlab.handler.Handler;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Span;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.Workload;

/**
 * Puts beside a kernel what else may kill: a daemon in user space with any value of any option that
 * its table has, and handlers that the kernel asks. It knows no daemon: a new one is drawn as well.
 */
final class Guards {
  private static final double DAEMON = 0.6;
  private static final double HANDLERS = 0.5;

  /** So often is a daemon drawn anew that asks for what cannot be played. */
  private static final int TRIES = 20;

  private static final double PER_PAGE = 4096;
  private static final double HUNDRED = 100;

  /** A number that every unit has room for. */
  private static final double MOST = 1e18;

  private final Draw draw;
  private final long memory;

  /** Cgroups as daemons name them, with some that are not there. */
  private final List<String> cgroups = new ArrayList<>(List.of("/", "*", "none", "g*,p*"));

  /** Regular expressions that mean the same to glibc and to Python. */
  private final List<String> patterns = new ArrayList<>(List.of(".", "^none$", "^(p0|db)"));

  Guards(Draw draw, Workload workload) {
    this.draw = draw;
    this.memory = workload.machine().memory();
    for (CgroupSpec each : workload.cgroups()) {
      cgroups.add(each.name());
      cgroups.add(each.name() + "/*");
    }
    workload.processes().forEach(each -> patterns.add(plain(each.name())));
  }

  /** Of a name, what no regular expression takes for anything else. */
  private static String plain(String name) {
    return "^" + name.replaceAll("[^A-Za-z0-9].*", "");
  }

  /** The policy with a daemon, or other options of the one it has, with handlers, or with both. */
  Policy changed(Policy policy) {
    Policy changed = draw.chance(DAEMON) ? policy.with(daemon(policy.daemon())) : policy;
    return draw.chance(HANDLERS) ? changed.with(handlers()) : changed;
  }

  // A daemon.

  private @Nullable DaemonSettings daemon(@Nullable DaemonSettings usual) {
    for (int i = 0; i < TRIES; i++) {
      DaemonSettings from = usual == null ? DaemonSettings.of(draw.of(Daemons.kinds())) : usual;
      double share = draw.of(0.05, 0.2, 0.6);
      DaemonSettings drawn =
          Daemons.finished(new DaemonSettings(from.kind(), drawn(from.root(), share)));
      if (isPlayed(drawn)) {
        return drawn;
      }
    }
    return usual;
  }

  /** Whether a policy file may ask for it. */
  private static boolean isPlayed(DaemonSettings settings) {
    try {
      return Watchers.of(settings) != null;
    } catch (IllegalArgumentException refused) {
      return false;
    }
  }

  private Section drawn(Section of, double share) {
    Section drawn = of;
    for (Option option : of.table().options()) {
      boolean names = option.name().equals("cgroup");
      if (draw.chance(names ? 0.9 : share)) {
        drawn = with(drawn, option);
      }
    }
    for (Table.Part part : of.table().parts()) {
      if (draw.chance(0.7)) {
        List<Section> places =
            part.many() ? places(part, share) : List.of(drawn(of.part(part.key()), share));
        drawn = drawn.withParts(part.key(), places);
      }
    }
    return drawn;
  }

  private List<Section> places(Table.Part part, double share) {
    List<String> variants = List.copyOf(part.variants().get().keySet());
    List<Section> places = new ArrayList<>();
    int count = 1 + draw.below(3);
    for (int i = 0; i < count; i++) {
      if (variants.isEmpty()) {
        places.add(drawn(Section.of(part.table().get()), Math.max(share, 0.5)));
      } else {
        String name = draw.of(variants);
        Table table = part.variants().get().get(name);
        Section place = drawn(Section.of(table), Math.max(share, 0.5));
        places.add(place.with("name", name, null));
      }
    }
    return places;
  }

  private Section with(Section section, Option option) {
    try {
      return section.with(option.name(), text(option), null);
    } catch (IllegalArgumentException beyond) {
      return section; // Rounded to what is more or less than it may be.
    }
  }

  private String text(Option option) {
    return switch (option.type()) {
      case FLAG -> draw.of("true", "false");
      case CHOICE -> draw.of(option.choices());
      case SHARE -> draw.chance(0.5) ? bytes(option) : Type.percent(percent(option));
      case BYTES -> bytes(option);
      case PERCENT -> draw.chance(0.02) ? "nan" : Type.percent(percent(option));
      case SPAN -> Span.format((long) within(option, (double) draw.ns()));
      case COUNT ->
          option.write(within(option, draw.chance(0.5) ? draw.below(12) : draw.below(1200) - 10));
      case NUMBER -> option.write(within(option, draw.below(1000) / 10.0));
      case ERE, PYTHON -> draw.of(patterns);
      case LEVELS -> draw.below(10_000) + ":0," + (10_000 + draw.below(90_000)) + ":900";
      case TEXT -> option.name().equals("name") ? draw.of("r0", "r1", "r2") : draw.of(cgroups);
    };
  }

  private String bytes(Option option) {
    return Type.bytes(within(option, (double) draw.pages(memory) * PER_PAGE));
  }

  private double percent(Option option) {
    int whole = draw.of(0, 1, 50, 99, 100, draw.below(101));
    return within(option, draw.chance(0.3) ? whole + 0.5 : whole);
  }

  /** A number near another that the option may be, often the least or the most. */
  private double within(Option option, double number) {
    double least = Math.max(option.least(), option.type() == Type.COUNT ? -HUNDRED : 0);
    double most = Math.min(option.most(), MOST);
    return switch (draw.below(10)) {
      case 0 -> least;
      case 1 -> Math.max(least, most);
      default -> Math.max(least, Math.min(most, number));
    };
  }

  // Handlers.

  private List<Handler> handlers() {
    List<Handler> handlers = new ArrayList<>();
    int count = 1 + draw.below(3);
    for (int i = 0; i < count; i++) {
      handlers.add(handler("h" + i));
    }
    return handlers;
  }

  private Handler handler(String name) {
    String cgroup = draw.of(cgroups);
    Handler.Action action = draw.of(Handler.Action.values());
    boolean kills = action == Handler.Action.KILL_TASK || action == Handler.Action.KILL_CGROUP;
    return new Handler(
        name,
        cgroup.equals("/") ? "" : cgroup,
        action,
        kills ? draw.of(Handler.By.values()) : Handler.By.BADNESS,
        draw.of(Handler.InFlight.values()),
        draw.chance(0.3) ? draw.pages(memory) : -1,
        action == Handler.Action.PROMISE ? draw.nsOrForever(0.2) : 0,
        draw.of(0L, 10_000L, draw.ns()));
  }
}
