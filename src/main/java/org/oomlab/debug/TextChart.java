package org.oomlab.debug;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.oomlab.debug.Timeline.Lane;
import org.oomlab.debug.Timeline.Level;
import org.oomlab.debug.Timeline.Mark;
import org.oomlab.kernel.Vmcore.Doing;
import org.oomlab.report.ExplainReport;
import org.oomlab.report.Page;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Tone;
import org.oomlab.trace.Tracepoint;

/**
 * A timeline in characters, with a cursor. Half of the width goes by time and half by what happens,
 * so that a millisecond in which much happens is wider than an hour in which nothing does.
 */
final class TextChart {
  private static final int LONGEST_NAME = 16;

  /** More lanes than this are no picture any more. */
  private static final int MOST_LANES = 24;

  private static final int LABEL_EVERY = 16;
  private static final int LEGEND_WIDTH = 79;

  private static final List<String> LEGEND =
      List.of(
          "O OOM call",
          "K killed",
          "w handed to the reaper",
          "R reaper begins or ends",
          "S MMF_OOM_SKIP",
          "X do_exit()",
          "U unmapped by its exit",
          "G memory granted",
          "B futex broken",
          "D told of a dead owner",
          "F frozen or thawed",
          "P panic",
          "| end",
          "= runs",
          "a allocates",
          "m waits for memory",
          "k prints the report",
          "l waits for a lock",
          "f waits for a futex",
          ". sleeps",
          "d state D",
          "* frozen",
          "e exits",
          "u unmaps");

  private final Timeline timeline;
  private final long zeroNs;
  private final int names;
  private final long[] edges;

  /**
   * A chart.
   *
   * @param zeroNs what times are counted from
   * @param width characters in a line
   */
  TextChart(Timeline timeline, long zeroNs, int width) {
    this.timeline = timeline;
    this.zeroNs = zeroNs;
    int longest = "free memory".length();
    for (Lane lane : shown()) {
      longest = Math.max(longest, Math.min(LONGEST_NAME, lane.name().length()));
    }
    this.names = longest + 2;
    this.edges = edges(Math.max(LABEL_EVERY, width - names));
  }

  private List<Lane> shown() {
    List<Lane> lanes = timeline.lanes();
    return lanes.subList(0, Math.min(MOST_LANES, lanes.size()));
  }

  /** When each column begins; and when the last one ends. */
  private long[] edges(int columns) {
    List<Mark> marks = timeline.marks();
    long from = marks.isEmpty() ? 0 : Math.min(zeroNs, marks.get(0).atNs());
    long to = Math.max(from + columns, timeline.endNs());
    long[] at =
        marks.stream()
            .mapToLong(Mark::atNs)
            .filter(ns -> ns > from && ns < to)
            .distinct()
            .toArray();
    long[] edges = new long[columns + 1];
    for (int column = 0; column <= columns; column++) {
      // The earliest time by which its share of time and of moments is over.
      double wanted = (double) column / columns;
      long low = from;
      long high = to;
      while (low < high) {
        long middle = low + (high - low) / 2;
        if (share(middle, from, to, at) >= wanted) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      edges[column] = low;
    }
    return edges;
  }

  private static double share(long ns, long from, long to, long[] moments) {
    double time = (double) (ns - from) / (to - from);
    if (moments.length == 0) {
      return time;
    }
    int found = Arrays.binarySearch(moments, ns);
    int before = found >= 0 ? found : -found - 1;
    // Between two moments it grows evenly, so that what lies between them has a width too.
    long earlier = before == 0 ? from : moments[before - 1];
    long later = before == moments.length ? to : moments[before];
    double within = later == earlier ? 1 : (double) (ns - earlier) / (later - earlier);
    return (time + (before + within) / (moments.length + 1)) / 2;
  }

  /**
   * Writes it.
   *
   * @param nowNs where the cursor is
   */
  void write(Page page, long nowNs) {
    for (int row = 0; row < LEVELS.length; row++) {
      page.line(head(row == 0 ? "free memory" : ""), Field.of(level(row)));
    }
    for (Timeline.Usage cgroup : timeline.cgroups()) {
      page.line(head(cgroup.name()), Field.of(usage(cgroup)));
    }
    List<Lane> lanes = shown();
    for (int lane = 0; lane < lanes.size(); lane++) {
      page.line(head(lanes.get(lane).name()), Field.of(lane(lanes.get(lane), lane)));
    }
    int more = timeline.lanes().size() - lanes.size();
    if (more > 0) {
      page.line(head(""), Field.of("and " + more + " more"));
    }
    page.line(head(""), new Field(cursor(nowNs), Tone.BAD));
    page.line(head(""), Field.of(ticks()));
    page.line(head(""), Field.of(axis()));
    legend(page);
  }

  /** What the signs that occur mean. */
  private void legend(Page page) {
    StringBuilder drawn = new StringBuilder();
    List<Lane> lanes = shown();
    for (int i = 0; i < lanes.size(); i++) {
      drawn.append(lane(lanes.get(i), i));
    }
    StringBuilder line = new StringBuilder("time is stretched where more happens");
    for (String meaning : LEGEND) {
      if (drawn.indexOf(meaning.substring(0, 1)) >= 0) {
        if (line.length() + 2 + meaning.length() >= LEGEND_WIDTH) {
          page.line(new Field(line.append(',').toString(), Tone.QUIET));
          line.setLength(0);
        }
        line.append(line.length() == 0 ? "" : ", ").append(meaning);
      }
    }
    page.line(new Field(line.toString(), Tone.QUIET));
  }

  private Field head(String name) {
    String shown = name.length() > names - 2 ? name.substring(0, names - 2) : name;
    return Field.of(shown + " ".repeat(names - shown.length()));
  }

  private static final String[] LEVELS = {"high", "low", "min", ""};

  /** Where free memory is in the row between two watermarks. */
  private String level(int row) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < edges.length - 1; column++) {
      long pages = at(timeline.free(), edges[column + 1] - 1);
      int its =
          pages >= timeline.highPages()
              ? 0
              : pages >= timeline.lowPages() ? 1 : pages > timeline.minPages() ? 2 : 3;
      line.append(its == row ? '#' : ' ');
    }
    String name = LEVELS[row].isEmpty() ? "at min or below" : "above " + LEVELS[row];
    String text = line.toString().stripTrailing();
    return text.length() + name.length() + 2 < line.length() && text.isBlank()
        ? "(" + name + ")"
        : line.toString();
  }

  private static long at(List<Level> levels, long ns) {
    long pages = levels.get(0).pages();
    for (Level level : levels) {
      if (level.atNs() > ns) {
        break;
      }
      pages = level.pages();
    }
    return pages;
  }

  /** How full a cgroup is: in tenths of its limit. */
  private String usage(Timeline.Usage cgroup) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < edges.length - 1; column++) {
      long tenths = at(cgroup.levels(), edges[column + 1] - 1) * 10 / Math.max(1, cgroup.limit());
      line.append(tenths >= 10 ? '#' : (char) ('0' + tenths));
    }
    return line.toString();
  }

  private String lane(Lane lane, int number) {
    char[] line = new char[edges.length - 1];
    for (int column = 0; column < line.length; column++) {
      line[column] = state(lane.at(edges[column + 1] - 1));
    }
    int[] weight = new int[line.length];
    for (Mark mark : timeline.marks()) {
      boolean isEverybodys = mark.lane() < 0;
      if (mark.lane() == number || isEverybodys) {
        int column = column(mark.atNs());
        int its = weight(mark.point());
        if (its > weight[column]) {
          weight[column] = its;
          line[column] = sign(mark.point());
        }
      }
    }
    return String.valueOf(line);
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

  private static char state(Doing doing) {
    return switch (doing) {
      case RUNS -> '=';
      case ALLOCATES -> 'a';
      case WAITS_FOR_MEMORY -> 'm';
      case KILLS -> 'k';
      case WAITS_FOR_LOCK -> 'l';
      case WAITS_FOR_FUTEX -> 'f';
      case SLEEPS -> '.';
      case BLOCKED -> 'd';
      case FROZEN -> '*';
      case RELEASES, UNMAPS -> 'u';
      case EXITS -> 'e';
      case DEAD -> ' ';
    };
  }

  private static char sign(Tracepoint point) {
    return switch (point) {
      case OOM_INVOKED -> 'O';
      case KILLED, KILLED_WITH -> 'K';
      case WAKE_REAPER -> 'w';
      case START_REAPING, FINISH_REAPING, UNABLE_TO_REAP -> 'R';
      case OOM_SKIP -> 'S';
      case DO_EXIT -> 'X';
      case EXIT_MMAP_DONE -> 'U';
      case ALLOC_DONE -> 'G';
      case FUTEX_BROKEN -> 'B';
      case OWNER_DIED -> 'D';
      case FREEZER -> 'F';
      case PANIC -> 'P';
      default -> '|';
    };
  }

  /** Of several marks in one place, which is shown: what decides more. */
  private static int weight(Tracepoint point) {
    return switch (point) {
      case PANIC -> 9;
      case KILLED, KILLED_WITH -> 8;
      case FUTEX_BROKEN -> 7;
      case OOM_SKIP -> 6;
      case ALLOC_DONE -> 5;
      case EXIT_MMAP_DONE -> 4;
      case START_REAPING, FINISH_REAPING, UNABLE_TO_REAP -> 3;
      case VERDICT -> 1;
      default -> 2;
    };
  }

  private String cursor(long nowNs) {
    int column = column(nowNs);
    String label = "now " + ExplainReport.time(nowNs - zeroNs);
    return column + label.length() + 2 < edges.length
        ? " ".repeat(column) + "^ " + label
        : " ".repeat(Math.max(0, column - label.length() - 1)) + label + " ^";
  }

  private String ticks() {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < edges.length - 1; column++) {
      line.append(column % LABEL_EVERY == 0 ? '+' : '-');
    }
    return line.toString();
  }

  private String axis() {
    StringBuilder line = new StringBuilder();
    List<Integer> at = new ArrayList<>();
    for (int column = 0; column < edges.length - 1; column += LABEL_EVERY) {
      at.add(column);
    }
    for (int column : at) {
      String label = human(edges[column] - zeroNs);
      if (column >= line.length() && column + label.length() < edges.length) {
        line.append(" ".repeat(column - line.length())).append(label).append(' ');
      }
    }
    return line.toString().stripTrailing();
  }

  /** A time with three digits after the point at most. */
  private static String human(long ns) {
    long unit = Math.abs(ns) >= 1_000_000_000L ? 1_000_000 : Math.abs(ns) >= 1_000_000 ? 1000 : 1;
    return ExplainReport.time(ns / unit * unit);
  }
}
