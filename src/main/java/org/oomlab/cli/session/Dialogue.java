package org.oomlab.cli.session;

import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oomlab.debug.Debugger;
import org.oomlab.debug.Verb;
import org.oomlab.debug.Verbs;
import org.oomlab.output.Output;
import org.oomlab.output.Screen;
import org.oomlab.output.Target;
import org.oomlab.report.Page;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What is said to a {@link Debugger} and what it answers. Its words are commands like all others,
 * and come before those of the same name.
 */
public final class Dialogue {
  private final Session session;
  private final Debugger debugger;
  private final boolean colour;
  private final boolean withinShell;

  /**
   * A dialogue.
   *
   * @param colour whether answers may be coloured
   * @param withinShell whether there is a shell or a script to go back to
   */
  public Dialogue(Session session, Debugger debugger, boolean colour, boolean withinShell) {
    this.session = session;
    this.debugger = debugger;
    this.colour = colour;
    this.withinShell = withinShell;
  }

  Debugger debugger() {
    return debugger;
  }

  boolean isWithinShell() {
    return withinShell;
  }

  /** Says where one is. */
  public String prompt() {
    return debugger.prompt();
  }

  /** Writes an answer. */
  public void answer(Consumer<Page> writer) {
    answer(session, colour, writer);
  }

  /** Writes what somebody is to read. */
  public static void answer(Session session, boolean colour, Consumer<Page> writer) {
    Page page = new Page(colour);
    try {
      writer.accept(page);
    } finally {
      // What was found before something went wrong is worth seeing.
      Paper text = new Paper(session.tableWidth(false));
      page.print(text);
      if (!session.paged(text.toString())) {
        try (Output output = Output.open(session.streams().out(), Target.of("", null))) {
          output.colour(colour);
          output.print(text.toString());
          output.commit();
        }
      }
    }
  }

  /** What an answer is written to, as wide as whoever reads it sees. */
  private static final class Paper extends StringWriter implements Screen {
    private final int columns;

    Paper(int columns) {
      this.columns = columns;
    }

    @Override
    public int columns() {
      return columns;
    }
  }

  /** The command of one word, or null if the debugger does not know it. */
  public @Nullable CommandLine verb(String name) {
    for (Verb verb : Verbs.all()) {
      if (verb.name().equals(name)) {
        CommandSpec root = CommandSpec.create().name("oomlab");
        CommandLine tree = new CommandLine(root);
        root.addSubcommand(name, commandOf(verb));
        return tree;
      }
    }
    return null;
  }

  /** Adds all words. */
  public void addVerbs(CommandSpec root) {
    for (Verb verb : Verbs.all()) {
      root.addSubcommand(verb.name(), commandOf(verb));
    }
  }

  private CommandLine commandOf(Verb verb) {
    PositionalParamSpec words =
        PositionalParamSpec.builder()
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("0..*")
            .paramLabel(verb.arguments())
            .hideParamSyntax(true)
            .hidden(verb.arguments().isEmpty())
            .completionCandidates(new Candidates(debugger, verb))
            .build();
    CommandSpec described =
        CommandSpec.wrapWithoutInspection(
                (Callable<Integer>)
                    () -> {
                      List<String> said = words.getValue();
                      debugger.width(session.columns());
                      answer(
                          page ->
                              verb.action().run(debugger, said == null ? List.of() : said, page));
                      return ExitCodes.OK;
                    })
            .name(verb.name());
    described.addPositional(words);
    described.addOption(
        Args.flag("-h", "--help").usageHelp(true).description("Show this help.").build());
    described.usageMessage().description(verb.doc());
    // A time before the first OOM call begins with a minus.
    described.parser().unmatchedOptionsArePositionalParams(true);
    return new CommandLine(described);
  }

  /** What may follow a word. */
  private record Candidates(Debugger debugger, Verb verb) implements Names {
    @Override
    public Map<String, String> described() {
      return debugger.candidates(verb.takes());
    }
  }
}
