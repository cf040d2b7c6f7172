package dev.postrider.server.imap;

import dev.postrider.protocol.imap.BodySection;
import dev.postrider.protocol.imap.FetchItem;
import dev.postrider.protocol.imap.ImapDate;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.StructureWriter;
import dev.postrider.protocol.message.Envelope;
import dev.postrider.protocol.message.HeaderPicker;
import dev.postrider.protocol.message.Part;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.BodySequence;
import dev.postrider.storage.messages.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code * n FETCH (…)}. Everything that can fail is found out before the first octet of a
 * response: what is behind a <code>{n}</code> must follow, or the connection is of no use any more.
 */
final class FetchResponse {

  /** Most headers have less. */
  private static final int BLOCK_OCTETS = 16 * 1024;

  private static final byte[] NAMED_WITHIN = {};
  private static final byte[] INTERNAL_DATE = ascii("INTERNALDATE ");
  private static final byte[] SAVE_DATE = ascii("SAVEDATE ");
  private static final byte[] SIZE = ascii("RFC822.SIZE ");
  private static final byte[] UID = ascii("UID ");
  private static final byte[] EMAIL_ID = ascii("EMAILID ");
  private static final byte[] THREAD_ID = ascii("THREADID ");
  private static final byte[] PREVIEW = ascii("PREVIEW ");
  private static final byte[] ENVELOPE = ascii("ENVELOPE ");
  private static final byte[] BODY_STRUCTURE = ascii("BODYSTRUCTURE ");
  private static final byte[] BODY = ascii("BODY ");

  private final ImapSession session;
  private final List<FetchItem> items;

  /** What is told besides when the flags have changed. RFC 7162 section 3.2.4. */
  private final List<FetchItem> changes;

  private final BodySequence contents;
  private final ImapWriter writer;
  private final StructureWriter structures;
  private final SaveDates saveDates;

  /** By the very objects that are in {@link #items}. */
  private final IdentityHashMap<FetchItem.Body, Prepared> bodies = new IdentityHashMap<>();

  private final byte[] block = new byte[BLOCK_OCTETS];

  FetchResponse(ImapSession session, List<FetchItem> items) {
    this.session = session;
    this.items = items;
    this.changes =
        session.dialect().knowsModSeqs()
            ? List.of(
                new FetchItem.UniqueId(), new FetchItem.MessageFlags(), new FetchItem.ModSeq())
            : List.of(new FetchItem.MessageFlags());
    this.contents = session.store().messages().bodies();
    this.writer = session.writer();
    this.saveDates = new SaveDates(session.store().messages(), session.mailbox());
    this.structures = new StructureWriter(writer, session.dialect().isRev2());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes one item behind its name and a space. */
  private interface Value {
    void write() throws IOException;
  }

  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Named(byte[] name, Value value) {}

  /**
   * What of an item is the same for all messages.
   *
   * @param picker where it asks for header fields of the message itself
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Prepared(byte[] name, @Nullable HeaderPicker picker) {

    static Prepared of(FetchItem.Body body) {
      String origin = body.partial().map(partial -> "<" + partial.offset() + ">").orElse("");
      BodySection section = body.section();
      boolean fields =
          section.text() == BodySection.Text.HEADER_FIELDS
              || section.text() == BodySection.Text.HEADER_FIELDS_NOT;
      return new Prepared(
          ascii(body.label() + origin + " "),
          fields && section.part().isEmpty() ? MessageContent.picker(section) : null);
    }
  }

  /**
   * @param flagsChanged whether this command has changed the flags, which are told then
   * @throws StoreException when nothing was written
   * @throws UnknownEncodingException likewise
   */
  void write(int position, Message message, boolean flagsChanged)
      throws IOException, StoreException, UnknownEncodingException {
    try (MessageContent content = needsContent() ? open(message) : null) {
      List<Named> values = values(position, message, content, flagsChanged);
      session.mailbox().announceKeywords(writer, message.flags());
      session.dialect().openFetch(writer, position, message);
      boolean first = true;
      for (Named named : values) {
        if (!first) {
          writer.space();
        }
        first = false;
        writer.octets(named.name());
        named.value().write();
      }
      writer.atom(")").crlf();
    }
  }

  /** Nothing is written in here: what fails is the store. */
  private List<Named> values(
      int position, Message message, @Nullable MessageContent content, boolean flagsChanged)
      throws StoreException, UnknownEncodingException {
    List<Named> values = new ArrayList<>(items.size() + changes.size());
    try {
      for (FetchItem item : items) {
        values.add(value(item, position, message, content));
      }
      for (FetchItem item : flagsChanged ? changes : List.<FetchItem>of()) {
        if (!items.contains(item)) {
          values.add(value(item, position, message, content));
        }
      }
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.CORRUPT, "message cannot be read: " + e.getMessage(), e);
    }
    return values;
  }

  private boolean needsContent() {
    for (FetchItem item : items) {
      boolean needs =
          switch (item) {
            case FetchItem.MessageFlags i -> false;
            case FetchItem.InternalDate i -> false;
            case FetchItem.SaveDate i -> false;
            case FetchItem.Size i -> false;
            case FetchItem.UniqueId i -> false;
            case FetchItem.ModSeq i -> false;
            case FetchItem.EmailId i -> false;
            case FetchItem.ThreadId i -> false;
            case FetchItem.Preview i -> true;
            case FetchItem.Envelope i -> true;
            case FetchItem.BodyStructure i -> true;
            case FetchItem.Body i -> true;
            case FetchItem.Binary i -> true;
            case FetchItem.BinarySize i -> true;
          };
      if (needs) {
        return true;
      }
    }
    return false;
  }

  private MessageContent open(Message message) throws StoreException {
    return new MessageContent(contents.body(message.body()));
  }

  private Named value(
      FetchItem item, int position, Message message, @Nullable MessageContent content)
      throws IOException, StoreException, UnknownEncodingException {
    return switch (item) {
      case FetchItem.MessageFlags i ->
          new Named(
              NAMED_WITHIN, () -> session.mailbox().writeFlags(writer, position, message.flags()));
      case FetchItem.InternalDate i ->
          new Named(INTERNAL_DATE, () -> writer.string(ImapDate.format(message.internalDate())));
      case FetchItem.SaveDate i -> saveDate(saveDates.of(position, message));
      case FetchItem.Size i -> new Named(SIZE, () -> writer.number(message.octets()));
      case FetchItem.UniqueId i -> new Named(UID, () -> writer.number(message.uid().value()));
      case FetchItem.ModSeq i ->
          new Named(NAMED_WITHIN, () -> SelectedMailbox.writeModSeq(writer, message));
      case FetchItem.EmailId i ->
          new Named(EMAIL_ID, () -> writer.atom("(" + ObjectIds.of(message.body()) + ")"));
      case FetchItem.ThreadId i -> new Named(THREAD_ID, () -> writer.atom("NIL"));
      case FetchItem.Preview i -> {
        // It was made when the message came. In a store of before that it takes one message's time.
        String preview = opened(content).preview();
        yield new Named(PREVIEW, () -> writer.string(preview));
      }
      case FetchItem.Envelope i -> {
        Envelope envelope = opened(content).envelope();
        yield new Named(ENVELOPE, () -> structures.envelope(envelope));
      }
      case FetchItem.BodyStructure structure -> {
        Part part = opened(content).structure();
        yield new Named(
            structure.extensible() ? BODY_STRUCTURE : BODY,
            () -> structures.body(part, structure.extensible()));
      }
      case FetchItem.Body body -> body(body, opened(content));
      case FetchItem.Binary binary -> binary(binary, opened(content));
      case FetchItem.BinarySize binary -> {
        Optional<DecodedPart> part = DecodedPart.of(opened(content), binary.part());
        long octets = part.isPresent() ? part.get().size() : 0;
        yield new Named(
            ascii("BINARY.SIZE[" + section(binary.part()) + "] "), () -> writer.number(octets));
      }
    };
  }

  /** NIL where nobody wrote it down. RFC 8514 section 4.2. */
  private Named saveDate(Optional<Instant> saved) {
    return new Named(
        SAVE_DATE,
        () -> {
          if (saved.isPresent()) {
            writer.string(ImapDate.format(saved.get()));
          } else {
            writer.atom("NIL");
          }
        });
  }

  private static MessageContent opened(@Nullable MessageContent content) {
    if (content == null) {
      throw new IllegalStateException("an item needs the message");
    }
    return content;
  }

  private Named body(FetchItem.Body body, MessageContent content)
      throws IOException, StoreException {
    Prepared prepared = bodies.computeIfAbsent(body, Prepared::of);
    HeaderPicker picker = prepared.picker();
    Optional<MessageContent.Octets> section =
        picker == null
            ? content.section(body.section())
            : Optional.of(content.fields(picker, block));
    Optional<FetchItem.Partial> partial = body.partial();
    byte[] name = prepared.name();
    if (section.isEmpty()) {
      return new Named(name, () -> writer.atom("NIL"));
    }
    long whole = section.get().length();
    long from = Math.min(partial.map(FetchItem.Partial::offset).orElse(0L), whole);
    long length = Math.min(partial.map(FetchItem.Partial::octets).orElse(whole), whole - from);
    if (section.get() instanceof MessageContent.Octets.Range range) {
      content.prepare(range.offset() + from, length);
    }
    session.counts().body(length);
    return new Named(name, () -> literal(section.get(), from, length, content));
  }

  private Named binary(FetchItem.Binary binary, MessageContent content)
      throws IOException, StoreException, UnknownEncodingException {
    Optional<DecodedPart> part = DecodedPart.of(content, binary.part());
    String origin = binary.partial().map(p -> "<" + p.offset() + ">").orElse("");
    byte[] name = ascii("BINARY[" + section(binary.part()) + "]" + origin + " ");
    if (part.isEmpty()) {
      return new Named(name, () -> writer.atom("NIL"));
    }
    DecodedPart.Extent extent = part.get().extent(binary.partial());
    session.counts().body(extent.octets());
    return new Named(name, () -> part.get().write(extent, writer));
  }

  private static BodySection section(List<Integer> part) {
    return new BodySection(part, BodySection.Text.ALL, List.of());
  }

  private void literal(MessageContent.Octets octets, long from, long length, MessageContent content)
      throws IOException {
    writer.literalHead(length);
    switch (octets) {
      case MessageContent.Octets.Picked picked ->
          writer.octets(picked.part((int) from, (int) length));
      case MessageContent.Octets.Range range -> {
        try (InputStream in = content.open(range.offset() + from, length)) {
          writer.octets(in, length);
        }
      }
    }
  }
}
