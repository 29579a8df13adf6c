package org.oomlab.diagnosis;

import java.util.List;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.unit.Span;
import org.oomlab.workload.Step;

/** Steps that take memory and give it back evenly. */
final class Growth {
  /** Growth comes in steps of so long, or longer. */
  private static final long STEP = 20 * Span.MILLISECOND;

  private static final int STEPS = 100;

  private final List<Step> run;
  private long anonymous;

  Growth(List<Step> run, long anonymous) {
    this.run = run;
    this.anonymous = anonymous;
  }

  void change(long nanos, long pages) {
    long most = pages < 0 ? Math.max(pages, -anonymous) : pages;
    anonymous += most;
    long times = Math.max(1, Math.min(Math.min(Math.abs(most), nanos / STEP), STEPS));
    long each = most / times;
    if (each == 0) {
      sleeps(nanos);
    } else if (times == 1) {
      sleeps(nanos);
      run.add(step(most));
    } else {
      run.add(new Step.Repeat(times, List.of(sleep(nanos / times), step(each))));
      if (most % times != 0) {
        run.add(step(most % times));
      }
    }
  }

  /** Goes on growing as before. */
  void goOn(long nanos, long pages) {
    long times = Math.max(1, Math.min(Math.min(pages, nanos / STEP), STEPS));
    if (pages > 0) {
      run.add(
          new Step.Repeat(
              -1,
              List.of(sleep(Math.max(Consecutive.INSTANT, nanos / times)), step(pages / times))));
    }
  }

  /** Two sleeps are one. */
  private void sleeps(long nanos) {
    Step end = run.isEmpty() ? null : run.get(run.size() - 1);
    if (end instanceof Step.Sleep before) {
      run.set(run.size() - 1, sleep(((Constant) before.time()).value() + nanos));
    } else {
      run.add(sleep(nanos));
    }
  }

  private static Step step(long pages) {
    return pages < 0
        ? new Step.Free(new Constant(-pages))
        : new Step.Touch(new Constant(pages), null);
  }

  static Step sleep(long nanos) {
    return new Step.Sleep(new Constant(nanos));
  }

  /** Sleeping at the end is what every thread does. */
  static void dropSleeps(List<Step> run) {
    while (!run.isEmpty() && run.get(run.size() - 1) instanceof Step.Sleep) {
      run.remove(run.size() - 1);
    }
  }
}
