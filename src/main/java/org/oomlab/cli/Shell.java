package org.oomlab.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.builtins.Completers.FileNameCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Dialogue;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Scenario;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.UserError;
import org.oomlab.cli.session.Words;
import org.oomlab.output.OutputRefused;
import org.oomlab.output.Printable;
import org.oomlab.output.Target;

/**
 * The interactive shell: the same commands, with line editing, completion and a history. Apart from
 * this class nothing refers to JLine, so that a single command starts without it.
 */
final class Shell {
  private static final String PROMPT = "oomlab> ";

  private static final List<String> GREETING =
      List.of(
          "oomlab: who does the Linux OOM killer kill, and was that needed? 'run mlocked' is a start,",
          "'help' lists the commands, Tab completes names and options, Ctrl-D leaves.");

  private final Session session;
  private final Terminal terminal;
  private final Pager pager;

  private Shell(Session session, Terminal terminal, boolean isOurs) {
    this.session = session;
    this.terminal = terminal;
    this.pager = new Pager(terminal, isOurs);
  }

  /** Talks to whoever sits at the terminal of this process, until they leave. */
  static int onSystemTerminal(Session session) {
    try (Terminal terminal = TerminalBuilder.builder().name("oomlab").system(true).build()) {
      return new Shell(session, terminal, true).run();
    } catch (IOException e) {
      throw new UserError("the terminal cannot be used: " + OutputRefused.reason(e));
    }
  }

  /** Talks to whoever sits at a terminal, until they leave. */
  static int on(Session session, Terminal terminal) {
    return new Shell(session, terminal, false).run();
  }

  private int run() {
    session.takeCommands();
    session.page(pager::show);
    session.see(terminal::getColumns);
    GREETING.forEach(session::more);
    // While a line is being read JLine has a handler of its own, which clears the line.
    terminal.handle(Terminal.Signal.INT, signal -> session.cancel());
    LineReader reader = reader();
    while (!session.left()) {
      String line;
      try {
        line = reader.readLine(prompt());
      } catch (UserInterruptException e) {
        continue;
      } catch (EndOfFileException e) {
        if (session.leaveDialogue()) {
          continue;
        }
        break;
      }
      execute(line);
    }
    return ExitCodes.OK;
  }

  private String prompt() {
    Dialogue dialogue = session.dialogue();
    Scenario scenario = session.scenario();
    if (dialogue == null && scenario == null) {
      return PROMPT;
    }
    return Printable.line(dialogue == null ? scenario.toString() : dialogue.prompt()) + "> ";
  }

  private void execute(String line) {
    try {
      List<String> words = Words.split(line);
      if (!words.isEmpty()) {
        Oomlab.dispatch(session, words);
      }
    } catch (IllegalArgumentException e) {
      session.say(e.getMessage());
    }
    session.streams().out().flush();
    session.streams().err().flush();
  }

  private LineReader reader() {
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .appName("oomlab")
            .terminal(terminal)
            .parser(new DefaultParser().eofOnUnclosedQuote(true).eofOnEscapedNewLine(true))
            .completer(completer())
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
            .option(LineReader.Option.CASE_INSENSITIVE, true);
    Path history = historyFile(session);
    builder.variable(LineReader.SECONDARY_PROMPT_PATTERN, "> ");
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    return builder.build();
  }

  /**
   * Where lines are remembered: OOMLAB_HISTORY, or a file among the user's state as the XDG base
   * directory specification has it. Null, and so only in memory, if the variable is {@code none} or
   * the directory cannot be made.
   */
  static @Nullable Path historyFile(Session session) {
    String chosen = session.variable("OOMLAB_HISTORY");
    if (chosen.equals("none")) {
      return null;
    }
    String state = session.variable("XDG_STATE_HOME");
    String home = session.variable("HOME");
    if (chosen.isEmpty() && state.isEmpty() && home.isEmpty()) {
      return null;
    }
    Path file =
        !chosen.isEmpty()
            ? Path.of(chosen)
            : (state.isEmpty() ? Path.of(home, ".local", "state") : Path.of(state))
                .resolve("oomlab")
                .resolve("history");
    try {
      Target.folder("history in", String.valueOf(file.toAbsolutePath().getParent()));
      return file;
    } catch (OutputRefused e) {
      session.say("lines will be forgotten: " + e.getMessage());
      return null;
    }
  }

  private Completer completer() {
    Completion commands = new Completion(Commands.tree(session).getCommandSpec());
    Completer files = new FileNameCompleter();
    return (reader, line, candidates) -> {
      Completion completion =
          session.dialogue() == null
              ? commands
              : new Completion(Commands.tree(session).getCommandSpec());
      complete(completion, files, reader, line, candidates);
    };
  }

  private static void complete(
      Completion completion,
      Completer files,
      LineReader reader,
      ParsedLine line,
      List<Candidate> candidates) {
    List<String> before = line.words().subList(0, line.wordIndex());
    String current = line.word().substring(0, line.wordCursor());
    if (current.startsWith(".") || current.contains("/")) {
      List<Candidate> found = new ArrayList<>();
      files.complete(reader, line, found);
      found.forEach(file -> candidates.add(printable(file)));
      return;
    }
    try {
      for (Completion.Proposal proposal : completion.propose(before, current)) {
        String description = proposal.description();
        candidates.add(
            printable(
                new Candidate(
                    proposal.value(),
                    proposal.shown(),
                    null,
                    description.isEmpty() ? null : description,
                    null,
                    null,
                    proposal.finished())));
      }
    } catch (RuntimeException e) {
      // A document that cannot be read is reported when it is used, not while a word is typed.
      candidates.clear();
    }
  }

  /** A candidate as it may be shown: names of files and documents are not ours. */
  private static Candidate printable(Candidate candidate) {
    String description = candidate.descr();
    return new Candidate(
        candidate.value(),
        Printable.line(candidate.displ()),
        candidate.group(),
        description == null ? null : Printable.line(description),
        candidate.suffix(),
        candidate.key(),
        candidate.complete());
  }
}
