package org.oomlab.cli.session;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * Which oomlab this is.
 *
 * @param version such as 0.1.0; {@code unpackaged} if the classes are not in a jar
 * @param commit of the sources, with {@code -dirty} behind it if they were changed; empty if
 *     unknown
 * @param model a digest of the sources of the simulated kernel, without which results may differ
 */
public record Build(String version, String commit, String model) {
  private static final String UNPACKAGED = "unpackaged";
  private static final int SHOWN = 12;

  /** Reads what the build has written down. */
  public static Build current() {
    String version = Build.class.getPackage().getImplementationVersion();
    Properties facts = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("/oomlab/build.properties")) {
      if (in != null) {
        facts.load(in);
      }
    } catch (IOException none) {
      // It is only said to be unknown.
    }
    String model = facts.getProperty("model", "");
    return new Build(
        version == null ? UNPACKAGED : version,
        facts.getProperty("commit", ""),
        model.substring(0, Math.min(SHOWN, model.length())));
  }

  /** Whether it can be named so that somebody else finds it. */
  public boolean isKnown() {
    return !version.equals(UNPACKAGED);
  }

  /** As the head of a table has it. */
  @Override
  public String toString() {
    return "oomlab "
        + version
        + (commit.isEmpty() ? "" : " (" + commit + ")")
        + (model.isEmpty() ? "" : ", model " + model);
  }
}
