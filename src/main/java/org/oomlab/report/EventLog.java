package org.oomlab.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.oomlab.experiment.Outcome;
import org.oomlab.kernel.state.Panic;
import org.oomlab.kernel.state.Verdict;
import org.oomlab.trace.TraceSink;
import org.oomlab.trace.Tracepoint;
import org.oomlab.workload.Workload;

/**
 * Listens to an episode and writes every event as a line of JSON: when, which tracepoint, whom it
 * happened to, and its arguments by their names.
 */
public final class EventLog implements TraceSink, AutoCloseable {
  private final JsonGenerator json;
  private final Names names;
  private final Refusals refusals = new Refusals();

  /**
   * A log of an episode that is about to begin.
   *
   * @param out where it goes; stays open
   */
  public EventLog(Writer out, Workload workload) {
    try {
      this.json = new JsonFactory().createGenerator(out);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    this.names = new Names(workload);
  }

  @Override
  public void emit(long nowNs, Tracepoint point, int subject, long a, long b) {
    if (refusals.isOnlyTheEnd(nowNs, point, subject)) {
      return;
    }
    try {
      json.writeStartObject();
      json.writeNumberField("time_ns", nowNs);
      json.writeStringField("event", point.name().toLowerCase(Locale.ROOT));
      arguments(point, subject, a, b);
      json.writeEndObject();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private void arguments(Tracepoint point, int subject, long a, long b) throws IOException {
    switch (point) {
      case OOM_INVOKED -> {
        task(subject);
        number("free_pages", a);
        cgroup(b);
      }
      case OOM_ABORT, RESERVES_STARTED -> {
        process(subject);
        text("waiting_task", names.task(a));
      }
      case KILLED -> {
        process(subject);
        number("badness", a);
        number("free_pages", b);
      }
      case KILLED_WITH -> {
        process(subject);
        text("reason", a == 1 ? "group" : "shared_mm");
      }
      case MARK_VICTIM, MRELEASE, DIRECT_REAPING -> {
        process(subject);
        text("task", names.task(a));
      }
      case NOTHING_TO_KILL -> {
        process(subject);
        cgroup(a);
      }
      case PANIC -> text("panic_text", Panic.values()[(int) a].text());
      case RESERVES_ENDED, WAKE_REAPER -> process(subject);
      case START_REAPING -> {
        process(subject);
        number("attempt", a);
      }
      case FINISH_REAPING -> {
        process(subject);
        number("freed_pages", a);
        number("left_pages", b);
      }
      case SKIP_REAPING -> {
        process(subject);
        number("attempt", a);
        text("cause", b == 0 ? "mmap_lock" : "notifier");
      }
      case UNABLE_TO_REAP -> {
        process(subject);
        number("attempts", a);
      }
      case OOM_SKIP -> {
        process(subject);
        text("by", a == 0 ? "reaper" : a == 1 ? "exit" : "timeout");
      }
      case EXIT_MMAP -> {
        process(subject);
        number("left_pages", a);
      }
      case EXIT_MMAP_DONE -> {
        process(subject);
        number("freed_pages", a);
      }
      case DO_EXIT, ALLOC_FAILED -> task(subject);
      case ALLOC_DONE -> {
        task(subject);
        number("blocked_since_ns", a);
      }
      case FUTEX_BROKEN -> {
        task(subject);
        text("futex", names.futex(a));
        number("waiters", b);
      }
      case OWNER_DIED -> {
        task(subject);
        text("futex", names.futex(a));
      }
      case LOCKED, UNLOCKED -> {
        task(subject);
        text("mutex", names.mutex(a));
      }
      case FREEZER -> {
        process(subject);
        number("version", a);
      }
      case SWAP_OUT -> {
        process(subject);
        number("pages", a);
        number("free_slots", b);
      }
      case SWAP_IN -> {
        task(subject);
        number("pages", a);
        number("refaults", b);
      }
      case DAEMON_KILL -> {
        process(subject);
        text("signal", a == 0 ? "SIGTERM" : "SIGKILL");
        number("free_pages", b);
      }
      case VERDICT -> text("outcome", Outcome.text(Verdict.values()[(int) a]));
    }
  }

  private void process(int number) throws IOException {
    text("process", names.process(number));
  }

  private void task(int number) throws IOException {
    text("task", names.task(number));
  }

  private void cgroup(long number) throws IOException {
    text("cgroup", number < 0 ? null : names.cgroup(number));
  }

  private void text(String key, @Nullable String value) throws IOException {
    json.writeStringField(key, value);
  }

  private void number(String key, long value) throws IOException {
    json.writeNumberField(key, value);
  }

  /** Ends the last line. */
  @Override
  public void close() {
    try {
      json.writeRaw('\n');
      json.close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
