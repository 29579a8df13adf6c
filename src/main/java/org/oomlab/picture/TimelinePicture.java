package org.oomlab.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
import org.oomlab.timeline.Window;
import org.oomlab.unit.Bytes;

/** Timelines as a picture, one under the other on one axis. */
public final class TimelinePicture {
  private static final int WIDTH = 1000;
  private static final int NAMES = 150;
  private static final int RIGHT = 12;
  private static final int ROW = 17;
  private static final int MEMORY = 76;
  private static final int CGROUP = 30;
  private static final int HEAD = 26;
  private static final int AXIS = 34;
  private static final int LEGEND_ROW = 16;
  private static final int MARK = 6;

  /** More lanes than this are no picture any more. */
  private static final int MOST_LANES = 60;

  private final String title;
  private final List<Recording> recordings;
  private final Window window;
  private final TextChart.@Nullable Cursor cursor;
  private final Scale scale;
  private final long[] edges;
  private final long zeroNs;

  /**
   * A picture.
   *
   * @param recordings at least one; times are counted from the first one's first OOM call
   * @param cursor a moment to be pointed at, or null
   */
  public TimelinePicture(
      String title, List<Recording> recordings, Window window, TextChart.@Nullable Cursor cursor) {
    this.title = title;
    this.recordings = List.copyOf(recordings);
    this.window = window;
    this.cursor = cursor;
    List<Timeline> timelines = recordings.stream().map(Recording::timeline).toList();
    this.scale = new Scale(window, timelines);
    this.edges = scale.edges(WIDTH - NAMES - RIGHT);
    this.zeroNs = timelines.get(0).zeroNs();
  }

  /** As SVG. */
  public String svg() {
    return Canvas.svg(WIDTH, height(), this::paint);
  }

  /** As a bitmap. */
  public byte[] png() {
    return Canvas.png(WIDTH, height(), this::paint);
  }

  private List<Integer> shown(Timeline timeline) {
    List<Integer> lanes = window.lanes(timeline);
    return lanes.subList(0, Math.min(MOST_LANES, lanes.size()));
  }

  private int height() {
    int height = HEAD;
    for (Recording each : recordings) {
      Timeline timeline = each.timeline();
      height += HEAD + MEMORY + CGROUP * timeline.cgroups().size();
      height += ROW * shown(timeline).size() + ROW;
    }
    return height + AXIS + LEGEND_ROW * legendRows();
  }

  private void paint(Graphics2D on) {
    on.setFont(Canvas.font(14));
    text(on, title, 8, 18, Palette.INK);
    int y = HEAD;
    for (Recording each : recordings) {
      y = recording(on, each, y);
    }
    if (cursor != null) {
      double x = x(cursor.atNs());
      on.setStroke(
          new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, new float[] {3}, 0));
      on.setColor(Palette.BAD);
      on.draw(new Line2D.Double(x, HEAD + 4, x, y));
      on.setStroke(new BasicStroke(1));
    }
    axis(on, y);
    legend(on, y + AXIS);
  }

  private int recording(Graphics2D on, Recording recording, int top) {
    Timeline timeline = recording.timeline();
    int y = top;
    on.setFont(Canvas.font(12));
    text(on, recording.name() + ": " + TextChart.end(recording), 8, y + 17, Palette.INK);
    y += HEAD;
    on.setFont(Canvas.font(10));
    memory(on, timeline, y);
    y += MEMORY;
    for (Timeline.Usage cgroup : timeline.cgroups()) {
      String name = cgroup.name() + " of " + Bytes.human(cgroup.limit());
      text(on, clipped(on, name), 8, y + CGROUP / 2.0 + 4, Palette.INK);
      area(
          on,
          cgroup.levels(),
          timeline.endNs(),
          y + 4,
          CGROUP - 8,
          amount -> (double) amount / cgroup.limit(),
          true);
      y += CGROUP;
    }
    List<Integer> lanes = shown(timeline);
    int first = y;
    for (int number : lanes) {
      lane(on, timeline.lanes().get(number), y);
      y += ROW;
    }
    marks(on, timeline, lanes, first);
    int more = window.lanes(timeline).size() - lanes.size();
    if (more > 0) {
      text(on, "and " + more + " more; see --only", 8, y + 12, Palette.FAINT);
    }
    return y + ROW;
  }

  // Memory.

  private interface Share {
    double of(long pages);
  }

  /** Between each two watermarks there is as much room, whatever the distance. */
  private void memory(Graphics2D on, Timeline timeline, int y) {
    long top =
        Math.max(timeline.highPages() + 1, timeline.free().most(window.fromNs(), window.toNs()));
    long[] levels = {0, timeline.minPages(), timeline.lowPages(), timeline.highPages(), top};
    Share share =
        pages -> {
          int i = 0;
          while (i < levels.length - 2 && pages >= levels[i + 1]) {
            i++;
          }
          double within = (double) (pages - levels[i]) / Math.max(1, levels[i + 1] - levels[i]);
          return (i + Math.min(1, within)) / (levels.length - 1);
        };
    int height = MEMORY - 14;
    area(on, timeline.free(), timeline.endNs(), y + 6, height, share, false);
    String[] names = {"", "min ", "low ", "high ", ""};
    for (int i = 0; i < levels.length; i++) {
      double at = y + 6 + height * (1 - i / 4.0);
      on.setColor(Palette.GRID);
      on.draw(new Line2D.Double(NAMES, at, WIDTH - RIGHT, at));
      boolean isNothingAbove = i == 4 && top == timeline.highPages() + 1;
      text(
          on,
          isNothingAbove ? "" : i == 0 ? "free memory  0" : names[i] + Bytes.human(levels[i]),
          NAMES - 6,
          at + 3,
          Palette.FAINT,
          true);
    }
  }

  /** Filled from below, in steps: the least there was in each column, or the most. */
  private void area(
      Graphics2D on,
      Levels levels,
      long endNs,
      double y,
      double height,
      Share share,
      boolean most) {
    Path2D path = new Path2D.Double();
    path.moveTo(NAMES, y + height);
    double before = -1;
    int columns = (int) Math.ceil(scale.at(endNs) * (edges.length - 1));
    for (int column = 0; column < columns; column++) {
      long pages =
          most
              ? levels.most(edges[column], edges[column + 1])
              : levels.least(edges[column], edges[column + 1]);
      double at = y + height * (1 - Math.max(0, Math.min(1, share.of(pages))));
      if (at != before) {
        if (column > 0) {
          path.lineTo(NAMES + column, before);
        }
        path.lineTo(NAMES + column, at);
        before = at;
      }
    }
    path.lineTo(NAMES + columns, before);
    path.lineTo(NAMES + columns, y + height);
    path.closePath();
    on.setColor(new Color(0xcfe6f7));
    on.fill(path);
    on.setColor(Palette.SERIES.get(0));
    on.draw(path);
  }

  // Lanes.

  private void lane(Graphics2D on, Lane lane, int y) {
    text(on, clipped(on, lane.name()), 8, y + 12, Palette.INK);
    List<State> states = lane.states(edges);
    for (int from = 0; from < states.size(); ) {
      State state = states.get(from);
      int to = from;
      while (to < states.size() && states.get(to) == state) {
        to++;
      }
      if (!state.isNothing()) {
        double inset = lane.kind() == Kind.LOCK ? 5 : 2;
        on.setColor(Palette.of(state));
        on.fill(new Rectangle2D.Double(NAMES + from, y + inset, to - from, ROW - 2 * inset));
        double room = on.getFontMetrics().getStringBounds(state.label(), on).getWidth();
        if (lane.kind() != Kind.LOCK && room + 16 < to - from) {
          text(
              on,
              state.label(),
              NAMES + from + 9,
              y + 12,
              state == State.UNMAPS ? Color.WHITE : Palette.INK);
        }
      }
      from = to;
    }
  }

  private void marks(Graphics2D on, Timeline timeline, List<Integer> lanes, int top) {
    List<Mark> marks = new ArrayList<>(window.marks(timeline));
    marks.sort((a, b) -> b.moment().ordinal() - a.moment().ordinal()); // What decides more, on top.
    for (Mark mark : marks) {
      double x = x(mark.atNs());
      if (mark.lane() < 0) {
        on.setColor(mark.moment() == Moment.PANIC ? Palette.BAD : Palette.FAINT);
        on.draw(new Line2D.Double(x, top, x, top + ROW * lanes.size()));
      }
      int row = mark.lane() < 0 ? 0 : lanes.indexOf(mark.lane());
      if (row >= 0 && mark.moment() != Moment.END && !lanes.isEmpty()) {
        mark(on, mark.moment(), x, top + row * ROW + ROW / 2.0);
      }
    }
  }

  private static void mark(Graphics2D on, Moment moment, double x, double y) {
    boolean bad = moment == Moment.KILL || moment == Moment.PANIC || moment == Moment.FUTEX_BROKEN;
    on.setColor(bad ? Palette.BAD : moment == Moment.RECOVERY ? new Color(0x00674b) : Palette.INK);
    on.fill(new Ellipse2D.Double(x - MARK, y - MARK, 2 * MARK, 2 * MARK));
    String sign = String.valueOf(moment.sign());
    double width = on.getFontMetrics().getStringBounds(sign, on).getWidth();
    text(on, sign, x - width / 2, y + 3.5, Color.WHITE);
  }

  // The rest.

  private double x(long ns) {
    return NAMES + scale.at(ns) * (edges.length - 1);
  }

  private void axis(Graphics2D on, int y) {
    on.setColor(Palette.FAINT);
    on.draw(new Line2D.Double(NAMES, y, WIDTH - RIGHT, y));
    int parts = 8;
    for (int i = 0; i <= parts; i++) {
      double x = NAMES + (double) i * (edges.length - 1) / parts;
      on.setColor(Palette.FAINT);
      on.draw(new Line2D.Double(x, y, x, y + 4));
      String label = TextChart.human(scale.timeAt((double) i / parts) - zeroNs);
      double width = on.getFontMetrics().getStringBounds(label, on).getWidth();
      double at = Math.min(x - width / 2, WIDTH - 2 - width);
      text(on, label, at, y + 16, Palette.INK);
    }
    String note = "from the first OOM call; stretched where more happens";
    text(on, note, NAMES, y + 29, Palette.FAINT);
    if (cursor != null) {
      String there = cursor.label() + " " + TextChart.human(cursor.atNs() - zeroNs);
      text(on, there, WIDTH - RIGHT, y + 29, Palette.BAD, true);
    }
  }

  private List<Object> meanings() {
    Set<Moment> moments = EnumSet.noneOf(Moment.class);
    Set<State> states = EnumSet.noneOf(State.class);
    for (Recording each : recordings) {
      window.marks(each.timeline()).forEach(mark -> moments.add(mark.moment()));
      shown(each.timeline())
          .forEach(lane -> states.addAll(each.timeline().lanes().get(lane).states(edges)));
    }
    moments.remove(Moment.END);
    states.removeIf(State::isNothing);
    List<Object> all = new ArrayList<>(moments);
    all.addAll(states);
    return all;
  }

  private static final int MEANINGS_IN_A_ROW = 6;

  private int legendRows() {
    return (meanings().size() + MEANINGS_IN_A_ROW - 1) / MEANINGS_IN_A_ROW + 1;
  }

  private void legend(Graphics2D on, int top) {
    int i = 0;
    for (Object meaning : meanings()) {
      double x = 10 + (double) (i % MEANINGS_IN_A_ROW) * (WIDTH - 20) / MEANINGS_IN_A_ROW;
      int row = i / MEANINGS_IN_A_ROW;
      double y = top + row * LEGEND_ROW + LEGEND_ROW / 2.0;
      if (meaning instanceof Moment moment) {
        mark(on, moment, x + MARK, y);
        text(on, moment.label(), x + 18, y + 4, Palette.INK);
      } else if (meaning instanceof State state) {
        on.setColor(Palette.of(state));
        on.fill(new Rectangle2D.Double(x, y - 5, 12, 10));
        text(on, state.label(), x + 18, y + 4, Palette.INK);
      }
      i++;
    }
  }

  private static String clipped(Graphics2D on, String name) {
    String shown = name;
    while (shown.length() > 1
        && on.getFontMetrics().getStringBounds(shown, on).getWidth() > NAMES - 14) {
      shown = shown.substring(0, shown.length() - 1);
    }
    return shown.equals(name) ? name : shown.substring(0, shown.length() - 1) + "…";
  }

  private static void text(Graphics2D on, String text, double x, double y, Color color) {
    text(on, text, x, y, color, false);
  }

  private static void text(
      Graphics2D on, String text, double x, double y, Color color, boolean toTheRight) {
    String printable = Printable.line(text);
    double width = toTheRight ? on.getFontMetrics().getStringBounds(printable, on).getWidth() : 0;
    on.setColor(color);
    on.drawString(printable, (float) (x - width), (float) y);
  }
}
