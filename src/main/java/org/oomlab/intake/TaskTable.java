package org.oomlab.intake;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of dump_tasks() in mm/oom_kill.c, which have been others in nearly every decade of
 * versions.
 */
final class TaskTable {
  /** Longer names first where one begins like another. */
  private static final String[] KNOWN = {
    "uid",
    "tgid",
    "total_vm",
    "rss_anon",
    "rss_file",
    "rss_shmem",
    "rss",
    "cpu",
    "nr_ptes",
    "nr_pmds",
    "nr_puds",
    "pgtables_bytes",
    "swapents",
    "oom_score_adj",
    "oom_adj",
    "name",
  };

  private static final TaskTable BEFORE_4_0 = since("nr_ptes");
  private static final TaskTable FROM_4_0 = since("nr_ptes", "nr_pmds");
  private static final TaskTable FROM_4_15 = since("pgtables_bytes");
  private static final TaskTable FROM_6_8 =
      since("rss_anon", "rss_file", "rss_shmem", "pgtables_bytes");

  /** No kernel has printed more columns, counts for each node included. */
  private static final int WIDEST = 128;

  private final int width;
  private final int uid;
  private final int tgid;
  private final int totalVm;
  private final int rss;
  private final int anon;
  private final int file;
  private final int shmem;
  private final int tableBytes;
  private final int ptes;
  private final int pmds;
  private final int puds;
  private final int swap;
  private final int adj;
  private final boolean oldAdj;

  private TaskTable(List<String> columns) {
    width = Math.min(columns.size(), WIDEST);
    uid = columns.indexOf("uid");
    tgid = columns.indexOf("tgid");
    totalVm = columns.indexOf("total_vm");
    rss = columns.indexOf("rss");
    anon = columns.indexOf("rss_anon");
    file = columns.indexOf("rss_file");
    shmem = columns.indexOf("rss_shmem");
    tableBytes = columns.indexOf("pgtables_bytes");
    ptes = columns.indexOf("nr_ptes");
    pmds = columns.indexOf("nr_pmds");
    puds = columns.indexOf("nr_puds");
    swap = columns.indexOf("swapents");
    int newAdj = columns.indexOf("oom_score_adj");
    oldAdj = newAdj < 0;
    adj = oldAdj ? columns.indexOf("oom_adj") : newAdj;
  }

  private static TaskTable since(String... special) {
    List<String> columns = new ArrayList<>(List.of("pid", "uid", "tgid", "total_vm", "rss"));
    columns.addAll(List.of(special));
    columns.addAll(List.of("swapents", "oom_score_adj", "name"));
    return new TaskTable(columns);
  }

  /** The table that a row whose head is lost is probably of. */
  static TaskTable likely(String row) {
    String[] words = row.substring(1).replace("]", " ").strip().split(" +");
    int numbers = 0;
    while (numbers < words.length - 1 && words[numbers].matches("-?\\d+")) {
      numbers++;
    }
    return switch (numbers) {
      // Page tables come in bytes or in pages.
      case 8 -> Text.leading(words[5], 0) % 1024 == 0 ? FROM_4_15 : BEFORE_4_0;
      case 9 -> FROM_4_0;
      case 11 -> FROM_6_8;
      default -> FROM_4_15;
    };
  }

  /** The table whose columns a line names; blanks may be missing or in the middle of a name. */
  static TaskTable of(String head) {
    int start = head.indexOf(']') + 1;
    if (isCut(head)) {
      // The column that the cut goes through may be any; the name is behind it.
      String kept =
          isChopped(head) ? head.substring(start, head.length() - 1) : head.substring(start);
      boolean whole = kept.endsWith(" ") || List.of(KNOWN).contains(lastWord(kept));
      List<String> left = new ArrayList<>(List.of(kept.strip().split("\\s+")));
      if (!whole) {
        left.remove(left.size() - 1);
      }
      left.add(0, "pid");
      left.add("name");
      return new TaskTable(left.subList(0, Math.min(left.size(), WIDEST)));
    }
    List<String> columns = inOrder(head.substring(start).replace(" ", "").replace("\t", ""));
    if (columns.isEmpty()) {
      // A letter is missing somewhere: count words, and believe those that are known.
      columns = new ArrayList<>(List.of(head.substring(start).strip().split("\\s+")));
      for (int i = 0; i < columns.size(); i++) {
        boolean adj = columns.get(i).endsWith("score_adj");
        columns.set(i, adj ? "oom_score_adj" : columns.get(i));
      }
    }
    columns.add(0, "pid");
    return new TaskTable(columns.subList(0, Math.min(columns.size(), WIDEST)));
  }

  /** Whether the end of a head is missing, with a sign for that or without. */
  static boolean isCut(String head) {
    return isChopped(head) || !head.strip().endsWith("name");
  }

  private static String lastWord(String text) {
    return text.substring(text.lastIndexOf(' ') + 1);
  }

  /** Whether a pager has cut off the end of a line: {@code less -S}, and systemd's. */
  static boolean isChopped(String text) {
    char last = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
    return last == '\u2026' || (last == '>' && text.indexOf('<') < 0);
  }

  private static List<String> inOrder(String squeezed) {
    List<String> columns = new ArrayList<>();
    int at = 0;
    while (at < squeezed.length()) {
      String found = null;
      for (String known : KNOWN) {
        if (found == null && squeezed.startsWith(known, at)) {
          found = known;
        }
      }
      if (found == null && squeezed.charAt(at) == '(') {
        // Such as (01)nrss of a patch: a number for each node.
        int end = squeezed.indexOf("rss", at);
        found = end < 0 ? null : squeezed.substring(at, end + 3);
      }
      if (found == null) {
        return new ArrayList<>();
      }
      columns.add(found);
      at += found.length();
    }
    return columns;
  }

  /** How many columns there are, the name included. */
  int width() {
    return width;
  }

  /**
   * Reads a row.
   *
   * @return the row, or null if the line has too few numbers, or sizes that cannot be
   */
  OomReport.@Nullable Task row(String line) {
    long[] numbers = new long[width];
    int at = 1;
    for (int column = 0; column < width - 1; column++) {
      while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == ']')) {
        at++;
      }
      int start = at;
      boolean negative = at < line.length() && line.charAt(at) == '-';
      at += negative ? 1 : 0;
      long number = 0;
      int digits = at;
      while (at < line.length() && line.charAt(at) >= '0' && line.charAt(at) <= '9') {
        number = number * 10 + (line.charAt(at) - '0');
        at++;
      }
      boolean ends = at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == ']');
      if (at == digits || at - start > 16 || !ends) {
        return null;
      }
      numbers[column] = negative ? -number : number;
    }
    for (int column : new int[] {rss, anon, file, shmem, ptes, pmds, puds, swap, tableBytes}) {
      long most = column == tableBytes ? Slips.MOST_KB * 1024 : Slips.MOST_PAGES;
      if (get(numbers, column, 0) > most) {
        return null;
      }
      if (column >= 0) {
        numbers[column] = Math.max(0, numbers[column]);
      }
    }
    String name = name(line.substring(at).strip());
    return new OomReport.Task(
        numbers[0],
        get(numbers, uid, OomReport.UNKNOWN),
        get(numbers, tgid, numbers[0]),
        get(numbers, totalVm, OomReport.UNKNOWN),
        get(numbers, rss, 0),
        get(numbers, anon, OomReport.UNKNOWN),
        get(numbers, file, OomReport.UNKNOWN),
        get(numbers, shmem, OomReport.UNKNOWN),
        get(numbers, tableBytes, OomReport.UNKNOWN),
        tablePages(numbers),
        get(numbers, swap, 0),
        adjustment(get(numbers, adj, 0)),
        name);
  }

  /** What is left of a name, or empty. */
  private String name(String text) {
    if (adj < 0) {
      return ""; // Behind a head that is cut, what is left may be any column's.
    }
    return Text.comm(isChopped(text) ? text.substring(0, text.length() - 1).strip() : text);
  }

  private long tablePages(long[] numbers) {
    if (ptes < 0) {
      return OomReport.UNKNOWN;
    }
    return get(numbers, ptes, 0) + get(numbers, pmds, 0) + get(numbers, puds, 0);
  }

  private static long get(long[] numbers, int column, long otherwise) {
    return column < 0 ? otherwise : numbers[column];
  }

  /** Up to 2.6.35 there was only oom_adj, from -17 to 15; fs/proc/base.c of 2.6.36 converts it. */
  private int adjustment(long printed) {
    long converted = !oldAdj ? printed : printed == 15 ? 1000 : printed * 1000 / 17;
    return (int) Math.max(-1000, Math.min(1000, converted));
  }
}
