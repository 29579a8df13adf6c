package org.oomlab.timeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.report.ExplainReport;
import org.oomlab.report.Page;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Tone;
import org.oomlab.timeline.Timeline.Lane;
import org.oomlab.timeline.Timeline.Levels;
import org.oomlab.timeline.Timeline.Mark;
import org.oomlab.unit.Bytes;

/** Timelines in characters, one under the other on one axis, with a moment pointed at. */
public final class TextChart {
  private static final int LONGEST_NAME = 20;

  /** More lanes than this are no picture any more. */
  private static final int MOST_LANES = 24;

  private static final int LABEL_EVERY = 16;
  private static final String BRIEF = "  free memory";

  private final List<Recording> recordings;
  private final Window window;
  private final boolean ascii;
  private final int names;
  private final int width;
  private final long[] edges;
  private final long zeroNs;
  private final Set<State> drawnStates = EnumSet.noneOf(State.class);
  private final Set<Moment> drawnMoments = EnumSet.noneOf(Moment.class);

  /**
   * A chart.
   *
   * @param recordings at least one; times are counted from the first one's first OOM call
   * @param width characters in a line
   * @param ascii whether to do with letters and signs that are everywhere
   */
  public TextChart(List<Recording> recordings, Window window, int width, boolean ascii) {
    this.recordings = List.copyOf(recordings);
    this.window = window;
    this.ascii = ascii;
    int longest = BRIEF.length() + 1;
    for (Recording each : recordings) {
      for (int lane : shown(each.timeline())) {
        longest = Math.max(longest, each.timeline().lanes().get(lane).name().length());
      }
    }
    this.names = Math.min(LONGEST_NAME, longest) + 2;
    this.width = Math.max(names + LABEL_EVERY, width);
    List<Timeline> timelines = recordings.stream().map(Recording::timeline).toList();
    this.edges = new Scale(window, timelines).edges(this.width - names);
    this.zeroNs = timelines.get(0).zeroNs();
  }

  /** If there are too many lanes, those in which more is decided; in their order. */
  private List<Integer> shown(Timeline timeline) {
    List<Integer> lanes = window.lanes(timeline);
    if (lanes.size() <= MOST_LANES) {
      return lanes;
    }
    int[] best = new int[timeline.lanes().size()];
    Arrays.fill(best, Integer.MAX_VALUE);
    for (Mark mark : window.marks(timeline)) {
      if (mark.lane() >= 0) {
        best[mark.lane()] = Math.min(best[mark.lane()], mark.moment().ordinal());
      }
    }
    return lanes.stream()
        .sorted(Comparator.comparingInt(lane -> best[lane])) // Stable.
        .limit(MOST_LANES)
        .sorted()
        .toList();
  }

  /** Writes all of it. */
  public void write(Page page, @Nullable Cursor cursor) {
    for (Recording each : recordings) {
      if (recordings.size() > 1) {
        page.line(
            new Field(clipped(each.name(), width - 2), Tone.HEADING),
            Field.of("  "),
            new Field(clipped(end(each), width - each.name().length() - 2), Tone.QUIET));
      }
      memory(page, each.timeline());
      lanes(page, each.timeline());
    }
    axis(page, cursor);
    legend(page);
  }

  /**
   * A moment that is pointed at.
   *
   * @param label what it is
   */
  public record Cursor(long atNs, String label) {}

  /** How it ended. */
  public static String end(Recording recording) {
    String panic = recording.outcome().panicText();
    return recording.outcome().verdictText() + (panic == null ? "" : ": " + panic);
  }

  private static String clipped(String text, int room) {
    return text.length() <= room ? text : text.substring(0, Math.max(0, room));
  }

  /** All that decides in an episode in one line, and how much memory is free in another. */
  public void writeInBrief(Page page, @Nullable Cursor cursor) {
    for (Recording each : recordings) {
      Timeline timeline = each.timeline();
      page.line(new Field(clipped(each.name(), width), Tone.HEADING));
      page.line(fields(head(BRIEF), gauge(timeline.free(), timeline.highPages())));
      Cell[] cells = new Cell[edges.length - 1];
      Arrays.setAll(cells, i -> new Cell(ascii ? '.' : '·', Tone.QUIET));
      put(cells, window.marks(timeline));
      page.line(fields(head("  decisions"), cells));
    }
    axis(page, cursor);
    legend(page);
  }

  // Memory.

  /** Filled up to the lower end of the row, or a part of it. */
  private static final String EIGHTHS = " ▁▂▃▄▅▆▇█";

  private static final String ASCII_EIGHTHS = " ...::::#";

  private char filled(double share) {
    // Whoever has anything at all has more than nothing.
    int eighth = share <= 0 ? 0 : Math.max(1, (int) Math.min(8, Math.floor(share * 8)));
    return (ascii ? ASCII_EIGHTHS : EIGHTHS).charAt(eighth);
  }

  /**
   * Between each two watermarks there is a row, whatever the distance; above them there are two.
   */
  private void memory(Page page, Timeline timeline) {
    long most = timeline.free().most(window.fromNs(), window.toNs());
    long high = timeline.highPages();
    long top = Math.max(high + 2, most);
    long middle = high + (top - high) / 2;
    long[] from = {middle, high, timeline.lowPages(), timeline.minPages(), 0};
    long[] to = {top, middle, high, timeline.lowPages(), timeline.minPages()};
    String[] labels = {"", "high ", "low ", "min ", "free memory"};
    boolean aboveHigh = most > high;
    for (int row = aboveHigh ? 0 : 2; row < from.length; row++) {
      Cell[] cells = new Cell[edges.length - 1];
      for (int column = 0; column < cells.length; column++) {
        long least = timeline.free().least(edges[column], edges[column + 1]);
        double share = (double) (least - from[row]) / Math.max(1, to[row] - from[row]);
        Tone tone =
            least < timeline.minPages()
                ? Tone.BAD
                : least < timeline.lowPages() ? Tone.DOUBTFUL : Tone.PLAIN;
        cells[column] = new Cell(filled(share), tone);
      }
      String amount = row == 0 || row == 4 ? "" : Bytes.human(from[row]);
      page.line(fields(head(labels[row] + amount, ascii ? '|' : '┤'), cells));
    }
    for (Timeline.Usage cgroup : timeline.cgroups()) {
      String head = cgroup.name() + " of " + Bytes.human(cgroup.limit());
      page.line(fields(head(head), usage(cgroup)));
    }
  }

  /** Against a limit, how much of it is used. */
  private Cell[] usage(Timeline.Usage cgroup) {
    Cell[] cells = new Cell[edges.length - 1];
    for (int column = 0; column < cells.length; column++) {
      long most = cgroup.levels().most(edges[column], edges[column + 1]);
      double share = (double) most / Math.max(1, cgroup.limit());
      cells[column] = new Cell(filled(share), share >= 1 ? Tone.BAD : Tone.PLAIN);
    }
    return cells;
  }

  private Cell[] gauge(Levels levels, long full) {
    Cell[] cells = new Cell[edges.length - 1];
    for (int column = 0; column < cells.length; column++) {
      long least = levels.least(edges[column], edges[column + 1]);
      cells[column] = new Cell(filled((double) least / Math.max(1, full)), Tone.PLAIN);
    }
    return cells;
  }

  // Lanes.

  private record Cell(char sign, Tone tone) {}

  private void lanes(Page page, Timeline timeline) {
    List<Integer> lanes = shown(timeline);
    List<List<Mark>> marks = new ArrayList<>();
    timeline.lanes().forEach(lane -> marks.add(new ArrayList<>()));
    for (Mark mark : window.marks(timeline)) {
      if (mark.lane() >= 0) {
        marks.get(mark.lane()).add(mark);
      } else {
        lanes.forEach(lane -> marks.get(lane).add(mark));
      }
    }
    for (int number : lanes) {
      Lane lane = timeline.lanes().get(number);
      Cell[] cells = states(lane);
      if (lane.kind() != Timeline.Kind.LOCK) {
        put(cells, marks.get(number));
      }
      page.line(fields(head(lane.name()), cells));
    }
    int more = window.lanes(timeline).size() - lanes.size();
    if (more > 0) {
      page.line(
          new Field(
              clipped("and " + more + " more in which less is decided; see --only", width),
              Tone.QUIET));
    }
  }

  /** In each column, what they do for the longest part of it. */
  private Cell[] states(Lane lane) {
    List<State> states = lane.states(edges);
    drawnStates.addAll(states);
    return states.stream()
        .map(state -> new Cell(state.sign(ascii), state.tone()))
        .toArray(Cell[]::new);
  }

  private void put(Cell[] cells, List<Mark> marks) {
    Moment[] there = new Moment[cells.length];
    for (Mark mark : marks) {
      int column = column(mark.atNs());
      if (mark.moment().outweighs(there[column])) {
        there[column] = mark.moment();
        cells[column] = new Cell(mark.moment().sign(), mark.moment().tone());
      }
    }
    for (Moment moment : there) {
      if (moment != null) {
        drawnMoments.add(moment);
      }
    }
  }

  private int column(long ns) {
    int found = Arrays.binarySearch(edges, ns);
    int column = found >= 0 ? found : -found - 2;
    // Of columns that begin at the same time the first.
    while (column > 0 && edges[column - 1] == edges[Math.min(column, edges.length - 1)]) {
      column--;
    }
    return Math.max(0, Math.min(edges.length - 2, column));
  }

  // The page.

  private Field head(String name) {
    return head(name, ' ');
  }

  private Field head(String name, char behind) {
    int room = names - 2;
    String shown = name.length() > room ? name.substring(0, room) : name;
    return Field.of(shown + " ".repeat(room - shown.length()) + " " + behind);
  }

  /** Neighbours in the same tone are one field. */
  private static List<Field> fields(Field head, Cell[] cells) {
    List<Field> fields = new ArrayList<>(List.of(head));
    int last = cells.length;
    while (last > 0 && cells[last - 1].sign() == ' ') {
      last--;
    }
    for (int from = 0; from < last; ) {
      StringBuilder run = new StringBuilder();
      int to = from;
      while (to < last && cells[to].tone() == cells[from].tone()) {
        run.append(cells[to++].sign());
      }
      fields.add(new Field(run.toString(), cells[from].tone()));
      from = to;
    }
    return fields;
  }

  private void axis(Page page, @Nullable Cursor cursor) {
    if (cursor != null && cursor.atNs() >= window.fromNs() && cursor.atNs() <= window.toNs()) {
      page.line(head(""), new Field(pointer(cursor), Tone.BAD));
    }
    page.line(head(""), Field.of(ticks()));
    page.line(head(""), Field.of(times()));
  }

  private String pointer(Cursor cursor) {
    int column = column(cursor.atNs());
    String label = cursor.label() + " " + ExplainReport.time(cursor.atNs() - zeroNs);
    if (column + label.length() + 2 < edges.length) {
      return " ".repeat(column) + "^ " + label;
    }
    return column > label.length()
        ? " ".repeat(column - label.length() - 1) + label + " ^"
        : " ".repeat(column) + "^";
  }

  private String ticks() {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < edges.length - 1; column++) {
      boolean tick = column % LABEL_EVERY == 0;
      line.append(ascii ? (tick ? '+' : '-') : tick ? '┴' : '─');
    }
    return line.toString();
  }

  private String times() {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < edges.length - 1; column += LABEL_EVERY) {
      String label = human(edges[column] - zeroNs);
      if (column >= line.length() && column + label.length() < edges.length) {
        line.append(" ".repeat(column - line.length())).append(label).append(' ');
      }
    }
    return line.toString().stripTrailing();
  }

  /** A time with three digits after the point at most. */
  public static String human(long ns) {
    long unit = Math.abs(ns) >= 1_000_000_000L ? 1_000_000 : Math.abs(ns) >= 1_000_000 ? 1000 : 1;
    return ExplainReport.time(ns / unit * unit);
  }

  /** What the signs that occur mean. */
  private void legend(Page page) {
    List<String> meanings = new ArrayList<>();
    drawnMoments.forEach(moment -> meanings.add(moment.sign() + " " + moment.label()));
    Collections.reverse(meanings); // Nearly the order in which they happen.
    for (State state : drawnStates) {
      if (!state.isNothing()) {
        meanings.add(state.sign(ascii) + " " + state.label());
      }
    }
    StringBuilder line = new StringBuilder("time is stretched where more happens");
    for (String meaning : meanings) {
      if (line.length() + 3 + meaning.length() > width) {
        page.line(new Field(line.append(',').toString(), Tone.QUIET));
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : ", ").append(meaning);
    }
    page.line(new Field(line.toString(), Tone.QUIET));
  }
}
