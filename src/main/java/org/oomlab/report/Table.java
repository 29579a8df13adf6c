package org.oomlab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.oomlab.output.Printable;
import org.oomlab.output.Screen;

/** Text in rows and columns, for a terminal or as Markdown. */
public final class Table {
  private static final String GAP = "  ";

  /** A text in a narrower column is no text any more. */
  private static final int READABLE = 12;

  /**
   * A column's head.
   *
   * @param group what it shares with its neighbours of the same group, or empty
   * @param name what it is called
   * @param number whether it is set to the right
   * @param rank where there is no room for all the highest goes first; 0 stays
   */
  public record Head(String group, String name, boolean number, int rank) {
    public Head {
      name = Printable.line(name);
    }

    public Head(String group, String name, boolean number) {
      this(group, name, number, 0);
    }
  }

  /** What stands in a field, whoever it came from: printable, and on one line. */
  public record Field(String text, Tone tone) {
    public Field {
      text = Printable.line(text);
    }

    public static Field of(String text) {
      return new Field(text, Tone.PLAIN);
    }
  }

  private final List<Head> heads;
  private final List<List<Field>> rows = new ArrayList<>();

  /** Whether there is so little room that texts must be broken within paths and names. */
  private boolean tight;

  public Table(List<Head> heads) {
    this.heads = List.copyOf(heads);
  }

  public void add(List<Field> row) {
    assert row.size() == heads.size();
    rows.add(List.copyOf(row));
  }

  /** Whether it has no row. */
  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The table for whoever sees any number of columns. */
  String text(boolean colour) {
    return text(colour, Screen.UNLIMITED);
  }

  /**
   * The table for a terminal. Where it is wider than that, text is broken between words, and then
   * columns are left out; what is left out is said below.
   *
   * @param room how many columns the terminal has
   */
  String text(boolean colour, int room) {
    List<String> leftOut = new ArrayList<>();
    Table fitting = fitting(room, leftOut);
    fitting.tight = span(fitting.narrowest(), 0, fitting.heads.size()) > room;
    String text = fitting.whole(colour, room);
    String said = "not shown: " + String.join(", ", leftOut) + " (--wide)";
    return leftOut.isEmpty()
        ? text
        : text + Tone.QUIET.say(String.join("\n", broken(said, room)), colour) + "\n";
  }

  /** This table without the columns for which there is no room. */
  private Table fitting(int room, List<String> leftOut) {
    int last = firstToGo();
    if (last < 0 || span(narrowest(), 0, heads.size()) <= room) {
      return this;
    }
    leftOut.add(0, (heads.get(last).group() + " " + heads.get(last).name()).strip());
    Table without = new Table(without(heads, last));
    rows.forEach(row -> without.rows.add(without(row, last)));
    return without.fitting(room, leftOut);
  }

  /** The column that would be missed least; -1 if none may go. */
  private int firstToGo() {
    int first = -1;
    for (int i = 0; i < heads.size(); i++) {
      boolean sooner = first < 0 || heads.get(i).rank() >= heads.get(first).rank();
      first = heads.get(i).rank() > 0 && sooner ? i : first;
    }
    return first;
  }

  private static <T> List<T> without(List<T> all, int index) {
    List<T> rest = new ArrayList<>(all);
    rest.remove(index);
    return rest;
  }

  /** How wide each column is at least: a number is in one piece, a text in words. */
  private int[] narrowest() {
    int[] widths = widths();
    for (int i = 0; i < widths.length; i++) {
      if (!heads.get(i).number()) {
        int word =
            Math.min(widths[i], Math.max(tight ? 0 : READABLE, heads.get(i).name().length()));
        for (List<Field> row : rows) {
          for (String part : words(row.get(i).text())) {
            word = Math.max(word, part.stripTrailing().length());
          }
        }
        widths[i] = word;
      }
    }
    return widths;
  }

  /** Where a text may be broken: between words, and if there is no other way within paths. */
  private String[] words(String text) {
    // A mark of a note stays with its word.
    String seam = tight ? "(?<=[ ;,/._(=:-])" : "(?<=[ ;,])";
    return text.split(seam + "(?![\u00b9\u00b2\u00b3\u2070-\u2079])");
  }

  /** The columns' widths with the widest texts broken as far as there is need. */
  private int[] widths(int room) {
    int[] widths = widths();
    int[] least = narrowest();
    while (span(widths, 0, widths.length) > room) {
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        boolean gives = widths[i] > least[i];
        widest = gives && (widest < 0 || widths[i] > widths[widest]) ? i : widest;
      }
      if (widest < 0) {
        return widths;
      }
      widths[widest]--;
    }
    return widths;
  }

  private String whole(boolean colour, int room) {
    int[] widths = widths(room);
    StringBuilder text = new StringBuilder();
    if (heads.stream().anyMatch(head -> !head.group().isEmpty())) {
      line(text, Tone.HEADING.say(groups(widths).stripTrailing(), colour));
    }
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      names.append(i == 0 ? "" : GAP).append(pad(heads.get(i), heads.get(i).name(), widths[i]));
    }
    line(text, Tone.HEADING.say(names.toString().stripTrailing(), colour));
    for (List<Field> row : rows) {
      lines(text, row, widths, colour);
    }
    return text.toString();
  }

  /** A row, which takes more than one line if a text in it does. */
  private void lines(StringBuilder text, List<Field> row, int[] widths, boolean colour) {
    List<List<String>> broken = new ArrayList<>();
    int most = 1;
    for (int i = 0; i < widths.length; i++) {
      broken.add(broken(row.get(i).text(), widths[i]));
      most = Math.max(most, broken.get(i).size());
    }
    for (int at = 0; at < most; at++) {
      StringBuilder fields = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        // The colour begins and ends at the word, not at the column.
        String part = at < broken.get(i).size() ? broken.get(i).get(at) : "";
        String padded = pad(heads.get(i), part, widths[i]);
        int from = padded.indexOf(part);
        fields
            .append(i == 0 ? "" : GAP)
            .append(padded, 0, from)
            .append(part.isEmpty() ? "" : row.get(i).tone().say(part, colour))
            .append(padded, from + part.length(), padded.length());
      }
      line(text, fields.toString().stripTrailing());
    }
  }

  private List<String> broken(String text, int width) {
    if (text.length() <= width) {
      return List.of(text);
    }
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : words(text)) {
      if (line.length() > 0 && line.length() + word.stripTrailing().length() > width) {
        lines.add(line.toString().stripTrailing());
        line.setLength(0);
      }
      line.append(word);
    }
    lines.add(line.toString().stripTrailing());
    return lines;
  }

  private int[] widths() {
    int[] widths = new int[heads.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = heads.get(i).name().length();
      for (List<Field> row : rows) {
        widths[i] = Math.max(widths[i], row.get(i).text().length());
      }
    }
    for (int i = 0; i < widths.length; i = groupEnd(i)) {
      // A group's name may be wider than its columns; the last one gives it room.
      int end = groupEnd(i);
      widths[end - 1] += Math.max(0, heads.get(i).group().length() - span(widths, i, end));
    }
    return widths;
  }

  private String groups(int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i = groupEnd(i)) {
      int width = span(widths, i, groupEnd(i));
      line.append(i == 0 ? "" : GAP).append(pad(heads.get(i), heads.get(i).group(), width));
    }
    return line.toString();
  }

  private int groupEnd(int from) {
    String group = heads.get(from).group();
    int end = from + 1;
    while (!group.isEmpty() && end < heads.size() && heads.get(end).group().equals(group)) {
      end++;
    }
    return end;
  }

  private static int span(int[] widths, int from, int end) {
    int span = GAP.length() * (end - from - 1);
    for (int i = from; i < end; i++) {
      span += widths[i];
    }
    return span;
  }

  private static String pad(Head head, String text, int width) {
    String blanks = " ".repeat(Math.max(0, width - text.length()));
    return head.number() ? blanks + text : text + blanks;
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }

  /** The table as GitHub-flavoured Markdown. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    line(
        text, row(heads.stream().map(head -> (head.group() + " " + head.name()).strip()).toList()));
    line(text, row(heads.stream().map(head -> head.number() ? "--:" : ":--").toList()));
    for (List<Field> fields : rows) {
      line(text, row(fields.stream().map(Field::text).toList()));
    }
    return text.toString();
  }

  /** The table as an element of HTML; what is too wide for a screen can be moved. */
  String html() {
    StringBuilder text = new StringBuilder("<div class=\"scroll\"><table>\n<thead>\n");
    if (heads.stream().anyMatch(head -> !head.group().isEmpty())) {
      text.append("<tr>");
      for (int i = 0; i < heads.size(); i = groupEnd(i)) {
        text.append("<th class=\"group\" colspan=\"").append(groupEnd(i) - i).append("\">");
        text.append(Tone.escaped(heads.get(i).group())).append("</th>");
      }
      line(text, "</tr>");
    }
    text.append("<tr>");
    for (Head head : heads) {
      text.append(head.number() ? "<th class=\"n\">" : "<th>");
      text.append(Tone.escaped(head.name())).append("</th>");
    }
    line(text, "</tr>\n</thead>\n<tbody>");
    for (List<Field> row : rows) {
      text.append("<tr>");
      for (int i = 0; i < heads.size(); i++) {
        Field field = row.get(i);
        text.append(heads.get(i).number() ? "<td class=\"n\">" : "<td>");
        text.append(field.tone().html(Tone.escaped(field.text()))).append("</td>");
      }
      line(text, "</tr>");
    }
    return text.append("</tbody>\n</table></div>\n").toString();
  }

  private static String row(List<String> fields) {
    return fields.stream()
        .map(field -> field.replace("\\", "\\\\").replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }
}
