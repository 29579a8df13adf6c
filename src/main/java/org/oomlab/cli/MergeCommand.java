package org.oomlab.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    Shard(String name) {
      this.name = name;
      try {
        String complaint = SweepFile.complaint(Path.of(name));
        if (complaint != null) {
          throw new UserError(name + ": is damaged: " + complaint);
        }
        lines = new LineReader(Files.newBufferedReader(Path.of(name), StandardCharsets.UTF_8));
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

  @Override
  public Integer call() {
    List<Shard> shards = new ArrayList<>();
    try (Output output = Output.open(session.streams().out(), Target.of("-o", file.getValue()))) {
      for (String name : files) {
        shards.add(new Shard(name));
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
    long point = 0;
    long rowsOfPoint = 0;
    for (Shard next = next(shards); next != null; next = next(shards)) {
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
    }
    return point;
  }

  private static @Nullable Shard next(List<Shard> shards) {
    Shard next = null;
    for (Shard shard : shards) {
      if (shard.row != null && (next == null || shard.point < next.point)) {
        next = shard;
      }
    }
    return next;
  }
}
