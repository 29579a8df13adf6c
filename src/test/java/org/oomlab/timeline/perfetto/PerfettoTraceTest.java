package org.oomlab.timeline.perfetto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.oomlab.experiment.Experiment;
import org.oomlab.timeline.Recorder;
import org.oomlab.timeline.Recording;
import org.oomlab.timeline.Timeline;
import org.oomlab.timeline.Timeline.Kind;
import org.oomlab.timeline.Window;
import org.oomlab.yaml.Library;

/**
 * Read back by protobuf's own reader, by the part of the published definitions that is needed:
 * names, numbers and types are those of protos/perfetto/trace/.
 */
class PerfettoTraceTest {
  private static final Descriptor TRACE = trace();

  private static Descriptor trace() {
    FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder().setName("trace.proto");
    message(file, "Trace", "packet:1:TracePacket*");
    message(
        file,
        "TracePacket",
        "timestamp:8:uint64 trusted_packet_sequence_id:10:uint32 track_event:11:TrackEvent"
            + " sequence_flags:13:uint32 track_descriptor:60:TrackDescriptor");
    message(
        file,
        "TrackDescriptor",
        "uuid:1:uint64 name:2:string process:3:ProcessDescriptor thread:4:ThreadDescriptor"
            + " parent_uuid:5:uint64 counter:8:CounterDescriptor");
    message(file, "ProcessDescriptor", "pid:1:int32 process_name:6:string");
    message(file, "ThreadDescriptor", "pid:1:int32 tid:2:int64 thread_name:5:string");
    message(file, "CounterDescriptor", "unit:3:int32");
    message(
        file,
        "TrackEvent",
        "debug_annotations:4:DebugAnnotation* type:9:int32 track_uuid:11:uint64"
            + " categories:22:string* name:23:string counter_value:30:int64 flow_ids:47:fixed64*");
    message(file, "DebugAnnotation", "string_value:6:string name:10:string");
    try {
      return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0])
          .findMessageTypeByName("Trace");
    } catch (com.google.protobuf.Descriptors.DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void message(FileDescriptorProto.Builder file, String name, String fields) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
    for (String field : fields.split(" ")) {
      String[] parts = field.split(":");
      boolean repeated = parts[2].endsWith("*");
      String type = parts[2].replace("*", "");
      FieldDescriptorProto.Builder built =
          message
              .addFieldBuilder()
              .setName(parts[0])
              .setNumber(Integer.parseInt(parts[1]))
              .setLabel(
                  repeated
                      ? FieldDescriptorProto.Label.LABEL_REPEATED
                      : FieldDescriptorProto.Label.LABEL_OPTIONAL);
      if (Character.isUpperCase(type.charAt(0))) {
        built.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(type);
      } else {
        built.setType(
            FieldDescriptorProto.Type.valueOf("TYPE_" + type.toUpperCase(java.util.Locale.ROOT)));
      }
    }
    file.addMessageType(message);
  }

  private static Object get(DynamicMessage message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }

  private static boolean has(DynamicMessage message, String field) {
    return message.hasField(message.getDescriptorForType().findFieldByName(field));
  }

  private static DynamicMessage in(DynamicMessage message, String field) {
    return (DynamicMessage) get(message, field);
  }

  private static Recording record(String workload, String policy) {
    Library library = Library.open(Path.of(""));
    return Recorder.of(
        Experiment.cases(
                library.resolveWorkloads(List.of(workload), note -> {}),
                each -> library.costs(each.costsName()),
                library.resolvePolicies(List.of(policy), note -> {}))
            .get(0),
        3,
        () -> false);
  }

  private static byte[] write(List<Recording> recordings) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Window window = Window.of(recordings.stream().map(Recording::timeline).toList(), List.of());
    PerfettoTrace.write(out, recordings, window.at(0, window.toNs()));
    return out.toByteArray();
  }

  private static List<DynamicMessage> read(byte[] trace) throws Exception {
    List<DynamicMessage> packets = new ArrayList<>();
    DynamicMessage read = DynamicMessage.parseFrom(TRACE, trace);
    assertThat(read.getUnknownFields().asMap()).isEmpty();
    for (Object packet : (List<?>) get(read, "packet")) {
      packets.add((DynamicMessage) packet);
      assertThat(((DynamicMessage) packet).getUnknownFields().asMap()).isEmpty();
    }
    return packets;
  }

  @Test
  void tracksSlicesCountersAndFlowsAreThoseOfTheTimeline() throws Exception {
    Recording recording = record("mlocked-all", "linux-5.18");
    Timeline timeline = recording.timeline();
    List<DynamicMessage> packets = read(write(List.of(recording)));
    Map<Object, String> names = new LinkedHashMap<>();
    Map<String, Integer> slices = new TreeMap<>();
    Map<Object, Integer> open = new TreeMap<>();
    int threads = 0;
    int samples = 0;
    Map<Object, List<Object>> flows = new TreeMap<>();
    for (DynamicMessage packet : packets) {
      assertThat(get(packet, "trusted_packet_sequence_id")).isEqualTo(1);
      if (has(packet, "track_descriptor")) {
        DynamicMessage track = in(packet, "track_descriptor");
        assertThat(track.getUnknownFields().asMap()).isEmpty();
        assertThat(names.put(get(track, "uuid"), (String) get(track, "name"))).isNull();
        threads += has(track, "thread") ? 1 : 0;
        continue;
      }
      DynamicMessage event = in(packet, "track_event");
      assertThat(event.getUnknownFields().asMap()).isEmpty();
      Object track = get(event, "track_uuid");
      assertThat(names).containsKey(track);
      int type = (int) get(event, "type");
      if (type == 1) {
        slices.merge(names.get(track), 1, Integer::sum);
        assertThat(open.merge(track, 1, Integer::sum)).isEqualTo(1);
      } else if (type == 2) {
        assertThat(open.merge(track, -1, Integer::sum)).isZero();
      } else if (type == 4) {
        samples++;
      }
      for (Object flow : (List<?>) get(event, "flow_ids")) {
        flows.computeIfAbsent(flow, id -> new ArrayList<>()).add(get(event, "name"));
      }
    }
    assertThat(get(packets.get(0), "sequence_flags")).isEqualTo(1);
    assertThat(threads)
        .isEqualTo(timeline.lanes().stream().filter(it -> it.kind() != Kind.LOCK).count());
    assertThat(names.values())
        .containsAll(timeline.lanes().stream().map(Timeline.Lane::name).toList());
    for (Timeline.Lane lane : timeline.lanes()) {
      long drawn = lane.stretches().stream().filter(it -> !it.state().isNothing()).count();
      assertThat(slices.getOrDefault(lane.name(), 0)).as(lane.name()).isEqualTo((int) drawn);
    }
    assertThat(open.values()).containsOnly(0);
    assertThat(samples).isEqualTo(timeline.free().count());
    assertThat(flows).hasSize(1);
    assertThat(flows.values().iterator().next())
        .startsWith("killed", "do_exit()")
        .contains("MMF_OOM_SKIP", "recovered", "unmapped by its exit");
  }

  @Test
  void everyKillHasAFlowOfItsOwn() throws Exception {
    List<DynamicMessage> packets = read(write(List.of(record("mlocked-all", "linux-4.19"))));
    assertThat(
            packets.stream()
                .filter(packet -> has(packet, "track_event"))
                .map(packet -> in(packet, "track_event"))
                .filter(event -> "killed".equals(get(event, "name")))
                .map(event -> get(event, "flow_ids").toString()))
        .containsExactly("[1]", "[2]", "[3]", "[4]");
  }

  @Test
  void policiesHaveTracksOfTheirOwn() throws Exception {
    List<Recording> both =
        List.of(record("mlocked-all", "linux-4.19"), record("mlocked-all", "linux-5.18"));
    List<String> processes =
        read(write(both)).stream()
            .filter(packet -> has(packet, "track_descriptor"))
            .map(packet -> in(packet, "track_descriptor"))
            .filter(track -> has(track, "process"))
            .map(track -> (String) get(track, "name"))
            .toList();
    assertThat(processes)
        .doesNotHaveDuplicates()
        .contains("linux-4.19: db[0]", "linux-5.18: db[0]", "linux-5.18: memory");
  }
}
