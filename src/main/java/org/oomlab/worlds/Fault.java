package org.oomlab.worlds;

import org.oomlab.kernel.state.LawBroken;

/**
 * What is wrong in a world.
 *
 * @param kind the same for faults that have the same cause, as far as one can see from outside
 * @param message what was said
 * @param thrown where it came from
 */
public record Fault(String kind, String message, Throwable thrown) {
  private static final String OURS = "org.oomlab.";

  /** The fault that something thrown stands for. */
  static Fault of(Throwable thrown) {
    String message = thrown instanceof LawBroken ? thrown.getMessage() : thrown.toString();
    String text = String.valueOf(message);
    return new Fault(text.replaceAll("-?[0-9]+(\\[[0-9]+])?", "N") + at(thrown), text, thrown);
  }

  /**
   * The methods of ours that it came through: two, for a helper that everybody uses says little.
   */
  private static String at(Throwable thrown) {
    if (thrown instanceof LawBroken) {
      return "";
    }
    StringBuilder at = new StringBuilder();
    int named = 0;
    for (StackTraceElement frame : thrown.getStackTrace()) {
      String in = frame.getClassName();
      if (named < 2 && in.startsWith(OURS)) {
        at.append(named == 0 ? " in " : ", ")
            .append(in.substring(in.lastIndexOf('.') + 1))
            .append('.')
            .append(frame.getMethodName());
        named++;
      }
    }
    return at.toString();
  }
}
