package org.oomlab.debug;

import java.util.List;
import org.oomlab.report.Page;

/**
 * Something that can be said to a {@link Debugger}.
 *
 * @param name the word it begins with
 * @param arguments what may follow, as a manual writes it; empty for nothing
 * @param takes what is offered there
 * @param doc what it does: one or more sentences
 * @param action does it
 */
public record Verb(String name, String arguments, Takes takes, String doc, Action action) {
  /** What may follow a word. */
  public enum Takes {
    NOTHING,
    COUNT,
    SPAN,
    EVENT,
    EXPRESSION,
    PLACE,
    PROCESS,
    LOCK,
    KNOB,
    BRANCH,
    NEW_NAME
  }

  /** What is done. */
  @FunctionalInterface
  public interface Action {
    /**
     * Does it.
     *
     * @param words those that followed
     * @param page where what there is to see goes
     * @throws Mistake if it cannot be done; nothing has changed then
     */
    void run(Debugger debugger, List<String> words, Page page);
  }
}
