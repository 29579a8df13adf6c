package org.oomlab.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Crew.Refused;

/**
 * What a command reads and writes on the cluster's file systems: {@code hdfs://}, {@code s3a://}
 * and whatever else Hadoop knows. What is read is brought to this machine before the command
 * begins; what is written is sent when it has ended well.
 */
final class Freight {
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]+://.*");
  private static final Set<String> OUTPUT = Set.of("-o", "--output", "--meta");
  private static final Set<String> WORDS =
      Set.of("workload", "policy", "outcome", "panic_text", "victims", "digest");
  private static final Set<String> TELLING = Set.of("workload", "policy");

  private final Configuration hadoop;
  private final Path folder;
  private final Map<Path, String> outgoing = new LinkedHashMap<>();
  private final List<String> lost = new ArrayList<>();
  private @Nullable Path rows;
  private String parquet = "";
  private int fetched;

  /**
   * For one command.
   *
   * @param application the name that Spark knows it by, which no other has
   */
  Freight(Configuration hadoop, String application) {
    this.hadoop = hadoop;
    this.folder = Path.of(System.getProperty("java.io.tmpdir"), "oomlab-" + application);
  }

  /**
   * The command line with every place that is elsewhere exchanged for one on this machine.
   *
   * @throws Refused if something is not there, or would be overwritten
   */
  List<String> here(List<String> words) {
    List<String> line = new ArrayList<>();
    boolean asParquet = false;
    for (String word : separate(words)) {
      String before = line.isEmpty() ? "" : line.get(line.size() - 1);
      if (before.equals("--format") && word.equals("parquet")) {
        asParquet = true;
        line.add("csv");
      } else if (OUTPUT.contains(before) && (ELSEWHERE.matcher(word).matches())) {
        line.add(outgoing(word).toString());
      } else if (ELSEWHERE.matcher(word).matches()) {
        line.add(fetched(word).toString());
      } else {
        line.add(word);
      }
    }
    if (asParquet) {
      toParquet(line);
    }
    return line;
  }

  /** With --format=x as two words. */
  private static List<String> separate(List<String> words) {
    List<String> line = new ArrayList<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      boolean option = word.startsWith("--") && equals > 0;
      String name = option ? word.substring(0, equals) : word;
      if (option && (OUTPUT.contains(name) || name.equals("--format"))) {
        line.add(name);
        line.add(word.substring(equals + 1));
      } else {
        line.add(word);
      }
    }
    return line;
  }

  private void toParquet(List<String> line) {
    int at = Math.max(line.indexOf("-o"), line.indexOf("--output")) + 1;
    if (at == 0 || at == line.size()) {
      throw new Refused("--format parquet: where to? Name a folder with -o", null);
    }
    Path local = Path.of(line.get(at));
    String place = outgoing.remove(local);
    parquet = place == null ? local.toAbsolutePath().toUri().toString() : place;
    refuseIfThere(parquet);
    rows = temporary().resolve("rows.csv");
    line.set(at, rows.toString());
  }

  private Path outgoing(String url) {
    refuseIfThere(url);
    Path local = temporary().resolve(outgoing.size() + "-" + name(url));
    outgoing.put(local, url);
    return local;
  }

  private void refuseIfThere(String url) {
    try {
      if (system(url).exists(new org.apache.hadoop.fs.Path(url))) {
        throw new Refused(url + ": is there already; name another place, or remove it", null);
      }
    } catch (IOException e) {
      throw new Refused(url + ": " + e.getMessage(), e);
    }
  }

  private Path fetched(String url) {
    try {
      FileSystem system = system(url);
      FileStatus status = system.getFileStatus(new org.apache.hadoop.fs.Path(url));
      Path to = temporary().resolve("in-" + fetched++).resolve(name(url));
      fetch(system, status, to);
      return to;
    } catch (IOException e) {
      throw new Refused(url + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private void fetch(FileSystem system, FileStatus from, Path to) throws IOException {
    if (!from.isDirectory()) {
      system.copyToLocalFile(from.getPath(), local(to));
      return;
    }
    if (!FileSystem.getLocal(hadoop).mkdirs(local(to))) {
      throw new IOException(to + ": cannot be made");
    }
    for (FileStatus below : system.listStatus(from.getPath())) {
      try {
        fetch(system, below, to.resolve(below.getPath().getName()));
      } catch (IOException e) {
        lost.add(below.getPath() + ": cannot be read: " + e.getMessage());
      }
    }
  }

  /**
   * The command has ended well: sends what it wrote.
   *
   * @return what could not be read, so that it is missing in the result
   */
  List<String> sent() {
    try {
      Path written = rows;
      if (written != null && Files.exists(written)) {
        SparkSession session = SparkSession.builder().getOrCreate();
        String staged = parquet + ".rows.csv";
        copy(written, staged);
        Dataset<Row> table = typed(session, staged);
        String[] telling =
            Stream.of(table.columns()).filter(TELLING::contains).toArray(String[]::new);
        table.write().partitionBy(telling).parquet(parquet);
        system(staged).delete(new org.apache.hadoop.fs.Path(staged), false);
        Path meta = written.resolveSibling(written.getFileName() + ".meta.json");
        if (Files.exists(meta)) {
          copy(meta, parquet + ".meta.json");
        }
      }
      for (Map.Entry<Path, String> each : outgoing.entrySet()) {
        Path meta = each.getKey().resolveSibling(each.getKey().getFileName() + ".meta.json");
        if (Files.exists(each.getKey())) {
          copy(each.getKey(), each.getValue());
        }
        if (Files.exists(meta) && !outgoing.containsKey(meta)) {
          copy(meta, each.getValue() + ".meta.json");
        }
      }
      FileSystem.getLocal(hadoop).delete(local(folder), true);
    } catch (IOException e) {
      throw new Refused("the result cannot be written: " + e.getMessage(), e);
    }
    return List.copyOf(lost);
  }

  /** Numbers are numbers; a digest is none, even one that has digits only. */
  private static Dataset<Row> typed(SparkSession session, String csv) {
    StructType guessed =
        session.read().option("header", true).option("inferSchema", true).csv(csv).schema();
    StructType schema = new StructType();
    for (StructField field : guessed.fields()) {
      DataType type = WORDS.contains(field.name()) ? DataTypes.StringType : field.dataType();
      schema = schema.add(field.name(), type);
    }
    return session.read().option("header", true).schema(schema).csv(csv);
  }

  private void copy(Path from, String to) throws IOException {
    system(to).copyFromLocalFile(false, true, local(from), new org.apache.hadoop.fs.Path(to));
  }

  private FileSystem system(String url) throws IOException {
    return new org.apache.hadoop.fs.Path(url).getFileSystem(hadoop);
  }

  private Path temporary() {
    try {
      FileSystem.getLocal(hadoop).mkdirs(local(folder));
    } catch (IOException e) {
      throw new Refused("no temporary folder: " + e.getMessage(), e);
    }
    return folder;
  }

  private static org.apache.hadoop.fs.Path local(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  private static String name(String url) {
    return url.replaceAll("/+$", "").replaceAll(".*/", "");
  }
}
