package dev.postrider.protocol.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Descriptions as octets: the version, the values in the order of their records, and the CRC-32C of
 * all that, so that nothing else is ever taken for one.
 *
 * <p>Numbers are LEB128. Octet strings are a length and their octets; where common words occur the
 * length is doubled and one added, and an even number means a word of {@link DescriptionWords}. A
 * part has its offsets as differences: its header from the end of the part before it (zigzag), its
 * body from its header, its end from its body. Bits say which optional values follow.
 *
 * <p>A message of a few parts takes some hundred octets, and none takes more than {@link
 * #OCTETS_MAX}: what {@link MessageStructure} keeps of header fields, at most doubled by short
 * addresses, and 30 octets for each part.
 */
public final class DescriptionCodec {

  /** Version of the format, and of what is found in a message: another one is described anew. */
  public static final int VERSION = 1;

  /** Octets of a description. */
  public static final int OCTETS_MAX = 1_000_000;

  private static final int CRC_OCTETS = 4;

  private static final int ID = 1;
  private static final int DESCRIPTION = 1 << 1;
  private static final int DISPOSITION = 1 << 2;
  private static final int LANGUAGES = 1 << 3;
  private static final int LOCATION = 1 << 4;
  private static final int MD5 = 1 << 5;
  private static final int ENVELOPE = 1 << 6;

  private static final int DATE = 1;
  private static final int SUBJECT = 1 << 1;
  private static final int IN_REPLY_TO = 1 << 2;
  private static final int MESSAGE_ID = 1 << 3;
  private static final int SENDER = 1 << 4;
  private static final int REPLY_TO = 1 << 5;

  private static final int NAME = 1;
  private static final int ROUTE = 1 << 1;
  private static final int MAILBOX = 1 << 2;
  private static final int HOST = 1 << 3;

  private DescriptionCodec() {}

  public static byte[] encode(MessageDescription description) {
    DescriptionWriter out = new DescriptionWriter();
    out.octet(VERSION);
    out.number(description.references().size());
    description.references().forEach(out::octets);
    out.text(description.preview());
    write(description.structure(), 0, out);
    return sealed(out.toByteArray());
  }

  /** With the checksum behind it. */
  static byte[] sealed(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return ByteBuffer.allocate(content.length + CRC_OCTETS)
        .put(content)
        .putInt((int) crc.getValue())
        .array();
  }

  /** Whether the checksum is right: what {@link #encode} wrote is readable then. */
  public static boolean isWhole(byte[] octets) {
    int length = octets.length - CRC_OCTETS;
    if (length < 1) {
      return false;
    }
    CRC32C crc = new CRC32C();
    crc.update(octets, 0, length);
    return ByteBuffer.wrap(octets).getInt(length) == (int) crc.getValue();
  }

  /** Reads what {@link #encode} wrote; memory is bounded by the octets there are. */
  public static MessageDescription decode(byte[] octets) throws MalformedDescriptionException {
    if (!isWhole(octets)) {
      throw new MalformedDescriptionException("checksum is wrong");
    }
    int length = octets.length - CRC_OCTETS;
    if (octets[0] != VERSION) {
      throw new MalformedDescriptionException("version " + octets[0] + " is not known here");
    }
    DescriptionReader in = new DescriptionReader(ByteBuffer.wrap(octets, 1, length - 1));
    List<String> references = new ArrayList<>();
    for (int count = in.count(); count > 0; count--) {
      references.add(in.octets());
    }
    String preview = in.text();
    Part structure = readPart(0, 1, in);
    if (!in.atEnd() || structure.envelope().isEmpty()) {
      throw new MalformedDescriptionException("is not the description of one message");
    }
    return new MessageDescription(structure, references, preview);
  }

  private static void write(Part part, long before, DescriptionWriter out) {
    int present =
        bit(part.id(), ID)
            | bit(part.description(), DESCRIPTION)
            | bit(part.disposition(), DISPOSITION)
            | (part.languages().isEmpty() ? 0 : LANGUAGES)
            | bit(part.location(), LOCATION)
            | bit(part.md5(), MD5)
            | bit(part.envelope(), ENVELOPE);
    out.octet(present);
    out.signed(part.headerOffset() - before);
    out.number(part.bodyOffset() - part.headerOffset());
    out.number(part.bodyOctets());
    out.number(part.bodyLines());
    out.word(part.type());
    out.word(part.subtype());
    write(part.parameters(), out);
    part.id().ifPresent(out::octets);
    part.description().ifPresent(out::octets);
    out.word(part.encoding());
    part.disposition()
        .ifPresent(
            field -> {
              out.word(field.value());
              write(field.parameters(), out);
            });
    if (!part.languages().isEmpty()) {
      out.number(part.languages().size());
      part.languages().forEach(out::word);
    }
    part.location().ifPresent(out::octets);
    part.md5().ifPresent(out::octets);
    part.envelope().ifPresent(envelope -> write(envelope, out));
    out.number(part.children().size());
    long at = part.bodyOffset();
    for (Part child : part.children()) {
      write(child, at, out);
      at = child.endOffset();
    }
  }

  private static int bit(Optional<?> value, int bit) {
    return value.isPresent() ? bit : 0;
  }

  private static Part readPart(long before, int depth, DescriptionReader in)
      throws MalformedDescriptionException {
    if (depth > MessageStructure.DEPTH_MAX + 1) {
      throw new MalformedDescriptionException("parts nest too deeply");
    }
    int present = in.octet();
    long header = in.sum(before, in.signed());
    long body = in.sum(header, in.number());
    long end = in.sum(body, in.number());
    long lines = in.number();
    String type = in.word();
    String subtype = in.word();
    List<Parameter> parameters = readParameters(in);
    Optional<String> id = octetsIf(present, ID, in);
    Optional<String> description = octetsIf(present, DESCRIPTION, in);
    String encoding = in.word();
    Optional<StructuredField> disposition =
        (present & DISPOSITION) == 0
            ? Optional.empty()
            : Optional.of(new StructuredField(in.word(), readParameters(in)));
    List<String> languages = new ArrayList<>();
    for (int count = (present & LANGUAGES) == 0 ? 0 : in.count(); count > 0; count--) {
      languages.add(in.word());
    }
    Optional<String> location = octetsIf(present, LOCATION, in);
    Optional<String> md5 = octetsIf(present, MD5, in);
    Optional<Envelope> envelope =
        (present & ENVELOPE) == 0 ? Optional.empty() : Optional.of(readEnvelope(in));
    List<Part> children = new ArrayList<>();
    long at = body;
    for (int count = in.count(); count > 0; count--) {
      Part child = readPart(at, depth + 1, in);
      children.add(child);
      at = child.endOffset();
    }
    return new Part(
        header,
        body,
        end,
        lines,
        type,
        subtype,
        parameters,
        id,
        description,
        encoding,
        disposition,
        languages,
        location,
        md5,
        children,
        envelope);
  }

  private static Optional<String> octetsIf(int present, int bit, DescriptionReader in)
      throws MalformedDescriptionException {
    return (present & bit) == 0 ? Optional.empty() : Optional.of(in.octets());
  }

  private static void write(List<Parameter> parameters, DescriptionWriter out) {
    out.number(parameters.size());
    for (Parameter parameter : parameters) {
      out.word(parameter.name());
      out.word(parameter.value());
    }
  }

  private static List<Parameter> readParameters(DescriptionReader in)
      throws MalformedDescriptionException {
    List<Parameter> parameters = new ArrayList<>();
    for (int count = in.count(); count > 0; count--) {
      parameters.add(new Parameter(in.word(), in.word()));
    }
    return parameters;
  }

  private static void write(Envelope envelope, DescriptionWriter out) {
    boolean sender = !envelope.sender().equals(envelope.from());
    boolean replyTo = !envelope.replyTo().equals(envelope.from());
    out.octet(
        bit(envelope.date(), DATE)
            | bit(envelope.subject(), SUBJECT)
            | bit(envelope.inReplyTo(), IN_REPLY_TO)
            | bit(envelope.messageId(), MESSAGE_ID)
            | (sender ? SENDER : 0)
            | (replyTo ? REPLY_TO : 0));
    envelope.date().ifPresent(out::octets);
    envelope.subject().ifPresent(out::octets);
    envelope.inReplyTo().ifPresent(out::octets);
    envelope.messageId().ifPresent(out::octets);
    writeAddresses(envelope.from(), out);
    if (sender) {
      writeAddresses(envelope.sender(), out);
    }
    if (replyTo) {
      writeAddresses(envelope.replyTo(), out);
    }
    writeAddresses(envelope.to(), out);
    writeAddresses(envelope.cc(), out);
    writeAddresses(envelope.bcc(), out);
  }

  private static Envelope readEnvelope(DescriptionReader in) throws MalformedDescriptionException {
    int present = in.octet();
    Optional<String> date = octetsIf(present, DATE, in);
    Optional<String> subject = octetsIf(present, SUBJECT, in);
    Optional<String> inReplyTo = octetsIf(present, IN_REPLY_TO, in);
    Optional<String> messageId = octetsIf(present, MESSAGE_ID, in);
    List<Address> from = readAddresses(in);
    return new Envelope(
        date,
        subject,
        from,
        (present & SENDER) == 0 ? from : readAddresses(in),
        (present & REPLY_TO) == 0 ? from : readAddresses(in),
        readAddresses(in),
        readAddresses(in),
        readAddresses(in),
        inReplyTo,
        messageId);
  }

  private static void writeAddresses(List<Address> addresses, DescriptionWriter out) {
    out.number(addresses.size());
    for (Address address : addresses) {
      out.octet(
          bit(address.name(), NAME)
              | bit(address.route(), ROUTE)
              | bit(address.mailbox(), MAILBOX)
              | bit(address.host(), HOST));
      address.name().ifPresent(out::octets);
      address.route().ifPresent(out::octets);
      address.mailbox().ifPresent(out::octets);
      address.host().ifPresent(out::octets);
    }
  }

  private static List<Address> readAddresses(DescriptionReader in)
      throws MalformedDescriptionException {
    List<Address> addresses = new ArrayList<>();
    for (int count = in.count(); count > 0; count--) {
      int present = in.octet();
      addresses.add(
          new Address(
              octetsIf(present, NAME, in),
              octetsIf(present, ROUTE, in),
              octetsIf(present, MAILBOX, in),
              octetsIf(present, HOST, in)));
    }
    return addresses;
  }
}
