package dev.postrider.server.imap;

import dev.postrider.protocol.message.MessageDescription;
import dev.postrider.protocol.message.SortKeys;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Message;
import java.io.IOException;
import java.time.Instant;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A message that is to be sorted or threaded: what the index says of it, and what is stored of its
 * header, as soon as somebody asks.
 */
final class FoundMessage {

  private final ImapServices services;
  private final int position;
  private final Message message;
  private @Nullable MessageDescription description;
  private @Nullable SortKeys keys;

  private FoundMessage(ImapServices services, int position, Message message) {
    this.services = services;
    this.position = position;
    this.message = message;
  }

  /** Looks at one message. */
  @FunctionalInterface
  interface Visit {
    void at(FoundMessage message) throws StoreException;
  }

  /** Visits those of {@code found}, which are positions, that are still there, ascending. */
  static void each(ImapServices services, SelectedMailbox mailbox, BitSet found, Visit visit)
      throws IOException, StoreException {
    Pieces.of(
        found.stream().toArray(),
        some -> {
          @Nullable Message[] messages = mailbox.messages(some);
          for (int i = 0; i < some.length; i++) {
            Message message = messages[i];
            if (message != null) {
              visit.at(new FoundMessage(services, some[i], message));
            }
          }
        });
  }

  /** Sequence number minus one. */
  int position() {
    return position;
  }

  Message message() {
    return message;
  }

  /** When it was sent; where its header does not say, when it arrived. RFC 5256 section 2.2. */
  Instant sent() throws StoreException {
    return keys().sent().orElse(message.internalDate());
  }

  SortKeys keys() throws StoreException {
    SortKeys present = keys;
    if (present == null) {
      present = description().sortKeys();
      keys = present;
    }
    return present;
  }

  ThreadedMessage threaded() throws StoreException {
    return new ThreadedMessage(
        description().messageId(),
        description().threadReferences(),
        keys().subject(),
        keys().isReply(),
        sent());
  }

  /** Nothing is written in here: what fails is the store, and the session can go on. */
  MessageDescription description() throws StoreException {
    MessageDescription present = description;
    if (present == null) {
      try {
        present = services.store().messages().body(message.body()).describe();
      } catch (IOException e) {
        throw new StoreException(
            StoreException.Kind.CORRUPT, "message cannot be read: " + e.getMessage(), e);
      }
      description = present;
    }
    return present;
  }
}
