package org.oomlab.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes rows for programs through one of Jackson's generators, each as it comes. */
final class RowReport<T> implements Report<T> {
  /** How old a row may grow before the reader of a pipe sees it. */
  private static final long FLUSH_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final JsonGenerator generator;
  private final Writer out;
  private final List<Column<T>> columns;

  /** What begins and ends the whole: the brackets of JSON, or nothing. */
  private final boolean array;

  /** What lists are joined by where a field cannot hold one, or null where it can. */
  private final @Nullable String joint;

  private long flushedNs = System.nanoTime();
  private String partial = "";

  private RowReport(
      JsonGenerator generator,
      Writer out,
      List<Column<T>> columns,
      boolean array,
      @Nullable String joint)
      throws IOException {
    this.generator = generator;
    this.out = out;
    this.columns = List.copyOf(columns);
    this.array = array;
    this.joint = joint;
    generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    generator.enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
    if (array) {
      generator.writeStartArray();
    }
  }

  /** Comma-separated values: a header, always, then a line a row; see RFC 4180. */
  static <T> Report<T> csv(Writer out, List<Column<T>> columns) {
    return csv(out, columns, true);
  }

  /** The same, or only the lines. */
  static <T> Report<T> csv(Writer out, List<Column<T>> columns, boolean header) {
    try {
      CsvFactory factory =
          CsvFactory.builder().enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING).build();
      CsvGenerator generator = factory.createGenerator(out);
      CsvSchema.Builder schema = CsvSchema.builder().setUseHeader(header).setLineSeparator('\n');
      columns.forEach(column -> schema.addColumn(CsvLine.cell(column.name())));
      generator.setSchema(schema.build());
      return new RowReport<>(generator, out, columns, false, ";");
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** One JSON array, a line a row. */
  static <T> Report<T> json(Writer out, List<Column<T>> columns) {
    return json(out, columns, true);
  }

  /** A JSON object a line. */
  static <T> Report<T> ndjson(Writer out, List<Column<T>> columns) {
    return json(out, columns, false);
  }

  private static <T> Report<T> json(Writer out, List<Column<T>> columns, boolean array) {
    try {
      JsonGenerator generator = new JsonFactory().createGenerator(out);
      generator.setPrettyPrinter(new LineEach());
      return new RowReport<>(generator, out, columns, array, null);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Begins a line for each row and nowhere else. */
  private static final class LineEach extends MinimalPrettyPrinter {
    private static final long serialVersionUID = 1;

    LineEach() {
      super("\n");
    }

    @Override
    public void beforeArrayValues(JsonGenerator generator) throws IOException {
      newline(generator);
    }

    @Override
    public void writeArrayValueSeparator(JsonGenerator generator) throws IOException {
      generator.writeRaw(',');
      newline(generator);
    }

    @Override
    public void writeEndArray(JsonGenerator generator, int values) throws IOException {
      if (values > 0) {
        newline(generator);
      }
      generator.writeRaw(']');
    }

    private static void newline(JsonGenerator generator) throws IOException {
      if (generator.getOutputContext().getParent().inRoot()) {
        generator.writeRaw('\n');
      }
    }
  }

  @Override
  public void partial(String what) {
    partial = what;
  }

  @Override
  public void accept(T row) {
    try {
      generator.writeStartObject();
      for (Column<T> column : columns) {
        generator.writeFieldName(joint == null ? column.name() : CsvLine.cell(column.name()));
        write(column.value().apply(row));
      }
      generator.writeEndObject();
      long nowNs = System.nanoTime();
      if (nowNs - flushedNs > FLUSH_NS) {
        generator.flush();
        flushedNs = nowNs;
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private void write(@Nullable Object value) throws IOException {
    if (value == null) {
      generator.writeNull();
    } else if (value instanceof String text) {
      generator.writeString(joint == null ? text : CsvLine.cell(text));
    } else if (value instanceof BigDecimal number) {
      generator.writeNumber(number);
    } else if (value instanceof Long || value instanceof Integer) {
      generator.writeNumber(((Number) value).longValue());
    } else if (value instanceof Boolean flag) {
      generator.writeBoolean(flag);
    } else if (value instanceof List<?> list && joint != null) {
      String joined = String.join(joint, list.stream().map(String::valueOf).toList());
      generator.writeString(CsvLine.cell(joined));
    } else if (value instanceof List<?> list) {
      generator.writeStartArray();
      for (Object each : list) {
        write(each);
      }
      generator.writeEndArray();
    } else if (value instanceof Map<?, ?> map) {
      generator.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        generator.writeFieldName(String.valueOf(entry.getKey()));
        write(entry.getValue());
      }
      generator.writeEndObject();
    } else {
      throw new IllegalArgumentException("no way to write a " + value.getClass());
    }
  }

  @Override
  public void close() {
    try {
      boolean isCsv = joint != null;
      if (!partial.isEmpty() && !isCsv) {
        generator.writeStartObject();
        generator.writeStringField("partial", partial);
        generator.writeEndObject();
      }
      if (array) {
        generator.writeEndArray();
      }
      if (!isCsv && (array || generator.getOutputContext().getEntryCount() > 0)) {
        generator.writeRaw('\n');
      }
      generator.close();
      if (!partial.isEmpty() && isCsv) {
        // No row, for there is no other way to say it to whoever reads the rows.
        new Page(false).line("# partial: " + partial).print(out);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
