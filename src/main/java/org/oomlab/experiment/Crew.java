package org.oomlab.experiment;

import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Experiment.Plan;

/**
 * Others who run the episodes of a plan, on other machines. Whoever brings one starts the command
 * with the system property {@value #WANTED}; the crew itself is found as a service.
 */
public interface Crew {
  /** Set by spark-submit in the process in which it runs the program. */
  String WANTED = "SPARK_SUBMIT";

  /** The crew cannot do it; the message says why. */
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** For whoever started the command. */
    public Refused(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Runs the plan, as {@link Experiment#run(Plan, Consumer, Progress)} does, and delivers the same.
   */
  void run(Plan plan, Consumer<Outcome> inOrder, Progress progress) throws InterruptedException;

  /**
   * The command line with what lies on the crew's own file systems brought here.
   *
   * @throws Refused if it is not there
   */
  List<String> here(List<String> words);

  /**
   * The command has ended well: what it wrote goes where it was wanted.
   *
   * @return what could not be read, and so is missing from the result
   */
  List<String> there();

  /** The crew that whoever started this process has brought, or null: the episodes are run here. */
  static @Nullable Crew brought() {
    if (System.getProperty(WANTED) == null) {
      return null;
    }
    try {
      return ServiceLoader.load(Crew.class).findFirst().orElse(null);
    } catch (ServiceConfigurationError | NoClassDefFoundError e) {
      throw new Refused(
          "there is no Spark on the class path: spark-submit puts it there, or start oomlab without"
              + " -D"
              + WANTED,
          e);
    }
  }
}
