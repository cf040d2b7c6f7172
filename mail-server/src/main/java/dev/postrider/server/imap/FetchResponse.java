package dev.postrider.server.imap;

import dev.postrider.protocol.imap.FetchItem;
import dev.postrider.protocol.imap.ImapDate;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.StructureWriter;
import dev.postrider.protocol.message.Envelope;
import dev.postrider.protocol.message.Part;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Message;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code * n FETCH (…)}. Everything that can fail is found out before the first octet of a
 * response: what is behind a <code>{n}</code> must follow, or the connection is of no use any more.
 */
final class FetchResponse {

  private final ImapSession session;
  private final List<FetchItem> items;

  /** What is told besides when the flags have changed. RFC 7162 section 3.2.4. */
  private final List<FetchItem> changes;

  private final ImapWriter writer;
  private final StructureWriter structures;

  FetchResponse(ImapSession session, List<FetchItem> items) {
    this.session = session;
    this.items = items;
    this.changes =
        session.awareness().knowsModSeqs()
            ? List.of(
                new FetchItem.UniqueId(), new FetchItem.MessageFlags(), new FetchItem.ModSeq())
            : List.of(new FetchItem.MessageFlags());
    this.writer = session.writer();
    this.structures = new StructureWriter(writer);
  }

  /** Writes one item behind its name and a space. */
  private interface Value {
    void write() throws IOException;
  }

  private record Named(String name, Value value) {}

  /**
   * @param flagsChanged whether this command has changed the flags, which are told then
   * @throws StoreException when nothing was written
   */
  void write(int position, Message message, boolean flagsChanged)
      throws IOException, StoreException {
    try (MessageContent content = needsContent() ? open(message) : null) {
      List<Named> values = values(position, message, content, flagsChanged);
      session.mailbox().announceKeywords(writer, message.flags());
      writer.atom("* ").number(position + 1L).atom(" FETCH (");
      String between = "";
      for (Named named : values) {
        writer.atom(between).atom(named.name());
        named.value().write();
        between = " ";
      }
      writer.atom(")").crlf();
    }
  }

  /** Nothing is written in here: what fails is the store. */
  private List<Named> values(
      int position, Message message, @Nullable MessageContent content, boolean flagsChanged)
      throws StoreException {
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
            case FetchItem.Size i -> false;
            case FetchItem.UniqueId i -> false;
            case FetchItem.ModSeq i -> false;
            case FetchItem.Envelope i -> true;
            case FetchItem.BodyStructure i -> true;
            case FetchItem.Body i -> true;
          };
      if (needs) {
        return true;
      }
    }
    return false;
  }

  private MessageContent open(Message message) throws StoreException {
    return new MessageContent(session.services(), message.body());
  }

  private Named value(
      FetchItem item, int position, Message message, @Nullable MessageContent content)
      throws IOException, StoreException {
    return switch (item) {
      case FetchItem.MessageFlags i ->
          new Named("", () -> session.mailbox().writeFlags(writer, position, message.flags()));
      case FetchItem.InternalDate i ->
          new Named("INTERNALDATE ", () -> writer.string(ImapDate.format(message.internalDate())));
      case FetchItem.Size i -> new Named("RFC822.SIZE ", () -> writer.number(message.octets()));
      case FetchItem.UniqueId i -> new Named("UID ", () -> writer.number(message.uid().value()));
      case FetchItem.ModSeq i -> new Named("", () -> SelectedMailbox.writeModSeq(writer, message));
      case FetchItem.Envelope i -> {
        Envelope envelope = opened(content).envelope();
        yield new Named("ENVELOPE ", () -> structures.envelope(envelope));
      }
      case FetchItem.BodyStructure structure -> {
        Part part = opened(content).structure();
        yield new Named(
            structure.extensible() ? "BODYSTRUCTURE " : "BODY ",
            () -> structures.body(part, structure.extensible()));
      }
      case FetchItem.Body body -> body(body, opened(content));
    };
  }

  private static MessageContent opened(@Nullable MessageContent content) {
    if (content == null) {
      throw new IllegalStateException("an item needs the message");
    }
    return content;
  }

  private Named body(FetchItem.Body body, MessageContent content)
      throws IOException, StoreException {
    Optional<MessageContent.Octets> section = content.section(body.section());
    Optional<FetchItem.Partial> partial = body.partial();
    String name = body.label() + partial.map(p -> "<" + p.offset() + ">").orElse("") + " ";
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
