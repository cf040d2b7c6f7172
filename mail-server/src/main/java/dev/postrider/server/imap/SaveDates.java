package dev.postrider.server.imap;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.Messages;
import dev.postrider.storage.messages.Uid;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * When messages came into the selected mailbox. RFC 8514. Few commands ask for it, so it is not
 * among what is in memory of every message: it is read for as many as stand together.
 *
 * <p>For one command: positions are those of when it began.
 */
final class SaveDates {

  /** Messages that are read at a time. */
  private static final int TOGETHER = 1_000;

  private final Messages messages;
  private final SelectedMailbox mailbox;
  private int block = -1;
  private Map<Uid, Optional<Instant>> dates = Map.of();

  SaveDates(Messages messages, SelectedMailbox mailbox) {
    this.messages = messages;
    this.mailbox = mailbox;
  }

  /**
   * To the second; empty where it was not written down, which older versions did not.
   *
   * @param position of {@code message}, from 0
   * @throws StoreException NOT_FOUND for a message that has left the mailbox
   */
  Optional<Instant> of(int position, Message message) throws StoreException {
    if (position / TOGETHER != block) {
      block = position / TOGETHER;
      int first = block * TOGETHER;
      int last = Math.min(first + TOGETHER, mailbox.count()) - 1;
      dates =
          messages.saved(
              mailbox.mailbox().id(), new Uid(mailbox.uid(first)), new Uid(mailbox.uid(last)));
    }
    Optional<Instant> saved = dates.get(message.uid());
    if (saved == null) {
      throw new StoreException(StoreException.Kind.NOT_FOUND, "message is not there any more");
    }
    return saved;
  }
}
