package org.oomlab.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.Streams;

/** Runs oomlab in this process and keeps what it said. */
final class Cli {
  /** What CSV of episodes begins with; part of the interface. */
  static final String EPISODE_COLUMNS =
      "workload,policy,seed,outcome,kills,extra_kills_1s,extra_kills_10s,recovery_ms,episode_ms,"
          + "stall_ms,broken_futexes,work_lost,reserve_min_pages,victims,panic_text,digest";

  /** What came of a command line. */
  record Result(int code, String out, String err) {}

  private Cli() {}

  static Result run(String... args) {
    return runWithInput("", args);
  }

  static Result runWithInput(String input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Oomlab.execute(
            args,
            stream(input),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** A session whose output goes nowhere. */
  static Session session(String input) {
    PrintStream nowhere =
        new PrintStream(ByteArrayOutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return new Session(Streams.plain(stream(input), nowhere, nowhere), new TreeMap<>(), null);
  }

  private static InputStream stream(String input) {
    return new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
  }
}
