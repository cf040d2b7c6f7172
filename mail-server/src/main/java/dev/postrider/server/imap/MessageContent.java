package dev.postrider.server.imap;

import dev.postrider.protocol.imap.BodySection;
import dev.postrider.protocol.message.Envelope;
import dev.postrider.protocol.message.HeaderLimitException;
import dev.postrider.protocol.message.Headers;
import dev.postrider.protocol.message.MessageStructure;
import dev.postrider.protocol.message.Part;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.MessageBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The octets of one message, as far as a command asks for them: the header alone where that is
 * enough, the parts from the cache. Sections of the message itself never need its parts.
 */
final class MessageContent {

  private static final byte[] BLANK_LINE = {'\r', '\n'};

  private final MessageBody body;
  private final BodyId id;
  private final StructureCache structures;
  private @Nullable Headers headers;

  MessageContent(ImapServices services, BodyId id) throws StoreException {
    this.body = services.store().messages().body(id);
    this.id = id;
    this.structures = services.structures();
  }

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
          case HEADER -> new Octets.Range(0, headerOctets());
          case TEXT -> new Octets.Range(headerOctets(), body.octets() - headerOctets());
          case HEADER_FIELDS -> picked(headers().only(section.fields()));
          case HEADER_FIELDS_NOT -> picked(headers().except(section.fields()));
          case MIME -> throw new IllegalStateException("MIME without a part");
        });
  }

  private Optional<Octets> sectionOfPart(BodySection section) throws IOException, StoreException {
    Optional<Part> found = structures.structure(id).find(section.part());
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
      case HEADER_FIELDS -> picked(headersOf(message).only(section.fields()));
      case HEADER_FIELDS_NOT -> picked(headersOf(message).except(section.fields()));
      case ALL, MIME -> throw new IllegalStateException("not a section of a message");
    };
  }

  /** The fields with the blank line that always ends them. RFC 3501 section 6.4.5. */
  private static Octets picked(Headers fields) {
    byte[] encoded = fields.encode();
    byte[] octets = new byte[encoded.length + BLANK_LINE.length];
    System.arraycopy(encoded, 0, octets, 0, encoded.length);
    System.arraycopy(BLANK_LINE, 0, octets, encoded.length, BLANK_LINE.length);
    return new Octets.Picked(octets);
  }

  InputStream open(long offset, long length) throws IOException {
    return body.open(offset, length);
  }

  long octets() {
    return body.octets();
  }

  Part structure() throws IOException, StoreException {
    return structures.structure(id);
  }

  /** Reads no more than the header. */
  Envelope envelope() throws IOException, StoreException {
    byte[] header = headers().encode();
    return MessageStructure.parse(new ByteArrayInputStream(header))
        .envelope()
        .orElseThrow(() -> new IllegalStateException("a message without an envelope"));
  }

  /** The header; where it is beyond all limits, as much of it as is within them. */
  Headers headers() throws IOException {
    Headers present = headers;
    if (present == null) {
      present = readHeaders(0, body.octets());
      headers = present;
    }
    return present;
  }

  /** The header of a message in the message. */
  Headers headersOf(Part message) throws IOException {
    return readHeaders(message.headerOffset(), message.bodyOffset() - message.headerOffset());
  }

  private Headers readHeaders(long offset, long octetsMax) throws IOException {
    long length = Math.min(octetsMax, Headers.OCTETS_MAX);
    try (InputStream in = new BlockInput(body.open(offset, length))) {
      return Headers.read(in);
    } catch (HeaderLimitException e) {
      return Headers.of(List.of());
    }
  }

  /** Octets of the header with its blank line. */
  private long headerOctets() throws IOException, StoreException {
    int read = headers().octetsRead();
    return read > 0 && read < Headers.OCTETS_MAX ? read : structures.structure(id).bodyOffset();
  }
}
