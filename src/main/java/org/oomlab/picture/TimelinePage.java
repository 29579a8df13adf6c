package org.oomlab.picture;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.oomlab.output.Printable;
import org.oomlab.timeline.Moment;
import org.oomlab.timeline.Recording;
import org.oomlab.timeline.Scale;
import org.oomlab.timeline.State;
import org.oomlab.timeline.TextChart;
import org.oomlab.timeline.Timeline;
import org.oomlab.timeline.Timeline.Kind;
import org.oomlab.timeline.Timeline.Lane;
import org.oomlab.timeline.Timeline.Levels;
import org.oomlab.timeline.Timeline.Mark;
import org.oomlab.timeline.Timeline.Stretch;
import org.oomlab.timeline.Window;

/**
 * Timelines as a page in which one can zoom, and point at what one wants to know more of. What is
 * in it is bounded: where a lane changes more often than a screen has dots, many times over, only
 * what it does most of the time is kept.
 */
public final class TimelinePage {
  private static final int MOST_CHANGES = 8192;

  private final List<Recording> recordings;
  private final Window window;
  private final TextChart.@Nullable Cursor cursor;
  private final long[] edges;
  private final Scale scale;

  private TimelinePage(
      List<Recording> recordings, Window window, TextChart.@Nullable Cursor cursor) {
    this.recordings = recordings;
    this.window = window;
    this.cursor = cursor;
    this.scale = new Scale(window, recordings.stream().map(Recording::timeline).toList());
    this.edges = scale.edges(MOST_CHANGES);
  }

  /**
   * The page.
   *
   * @param cursor where policies part, or null
   */
  public static String of(
      String title, List<Recording> recordings, Window window, TextChart.@Nullable Cursor cursor) {
    String still = new TimelinePicture(title, recordings, window, cursor).svg();
    return Html.page(
        title,
        "<h1>"
            + Html.text(title)
            + "</h1>\n<div id=\"bar\"><button id=\"in\">zoom in</button>"
            + "<button id=\"out\">zoom out</button><button id=\"all\">all</button>"
            + "<button id=\"linear\">even time</button>"
            + "<span class=\"quiet\">wheel: zoom, drag: move, double click: all</span></div>\n"
            + "<svg id=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"></svg>\n"
            + "<div id=\"say\" aria-live=\"polite\">Point at something.</div>\n<noscript>"
            + Html.figure(still, "")
            + "</noscript>\n<p>"
            + keys()
            + "</p>\n<p class=\"quiet\">Times are from the first OOM call. Where more happens the"
            + " axis is stretched.</p>\n<script id=\"data\" type=\"application/json\">"
            + new TimelinePage(recordings, window, cursor).json()
            + "</script>\n<script>\n"
            + Html.resource("timeline.js")
            + "</script>\n");
  }

  private static String keys() {
    StringBuilder keys = new StringBuilder();
    for (Moment moment : Moment.values()) {
      if (moment != Moment.END) {
        keys.append("<span class=\"key\"><b style=\"background:")
            .append(color(moment))
            .append("\">")
            .append(moment.sign())
            .append("</b>")
            .append(Html.text(moment.label()))
            .append("</span>\n");
      }
    }
    for (State state : State.values()) {
      if (!state.isNothing()) {
        keys.append("<span class=\"key\"><i style=\"background:")
            .append(Palette.hex(Palette.of(state)))
            .append("\"></i>")
            .append(Html.text(state.label()))
            .append("</span>\n");
      }
    }
    return keys.toString();
  }

  private static String color(Moment moment) {
    return switch (moment) {
      case PANIC, KILL, FUTEX_BROKEN -> Palette.hex(Palette.BAD);
      case RECOVERY -> "#00674b";
      case END -> "#999999";
      default -> Palette.hex(Palette.INK);
    };
  }

  // Data.

  private String json() {
    String states =
        list(
            List.of(State.values()),
            each ->
                "{\"label\":"
                    + quoted(each.label())
                    + ",\"color\":"
                    + quoted(Palette.hex(Palette.of(each)))
                    + ",\"dark\":"
                    + (each == State.UNMAPS || each == State.RELEASES)
                    + ",\"nothing\":"
                    + each.isNothing()
                    + "}");
    String kinds =
        list(
            List.of(Moment.values()),
            each ->
                "{\"sign\":"
                    + quoted(String.valueOf(each.sign()))
                    + ",\"color\":"
                    + quoted(color(each))
                    + "}");
    return "{\"zero\":"
        + recordings.get(0).timeline().zeroNs()
        + ",\"from\":"
        + window.fromNs()
        + ",\"to\":"
        + window.toNs()
        + ",\"parting\":"
        + (cursor == null ? "null" : Long.toString(cursor.atNs()))
        + ",\"moments\":"
        + list(scale.moments(), each -> Long.toString(each))
        + ",\"states\":"
        + states
        + ",\"kinds\":"
        + kinds
        + ",\"recordings\":"
        + list(recordings, this::recording)
        + "}";
  }

  private String recording(Recording recording) {
    Timeline timeline = recording.timeline();
    List<Integer> lanes = window.lanes(timeline);
    int[] place = new int[timeline.lanes().size()];
    Arrays.fill(place, -2);
    IntStream.range(0, lanes.size()).forEach(i -> place[lanes.get(i)] = i);
    List<Mark> marks =
        window.marks(timeline).stream()
            .filter(mark -> mark.lane() < 0 || place[mark.lane()] >= 0)
            .toList();
    return "{\"name\":"
        + quoted(recording.name())
        + ",\"end\":"
        + quoted(TextChart.end(recording))
        + ",\"endNs\":"
        + timeline.endNs()
        + ",\"min\":"
        + timeline.minPages()
        + ",\"low\":"
        + timeline.lowPages()
        + ",\"high\":"
        + timeline.highPages()
        + ","
        + levels("freeNs", "freePages", timeline.free())
        + ",\"cgroups\":"
        + list(
            timeline.cgroups(),
            each ->
                "{\"name\":"
                    + quoted(each.name())
                    + ",\"limit\":"
                    + each.limit()
                    + ","
                    + levels("ns", "pages", each.levels())
                    + "}")
        + ",\"lanes\":"
        + list(lanes, each -> lane(timeline.lanes().get(each)))
        + ",\"marks\":"
        + list(
            marks,
            each ->
                "["
                    + each.atNs()
                    + ","
                    + (each.lane() < 0 ? -1 : place[each.lane()])
                    + ","
                    + each.moment().ordinal()
                    + ","
                    + quoted(each.sentence())
                    + "]")
        + "}";
  }

  private String levels(String times, String amounts, Levels levels) {
    List<Long> ns;
    List<Long> pages;
    if (levels.count() <= MOST_CHANGES) {
      ns = IntStream.range(0, levels.count()).mapToObj(levels::timeNs).toList();
      pages = IntStream.range(0, levels.count()).mapToObj(levels::pages).toList();
    } else {
      ns = IntStream.range(0, MOST_CHANGES).mapToObj(i -> edges[i]).toList();
      pages =
          IntStream.range(0, MOST_CHANGES)
              .mapToObj(i -> levels.least(edges[i], edges[i + 1]))
              .toList();
    }
    return "\""
        + times
        + "\":"
        + list(ns, n -> "" + n)
        + ",\""
        + amounts
        + "\":"
        + list(pages, n -> "" + n);
  }

  private String lane(Lane lane) {
    List<Stretch> stretches = lane.stretches();
    if (stretches.size() > MOST_CHANGES) {
      List<State> states = lane.states(edges);
      stretches =
          IntStream.range(0, MOST_CHANGES)
              .mapToObj(i -> new Stretch(edges[i], edges[i + 1], states.get(i), ""))
              .toList();
    }
    return "{\"name\":"
        + quoted(lane.name())
        + ",\"lock\":"
        + (lane.kind() == Kind.LOCK)
        + ",\"ns\":"
        + list(stretches, each -> Long.toString(each.fromNs()))
        + ",\"states\":"
        + list(stretches, each -> Integer.toString(each.state().ordinal()))
        + ",\"holders\":"
        + list(stretches, each -> quoted(each.holder()))
        + "}";
  }

  private static <T> String list(List<T> items, Function<T, String> each) {
    return items.stream().map(each).collect(Collectors.joining(",", "[", "]"));
  }

  /** A string of JSON that cannot end the element of HTML it is in. */
  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : Printable.line(text).toCharArray()) {
      if (c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&') {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
