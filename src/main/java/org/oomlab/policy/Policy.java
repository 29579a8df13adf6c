package org.oomlab.policy;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.DaemonSettings;
import org.oomlab.daemon.Setting;
import org.oomlab.handler.Handler;

/**
 * A name and a value for every knob, with the story of where it comes from.
 *
 * <p>Immutable. Two policies are compared by their values, never by their names: no code asks what
 * a policy is called.
 */
public final class Policy implements Serializable {
  private static final long serialVersionUID = 1;

  private final About about;
  private final long[] values;
  private final SortedMap<String, String> origins;
  private final String profile;

  /** The daemon that kills in user space, or null. */
  private final @Nullable DaemonSettings daemon;

  private final List<Handler> handlers;

  /**
   * What a policy file says about itself.
   *
   * @param name the file's name without its folder and extension
   * @param title one line
   * @param source the kernel, thread or commit it stands for
   * @param wins what it is meant to improve, or empty
   * @param loses where that costs something, or empty
   * @param lineage the policies it extends, nearest first
   * @param kernel the version of the kernel whose sources it follows, such as 6.1, or empty; what a
   *     log looks like depends on it, and nothing that happens
   */
  public record About(
      String name,
      String title,
      String source,
      String wins,
      String loses,
      List<String> lineage,
      String kernel)
      implements Serializable {
    public About {
      lineage = List.copyOf(lineage);
    }
  }

  /**
   * A policy.
   *
   * @param values a value for each knob, in the order of {@link Knobs#all()}
   * @param origins for each knob's path, the name of the policy file (or option) that set it
   */
  public Policy(About about, long[] values, SortedMap<String, String> origins) {
    this(about, values, origins, "", null, List.of());
  }

  private Policy(
      About about,
      long[] values,
      SortedMap<String, String> origins,
      String profile,
      @Nullable DaemonSettings daemon,
      List<Handler> handlers) {
    if (values.length != Knobs.all().size()) {
      throw new IllegalArgumentException("a policy has a value for every knob");
    }
    this.about = about;
    this.values = values.clone();
    this.origins = Collections.unmodifiableSortedMap(new TreeMap<>(origins));
    this.profile = profile;
    this.daemon = daemon;
    this.handlers = List.copyOf(handlers);
  }

  public About about() {
    return about;
  }

  public String name() {
    return about.name();
  }

  /** The name of its file, if it goes by another one; else empty. */
  public String profile() {
    return profile;
  }

  /** The daemon that watches over the machine beside the kernel, or null. */
  public @Nullable DaemonSettings daemon() {
    return daemon;
  }

  /** This policy with another daemon, or none. */
  public Policy with(@Nullable DaemonSettings other) {
    return new Policy(about, values, origins, profile, other, handlers);
  }

  /** This policy with none. */
  public Policy withoutDaemon() {
    return daemon == null ? this : with((DaemonSettings) null);
  }

  /** What is asked before the kernel chooses a victim, in the order of the file. */
  public List<Handler> handlers() {
    return handlers;
  }

  /** This policy with other handlers. */
  public Policy with(List<Handler> others) {
    return new Policy(about, values, origins, profile, daemon, others);
  }

  /** The value: nanoseconds, a count, 0 or 1, or the position of the choice. */
  public long get(Knob knob) {
    if (knob.isOfDaemon()) {
      return takes(knob) ? knob.valueOf(daemonOption(knob)) : Knob.UNSET;
    }
    return values[Knobs.all().indexOf(knob)];
  }

  /** Whether it has this knob: every one of the kernel, and those of its daemon. */
  public boolean takes(Knob knob) {
    return !knob.isOfDaemon() || takesOption(knob.path());
  }

  /** Whether its daemon has an option at a path, such as {@code daemon.mem_min_percent}. */
  public boolean takesOption(String path) {
    try {
      return daemon != null && daemon.get(optionPath(path)) != null;
    } catch (IllegalArgumentException no) {
      return false;
    }
  }

  /**
   * This policy with an option of its daemon set, if that has it.
   *
   * @param text as a policy file writes it
   * @throws IllegalArgumentException with what was expected
   */
  public Policy withOption(String path, String text) {
    return daemon != null && takesOption(path) ? with(daemon.with(optionPath(path), text)) : this;
  }

  private Setting daemonOption(Knob knob) {
    if (daemon == null) {
      throw new IllegalStateException(about.name() + " has no daemon");
    }
    return daemon.get(optionPath(knob.path()));
  }

  private static String optionPath(String path) {
    return path.startsWith(DaemonKnobs.PREFIX) ? path.substring(DaemonKnobs.PREFIX.length()) : path;
  }

  /** The value of a {@link Knob.Type#FLAG}. */
  public boolean is(Knob knob) {
    return get(knob) != 0;
  }

  /** The value of a {@link Knob.Type#CHOICE} as the constant it stands for. */
  public <E extends Enum<E>> E choice(Knob knob, Class<E> values) {
    return values.getEnumConstants()[(int) get(knob)];
  }

  /** Which policy file, or option, set this knob. */
  public String origin(Knob knob) {
    return origins.getOrDefault(knob.path(), about.name());
  }

  /** This policy with one knob set otherwise, as {@code --set} does. */
  public Policy with(Knob knob, long value, String origin) {
    if (knob.isOfDaemon()) {
      boolean changes = daemon != null && takes(knob) && value != Knob.UNSET;
      return changes ? with(daemon.with(optionPath(knob.path()), knob.format(value))) : this;
    }
    long[] changed = values.clone();
    changed[Knobs.all().indexOf(knob)] = value;
    TreeMap<String, String> from = new TreeMap<>(origins);
    from.put(knob.path(), origin);
    return new Policy(about, changed, from, profile, daemon, handlers);
  }

  /**
   * This policy under another name, as {@code label=policy} does, and a kernel version that it
   * stands for.
   */
  public Policy named(String name) {
    About renamed =
        new About(
            name,
            about.title(),
            about.source(),
            about.wins(),
            about.loses(),
            about.lineage(),
            about.kernel());
    return new Policy(
        renamed, values, origins, profile.isEmpty() ? about.name() : profile, daemon, handlers);
  }

  @Override
  public String toString() {
    return about.name();
  }
}
