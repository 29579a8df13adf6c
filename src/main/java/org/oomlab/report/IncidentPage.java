package org.oomlab.report;

import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.diagnosis.Incident;
import org.oomlab.diagnosis.Service;
import org.oomlab.experiment.Candidate;
import org.oomlab.intake.Balance;
import org.oomlab.intake.Circumstances;
import org.oomlab.intake.OomReport;
import org.oomlab.intake.Sighting;
import org.oomlab.report.Table.Field;
import org.oomlab.unit.Bytes;

/** An incident as a page for people: who, why that one, why at all, needed, avoidable, trust. */
public final class IncidentPage {
  private static final int TOP = 4;
  private static final int MORE = 4;
  private static final int WIDTH = 80;

  /** Limits above that are none: PAGE_COUNTER_MAX of 64 bits is 2^63 bytes. */
  private static final long NO_LIMIT_KB = 1L << 52;

  private static final String INDENT = " ".repeat(14);

  private final Page page;
  private final Incident incident;
  private final OomReport report;

  /** How pages are written. */
  public enum Form {
    PLAIN,
    COLOURED,
    MARKDOWN,
    HTML;

    private Page page() {
      return new Page(Page.Form.valueOf(name()));
    }
  }

  /**
   * Something that a log tells of: an incident of the kernel, or one of a killer in user space.
   *
   * @param source the log
   * @param incident the incident, or null
   * @param sighting what was seen instead, or null
   */
  public record Told(String source, @Nullable Incident incident, @Nullable Sighting sighting) {
    /** A column of both. */
    private static Column<Told> column(
        String name,
        Function<Incident, @Nullable Object> ofIncident,
        Function<Sighting, @Nullable Object> ofSighting) {
      return new Column<>(
          name,
          told ->
              told.incident() != null
                  ? ofIncident.apply(told.incident())
                  : told.sighting() != null ? ofSighting.apply(told.sighting()) : null);
    }

    private static Column<Told> column(
        String name, Function<Incident, @Nullable Object> ofIncident) {
      return column(name, ofIncident, sighting -> null);
    }
  }

  private IncidentPage(Incident incident, Form form) {
    this.page = form.page();
    this.incident = incident;
    this.report = incident.report();
  }

  /**
   * Writes a page about an incident.
   *
   * @param brief whether three lines are enough
   * @param first whether nothing has been written before, from which it would have to be set off
   */
  public static void write(Writer out, Incident incident, boolean brief, Form form, boolean first) {
    IncidentPage page = new IncidentPage(incident, form);
    if (!brief) {
      setOff(page.page, form, first);
    }
    if (brief) {
      page.brief();
    } else {
      page.all();
    }
    page.page.print(out);
  }

  /** A blank line between two pages, where they are not framed. */
  private static void setOff(Page page, Form form, boolean first) {
    if (!first && (form == Form.PLAIN || form == Form.COLOURED)) {
      page.blank();
    }
  }

  /** Writes a line about something beside the kernel's reports. */
  public static void write(Writer out, String source, Sighting sighting, Form form, boolean first) {
    Page page = form.page();
    setOff(page, form, first);
    String where = sighting.host().isEmpty() ? "" : sighting.host() + ", ";
    String when = sighting.time().isEmpty() ? "" : sighting.time() + ", ";
    page.line(new Field(where + when + source + ", line " + sighting.line(), Tone.HEADING));
    String pid = sighting.pid() < 0 ? "" : " (" + sighting.pid() + ")";
    String what =
        switch (sighting.kind()) {
          case KILL -> sighting.by() + " killed " + sighting.whom() + pid;
          case LOSS -> sighting.by() + " says of " + sighting.whom() + pid;
          default -> sighting.whom();
        };
    page.line("  " + what + (sighting.why().isEmpty() ? "" : ": " + sighting.why()));
    page.line("  not the kernel's OOM killer, so nothing of it is simulated");
    page.print(out);
  }

  /** Columns for programs. */
  public static List<Column<Told>> columns() {
    List<Column<Told>> columns = new ArrayList<>();
    columns.add(new Column<>("log", Told::source));
    columns.add(Told.column("event", each -> each.number()));
    columns.add(Told.column("line", each -> each.report().line(), seen -> seen.line()));
    columns.add(
        Told.column(
            "host",
            each -> absent(each.report().circumstances().host()),
            seen -> absent(seen.host())));
    columns.add(
        Told.column("time", each -> absent(each.report().time()), seen -> absent(seen.time())));
    columns.add(Told.column("kernel", each -> absent(each.report().kernel())));
    columns.add(Told.column("policy", Incident::policy));
    columns.add(
        Told.column("victim", each -> absent(name(each.report())), seen -> absent(seen.whom())));
    columns.add(
        Told.column(
            "victim_pid",
            each -> pid(each.report()) < 0 ? null : pid(each.report()),
            seen -> seen.pid() < 0 ? null : seen.pid()));
    columns.add(Told.column("service", each -> absent(service(each.report()))));
    columns.add(Told.column("cause", Incident::cause, seen -> "killed by " + seen.by()));
    columns.add(
        Told.column(
            "verdict",
            each -> each.verdict().name().toLowerCase(Locale.ROOT),
            seen -> "not_judged"));
    columns.add(Told.column("reason", Incident::reason, seen -> absent(seen.why())));
    columns.add(Told.column("margin", each -> absent(each.margin())));
    columns.add(Told.column("reproduced", Incident::reproduced));
    columns.add(
        Told.column(
            "total_kb", each -> each.balance().isKnown() ? each.balance().totalKb() : null));
    columns.add(
        Told.column(
            "nobody_kb", each -> each.balance().isKnown() ? each.balance().nobodyKb() : null));
    columns.add(Told.column("avoided_by", each -> absent(String.join("; ", each.levers()))));
    columns.add(Told.column("not_told", each -> absent(String.join("; ", each.gaps()))));
    columns.add(Told.column("facts", each -> absent(String.join("; ", each.facts()))));
    columns.add(Told.column("by", each -> "kernel", Sighting::by));
    return columns;
  }

  private static @Nullable String absent(String text) {
    return text.isEmpty() ? null : text;
  }

  private static String name(OomReport report) {
    OomReport.Kill kill = report.victim();
    if (kill != null) {
      return kill.name();
    }
    return report.choice() != null ? report.choice().task() : report.chosenName();
  }

  private static long pid(OomReport report) {
    OomReport.Kill kill = report.victim();
    if (kill != null) {
      return kill.pid();
    }
    return report.choice() != null ? report.choice().pid() : report.chosenPid();
  }

  private static String service(OomReport report) {
    return report.choice() == null ? "" : Service.of(report.choice().taskMemcg());
  }

  private void brief() {
    page.line(new Field(title(), Tone.HEADING));
    page.line("  " + who());
    page.line(verdict(), Field.of(incident.reason()));
  }

  private void all() {
    page.line(new Field(title(), Tone.HEADING));
    say("  who         ", who());
    if (report.kills().size() > 1) {
      say(
          INDENT,
          (report.isGroup() ? "as one: " : "and later: ")
              + report.kills().stream()
                  .skip(1)
                  .limit(6)
                  .map(kill -> kill.name() + " (" + kill.pid() + ")")
                  .collect(Collectors.joining(", "))
              + (report.kills().size() > 7 ? " and " + (report.kills().size() - 7) + " more" : ""));
    }
    chosen();
    balance();
    say(verdict(), incident.reason());
    facts();
    avoided();
    trust();
  }

  /** A paragraph behind its head, broken at blanks so that it fits on a terminal. */
  private void say(Field head, String text) {
    Field first = head;
    int width = head.text().length();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      boolean fits = line.isEmpty() || width + line.length() + 1 + word.length() <= WIDTH;
      if (!fits) {
        page.line(first, Field.of(line.toString()));
        first = Field.of(INDENT);
        width = INDENT.length();
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    page.line(first, Field.of(line.toString()));
  }

  private void say(String head, String text) {
    say(Field.of(head), text);
  }

  private String title() {
    String host = report.circumstances().host();
    String kernel = report.kernel().isEmpty() ? "unknown kernel" : report.kernel();
    return (incident.number() > 0 ? "incident " + incident.number() + ": " : "")
        + (host.isEmpty() ? "" : host + ", ")
        + (report.time().isEmpty() ? "" : report.time() + ", ")
        + kernel
        + "; "
        + incident.source()
        + ", line "
        + report.line();
  }

  private String who() {
    String name = name(report);
    String service = service(report);
    OomReport.Header header = report.header();
    String asked =
        header == null || header.invoker().isEmpty() ? "" : " for a request of " + header.invoker();
    String where = where();
    if (name.isEmpty()) {
      return "nobody, as far as the log says" + asked + where;
    }
    boolean killed = !report.kills().isEmpty();
    return name
        + (pid(report) < 0 ? "" : " (" + pid(report) + ")")
        + (service.isEmpty() ? "" : " of " + service)
        + (killed ? " was killed" : " was chosen, score " + score())
        + asked
        + where;
  }

  /** What was full: the constraint. */
  private String where() {
    String constraint = report.choice() == null ? "" : report.choice().constraint();
    Circumstances more = report.circumstances();
    OomReport.Header header = report.header();
    if (report.isMemcg()) {
      OomReport.Cgroup cgroup = report.memcg();
      return "; cgroup "
          + (report.oomCgroup().isEmpty() ? "unknown" : report.oomCgroup())
          + " was full"
          + (cgroup != null && cgroup.limitKb() > 0 && cgroup.limitKb() < NO_LIMIT_KB
              ? ", at its limit of " + human(cgroup.limitKb())
              : "");
    }
    if (constraint.equals("CONSTRAINT_CPUSET")) {
      return "; " + node(more.mems()) + " of cpuset " + more.cpuset() + " was full";
    }
    if (constraint.equals("CONSTRAINT_MEMORY_POLICY")) {
      String mask = more.nodemask();
      return "; " + node(mask.isEmpty() ? more.mems() : mask) + " of a memory policy was full";
    }
    if (header != null && header.order() != null && header.order() > 0) {
      return "; no " + (report.pageKb() << header.order()) + "kB in one piece were free";
    }
    if (header != null && header.order() != null && header.order() < 0) {
      return "; by hand (SysRq-f)";
    }
    return report.isBare() ? "" : "; the machine was full";
  }

  private static String node(String nodes) {
    return nodes.isEmpty() ? "a node" : "node " + nodes;
  }

  private String score() {
    return report.score() < 0 ? "unknown" : Long.toString(report.score());
  }

  private void chosen() {
    if (incident.simulated() == null || incident.simulated().rankings().isEmpty()) {
      say("  why it      ", "cannot tell: there is no whole table of tasks to choose from");
      return;
    }
    say(
        "  why it      ",
        (Boolean.FALSE.equals(incident.reproduced())
            ? "cannot tell: by these figures it would have been "
                + (incident.victim().isEmpty() ? "nobody" : incident.victim())
            : incident.margin().isEmpty() ? "the highest badness" : incident.margin()));
    List<Candidate> ranking = incident.simulated().rankings().get(0);
    BadnessTable table = new BadnessTable(ranking, incident.victim(), TOP);
    table.shown().ifPresent(shown -> page.table(shown, MORE));
    table.notes().forEach(note -> say("    ", note.replace("; --top shows more", "")));
  }

  private void balance() {
    Balance balance = incident.balance();
    if (!balance.isKnown()) {
      say("  why at all  ", "cannot tell: the log does not say where the memory was");
      return;
    }
    say(
        "  why at all  ",
        incident.cause()
            + "; of the "
            + human(balance.totalKb())
            + (balance.ofCgroup() ? " it is charged for:" : " there are:"));
    for (Balance.Part part : balance.parts()) {
      page.line(
          String.format(
              Locale.ROOT,
              "    %10s  %s%s",
              human(part.kb()),
              part.what(),
              part.note().isEmpty() ? "" : " (" + part.note() + ")"));
    }
    page.line(
        String.format(
            Locale.ROOT,
            "    %10s  %s",
            human(Math.abs(balance.nobodyKb())),
            balance.nobodyKb() >= 0
                ? "nobody's, by what the report tells"
                : "counted twice, or printed at different moments"));
  }

  private Field verdict() {
    return switch (incident.verdict()) {
      case NEEDED -> new Field("  needed      yes: ", Tone.GOOD);
      case EXTRA -> new Field("  needed      NO, an extra kill: ", Tone.BAD);
      case CANNOT_TELL -> new Field("  needed      cannot tell: ", Tone.DOUBTFUL);
      case NO_KILL -> new Field("  needed      no kill: ", Tone.PLAIN);
    };
  }

  private void facts() {
    String head = "  the log     ";
    for (String fact : incident.facts()) {
      say(head, fact);
      head = INDENT;
    }
  }

  private void avoided() {
    if (incident.levers().isEmpty()) {
      page.line(
          "  avoided by  nothing could be tried, for the simulation does not follow this log");
      return;
    }
    String head = "  avoided by  ";
    for (String lever : incident.levers()) {
      say(head, lever);
      head = "              ";
    }
  }

  private void trust() {
    String head = "  trust       ";
    Boolean same = incident.reproduced();
    List<String> lines = new ArrayList<>();
    lines.add(
        same == null
            ? "nothing was simulated that could be compared with the log"
            : same
                ? incident.policy() + " chooses the same victim"
                : incident.policy()
                    + " would have chosen otherwise: the model disagrees with the log");
    if (!incident.sequence().isEmpty()) {
      lines.add(incident.sequence());
    }
    incident.gaps().forEach(gap -> lines.add("not told: " + gap));
    if (report.unread() > 0) {
      lines.add(report.unread() + " rows of it were not understood");
    }
    if (report.slips() > 0) {
      lines.add(report.slips() + " figures that no machine has were left out");
    }
    if (report.circumstances().others() > 0) {
      lines.add(
          report.circumstances().others() + " other lines in it, such as a stack, were not used");
    }
    for (String line : lines) {
      say(head, line);
      head = "              ";
    }
  }

  private static String human(long kb) {
    return Bytes.human(kb / 4);
  }
}
