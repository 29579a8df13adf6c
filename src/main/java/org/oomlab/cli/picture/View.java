package org.oomlab.cli.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Names;
import org.oomlab.cli.session.Part;
import org.oomlab.cli.session.UserError;
import org.oomlab.timeline.Moment;
import org.oomlab.timeline.Recording;
import org.oomlab.timeline.Timeline;
import org.oomlab.timeline.Timeline.Mark;
import org.oomlab.timeline.Window;
import org.oomlab.unit.Span;
import org.oomlab.unit.Suggestions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Which part of a timeline is wanted, and of whom. */
final class View implements Part {
  private final OptionSpec from =
      Args.option(String.class, "TIME", "--from")
          .order(6)
          .description("Begin at this time, from the first OOM call: 1.5ms, +1.5ms or -20ms.")
          .build();
  private final OptionSpec to =
      Args.option(String.class, "TIME", "--to").order(6).description("End at this time.").build();
  private final OptionSpec around =
      Args.list("MOMENT N", "--around")
          .arity("2")
          .hideParamSyntax(true)
          .completionCandidates(new Moments())
          .order(6)
          .description(
              "Only what is next to a moment, such as 'kill 2': the second kill. A moment is one of "
                  + String.join(", ", Moments.words())
                  + ".")
          .build();
  private final OptionSpec only =
      Args.list("NAME,...", "--only")
          .splitRegex(",")
          .hideParamSyntax(true)
          .order(7)
          .description(
              "Only these: tasks, processes, locks, oom_reaper; may be repeated. Default: all that"
                  + " have a part in it.")
          .build();
  private final OptionSpec ascii =
      Args.flag("--ascii")
          .order(7)
          .description("Draw with letters and signs that every terminal has.")
          .build();

  /** The kinds of moments, as they are asked for. */
  private static final class Moments implements Names {
    static List<String> words() {
      return List.of(Moment.values()).stream().map(Moment::word).toList();
    }

    @Override
    public Map<String, String> described() {
      Map<String, String> words = new TreeMap<>();
      for (Moment each : Moment.values()) {
        words.put(each.word(), each.label());
      }
      return words;
    }
  }

  @Override
  public void addTo(CommandSpec spec) {
    spec.addOption(from).addOption(to).addOption(around).addOption(only).addOption(ascii);
  }

  boolean isAscii() {
    return Args.isSet(ascii);
  }

  /** Whether a part of the time was asked for. */
  boolean isPart() {
    return from.getValue() != null || to.getValue() != null || !Args.all(around).isEmpty();
  }

  /**
   * What is to be seen of these.
   *
   * @throws UserError if there is no such time, moment or name in any of them
   */
  Window window(List<Recording> recordings) {
    List<Timeline> timelines = recordings.stream().map(Recording::timeline).toList();
    List<String> names = Args.named(only);
    Window window = Window.of(timelines, names);
    List<String> unknown = window.unknown(timelines);
    if (!unknown.isEmpty()) {
      throw unknown(unknown.get(0), timelines);
    }
    List<String> moment = Args.all(around);
    if (!moment.isEmpty()) {
      if (from.getValue() != null || to.getValue() != null) {
        throw new UserError("--around: cannot be combined with --from and --to");
      }
      return find(moment, timelines, window);
    }
    long zeroNs = timelines.get(0).zeroNs();
    Long begin = time("--from", from.getValue(), zeroNs);
    Long end = time("--to", to.getValue(), zeroNs);
    long fromNs = begin == null ? window.fromNs() : begin;
    long toNs = end == null ? window.toNs() : end;
    if (begin != null && begin >= window.toNs()) {
      throw new UserError(
          "--from "
              + from.getValue()
              + ": the episode ends before, at +"
              + Span.format(window.toNs() - zeroNs));
    }
    if (toNs <= fromNs) {
      throw new UserError("--to " + to.getValue() + ": that is not after the beginning");
    }
    return window.at(fromNs, toNs);
  }

  private static UserError unknown(String name, List<Timeline> timelines) {
    TreeSet<String> known = new TreeSet<>();
    for (Timeline timeline : timelines) {
      for (Timeline.Lane lane : timeline.lanes()) {
        known.add(lane.name());
        known.add(lane.process());
      }
    }
    return new UserError(
        "--only " + name + ": there is no such task, process or lock",
        Suggestions.nearest(name, known));
  }

  private static Window find(List<String> words, List<Timeline> timelines, Window whole) {
    String written = String.join(" ", words);
    String number = words.get(words.size() - 1);
    if (words.size() != 2 || !number.matches("[1-9][0-9]{0,8}")) {
      throw new UserError(
          "--around " + written + ": expected a moment and a number from 1, such as 'kill 2'");
    }
    Moment moment = null;
    for (Moment each : Moment.values()) {
      moment = each.word().equals(words.get(0)) ? each : moment;
    }
    if (moment == null) {
      throw new UserError(
          "--around " + written + ": there is no such moment",
          Suggestions.nearest(words.get(0), Moments.words()));
    }
    int most = 0;
    for (Timeline timeline : timelines) {
      List<Mark> found = new ArrayList<>();
      for (Mark mark : timeline.marks()) {
        if (mark.moment() == moment) {
          found.add(mark);
        }
      }
      most = Math.max(most, found.size());
      if (found.size() >= Integer.parseInt(number)) {
        return whole.around(found.get(Integer.parseInt(number) - 1).atNs(), List.of(timeline));
      }
    }
    throw new UserError(
        "--around "
            + written
            + ": there "
            + (most == 1 ? "is 1" : "are " + most)
            + " of that kind");
  }

  private static @Nullable Long time(String option, @Nullable String text, long zeroNs) {
    if (text == null) {
      return null;
    }
    String written = text.strip();
    boolean before = written.startsWith("-");
    String span = before || written.startsWith("+") ? written.substring(1) : written;
    try {
      long ns = Span.parse(span);
      if (ns < Span.FOREVER) {
        return Math.max(0, zeroNs + (before ? -ns : ns));
      }
      throw new IllegalArgumentException("expected a time");
    } catch (IllegalArgumentException e) {
      throw new UserError(option + " " + text + ": " + e.getMessage());
    }
  }
}
