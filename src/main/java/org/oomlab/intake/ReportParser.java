package org.oomlab.intake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.oomlab.intake.OomReport.Choice;
import org.oomlab.intake.OomReport.Header;
import org.oomlab.intake.OomReport.Kill;
import org.oomlab.intake.OomReport.Origin;
import org.oomlab.intake.OomReport.Task;
import org.oomlab.intake.Unwrapper.Line;

/** Collects the facts of one report, line by line, in whatever order they come. */
final class ReportParser {
  private static final long UNKNOWN = OomReport.UNKNOWN;

  /** The longest name of a task. */
  private static final int COMM = 15;

  /** No allocator has had larger blocks: MAX_ORDER of 64 KiB pages was 14 at most. */
  private static final int MAX_ORDER = 20;

  private static final String UNABLE = "unable to reap pid:";

  private final long line;
  private final String caller;
  private final double seconds;
  private String time;
  private @Nullable Header header;
  private String kernel = "";
  private @Nullable Origin origin;
  private final Slips slips = new Slips();
  private final MemoryParser memory = new MemoryParser(slips);
  private final MemcgParser memcg = new MemcgParser(slips);
  private @Nullable TaskTable table;
  private boolean hasTable;
  private final List<Task> tasks = new ArrayList<>();
  private @Nullable Choice choice;
  private final Map<Long, Kill> kills = new LinkedHashMap<>();
  private long chosenPid = UNKNOWN;
  private String chosenName = "";
  private long score = UNKNOWN;
  private String groupCgroup = "";
  private final SortedMap<Long, Long> reaped = new TreeMap<>();
  private boolean nobody;
  private boolean byConfiguration;
  private String panic = "";
  private int unread;
  private int chopped;
  private int others;
  private boolean noCompaction;
  private String nodemask = "";
  private String cpuset = "";
  private String mems = "";
  private boolean otherDump;
  private boolean backwards;
  private String headerText = "";
  private long headerLine;
  private long lastLine;

  ReportParser(Line first) {
    line = first.number();
    caller = first.caller();
    seconds = first.uptime();
    time = first.time();
    lastLine = line;
  }

  /** Whether a line comes from another thread than the report, where both are known. */
  boolean isOther(Line that) {
    return !caller.isEmpty() && !that.caller().isEmpty() && !that.caller().equals(caller);
  }

  /** Whether this line is the header, and nothing came after it. */
  boolean hasNothingBut(String text) {
    return text.equals(headerText) && lastLine == headerLine;
  }

  /** Whether nothing was printed but what other dumps print as well. */
  boolean isOnlyMemory() {
    boolean chosen = choice != null || chosenPid >= 0;
    boolean anybody = !tasks.isEmpty() && (hasTable || chosen);
    return header == null && !hasTable && !anybody && !chosen && !isDecided() && !memcg.isFound();
  }

  /** Whether somebody only spoke of the killer: its name is there, and nothing that it prints. */
  boolean isMention() {
    boolean asks = header != null && !header.gfpMask().isEmpty();
    boolean chosen = choice != null || chosenPid >= 0;
    return !asks
        && tasks.isEmpty()
        && !hasTable
        && !chosen
        && !isDecided()
        && origin == null
        && memory.isEmpty()
        && !memcg.isFound();
  }

  /** Whether the latest line came first. */
  boolean isBackwards() {
    return backwards;
  }

  /** Whether it names a process with figures that no other event can have. */
  boolean isIdentified() {
    return kills.values().stream().anyMatch(kill -> kill.anonKb() >= 0);
  }

  /** The same for the same facts, wherever in a log they are. */
  int fingerprint() {
    List<Object> facts = new ArrayList<>();
    kills.values().forEach(kill -> facts.addAll(List.of(kill.pid(), kill.name(), kill.anonKb())));
    return Objects.hash(header, kernel, memory.memory(), memcg.cgroup(), tasks, choice, facts);
  }

  /** Whether its first line says when that was by the calendar. */
  boolean isDated() {
    return time.indexOf(':') >= 0; // Not so the seconds since boot.
  }

  /** The thread or processor that prints it, or empty. */
  String caller() {
    return caller;
  }

  boolean hasHeader() {
    return header != null;
  }

  boolean hasTable() {
    return hasTable;
  }

  boolean hasTasks() {
    return !tasks.isEmpty();
  }

  boolean hasKill() {
    return !kills.isEmpty();
  }

  boolean hasKilled(long pid) {
    return kills.containsKey(pid);
  }

  boolean hasChoice() {
    return choice != null;
  }

  /** Whether it has said this already. */
  boolean hasChosen(String text) {
    return VictimLine.choice(text).equals(choice);
  }

  /** Whether it is but the line that says who was chosen. */
  boolean isOnlyChoice() {
    return chosenPid >= 0
        && header == null
        && tasks.isEmpty()
        && !isDecided()
        && choice == null
        && memory.isEmpty()
        && !memcg.hasUsage();
  }

  /** Seconds since boot when it began, or -1. */
  double seconds() {
    return seconds;
  }

  boolean hasMemcgUsage() {
    return memcg.hasUsage();
  }

  boolean isGroup() {
    return !groupCgroup.isEmpty();
  }

  /** Whether the kernel has said all that it says before somebody dies. */
  boolean isDecided() {
    return hasKill() || nobody || !panic.isEmpty();
  }

  /** Whether it has gone quiet: what comes so much later belongs to something else. */
  boolean isStale(long number, long after) {
    return number - lastLine > after;
  }

  /** Takes a line that is no longer than the kernel's, without its prefix. */
  void accept(Line from) {
    String text = whole(from.text());
    if (text.isEmpty()) {
      return;
    }
    if (row(text) || summary(from, text) || state(text)) {
      lastLine = from.number();
    } else if (!isDecided()) {
      others++;
    }
  }

  /** A line without the word or number that a pager has cut in two. */
  private String whole(String text) {
    if (!TaskTable.isChopped(text)) {
      return text;
    }
    chopped++;
    if (Marker.isRow(text) || Marker.isTableHead(text)) {
      return text;
    }
    int end = Math.max(text.lastIndexOf(' '), text.lastIndexOf(','));
    return end <= 0 ? text : text.substring(0, end + 1).strip();
  }

  private boolean row(String text) {
    if (text.charAt(0) != '[') {
      return false;
    }
    if (Marker.isTableHead(text)) {
      backwards |= !hasTable && !tasks.isEmpty();
      table = TaskTable.of(text);
      chopped += TaskTable.isCut(text) && !TaskTable.isChopped(text) ? 1 : 0;
      hasTable = true;
      return true;
    }
    if (!Marker.isRow(text) || (isDecided() && !hasTable)) {
      return false;
    }
    Task task = (table == null ? TaskTable.likely(text) : table).row(text);
    if (task == null) {
      unread += table == null ? 0 : 1;
      return false;
    }
    if (tasks.size() >= Slips.MOST_ROWS) {
      unread++;
    } else if (!taskKnown(task)) {
      tasks.add(task);
    }
    return true;
  }

  /** A row that was printed twice, as where somebody pasted a screen after the other. */
  private boolean taskKnown(Task task) {
    for (int i = tasks.size() - 1; i >= 0 && i > tasks.size() - 50; i--) {
      if (tasks.get(i).pid() == task.pid() && tasks.get(i).equals(task)) {
        return true;
      }
    }
    return false;
  }

  /** The lines before and after the tables: who asked, who died. */
  private boolean summary(Line from, String text) {
    if (Marker.isHeader(text)) {
      header(from, text);
    } else if (text.startsWith("CPU:") || text.startsWith("Pid:") || text.startsWith("PID:")) {
      origin(text);
    } else if (text.startsWith("oom-kill:")) {
      choice = VictimLine.choice(text);
      nodes(Text.squeeze(text), ",cpuset=", ",mems_allowed=");
    } else if (Marker.kill(text) >= 0) {
      kill(from.number(), text);
    } else if (Marker.isChoice(text)) {
      chosen(text);
    } else if (text.startsWith(Marker.GROUP)) {
      groupCgroup = Text.between(text, Marker.GROUP, " are going to be killed");
    } else if (text.startsWith(Marker.REAPER)) {
      reaped(text);
    } else if (text.startsWith("COMPACTION is disabled")) {
      noCompaction = true;
    } else if (text.contains(" cpuset=") && text.contains("mems_allowed=")) {
      nodes(text, " cpuset=", " ");
    } else if (text.contains("no killable process")) {
      nobody = true;
    } else if (text.startsWith(Marker.PANIC)) {
      panic = panic.isEmpty() ? Text.between(text, "not syncing:") : panic;
    } else {
      return false;
    }
    return true;
  }

  private void reaped(String text) {
    int reap = text.indexOf("reaped process ");
    int unable = text.indexOf(UNABLE);
    int at = reap >= 0 ? reap + "reaped process ".length() : unable + UNABLE.length();
    long pid = Text.leading(text, at);
    if ((reap < 0 && unable < 0) || pid < 0 || reaped.size() >= Slips.MOST_ROWS) {
      return;
    }
    long left = reap < 0 ? UNKNOWN : slips.kilobytes(Text.number(Text.squeeze(text), "anon-rss:"));
    reaped.put(pid, reap >= 0 ? Math.max(0, left) : UNKNOWN);
  }

  /** Which nodes would do, from the line of the choice, or that of dump_header() before 5.0. */
  private void nodes(String text, String key, String end) {
    String mask = Text.between(text, ",nodemask=", ",cpuset=");
    nodemask = mask.isEmpty() || mask.equals("(null)") ? nodemask : mask;
    cpuset = Text.between(text, key, end);
    mems = Text.between(text, "mems_allowed=", ",global_oom", ",oom_memcg", " ");
  }

  private boolean state(String text) {
    if (text.contains("page allocation failure")) {
      otherDump = true; // Its Mem-Info is not ours.
      return false;
    }
    if (text.startsWith(Marker.MEM_INFO)) {
      otherDump &= !memory.isEmpty() || isDecided();
      return true;
    }
    if (memcg.accept(text)) {
      return true;
    }
    memcg.find(!isDecided() && Marker.isMemcgFrame(text));
    if (isDecided() && !memory.isEmpty()) {
      return false;
    }
    return !otherDump && memory.accept(text);
  }

  private void header(Line from, String text) {
    // Up to 2.6.31, and before 2.6.36 where a vendor kept it, oom_adj had another name.
    String squeezed = Text.squeeze(text).replace("oomkilladj=", "oom_adj=");
    String name = "";
    int invoked = text.indexOf(Marker.INVOKED);
    if (invoked > 0) {
      name = named(text.substring(0, invoked).strip());
    }
    String mask = Text.between(squeezed, "gfp_mask=", "nodemask=", "order=", "oom_");
    mask = mask.endsWith(",") ? mask.substring(0, mask.length() - 1) : mask;
    String nodes = Text.between(squeezed, "nodemask=", ",order=", ",oom_");
    nodemask = nodes.equals("(null)") || nodes.equals("0") ? "" : nodes;
    long order = Text.number(squeezed, "order=");
    boolean manual = squeezed.contains("order=-1");
    header =
        new Header(
            name,
            mask,
            manual ? Integer.valueOf(-1) : order(order),
            VictimLine.adj(squeezed, "oom_score_adj=", "oom_adj="));
    headerText = text;
    headerLine = from.number();
    time = time.isEmpty() ? from.time() : time;
  }

  private static @Nullable Integer order(long printed) {
    return printed < 0 || printed > MAX_ORDER ? null : Integer.valueOf((int) printed);
  }

  /** {@code CPU: 2 PID: 3473 Comm: conky Not tainted 5.2.14 #33}, and what it was before 3.9. */
  private void origin(String text) {
    if (kernel.isEmpty()) {
      kernel = version(text);
    }
    // Without a header, it may be the trace of something that happened afterwards.
    if (origin == null && !isDecided() && header != null) {
      String squeezed = Text.squeeze(text);
      long pid = Text.number(squeezed, "PID:");
      pid = pid < 0 ? Text.number(squeezed, "Pid:") : pid;
      String comm =
          Text.between(text.replace("comm:", "Comm:"), "Comm:", " Kdump:", " Not ", " Tainted:");
      if (pid >= 0) {
        origin = new Origin(pid, comm, Text.number(squeezed, "CPU:"));
      }
    }
  }

  /** Whether it has been said which kernel this is. */
  boolean hasRelease() {
    return !kernel.isEmpty();
  }

  /** The release behind "Tainted" or "Not tainted" in the first line of a stack trace, or empty. */
  static String version(String text) {
    int at = text.indexOf("ainted");
    if (at < 0) {
      return "";
    }
    for (String word : text.substring(at).split("[ ,]+")) {
      int dot = word.indexOf('.');
      if (dot > 0
          && Character.isDigit(word.charAt(0))
          && dot + 1 < word.length()
          && Character.isDigit(word.charAt(dot + 1))) {
        return word;
      }
    }
    return "";
  }

  /** {@code Out of memory: Kill process 6576 (mysqld) score 651 or sacrifice child}. */
  private void chosen(String text) {
    memcg.find(text.contains("cgroup"));
    byConfiguration |= text.contains(Marker.BY_CONFIGURATION);
    int at = text.indexOf("ill process ") + "ill process ".length();
    chosenPid = Text.leading(text, at);
    int score = text.lastIndexOf(" score ");
    int close = text.lastIndexOf(')', score < 0 ? text.length() : score);
    int open = text.indexOf('(', at);
    chosenName = open >= 0 && close > open ? Text.comm(text.substring(open + 1, close)) : "";
    this.score = score < 0 ? UNKNOWN : Text.leading(text, score + " score ".length());
  }

  private void kill(long number, String text) {
    String before = text.substring(0, Marker.kill(text));
    memcg.find(before.contains("cgroup"));
    byConfiguration |= before.contains(Marker.BY_CONFIGURATION);
    Kill kill = kills.size() < Slips.MOST_ROWS ? VictimLine.kill(number, text, slips) : null;
    if (kill != null) {
      kills.putIfAbsent(kill.pid(), kill);
    }
  }

  /** Names that were broken by line wrapping are those that stand elsewhere in one piece. */
  private List<Task> mended() {
    Set<String> whole = new HashSet<>();
    if (header != null) {
      whole.add(header.invoker());
    }
    kills.values().forEach(kill -> whole.add(kill.name()));
    tasks.forEach(task -> whole.add(task.name().indexOf(' ') < 0 ? task.name() : ""));
    List<Task> mended = new ArrayList<>();
    for (Task task : tasks) {
      String squeezed = Text.squeeze(task.name());
      boolean broken =
          squeezed.length() < task.name().length()
              && whole.contains(squeezed)
              && !whole.contains(task.name());
      mended.add(
          !broken
              ? task
              : new Task(
                  task.pid(),
                  task.uid(),
                  task.tgid(),
                  task.totalVm(),
                  task.rss(),
                  task.anon(),
                  task.file(),
                  task.shmem(),
                  task.tableBytes(),
                  task.tablePages(),
                  task.swap(),
                  task.adj(),
                  squeezed));
    }
    return mended;
  }

  /** What stands before "invoked": if it is long, its end, where the name is. */
  private static String named(String text) {
    return Text.comm(text.substring(Math.max(0, text.length() - 64)));
  }

  /** Who asked, without what a log has put before the name that nobody knows the form of. */
  private @Nullable Header named(@Nullable Header printed) {
    String comm = origin == null ? "" : origin.comm();
    boolean more =
        printed != null
            && printed.invoker().length() > COMM
            && !comm.isEmpty()
            && printed.invoker().endsWith(comm);
    return more ? new Header(comm, printed.gfpMask(), printed.order(), printed.adj()) : printed;
  }

  /** Those of the table that earlier reports say were killed, by the line that says so. */
  private SortedMap<Long, Long> killedBefore(Map<Long, Kill> earlier) {
    SortedMap<Long, Long> found = new TreeMap<>();
    for (Task task : tasks) {
      Kill kill = earlier.get(task.tgid());
      if (kill != null && kill.name().equals(task.name()) && !kills.containsKey(kill.pid())) {
        found.put(task.pid(), kill.line());
      }
    }
    return found;
  }

  /**
   * What has been read.
   *
   * @param earlier who was killed in the reports before, by pid
   * @param host the machine, or empty
   * @param boot which boot of it
   * @param release the version of its kernel by what the log says elsewhere, or empty
   */
  OomReport report(Map<Long, Kill> earlier, String host, long boot, String release) {
    Choice chosen = choice;
    memcg.find(chosen != null && !chosen.oomMemcg().isEmpty());
    return new OomReport(
        line,
        time,
        named(header),
        kernel.isEmpty() ? release : kernel,
        origin,
        memory.memory(),
        memcg.cgroup(),
        hasTable,
        mended(),
        chosen,
        List.copyOf(kills.values()),
        chosenPid,
        chosenName,
        score,
        groupCgroup,
        (int) reaped.values().stream().filter(left -> left >= 0).count(),
        nobody,
        byConfiguration,
        panic,
        unread,
        slips.count(),
        killedBefore(earlier),
        circumstances(host, boot));
  }

  private Circumstances circumstances(String host, long boot) {
    return new Circumstances(
        host,
        boot,
        lastLine,
        seconds,
        chopped,
        others,
        memory.counters(),
        memory.zoneParts(),
        memcg.stats(),
        memory.hugeTotalKb(),
        memory.hugeFreeKb(),
        memory.cma(),
        memory.highmem(),
        reaped,
        nodemask,
        cpuset,
        mems,
        List.of(),
        noCompaction);
  }
}
