package org.oomlab.timeline.perfetto;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * One TracePacket, or a message in one, with the field numbers of protos/perfetto/trace/. Fields
 * are written in the order of the calls.
 */
final class Packet {
  // Trace.
  static final int PACKET = 1;

  // TracePacket.
  private static final int TIMESTAMP = 8;
  private static final int SEQUENCE = 10;
  private static final int TRACK_EVENT = 11;
  private static final int SEQUENCE_FLAGS = 13;
  private static final int TRACK_DESCRIPTOR = 60;
  private static final int INCREMENTAL_STATE_CLEARED = 1;

  /** Bytes in a packet, more often than not. */
  private static final int SMALL = 64;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes, SMALL);

  /** What a field is written by. */
  private interface Write {
    void to(CodedOutputStream out) throws IOException;
  }

  private Packet with(Write field) {
    try {
      field.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory takes everything.
    }
    return this;
  }

  Packet number(int field, long value) {
    return with(o -> o.writeUInt64(field, value));
  }

  Packet fixed(int field, long value) {
    return with(o -> o.writeFixed64(field, value));
  }

  Packet text(int field, String value) {
    return with(o -> o.writeString(field, value.replaceAll("[\\ud800-\\udfff]", "?")));
  }

  Packet message(int field, Packet value) {
    return with(o -> o.writeByteArray(field, value.toBytes()));
  }

  byte[] toBytes() {
    with(CodedOutputStream::flush);
    return bytes.toByteArray();
  }

  /** An event at a time. */
  static Packet event(long atNs, Packet trackEvent) {
    return new Packet()
        .number(TIMESTAMP, atNs)
        .number(SEQUENCE, 1)
        .message(TRACK_EVENT, trackEvent);
  }

  /** A track that events refer to. */
  static Packet track(boolean isFirst, Packet trackDescriptor) {
    Packet packet = new Packet().number(SEQUENCE, 1);
    return (isFirst ? packet.number(SEQUENCE_FLAGS, INCREMENTAL_STATE_CLEARED) : packet)
        .message(TRACK_DESCRIPTOR, trackDescriptor);
  }
}
