package org.oomlab.workload;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thread of a process, or several alike.
 *
 * @param name what steps and messages call it
 * @param count how many alike
 * @param robustListIn the mapping that holds the head of its robust futex list, or null: the
 *     process's last anonymous one, where thread stacks are
 * @param run what it does; nothing more means sleeping for ever, interruptibly
 */
public record ThreadSpec(String name, int count, @Nullable String robustListIn, List<Step> run)
    implements Serializable {
  public ThreadSpec {
    run = List.copyOf(run);
  }
}
