package org.oomlab.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Args;
import org.oomlab.cli.session.Dialogue;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Grid;
import org.oomlab.cli.session.Names;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.output.Output;
import org.oomlab.output.OutputRefused;
import org.oomlab.output.Target;
import org.oomlab.report.ReportFormat;
import org.oomlab.unit.Suggestions;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code oomlab tour}. */
final class TourCommand extends SubCommand {
  /** The tours that are shipped, in the order in which they are best taken. */
  static final List<String> SHIPPED =
      List.of("extra-kill", "panic", "broken-lock", "livelock", "two-walkers");

  private final PositionalParamSpec tour =
      Args.words("TOUR", new Shipped(), "A tour: a name, or the path of a script.")
          .arity("0..1")
          .build();

  TourCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    return describe(
            factory,
            "tour",
            "Be shown around in an OOM kill: one of the arguments that were had about them, step by"
                + " step, each step a command that can be typed. Without a name, list the tours.",
            "",
            "A tour is a script: its comments are what is told, its first command is a 'debug', and"
                + " what follows is said to it.")
        .addPositional(tour);
  }

  @Override
  public Integer call() {
    List<String> named = Args.all(tour);
    if (named.isEmpty()) {
      list();
      return ExitCodes.OK;
    }
    String name = named.get(0);
    Dialogue before = session.dialogue();
    boolean tookCommands = session.takesCommands();
    session.debug(null);
    try (BufferedReader in = open(name)) {
      return new Script(session, name, in, true).run();
    } catch (IOException e) {
      throw new UserError(name + ": cannot be read: " + OutputRefused.reason(e));
    } finally {
      if (tookCommands) {
        session.debug(before);
      }
    }
  }

  private void list() {
    Grid grid =
        new Grid(
            List.of(),
            List.of("tour", "about"),
            SHIPPED.stream().map(each -> List.of(each, title(each))).toList(),
            2);
    try (Output output = Output.open(session.streams().out(), Target.of("", null))) {
      grid.write(output, ReportFormat.TABLE);
      output.commit();
    }
  }

  private static String title(String name) {
    try (BufferedReader in = reader(shipped(name))) {
      return String.valueOf(in.readLine()).replaceFirst("^#+ ?", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BufferedReader open(String name) throws IOException {
    if (SHIPPED.contains(name)) {
      return reader(shipped(name));
    }
    boolean isPath = name.contains("/") || Files.exists(Path.of(name));
    if (!isPath) {
      throw new UserError("there is no tour " + name, Suggestions.nearest(name, SHIPPED));
    }
    return reader(Files.newInputStream(Path.of(name)));
  }

  private static BufferedReader reader(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  private static InputStream shipped(String name) {
    @Nullable InputStream found = TourCommand.class.getResourceAsStream("/tours/" + name);
    if (found == null) {
      throw new IllegalStateException("built without the tour " + name);
    }
    return found;
  }

  /** The tours that are shipped, with what they are about. */
  private record Shipped() implements Names {
    @Override
    public Map<String, String> described() {
      Map<String, String> names = new TreeMap<>();
      for (String name : new ArrayList<>(SHIPPED)) {
        names.put(name, title(name));
      }
      return names;
    }
  }
}
