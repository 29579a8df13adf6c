package org.oomlab.article;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.oomlab.article.Chapter.Drawn;
import org.oomlab.article.Guesses.Input;
import org.oomlab.experiment.Contest.Round;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.experiment.Outcome;
import org.oomlab.experiment.Sensitivity.Influence;
import org.oomlab.picture.Html;
import org.oomlab.picture.Plot;
import org.oomlab.picture.PlotPicture;
import org.oomlab.picture.Results;
import org.oomlab.picture.TimelinePicture;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.report.Column;
import org.oomlab.report.Columns;
import org.oomlab.report.Elements;
import org.oomlab.report.IncidentPage;
import org.oomlab.report.Numbers;
import org.oomlab.report.Page;
import org.oomlab.report.Report;
import org.oomlab.report.ReportFormat;
import org.oomlab.report.Table;
import org.oomlab.report.Table.Field;
import org.oomlab.report.Table.Head;
import org.oomlab.report.Tone;
import org.oomlab.statistics.Estimate;
import org.oomlab.timeline.Moment;
import org.oomlab.timeline.Parting;
import org.oomlab.timeline.Recording;
import org.oomlab.timeline.Timeline;
import org.oomlab.timeline.Timeline.Mark;
import org.oomlab.timeline.Window;
import org.oomlab.unit.Bytes;
import org.oomlab.workload.Claim;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Workload;

/** An article as one page of HTML that asks nobody for anything. */
public final class ArticlePage {
  /** Knobs in which policies differ that are shown without being asked for. */
  private static final int FEW = 6;

  /** Costs that are shown; the others hardly move anything. */
  private static final int MOST_COSTS = 8;

  private final Article article;
  private final List<String> policies;
  private final StringBuilder out = new StringBuilder();
  private int figures;

  private ArticlePage(Article article) {
    this.article = article;
    this.policies =
        article.chapters().isEmpty()
            ? List.of()
            : article.chapters().get(0).round().cells().stream()
                .map(cell -> cell.policy())
                .toList();
  }

  /** The page. */
  public static String of(Article article) {
    ArticlePage page = new ArticlePage(article);
    page.write();
    return Html.page(page.title(), Html.resource("article.css"), page.out.toString());
  }

  private String title() {
    List<Chapter> chapters = article.chapters();
    String about =
        chapters.size() == 1
            ? chapters.get(0).workload().name()
            : chapters.isEmpty() ? "a kernel log" : chapters.size() + " situations";
    return about + (policies.isEmpty() ? "" : " under " + Answer.listed(policies));
  }

  private void write() {
    out.append("<article>\n<header>\n<h1>").append(Html.text(title())).append("</h1>\n");
    question();
    out.append("</header>\n");
    incidents();
    if (article.chapters().size() > 1) {
      overview();
    }
    for (int i = 0; i < article.chapters().size(); i++) {
      chapter(article.chapters().get(i), i);
    }
    again();
    out.append("</article>\n");
  }

  // The question, and what came of it.

  private void question() {
    List<Chapter> chapters = article.chapters();
    if (chapters.isEmpty()) {
      lead("Who was killed, why, and was it needed? The log does not tell enough to simulate it.");
      return;
    }
    boolean one = chapters.size() == 1;
    String situation = one ? sentence(chapters.get(0).workload().title()) + " " : "";
    String question =
        policies.size() == 1
            ? "What happens under " + policies.get(0) + "?"
            : policies.size() == 2
                ? "Which does better, " + policies.get(0) + " or " + policies.get(1) + "?"
                : "Do "
                    + Answer.listed(policies.subList(1, policies.size()))
                    + " do better than "
                    + policies.get(0)
                    + "?";
    lead(situation + question);
    out.append("<div class=\"verdict\">\n");
    if (one) {
      Chapter chapter = chapters.get(0);
      Answer.of(chapter.round(), chapter.outcomes()).forEach(this::paragraph);
    } else if (policies.size() == 1) {
      paragraph(chapters.size() + " situations were looked at; what comes of each is below.");
    } else {
      List<Round> rounds = chapters.stream().map(Chapter::round).toList();
      policies.subList(1, policies.size()).forEach(other -> paragraph(Answer.of(rounds, other)));
    }
    out.append("</div>\n");
    List<String> hangs = chapters.stream().flatMap(each -> hang(each).stream()).toList();
    hangs.forEach(this::paragraph);
    String seeds = chapters.get(0).round().seeds().toString();
    quiet(
        "Simulated: "
            + chapters.get(0).round().seeds().count()
            + " episodes of each, seeds "
            + seeds
            + (article.program().isEmpty() ? "" : ", by " + article.program())
            + ". What was assumed, and what could mislead, is at the end"
            + (one ? "." : " of each situation."));
  }

  private static String sentence(String title) {
    return title.matches(".*[.?!]") ? title : title + ".";
  }

  /** A warning beside the answer, if it changes with costs that nobody has measured. */
  private static List<String> hang(Chapter chapter) {
    Guesses guesses = chapter.guesses();
    return guesses == null || guesses.against() == 0
        ? List.of()
        : List.of(
            "It hangs on costs that nobody has measured: at "
                + guesses.against()
                + " of "
                + guesses.points()
                + " points within their ranges, "
                + chapter.workload().name()
                + " is decided the other way.");
  }

  private void incidents() {
    if (article.incidents().isEmpty()) {
      return;
    }
    heading(2, "What the log tells", "");
    for (int i = 0; i < article.incidents().size(); i++) {
      StringWriter text = new StringWriter();
      IncidentPage.write(text, article.incidents().get(i), false, IncidentPage.Form.HTML, i == 0);
      out.append(text);
    }
  }

  private void overview() {
    heading(2, "Overview", "");
    List<Round> rounds = article.chapters().stream().map(Chapter::round).toList();
    if (policies.size() > 1) {
      out.append(Elements.summary(rounds, article.terms()));
    }
    out.append("<ol class=\"contents\">\n");
    for (int i = 0; i < rounds.size(); i++) {
      Chapter chapter = article.chapters().get(i);
      out.append("<li><a href=\"#s").append(i + 1).append("\">");
      out.append(Html.text(chapter.workload().name())).append("</a>: ");
      out.append(Html.text(String.join(" ", Answer.of(chapter.round(), chapter.outcomes()))));
      out.append("</li>\n");
    }
    out.append("</ol>\n");
  }

  // A workload.

  private void chapter(Chapter chapter, int number) {
    boolean alone = article.chapters().size() == 1;
    out.append("<section>\n");
    if (!alone) {
      heading(2, chapter.workload().name(), "s" + (number + 1));
      lead(sentence(chapter.workload().title()));
      out.append("<div class=\"verdict\">\n");
      Answer.of(chapter.round(), chapter.outcomes()).forEach(this::paragraph);
      out.append("</div>\n");
    }
    int level = alone ? 2 : 3;
    heading(level, "The situation", "");
    situation(chapter);
    heading(level, "What happens", "");
    happens(chapter);
    if (policies.size() > 1) {
      heading(level, "How sure that is", "");
      out.append(Elements.measures(chapter.round(), article.terms()));
    }
    heading(level, "Episodes", "");
    quiet(
        "Of each policy a typical episode, one in the middle of those that end as most do, and the"
            + " worst. Times are from the first OOM call; where more happens the axis is stretched.");
    for (int i = 0; i < policies.size(); i++) {
      episodes(chapter, i);
    }
    partings(chapter);
    heading(level, "What is assumed", "");
    assumed(chapter);
    guesses(chapter, level);
    heading(level, "What is not modelled and would matter here", "");
    limits(chapter);
    out.append("</section>\n");
  }

  private void situation(Chapter chapter) {
    Workload workload = chapter.workload();
    if (!workload.source().isEmpty()) {
      paragraph("Source: " + workload.source());
    }
    for (Claim claim : workload.claims()) {
      if (!claim.says().isEmpty()) {
        out.append("<blockquote>").append(Html.text(claim.says()));
        String who = claim.thread();
        out.append(who.isEmpty() ? "" : "<footer>" + Html.text(who) + "</footer>");
        out.append("</blockquote>\n");
        if (!claim.contradicts().isEmpty()) {
          paragraph("The simulation does not bear that out: " + sentence(claim.contradicts()));
        }
      }
    }
    for (String reason : workload.cannotTell()) {
      paragraph("It cannot be told of its kills whether they were needed: " + reason);
    }
    details("The workload as a file", "<pre>" + Html.text(chapter.file()) + "</pre>\n");
  }

  private void happens(Chapter chapter) {
    out.append(Elements.cells(chapter.round().cells()));
    because(chapter);
    List<Outcome> all = chapter.outcomes().stream().flatMap(List::stream).toList();
    if (all.stream().map(Outcome::verdict).distinct().count() > 1) {
      plot(all, Columns.episodes(), Plot.Kind.SHARES, "How episodes end, a bar for each policy");
    }
    if (all.stream().anyMatch(outcome -> outcome.recoveryNs() > 0)) {
      plot(
          all,
          Columns.episodes(),
          Plot.Kind.ECDF,
          "How soon memory is back: the share of all episodes in which it is by then");
    }
  }

  /** Why, as far as the workload's file says so of these policies. */
  private void because(Chapter chapter) {
    Map<String, List<String>> reasons = new LinkedHashMap<>();
    for (Claim claim : chapter.workload().claims()) {
      List<String> its = policies.stream().filter(claim.policies()::contains).toList();
      if (!its.isEmpty() && claim.vary().isEmpty() && !claim.because().isEmpty()) {
        reasons.computeIfAbsent(Answer.listed(its), k -> new ArrayList<>()).add(claim.because());
      }
    }
    if (!reasons.isEmpty()) {
      out.append("<ul>\n");
      reasons.forEach(
          (who, why) ->
              out.append("<li><b>")
                  .append(Html.text(who))
                  .append("</b>: ")
                  .append(Html.text(String.join("; ", why)))
                  .append("</li>\n"));
      out.append("</ul>\n");
    }
  }

  private <T> void plot(List<T> rows, List<Column<T>> columns, Plot.Kind kind, String caption) {
    StringWriter csv = new StringWriter();
    try (Report<T> report = ReportFormat.CSV.rows(csv, columns)) {
      rows.forEach(report);
    }
    try {
      Plot plot = Results.plot("results", new StringReader(csv.toString()), kind, null);
      Plot untitled = // The caption says it.
          new Plot(
              plot.kind(),
              "",
              plot.xLabel(),
              plot.yLabel(),
              plot.xLog(),
              plot.yLog(),
              plot.series(),
              plot.notes());
      figure(new PlotPicture(untitled).svg(), caption);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void episodes(Chapter chapter, int policy) {
    Telling telling = Chapter.telling(chapter.outcomes().get(policy));
    episode(chapter, policy, telling.typical(), telling.hasWorse() ? "typical" : "");
    if (telling.hasWorse()) {
      episode(chapter, policy, telling.worst(), "the worst");
    } else {
      quiet("No episode under " + policies.get(policy) + " is worse than this one.");
    }
  }

  /** Where the others part from the first in its typical episode. */
  private void partings(Chapter chapter) {
    long seed = Chapter.telling(chapter.outcomes().get(0)).typical().seed();
    Recording base = chapter.recordings().get(new Drawn(0, seed));
    for (int i = 1; i < policies.size(); i++) {
      Recording other = chapter.recordings().get(new Drawn(i, seed));
      if (base == null || other == null) {
        continue;
      }
      Page page = new Page(false);
      page.line("seed " + seed + ", times from the first OOM call").blank();
      Parting.of(base, other).write(page, base.timeline().zeroNs());
      StringWriter text = new StringWriter();
      page.print(text);
      paragraph(
          "In one and the same episode, up to where do "
              + policies.get(0)
              + " and "
              + policies.get(i)
              + " agree, and what follows?");
      out.append("<pre>").append(Html.text(text.toString())).append("</pre>\n");
    }
  }

  private void episode(Chapter chapter, int policy, Outcome outcome, String which) {
    Recording recording = chapter.recordings().get(new Drawn(policy, outcome.seed()));
    if (recording == null) {
      return;
    }
    List<Recording> one = List.of(recording);
    Window window = untilAllIsDone(recording.timeline());
    String title = chapter.workload().name() + ", seed " + outcome.seed();
    figure(
        new TimelinePicture(title, one, window, null).svg(),
        outcome.policy()
            + (which.isEmpty() ? "" : ", " + which)
            + ", seed "
            + outcome.seed()
            + ": "
            + outcome.verdictText()
            + ", "
            + kills(outcome)
            + (outcome.recoveryNs() < 0
                ? ""
                : ", memory is back "
                    + Numbers.span(outcome.recoveryNs() / 1e6)
                    + " after the first"));
  }

  /** Up to a little after the last moment that decides, and not through the peace that follows. */
  private static Window untilAllIsDone(Timeline timeline) {
    Window whole = Window.of(List.of(timeline), List.of());
    long last =
        timeline.marks().stream()
            .filter(mark -> mark.moment() != Moment.END)
            .mapToLong(Mark::atNs)
            .max()
            .orElse(whole.toNs());
    long after = Math.max(1, (last - whole.fromNs()) / 20);
    return whole.at(whole.fromNs(), Math.min(whole.toNs(), last + after));
  }

  private static String kills(Outcome outcome) {
    long extra = Telling.extraKills(outcome);
    int kills = outcome.kills().size();
    return kills
        + (kills == 1 ? " kill" : " kills")
        + (extra == 0 ? "" : ", " + extra + " of them not needed");
  }

  // What it rests on.

  private void assumed(Chapter chapter) {
    Case first = chapter.cases().get(0);
    MachineSpec machine = first.workload().machine();
    String memory = Bytes.format(machine.memory());
    List<String> costs =
        chapter.cases().stream().map(each -> each.costs().name()).distinct().toList();
    paragraph(
        "A machine of "
            + (memory.endsWith("B") ? memory : Bytes.human(machine.memory()))
            + " with "
            + machine.cpus()
            + (machine.cpus() == 1 ? " processor" : " processors")
            + " and HZ "
            + machine.hz()
            + ", "
            + first.workload().processNames().size()
            + " processes. What things cost is from "
            + String.join(", ", costs)
            + ".");
    out.append("<ul>\n");
    for (Case each : chapter.cases()) {
      String source = each.policy().about().source();
      out.append("<li><b>").append(Html.text(each.policy().name())).append("</b>: ");
      out.append(Html.text(each.policy().about().title()));
      out.append(source.isEmpty() ? "" : " (" + Html.text(source) + ")").append("</li>\n");
    }
    out.append("</ul>\n");
    knobs(chapter);
  }

  /** In what the policies differ. */
  private void knobs(Chapter chapter) {
    List<Head> heads = new ArrayList<>(List.of(new Head("", "knob", false)));
    policies.forEach(policy -> heads.add(new Head("", policy, false)));
    heads.add(new Head("", "what it decides", false));
    Table table = new Table(heads);
    int differ = 0;
    for (Knob knob : Knobs.all()) {
      List<String> values =
          chapter.cases().stream().map(each -> knob.format(each.policy().get(knob))).toList();
      if (values.stream().distinct().count() > 1) {
        List<Field> row = new ArrayList<>(List.of(Field.of(knob.path())));
        values.forEach(value -> row.add(Field.of(value)));
        row.add(new Field(knob.doc(), Tone.QUIET));
        table.add(row);
        differ++;
      }
    }
    if (differ > 0) {
      String summary = "In what they differ: " + differ + " of " + Knobs.all().size() + " knobs";
      details(summary, Elements.table(table), differ <= FEW);
    }
  }

  private void guesses(Chapter chapter, int level) {
    Guesses guesses = chapter.guesses();
    if (guesses == null) {
      quiet(
          "What hangs on these costs was not looked at: their file says of none between what it may"
              + " lie, or nobody wanted to know.");
      return;
    }
    heading(level, "Which costs are guesses, and what hangs on them", "");
    String name = Elements.name(guesses.measure());
    String looked =
        "The cost file gives a range for "
            + guesses.inputs().size()
            + " costs that differ from machine to machine or that nobody has measured. ";
    if (guesses.policies().size() == 2) {
      long zero = guesses.points() - guesses.below() - guesses.above();
      paragraph(
          looked
              + "At "
              + guesses.points()
              + " points within these ranges, measured by "
              + name
              + ", "
              + guesses.policies().get(1)
              + " had less than "
              + guesses.policies().get(0)
              + " at "
              + guesses.below()
              + ", more at "
              + guesses.above()
              + " and the same at "
              + zero
              + ". "
              + decides(guesses));
    } else {
      paragraph(
          looked
              + "How much each of them moves "
              + name
              + ", from one end of its range to the other:");
    }
    influences(guesses);
  }

  private static String decides(Guesses guesses) {
    long zero = guesses.points() - guesses.below() - guesses.above();
    return guesses.below() > 0 && guesses.above() > 0
        ? "Which of the two does better is decided by these costs."
        : zero == guesses.points()
            ? "So none of these costs makes a difference between the two."
            : zero > 0
                ? "Nowhere is it the other way round, but how much it differs hangs on these costs."
                : "So none of these costs decides which of the two does better.";
  }

  private void influences(Guesses guesses) {
    Table table =
        new Table(
            List.of(
                new Head("", "cost", false),
                new Head("", "from", true),
                new Head("", "to", true),
                new Head("", "moves it by", true),
                new Head("", "", false),
                new Head("", "where the range is from", false)));
    List<Integer> order =
        IntStream.range(0, guesses.inputs().size())
            .boxed()
            .sorted((a, b) -> Double.compare(influence(guesses, b), influence(guesses, a)))
            .toList();
    List<Influence> influences = guesses.found().influences();
    int shown = 0;
    for (int i : order) {
      if (influence(guesses, i) > 0 && shown < MOST_COSTS) {
        Input input = guesses.inputs().get(i);
        Estimate moves = influences.get(i).main();
        table.add(
            List.of(
                Field.of(input.path().replaceFirst("^costs\\.", "")),
                Field.of(input.low()),
                Field.of(input.high()),
                Field.of(figure(guesses, moves.value())),
                new Field(
                    "[" + figure(guesses, moves.low()) + ", " + figure(guesses, moves.high()) + "]",
                    Tone.QUIET),
                new Field(input.source(), input.isGuess() ? Tone.DOUBTFUL : Tone.PLAIN)));
        shown++;
      }
    }
    List<String> idle =
        order.stream()
            .filter(i -> !(influence(guesses, i) > 0))
            .map(i -> guesses.inputs().get(i).path().replaceFirst("^costs\\.", ""))
            .toList();
    if (shown > 0) {
      out.append(Elements.table(table));
      quiet("Morris's mean absolute effect and its 95% interval; guesses are marked.");
    }
    if (!idle.isEmpty()) {
      quiet(
          (shown == 0 ? "None of them moves it: " : "Without any effect: ")
              + Answer.listed(idle)
              + ".");
    }
  }

  private static double influence(Guesses guesses, int input) {
    double value = guesses.found().influences().get(input).main().value();
    return Double.isNaN(value) ? 0 : value;
  }

  private static String figure(Guesses guesses, double value) {
    return Numbers.human(guesses.measure().unit(), value);
  }

  private void limits(Chapter chapter) {
    out.append("<dl>\n");
    Limit.mattering(
            chapter,
            true,
            limit ->
                "<dt>" + marked(limit.what()) + "</dt><dd>" + marked(limit.means()) + "</dd>\n")
        .forEach(out::append);
    out.append("</dl>\n");
    quietHtml(
        "Not modelled either, and of no part in this situation as far as its file tells: "
            + Limit.mattering(chapter, false, limit -> marked(limit.what())).stream()
                .collect(Collectors.joining("; "))
            + ".");
  }

  /** The Markdown of a line: only what is between backticks is marked up. */
  private static String marked(String line) {
    return Html.text(line.replaceAll("(?<!\\*)\\*([^*]+)\\*", "$1"))
        .replaceAll("`([^`]*)`", "<code>$1</code>");
  }

  private void again() {
    heading(2, "To reproduce it", "");
    out.append("<pre>").append(Html.text(article.command())).append("</pre>\n");
    paragraph(
        (article.program().isEmpty() ? "The same version of oomlab" : article.program())
            + " gives the same page, to the byte, on any machine.");
    details("Digests of all that was read", "<pre>" + Html.text(article.manifest()) + "</pre>\n");
  }

  // Pieces.

  private void heading(int level, String text, String id) {
    out.append("<h").append(level).append(id.isEmpty() ? "" : " id=\"" + id + "\"").append('>');
    out.append(Html.text(text)).append("</h").append(level).append(">\n");
  }

  private void lead(String text) {
    out.append("<p class=\"lead\">").append(Html.text(text)).append("</p>\n");
  }

  private void paragraph(String text) {
    out.append("<p>").append(Html.text(text)).append("</p>\n");
  }

  private void quiet(String text) {
    quietHtml(Html.text(text));
  }

  private void quietHtml(String html) {
    out.append("<p class=\"quiet\">").append(html).append("</p>\n");
  }

  private void details(String summary, String html) {
    details(summary, html, false);
  }

  private void details(String summary, String html, boolean open) {
    out.append(open ? "<details open>" : "<details>");
    out.append("<summary>").append(Html.text(summary)).append("</summary>\n").append(html);
    out.append("</details>\n");
  }

  /** Names within a picture are its own, of which a page has many. */
  private void figure(String svg, String caption) {
    String own = "f" + ++figures + "-";
    String renamed =
        svg.replaceAll(" id=\"", " id=\"" + own)
            .replaceAll("url\\(#", "url(#" + own)
            .replaceAll("href=\"#", "href=\"#" + own);
    out.append(Html.figure(renamed, caption));
  }
}
