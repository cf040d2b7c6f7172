package dev.postrider.server.imap;

import dev.postrider.protocol.imap.BodySection;
import dev.postrider.protocol.message.Envelope;
import dev.postrider.protocol.message.HeaderLimitException;
import dev.postrider.protocol.message.HeaderPicker;
import dev.postrider.protocol.message.Headers;
import dev.postrider.protocol.message.MessageDescription;
import dev.postrider.protocol.message.Part;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.MessageBody;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The octets of one message, as far as a command asks for them: none for what its description says,
 * the header alone where that is enough. Sections of the message itself never need its parts.
 */
final class MessageContent implements Closeable {

  private final MessageBody body;
  private @Nullable MessageDescription description;
  private @Nullable Headers headers;
  private @Nullable Prepared prepared;

  MessageContent(MessageBody body) {
    this.body = body;
  }

  /** A range that is open already, and checked. */
  private record Prepared(long offset, long length, InputStream in) {}

  /** Some octets of a message. */
  sealed interface Octets {

    long length();

    /** A range of the stored message, from {@code offset}. */
    record Range(long offset, long length) implements Octets {}

    /** Header fields that were picked out. */
    final class Picked implements Octets {
      private final byte[] octets;

      private Picked(byte[] octets) {
        this.octets = octets;
      }

      @Override
      public long length() {
        return octets.length;
      }

      byte[] part(int offset, int length) {
        return Arrays.copyOfRange(octets, offset, offset + length);
      }
    }
  }

  /** The octets of {@code section}; empty when the message has no such part. */
  Optional<Octets> section(BodySection section) throws IOException, StoreException {
    if (!section.part().isEmpty()) {
      return sectionOfPart(section);
    }
    return Optional.of(
        switch (section.text()) {
          case ALL -> new Octets.Range(0, body.octets());
          case HEADER -> header();
          case TEXT -> new Octets.Range(headerOctets(), body.octets() - headerOctets());
          case HEADER_FIELDS, HEADER_FIELDS_NOT -> picked(picker(section), headers());
          case MIME -> throw new IllegalStateException("MIME without a part");
        });
  }

  /** Of a section with fields. */
  static HeaderPicker picker(BodySection section) {
    return section.text() == BodySection.Text.HEADER_FIELDS
        ? HeaderPicker.only(section.fields())
        : HeaderPicker.except(section.fields());
  }

  /**
   * The same of a section with fields of the message itself: without a look at each field, unless
   * the header does not fit into {@code block}, which is overwritten.
   */
  Octets fields(HeaderPicker picker, byte[] block) throws IOException {
    if (headers == null) {
      try (InputStream in = body.openHeader()) {
        int length = in.readNBytes(block, 0, block.length);
        byte[] found = picker.pick(block, length, length < block.length);
        if (found != null) {
          return new Octets.Picked(found);
        }
      }
    }
    return picked(picker, headers());
  }

  private Optional<Octets> sectionOfPart(BodySection section) throws IOException, StoreException {
    Optional<Part> found = structure().find(section.part());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Part part = found.get();
    return switch (section.text()) {
      case ALL -> Optional.of(new Octets.Range(part.bodyOffset(), part.bodyOctets()));
      case MIME ->
          Optional.of(
              new Octets.Range(part.headerOffset(), part.bodyOffset() - part.headerOffset()));
      case HEADER, HEADER_FIELDS, HEADER_FIELDS_NOT, TEXT ->
          part.isMessage()
              ? Optional.of(embedded(part.children().get(0), section))
              : Optional.empty();
    };
  }

  /** A section of a message in the message. */
  private Octets embedded(Part message, BodySection section) throws IOException {
    long headerOctets = message.bodyOffset() - message.headerOffset();
    return switch (section.text()) {
      case HEADER -> new Octets.Range(message.headerOffset(), headerOctets);
      case TEXT -> new Octets.Range(message.bodyOffset(), message.bodyOctets());
      case HEADER_FIELDS, HEADER_FIELDS_NOT -> picked(picker(section), headersOf(message));
      case ALL, MIME -> throw new IllegalStateException("not a section of a message");
    };
  }

  private static Octets picked(HeaderPicker picker, Headers headers) {
    return new Octets.Picked(picker.pick(headers));
  }

  /** Finds out whether the octets of this range can be read: the first such range stays open. */
  void prepare(long offset, long length) throws IOException {
    if (prepared == null) {
      prepared = new Prepared(offset, length, body.open(offset, length));
    }
  }

  InputStream open(long offset, long length) throws IOException {
    Prepared present = prepared;
    if (present != null && present.offset() == offset && present.length() == length) {
      prepared = null;
      return present.in();
    }
    return body.open(offset, length);
  }

  @Override
  public void close() throws IOException {
    if (prepared != null) {
      prepared.in().close();
    }
  }

  long octets() {
    return body.octets();
  }

  Part structure() throws IOException, StoreException {
    return description().structure();
  }

  Envelope envelope() throws IOException, StoreException {
    return description().envelope();
  }

  /** What it begins with, in one line; empty where that is no text. */
  String preview() throws IOException, StoreException {
    return description().preview();
  }

  private MessageDescription description() throws IOException, StoreException {
    MessageDescription present = description;
    if (present == null) {
      present = body.describe();
      description = present;
    }
    return present;
  }

  /** The header; where it is beyond all limits, as much of it as is within them. */
  Headers headers() throws IOException {
    Headers present = headers;
    if (present == null) {
      present = readHeaders(body.openHeader());
      headers = present;
    }
    return present;
  }

  /** The header of a message in the message. */
  Headers headersOf(Part message) throws IOException {
    return readHeaders(
        body.open(message.headerOffset(), message.bodyOffset() - message.headerOffset()));
  }

  private static Headers readHeaders(InputStream from) throws IOException {
    try (InputStream in = new BlockInput(from)) {
      return Headers.read(in);
    } catch (HeaderLimitException e) {
      return Headers.of(List.of());
    }
  }

  /** The header with its blank line: it was read, unless it is beyond all limits. */
  private Octets header() throws IOException, StoreException {
    byte[] fields = headers().encode();
    int octets = headers().octetsRead();
    if (octets == 0 || octets < fields.length || octets >= Headers.OCTETS_MAX) {
      return new Octets.Range(0, headerOctets());
    }
    byte[] whole = Arrays.copyOf(fields, octets);
    // A blank line is a line feed, mostly behind a carriage return.
    if (octets > fields.length) {
      whole[octets - 1] = '\n';
    }
    if (octets > fields.length + 1) {
      whole[octets - 2] = '\r';
    }
    return new Octets.Picked(whole);
  }

  /** Octets of the header with its blank line. */
  private long headerOctets() throws IOException, StoreException {
    int read = headers().octetsRead();
    return read > 0 && read < Headers.OCTETS_MAX ? read : structure().bodyOffset();
  }
}
