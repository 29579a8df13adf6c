package org.oomlab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.oomlab.output.Printable;

/** Text in rows and columns, for a terminal or as Markdown. */
public final class Table {
  private static final String GAP = "  ";

  /**
   * A column's head.
   *
   * @param group what it shares with its neighbours of the same group, or empty
   * @param name what it is called
   * @param number whether it is set to the right
   */
  public record Head(String group, String name, boolean number) {
    public Head {
      name = Printable.line(name);
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

  public Table(List<Head> heads) {
    this.heads = List.copyOf(heads);
  }

  public void add(List<Field> row) {
    assert row.size() == heads.size();
    rows.add(List.copyOf(row));
  }

  /** The table for a terminal. */
  String text(boolean colour) {
    int[] widths = widths();
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
      StringBuilder fields = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        // The colour begins and ends at the word, not at the column.
        Field field = row.get(i);
        String padded = pad(heads.get(i), field.text(), widths[i]);
        int from = padded.indexOf(field.text());
        fields
            .append(i == 0 ? "" : GAP)
            .append(padded, 0, from)
            .append(field.tone().say(field.text(), colour))
            .append(padded, from + field.text().length(), padded.length());
      }
      line(text, fields.toString().stripTrailing());
    }
    return text.toString();
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

  private static String row(List<String> fields) {
    return fields.stream()
        .map(field -> field.replace("\\", "\\\\").replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }
}
