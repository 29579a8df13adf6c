package org.oomlab.cli.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.oomlab.output.Output;
import org.oomlab.output.Screen;
import org.oomlab.output.Target;
import org.oomlab.report.ReportFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** In which form the data goes where. */
public final class Destination implements Part {
  private static final String APPEARS =
      "Write to FILE instead of standard output. FILE appears when all is done, or not at all.";

  private final Formats formats;
  private final boolean document;
  private final OptionSpec format;
  private final OptionSpec file;
  private final OptionSpec wide =
      Args.flag("--wide")
          .order(8)
          .description(
              "Show all columns of a table, whether or not the terminal has room for them.")
          .build();

  private final OptionSpec meta =
      Args.option(String.class, "FILE", "--meta")
          .order(9)
          .description(
              "Write to FILE where the results come from: version, command, seeds, digests of"
                  + " policies, workloads and costs. Default, with -o and a format for programs:"
                  + " the name of the output with .meta.json behind it.")
          .build();

  private @Nullable Target metaTarget;
  private @Nullable Provenance provenance;

  /** A table, on standard output, unless somebody says otherwise. */
  public Destination() {
    this(
        "table",
        "table, csv, json, ndjson or markdown; on a terminal and elsewhere. Default:"
            + " ${DEFAULT-VALUE}.",
        APPEARS);
  }

  /**
   * Another default.
   *
   * @param aboutFormat what the help says of {@code --format}
   * @param aboutFile what it says of {@code -o}
   */
  public Destination(String usual, String aboutFormat, String aboutFile) {
    this(usual, aboutFormat, aboutFile, new Formats(false), false);
  }

  private Destination(
      String usual, String aboutFormat, String aboutFile, Formats formats, boolean document) {
    this.formats = formats;
    this.document = document;
    format =
        Args.option(ReportFormat.class, "FORMAT", "--format")
            .defaultValue(usual)
            .order(8)
            .converters(formats)
            .completionCandidates(formats)
            .description(aboutFormat)
            .build();
    file = fileOption(aboutFile);
  }

  /** The values of {@code --format}. */
  private static final class Formats implements Names, ITypeConverter<ReportFormat> {
    private static final String HTML = "html-fragment";
    private static final List<String> WORDS = List.of("table", "csv", "json", "ndjson", "markdown");

    private final Choice choice;
    private boolean html;

    Formats(boolean pages) {
      List<String> words = new ArrayList<>(WORDS);
      words.addAll(pages ? List.of(HTML) : List.of());
      choice = Choice.of(words.toArray(String[]::new));
    }

    @Override
    public Map<String, String> described() {
      return choice.described();
    }

    @Override
    public ReportFormat convert(String text) {
      String word = choice.convert(text);
      html = word.equals(HTML);
      return html ? ReportFormat.TABLE : ReportFormat.valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** For pages that people read, which may also be parts of pages of HTML. */
  public static Destination ofPages() {
    return new Destination(
        "table",
        "table, csv, json, ndjson, markdown or html-fragment, whose parts have the classes"
            + " heading, good, doubtful, bad and quiet. Default: ${DEFAULT-VALUE}.",
        APPEARS,
        new Formats(true),
        false);
  }

  /** For a document, which has only one form and says itself where its results come from. */
  public static Destination ofDocument() {
    return new Destination("table", "", APPEARS, new Formats(false), true);
  }

  /** The option that says to which file, for commands that know only one form. */
  public static OptionSpec fileOption() {
    return fileOption(APPEARS);
  }

  /**
   * Opens a file for a document that is written beside the data.
   *
   * @return null if none is wanted
   */
  public static @Nullable Output document(Session session, String option, @Nullable String file) {
    if (file == null) {
      return null;
    }
    Target target = Target.of(option, file);
    if (target.isStandardOutput()) {
      throw new UserError(option + " " + file + ": standard output has the table; name a file");
    }
    return Output.open(session.streams().out(), target);
  }

  private static OptionSpec fileOption(String about) {
    return Args.option(String.class, "FILE", "-o", "--output").order(9).description(about).build();
  }

  @Override
  public void addTo(CommandSpec spec) {
    spec.addOption(file);
    if (!document) {
      spec.addOption(format).addOption(wide);
    }
  }

  /** In which form. */
  public ReportFormat format() {
    return document
        ? ReportFormat.TABLE
        : Objects.requireNonNull(format.<@Nullable ReportFormat>getValue());
  }

  /** Whether a table is to be a part of a page of HTML. */
  public boolean isHtml() {
    return formats.html && format() == ReportFormat.TABLE;
  }

  /** A path, or null for standard output. */
  public @Nullable String file() {
    return file.getValue();
  }

  /** Looks whether it can be written. */
  public Target target() {
    return Target.of("-o", file());
  }

  /** Whether somebody wants to have written where the results come from. */
  public boolean hasMeta() {
    return meta.getValue() != null;
  }

  /** The same with what {@link #addWithMetaTo} adds. */
  public Part withMeta() {
    return this::addWithMetaTo;
  }

  /** For commands whose results somebody may want to know the source of. */
  public void addWithMetaTo(CommandSpec spec) {
    addTo(spec);
    spec.addOption(meta);
  }

  /**
   * Opens it for results, before any work is done. A table begins with where they come from;
   * otherwise a file beside it says so, once {@link #commit} is called.
   */
  public Output open(Session session, Provenance results) {
    return open(session, target(), results);
  }

  /** The same, of what was looked at before. */
  public Output open(Session session, Target target, Provenance results) {
    provenance = results;
    metaTarget = metaTarget(target);
    Output output = open(session, target);
    String head = results.head();
    if (!head.isEmpty() && !document && format().isForPeople()) {
      output.preface(format() == ReportFormat.MARKDOWN ? head + "\n\n" : head + "\n");
    }
    return output;
  }

  private @Nullable Target metaTarget(Target target) {
    String written = meta.getValue();
    if (written != null) {
      Target named = Target.of("--meta", written);
      if (named.isStandardOutput() && target.isStandardOutput()) {
        throw new UserError("--meta " + written + ": standard output has the results");
      }
      if (named.isSameAs(target)) {
        throw new UserError("--meta " + written + ": -o writes the results there");
      }
      return named;
    }
    boolean usual = target.isFile() && !format().isForPeople();
    return usual ? Target.of("-o", file(target)) : null;
  }

  private static String file(Target target) {
    return target.beside(".meta.json").toString();
  }

  /** For results that grow in a file of their own kind: only what is beside it is written here. */
  public void describe(Target target, Provenance results) {
    provenance = results;
    metaTarget = metaTarget(target);
  }

  /** All results have been written, or as many as there will be. */
  public void commit(Session session, Output output, boolean complete) {
    output.commit(complete);
    if (complete || !output.isFile()) {
      writeMeta(session, complete);
    }
  }

  /** Writes where the results come from, if that is wanted. */
  void writeMeta(Session session, boolean complete) {
    Target target = metaTarget;
    if (target != null && provenance != null) {
      try (Output file = Output.open(session.streams().out(), target)) {
        file.print(provenance.manifest(complete));
        file.commit();
      }
    }
  }

  /** Opens it, before any work is done. */
  public Output open(Session session) {
    return open(session, target());
  }

  /** Opens what was looked at before. */
  Output open(Session session, Target target) {
    Output output = Output.open(session.streams().out(), target);
    output.columns(Args.isSet(wide) ? Screen.UNLIMITED : session.tableWidth(output.isFile()));
    return output;
  }
}
