package org.oomlab.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Streams;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.experiment.Crew;
import org.oomlab.output.OutputRefused;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The program. */
public final class Oomlab {
  private Oomlab() {}

  /** Runs one command line with the process's own streams and ends the process. */
  public static void main(String[] args) {
    PrintStream out =
        new Streams.StandardOutput(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
            Streams.isPipe(1));
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.exit(
        execute(
            args,
            new Streams(
                new Streams.StandardInput(System.in),
                out,
                err,
                Streams.isTerminal(0),
                Streams.isTerminal(1),
                Streams.isTerminal(2))));
  }

  /**
   * Runs one command line, as if none of the streams were a terminal.
   *
   * @param in what {@code -} and {@code repl} read
   * @param out data
   * @param err everything else
   * @return the exit code; see oomlab(1)
   */
  public static int execute(String[] args, InputStream in, PrintStream out, PrintStream err) {
    return execute(args, Streams.plain(in, out, err));
  }

  private static int execute(String[] args, Streams streams) {
    Session session = new Session(streams, System.getenv(), home());
    int code = dispatch(session, List.of(args));
    PrintStream out = streams.out();
    boolean closed = out.checkError();
    if (closed && out instanceof Streams.StandardOutput standard) {
      IOException failure = standard.failure();
      if (failure != null) {
        session.say("standard output cannot be written: " + OutputRefused.reason(failure));
        return ExitCodes.USAGE;
      }
    }
    return closed ? ExitCodes.OK : code;
  }

  /** Where the launcher says that policies/ and workloads/ are, or null: in the jar. */
  private static @Nullable Path home() {
    String home = System.getProperty("oomlab.home", "");
    return home.isEmpty() ? null : Path.of(home);
  }

  /**
   * Runs one command in a session and tells the user if it fails.
   *
   * @return the exit code
   */
  static int dispatch(Session session, List<String> typed) {
    // In the shell a line may be one that was copied from elsewhere.
    boolean copied = session.takesCommands() && typed.size() > 1 && typed.get(0).equals("oomlab");
    List<String> words = copied ? typed.subList(1, typed.size()) : typed;
    session.begin(words);
    try {
      Crew crew = Crew.brought();
      if (crew != null) {
        return execute(session, crew, words);
      }
      return execute(session, BundleCommand.unpack(session, words));
    } catch (RuntimeException | Error e) {
      return Failures.execution(session, words, e);
    } finally {
      session.end();
    }
  }

  /** On other machines: what it reads comes from theirs, and what it writes goes there. */
  private static int execute(Session session, Crew crew, List<String> words) {
    int code = execute(session, BundleCommand.unpack(session, crew.here(words)));
    if (code != ExitCodes.OK && code != ExitCodes.CLAIM_FAILED) {
      return code;
    }
    List<String> missing = crew.there();
    missing.forEach(session::say);
    return missing.isEmpty() ? code : ExitCodes.CLAIM_FAILED;
  }

  private static int execute(Session session, List<String> words) {
    Streams streams = session.streams();
    boolean color = streams.outIsTerminal() && SubCommand.wantsColor(session);
    CommandLine line = Commands.tree(session, words);
    line.setOut(writer(streams.out()));
    line.setErr(writer(streams.err()));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(color ? Ansi.ON : Ansi.OFF));
    line.setExpandAtFiles(false);
    Failures.install(line, session, words);
    return line.execute(words.toArray(new String[0]));
  }

  private static PrintWriter writer(PrintStream stream) {
    return UnbrokenHelp.writer(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
  }
}
