package org.oomlab.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.oomlab.cli.session.Destination;
import org.oomlab.cli.session.ExitCodes;
import org.oomlab.cli.session.Session;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.cli.session.UserError;
import org.oomlab.output.Output;
import org.oomlab.output.OutputRefused;
import org.oomlab.output.SweepFile;
import org.oomlab.output.Target;
import org.oomlab.report.CsvLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

/** {@code oomlab merge}. */
@Command(
    name = "merge",
    description = {
      "Join the CSV files of a sweep that was run in shards: the result is the same, to the byte, as"
          + " without shards. The files may be named in any order."
    })
final class MergeCommand extends SubCommand {
  /** So many files may be open at a time; others have their limit at 1024. */
  private static final int MOST_OPEN = 200;

  /** In characters: there may be thousands of these. */
  private static final int PIECE = 1024;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "The results of all shards: sweep --shard 1/N to N/N.")
  List<String> files = new ArrayList<>();

  private final OptionSpec file = Destination.fileOption();

  MergeCommand(Session session) {
    super(session);
  }

  @Override
  public CommandSpec describe(IFactory factory) {
    return annotated(factory).addOption(file);
  }

  /** One of the files, read as far as a row. */
  private static final class Shard implements AutoCloseable {
    final String name;
    final LineReader lines;
    final String header;
    final int column;
    @Nullable String row;
    long point;

    private final int columns;

    /** Which of the files it is. */
    private final int number;

    Shard(String name, int number, boolean many) {
      this.name = name;
      this.number = number;
      try {
        String complaint = SweepFile.complaint(Path.of(name));
        if (complaint != null) {
          throw new UserError(name + ": is damaged: " + complaint);
        }
        lines = new LineReader(many ? reopening(Path.of(name)) : usual(Path.of(name)));
        String first = lines.next();
        header = first == null ? "" : first;
      } catch (MalformedInputException e) {
        throw new UserError(name + ": is no result of a sweep: it is no text");
      } catch (IOException e) {
        throw new UserError(name + ": cannot be read: " + OutputRefused.reason(e));
      }
      column = fields(header).indexOf("point");
      if (column < 0) {
        throw new UserError(name + ": is no result of a sweep: it has no column 'point'");
      }
      columns = fields(header).size();
      advance();
    }

    private static Reader usual(Path file) throws IOException {
      return Files.newBufferedReader(file, StandardCharsets.UTF_8);
    }

    /** Opens the file anew for each piece of it: of so many not all can be open at a time. */
    private static Reader reopening(Path file) throws IOException {
      return Files.isRegularFile(file)
          ? new BufferedReader(
              new InputStreamReader(new Reopening(file), StandardCharsets.UTF_8.newDecoder()),
              PIECE)
          : usual(file);
    }

    void advance() {
      try {
        long before = point;
        row = lines.next();
        if (row == null) {
          return;
        }
        List<String> fields = fields(row);
        boolean number = fields.size() == columns && fields.get(column).matches("[1-9][0-9]{0,17}");
        point = number ? Long.parseLong(fields.get(column)) : -1;
        if (point < before) {
          throw new UserError(name + ": a row is damaged, after point " + before);
        }
      } catch (MalformedInputException | UncheckedIOException e) {
        throw new UserError(name + ": a row is damaged, after point " + point);
      } catch (IOException e) {
        throw new UserError(name + ": cannot be read: " + OutputRefused.reason(e));
      }
    }

    /** The fields of a line; none of one that is damaged. */
    private static List<String> fields(String line) {
      try {
        return CsvLine.fields(line);
      } catch (IllegalArgumentException damaged) {
        return List.of();
      }
    }

    @Override
    public void close() {
      try {
        lines.close();
      } catch (IOException e) {
        throw new UserError(name + ": " + OutputRefused.reason(e));
      }
    }
  }

  /** A file that is open only while something is read of it. */
  private static final class Reopening extends InputStream {
    private final Path file;
    private long at;

    Reopening(Path file) {
      this.file = file;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        in.skipNBytes(at); // Of a file that is a seek.
        int read = in.read(bytes, offset, length);
        at += Math.max(0, read);
        return read;
      }
    }
  }

  @Override
  public Integer call() {
    List<Shard> shards = new ArrayList<>();
    try (Output output = Output.open(session.streams().out(), Target.of("-o", file.getValue()))) {
      for (String name : files) {
        shards.add(new Shard(name, shards.size(), files.size() > MOST_OPEN));
        if (!shards.get(0).header.equals(shards.get(shards.size() - 1).header)) {
          throw new UserError(name + ": has other columns than " + files.get(0));
        }
      }
      output.print(shards.get(0).header + "\n");
      long points = merge(shards, output);
      output.commit();
      note(count(points, "point") + " from " + count(files.size(), "file"));
      return ExitCodes.OK;
    } finally {
      shards.forEach(Shard::close);
    }
  }

  private static long merge(List<Shard> shards, Output output) {
    Queue<Shard> waiting =
        new PriorityQueue<>(
            Comparator.<Shard>comparingLong(shard -> shard.point)
                .thenComparingInt(shard -> shard.number));
    shards.stream().filter(shard -> shard.row != null).forEach(waiting::add);
    long point = 0;
    long rowsOfPoint = 0;
    for (Shard next = waiting.poll(); next != null; next = waiting.poll()) {
      if (next.point != point + 1) {
        throw new UserError(
            next.point == point
                ? next.name + ": has point " + point + ", and so has another file"
                : "point " + (point + 1) + " is in none of the files; is a shard missing?");
      }
      point = next.point;
      long rows = 0;
      while (next.row != null && next.point == point) {
        output.print(next.row + "\n");
        rows++;
        next.advance();
      }
      rowsOfPoint = rowsOfPoint == 0 ? rows : rowsOfPoint;
      if (rows != rowsOfPoint) {
        throw new UserError(
            next.name + ": point " + point + " has " + rows + " rows, others have " + rowsOfPoint);
      }
      if (next.row != null) {
        waiting.add(next);
      }
    }
    return point;
  }
}
