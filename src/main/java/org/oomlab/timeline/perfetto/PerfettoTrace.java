package org.oomlab.timeline.perfetto;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.oomlab.timeline.Recording;
import org.oomlab.timeline.Timeline;
import org.oomlab.timeline.Timeline.Kind;
import org.oomlab.timeline.Timeline.Lane;
import org.oomlab.timeline.Timeline.Levels;
import org.oomlab.timeline.Timeline.Mark;
import org.oomlab.timeline.Timeline.Stretch;
import org.oomlab.timeline.Window;

/**
 * Timelines as a trace of TrackEvents: a track for each task and each lock, counters for free
 * memory and what cgroups hold, slices for what is done and how locks are, instants for the moments
 * that decide, and a flow from each kill through exit and reaper to the recovery. Times are in
 * nanoseconds after boot, as in a trace of a phone. Tracks come one after the other: readers sort.
 *
 * <p>The format is described in protos/perfetto/trace/ of Perfetto's sources.
 */
public final class PerfettoTrace {
  // TrackDescriptor.
  private static final int UUID = 1;
  private static final int TRACK_NAME = 2;
  private static final int PROCESS = 3;
  private static final int THREAD = 4;
  private static final int PARENT = 5;
  private static final int COUNTER = 8;

  // ProcessDescriptor, ThreadDescriptor, CounterDescriptor.
  private static final int PID = 1;
  private static final int PROCESS_NAME = 6;
  private static final int TID = 2;
  private static final int THREAD_NAME = 5;
  private static final int UNIT = 3;
  private static final int UNIT_SIZE_BYTES = 3;

  // TrackEvent.
  private static final int DEBUG_ANNOTATIONS = 4;
  private static final int TYPE = 9;
  private static final int TRACK_UUID = 11;
  private static final int CATEGORIES = 22;
  private static final int EVENT_NAME = 23;
  private static final int COUNTER_VALUE = 30;
  private static final int FLOW_IDS = 47;
  private static final int SLICE_BEGIN = 1;
  private static final int SLICE_END = 2;
  private static final int INSTANT = 3;
  private static final int COUNTER_EVENT = 4;

  // DebugAnnotation.
  private static final int STRING_VALUE = 6;
  private static final int ANNOTATION_NAME = 10;

  private static final long PAGE_BYTES = 4096;

  private final CodedOutputStream out;
  private final Window window;
  private final boolean prefixed;
  private long lastUuid;
  private int lastPid;
  private long lastFlow;
  private boolean begun;

  private PerfettoTrace(OutputStream out, Window window, boolean prefixed) {
    this.out = CodedOutputStream.newInstance(out);
    this.window = window;
    this.prefixed = prefixed;
  }

  /**
   * Writes a trace.
   *
   * @param out stays open
   * @param window of lanes that it does not name, all are written
   * @throws UncheckedIOException if it cannot be written
   */
  public static void write(OutputStream out, List<Recording> recordings, Window window) {
    PerfettoTrace trace = new PerfettoTrace(out, window, recordings.size() > 1);
    recordings.forEach(trace::add);
    try {
      trace.out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(Packet packet) {
    try {
      out.writeByteArray(Packet.PACKET, packet.toBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(Recording recording) {
    Timeline timeline = recording.timeline();
    String prefix = prefixed ? recording.name() + ": " : "";
    memory(timeline, prefix);
    long[] uuids = new long[timeline.lanes().size()];
    Map<String, Integer> pids = new TreeMap<>();
    long locks = 0;
    List<Integer> shown = window.only().isEmpty() ? all(timeline) : window.lanes(timeline);
    for (int number : shown) {
      Lane lane = timeline.lanes().get(number);
      if (lane.kind() == Kind.LOCK) {
        locks = locks == 0 ? process(prefix + "locks") : locks;
        uuids[number] = child(locks, lane.name(), null);
      } else {
        int pid = pids.computeIfAbsent(lane.process(), name -> newPid(prefix + name));
        uuids[number] = thread(pid, lane.name());
      }
      slices(uuids[number], lane);
    }
    long everybody = 0;
    long[] flows = new long[timeline.lanes().size()];
    for (Mark mark : window.marks(timeline)) {
      long flow = flow(mark, flows);
      if (mark.lane() < 0 && everybody == 0) {
        everybody = process(prefix + "the episode");
      }
      long uuid = mark.lane() < 0 ? everybody : uuids[mark.lane()];
      if (uuid != 0) {
        instant(uuid, mark, flow);
      }
    }
  }

  private static List<Integer> all(Timeline timeline) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < timeline.lanes().size(); i++) {
      all.add(i);
    }
    return all;
  }

  // Tracks.

  private void describe(Packet descriptor) {
    write(Packet.track(!begun, descriptor));
    begun = true;
  }

  private long process(String name) {
    long uuid = ++lastUuid;
    lastPid++;
    describe(
        new Packet()
            .number(UUID, uuid)
            .text(TRACK_NAME, name)
            .message(PROCESS, new Packet().number(PID, lastPid).text(PROCESS_NAME, name)));
    return uuid;
  }

  private int newPid(String name) {
    process(name);
    return lastPid;
  }

  private long thread(int pid, String name) {
    long uuid = ++lastUuid;
    describe(
        new Packet()
            .number(UUID, uuid)
            .text(TRACK_NAME, name)
            .message(
                THREAD, new Packet().number(PID, pid).number(TID, uuid).text(THREAD_NAME, name)));
    return uuid;
  }

  private long child(long parent, String name, @Nullable Packet counter) {
    long uuid = ++lastUuid;
    Packet descriptor =
        new Packet().number(UUID, uuid).text(TRACK_NAME, name).number(PARENT, parent);
    describe(counter == null ? descriptor : descriptor.message(COUNTER, counter));
    return uuid;
  }

  // Events.

  private void memory(Timeline timeline, String prefix) {
    long parent = process(prefix + "memory");
    counter(parent, "free memory", timeline.free());
    for (Timeline.Usage cgroup : timeline.cgroups()) {
      counter(parent, cgroup.name() + " memory.current", cgroup.levels());
    }
  }

  private void counter(long parent, String name, Levels levels) {
    long uuid = child(parent, name, new Packet().number(UNIT, UNIT_SIZE_BYTES));
    sample(uuid, window.fromNs(), levels.at(window.fromNs()));
    for (int i = 0; i < levels.count(); i++) {
      if (levels.timeNs(i) > window.fromNs() && levels.timeNs(i) <= window.toNs()) {
        sample(uuid, levels.timeNs(i), levels.pages(i));
      }
    }
  }

  private void sample(long uuid, long atNs, long pages) {
    write(
        Packet.event(
            atNs,
            new Packet()
                .number(TYPE, COUNTER_EVENT)
                .number(TRACK_UUID, uuid)
                .number(COUNTER_VALUE, pages * PAGE_BYTES)));
  }

  private void slices(long uuid, Lane lane) {
    for (Stretch stretch : lane.stretches()) {
      long from = Math.max(window.fromNs(), stretch.fromNs());
      long to = Math.min(window.toNs(), stretch.toNs());
      if (from < to && !stretch.state().isNothing()) {
        Packet begin =
            new Packet()
                .number(TYPE, SLICE_BEGIN)
                .number(TRACK_UUID, uuid)
                .text(CATEGORIES, lane.kind() == Kind.LOCK ? "lock" : "state")
                .text(EVENT_NAME, stretch.state().label());
        if (!stretch.holder().isEmpty()) {
          begin.message(DEBUG_ANNOTATIONS, annotation("holder", stretch.holder()));
        }
        write(Packet.event(from, begin));
        Packet end = new Packet().number(TYPE, SLICE_END).number(TRACK_UUID, uuid);
        write(Packet.event(to, end));
      }
    }
  }

  private static Packet annotation(String name, String value) {
    return new Packet().text(ANNOTATION_NAME, name).text(STRING_VALUE, value);
  }

  /** The flow that a moment belongs to, or 0: a kill begins one, and its victim's death goes on. */
  private long flow(Mark mark, long[] flows) {
    return switch (mark.moment()) {
      case KILL -> {
        lastFlow++;
        flows[mark.process()] = lastFlow;
        yield lastFlow;
      }
      case WAKE, REAP, SKIP, EXIT, EXIT_DONE -> flows[mark.process()];
      case RECOVERY -> firstOf(flows);
      default -> 0;
    };
  }

  /** A recovery is the end of what the first kill began. */
  private static long firstOf(long[] flows) {
    long first = 0;
    for (long flow : flows) {
      first = flow != 0 && (first == 0 || flow < first) ? flow : first;
    }
    return first;
  }

  private void instant(long uuid, Mark mark, long flow) {
    Packet event =
        new Packet()
            .number(TYPE, INSTANT)
            .number(TRACK_UUID, uuid)
            .text(CATEGORIES, "oom")
            .text(EVENT_NAME, mark.moment().label())
            .message(DEBUG_ANNOTATIONS, annotation("what", mark.sentence()));
    if (flow != 0) {
      event.fixed(FLOW_IDS, flow);
    }
    write(Packet.event(mark.atNs(), event));
  }
}
