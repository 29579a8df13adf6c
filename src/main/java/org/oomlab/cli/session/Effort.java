package org.oomlab.cli.session;

import org.jspecify.annotations.Nullable;
import org.oomlab.unit.SeedRange;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * How much there is to do: on how many threads, which changes nothing but the time it takes, and in
 * {@link Seeds}, in how many episodes.
 */
public final class Effort implements Part {
  private final OptionSpec jobs =
      Args.option(Integer.class, "N", "-j", "--jobs")
          .order(7)
          .converters(new Jobs())
          .description(
              "Run episodes on N threads. The output is the same for any N. Default: one for each"
                  + " processor.")
          .build();

  @Override
  public void addTo(CommandSpec spec) {
    spec.addOption(jobs);
  }

  /** How many threads. */
  public int threads() {
    Integer given = jobs.getValue();
    return given == null ? Runtime.getRuntime().availableProcessors() : given;
  }

  /** Reads a number of threads. */
  static final class Jobs implements ITypeConverter<Integer> {
    private static final int MOST = 1024;

    @Override
    public Integer convert(String text) {
      return (int) whole(text, MOST);
    }
  }

  /** Which seeds; of the two ways to say it, one. */
  static final class Seeds implements Part {
    private final long usual;
    private final OptionSpec seeds =
        Args.option(SeedRange.class, "A..B", "--seeds")
            .order(2)
            .converters(new Range())
            .description("One episode for each of these seeds, such as 1..1000 or 7.")
            .build();
    private final OptionSpec runs;

    /**
     * The options.
     *
     * @param usual how many seeds there are unless somebody says otherwise
     */
    Seeds(long usual) {
      this.usual = usual;
      this.runs =
          Args.option(SeedRange.class, "N", "-r", "--runs")
              .order(3)
              .converters(new Runs())
              .description("Short for --seeds 1..N. Default: " + usual + ".")
              .build();
    }

    @Override
    public void addTo(CommandSpec spec) {
      spec.addOption(seeds);
      spec.addOption(runs);
    }

    /**
     * The seeds asked for, or that of what is in use, or the default.
     *
     * @throws UserError if they were asked for in both ways
     */
    SeedRange range(@Nullable Scenario scenario) {
      // Not an ArgGroup of picocli, which would make each run 4 ms longer.
      if (seeds.getValue() != null && runs.getValue() != null) {
        throw new UserError("--seeds and --runs: one of the two is enough");
      }
      SeedRange given = seeds.getValue() == null ? runs.getValue() : seeds.getValue();
      if (given == null && scenario != null && scenario.seed() != null) {
        return new SeedRange(scenario.seed(), scenario.seed());
      }
      return given == null ? SeedRange.of(usual) : given;
    }
  }

  /** Episodes, unless somebody says otherwise. */
  static final long DEFAULT_RUNS = 20;

  /** Reads a range of seeds. */
  public static final class Range implements ITypeConverter<SeedRange> {
    @Override
    public SeedRange convert(String text) {
      try {
        SeedRange range = SeedRange.parse(text);
        if (range.count() > MOST_RUNS) {
          throw new IllegalArgumentException(text + " is more than a thousand million episodes");
        }
        return range;
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Reads a number of seeds. */
  public static final class Runs implements ITypeConverter<SeedRange> {
    @Override
    public SeedRange convert(String text) {
      return SeedRange.of(whole(text, MOST_RUNS));
    }
  }

  /** More episodes than anybody has waited for. */
  public static final long MOST_RUNS = 1_000_000_000;

  private static long whole(String text, long most) {
    try {
      long value = Long.parseLong(text.strip());
      if (value >= 1 && value <= most) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // Told in the same words.
    }
    throw new TypeConversionException(
        "expected a whole number from 1 to " + most + ", not '" + text + "'");
  }
}
