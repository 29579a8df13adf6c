package org.oomlab.cli;

import org.jspecify.annotations.Nullable;
import org.oomlab.unit.SeedRange;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** On how many threads, which changes nothing but the time it takes. */
final class Effort {
  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      order = 7,
      converter = Jobs.class,
      description =
          "Run episodes on N threads. The output is the same for any N. Default: one for each"
              + " processor.")
  @Nullable Integer jobs;

  /** How many threads. */
  int threads() {
    return jobs == null ? Runtime.getRuntime().availableProcessors() : jobs;
  }

  /** Reads a number of threads. */
  static final class Jobs implements ITypeConverter<Integer> {
    private static final int MOST = 1024;

    @Override
    public Integer convert(String text) {
      return (int) whole("--jobs", text, MOST);
    }
  }

  /** Which seeds; of the two ways to say it, one. */
  static final class Seeds {
    @Option(
        names = "--seeds",
        paramLabel = "A..B",
        order = 2,
        converter = Range.class,
        description = "One episode for each of these seeds, such as 1..1000 or 7.")
    @Nullable SeedRange seeds;

    @Option(
        names = {"-r", "--runs"},
        paramLabel = "N",
        order = 3,
        converter = Runs.class,
        description = "Short for --seeds 1..N. Default: 20.")
    @Nullable SeedRange runs;

    /** The seeds asked for, or the default. */
    static SeedRange of(@Nullable Seeds chosen) {
      if (chosen == null) {
        return SeedRange.of(DEFAULT_RUNS);
      }
      SeedRange seeds = chosen.seeds == null ? chosen.runs : chosen.seeds;
      return seeds == null ? SeedRange.of(DEFAULT_RUNS) : seeds;
    }
  }

  private static final long DEFAULT_RUNS = 20;

  /** Reads a range of seeds. */
  static final class Range implements ITypeConverter<SeedRange> {
    @Override
    public SeedRange convert(String text) {
      try {
        SeedRange range = SeedRange.parse(text);
        if (range.count() > MOST_RUNS) {
          throw new IllegalArgumentException(text + " is more than a thousand million episodes");
        }
        return range;
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("--seeds: " + e.getMessage());
      }
    }
  }

  /** Reads a number of seeds. */
  static final class Runs implements ITypeConverter<SeedRange> {
    @Override
    public SeedRange convert(String text) {
      return SeedRange.of(whole("--runs", text, MOST_RUNS));
    }
  }

  /** More episodes than anybody has waited for. */
  static final long MOST_RUNS = 1_000_000_000;

  private static long whole(String option, String text, long most) {
    try {
      long value = Long.parseLong(text.strip());
      if (value >= 1 && value <= most) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // Told in the same words.
    }
    throw new TypeConversionException(
        option + ": expected a whole number from 1 to " + most + ", not '" + text + "'");
  }
}
