package org.oomlab.cli.session;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.oomlab.output.Printable;
import org.oomlab.yaml.Bundle;
import org.oomlab.yaml.Library;

/**
 * What commands have in common: the streams, the environment, the shipped documents, and somebody
 * who may tell them to stop. A run from the command line has a session of one command; the
 * interactive shell and a script give theirs to one command after the other.
 */
public final class Session {
  /** What a terminal has that says nothing of its width. */
  static final int USUAL_COLUMNS = 80;

  private final Streams streams;
  private final Map<String, String> environment;
  private final @Nullable Path home;
  private @Nullable Library library;
  private boolean working;
  private boolean cancelled;
  private boolean takesCommands;
  private boolean left;
  private @Nullable Dialogue dialogue;
  private @Nullable Scenario scenario;
  private @Nullable Predicate<String> pager;
  private @Nullable IntSupplier terminal;
  private List<String> words = List.of();

  /**
   * A session.
   *
   * @param environment the environment variables
   * @param home a directory with policies/ and workloads/, or null for those in the jar
   */
  public Session(Streams streams, Map<String, String> environment, @Nullable Path home) {
    this.streams = streams;
    this.environment = environment;
    this.home = home;
  }

  public Streams streams() {
    return streams;
  }

  /** Whether there is somebody to talk to. */
  public boolean somebodyTypes() {
    return streams.inIsTerminal() && streams.outIsTerminal();
  }

  /** An environment variable, or the empty string. */
  public String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  /**
   * How wide the terminal is, if somebody says so: the launcher does, where there is one.
   *
   * @return {@link #USUAL_COLUMNS} if nobody does
   */
  public int columns() {
    int wished = columns("COLUMNS");
    int there = columns("OOMLAB_COLUMNS");
    int now = terminal == null ? 0 : terminal.getAsInt();
    int known = now > 0 ? now : there;
    return wished > 0 ? wished : known > 0 ? known : USUAL_COLUMNS;
  }

  /**
   * How wide a table on standard output, or in a file, may be: whoever looks at it on a terminal
   * sees no more than its width; elsewhere it is as wide as it is, unless COLUMNS says otherwise.
   */
  int tableWidth(boolean file) {
    boolean seen = streams.outIsTerminal() && !file;
    return seen || columns("COLUMNS") > 0 ? columns() : Integer.MAX_VALUE;
  }

  private int columns(String variable) {
    String said = variable(variable);
    return said.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(said) : 0;
  }

  /** The documents; opened when first asked for, and anew for every command. */
  public Library library() {
    Library opened = library;
    if (opened == null) {
      opened = Library.open(home, takesCommands ? InputStream.nullInputStream() : streams.in());
      library = opened;
    }
    return opened;
  }

  /** A message for the user, if there is one to see it: never data. */
  public void say(@Nullable String message) {
    more("oomlab: " + message);
  }

  /** Another line of a message. Nothing else of what came from outside goes to standard error. */
  public void more(String line) {
    streams.err().println(Printable.line(line));
  }

  /** Whether commands come from a shell or a script, so that standard input is taken. */
  public boolean takesCommands() {
    return takesCommands;
  }

  /** From now on commands come from standard input. */
  public void takeCommands() {
    takesCommands = true;
  }

  /** No more commands are wanted. */
  public void leave() {
    left = true;
  }

  /** Whether somebody said {@code exit}. */
  public boolean left() {
    return left;
  }

  /** From now on somebody knows how many columns the terminal has, which may change. */
  public void see(IntSupplier columns) {
    terminal = columns;
  }

  /** From now on somebody shows what is longer than a screen. */
  public void page(Predicate<String> with) {
    pager = with;
  }

  /** Shows a text if it is longer than a screen; false if it is not, and still to be printed. */
  boolean paged(String text) {
    return pager != null && pager.test(text);
  }

  /** What commands are about that name nothing, or null. */
  public @Nullable Scenario scenario() {
    return scenario;
  }

  /** The workloads that were named, or the one in use if none was. */
  public List<String> workloadsOr(List<String> named) {
    return named.isEmpty() && scenario != null ? List.of(scenario.workload()) : named;
  }

  /** From now on commands are about something else. */
  public void use(Scenario next) {
    scenario = next;
  }

  /** The episode that is being debugged, or null. */
  public @Nullable Dialogue dialogue() {
    return dialogue;
  }

  /** From now on commands are about an episode; or, with null, about none any more. */
  public void debug(@Nullable Dialogue next) {
    dialogue = next;
  }

  /** Leaves the episode that is being debugged, if there is something else to go back to. */
  public boolean leaveDialogue() {
    boolean within = dialogue != null && dialogue.isWithinShell();
    dialogue = within ? null : dialogue;
    return within;
  }

  /** The command at work, as it was typed. */
  public List<String> words() {
    return words;
  }

  /** The command at work finds what is in a bundle by its name. */
  public void know(Bundle bundle) {
    library = library().with(bundle);
  }

  /** The command at work finds the workloads in these texts by their names. */
  public void know(Map<String, String> workloads) {
    library = library().withWorkloads(workloads);
  }

  /** A command begins. */
  public synchronized void begin(List<String> typed) {
    words = List.copyOf(typed);
    library = null;
    cancelled = false;
    working = true;
  }

  /** The command has ended; cancelling it has no effect any more. */
  public synchronized void end() {
    working = false;
  }

  /** Asks the command at work, if any, to stop; from any thread. */
  public synchronized void cancel() {
    cancelled = working;
  }

  /** Whether the command at work has been asked to stop. */
  public synchronized boolean cancelled() {
    return cancelled;
  }
}
