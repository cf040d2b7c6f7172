package dev.postrider.server.imap;

import dev.postrider.protocol.imap.FetchItem;
import dev.postrider.protocol.imap.ImapUrl;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.Uid;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * What a URL names of the messages that an account may read: the octets that FETCH BODY would send
 * for it. RFC 4469 section 3.
 */
final class UrlContent implements Closeable {

  private final MessageContent content;
  private final MessageContent.Octets section;
  private final long from;
  private final long octets;

  private UrlContent(
      MessageContent content, MessageContent.Octets section, Optional<FetchItem.Partial> partial) {
    this.content = content;
    this.section = section;
    this.from = Math.min(partial.map(FetchItem.Partial::offset).orElse(0L), section.length());
    this.octets =
        Math.min(
            partial.map(FetchItem.Partial::octets).orElse(Long.MAX_VALUE), section.length() - from);
  }

  /** Empty when it names nothing that is there. */
  static Optional<UrlContent> find(String text, ImapSession session) throws StoreException {
    Optional<ImapUrl> url = ImapUrl.parse(text);
    Optional<Mailbox> mailbox = url.isPresent() ? mailbox(url.get(), session) : Optional.empty();
    if (mailbox.isEmpty()) {
      return Optional.empty();
    }
    try {
      return find(url.get(), mailbox.get(), session);
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Optional<Mailbox> mailbox(ImapUrl url, ImapSession session) throws StoreException {
    Optional<Reached> selected =
        session.isSelected() ? Optional.of(session.mailbox().reached()) : Optional.empty();
    Optional<String> name = url.mailboxBeside(selected.map(Reached::name));
    Optional<Reached> found = name.isPresent() ? Namespaces.find(name.get(), session) : selected;
    return found
        .filter(mailbox -> mailbox.may(Right.READ))
        .map(Reached::mailbox)
        .filter(
            mailbox ->
                url.uidValidity().isEmpty()
                    || url.uidValidity().getAsLong() == mailbox.uidValidity());
  }

  private static Optional<UrlContent> find(ImapUrl url, Mailbox mailbox, ImapSession session)
      throws StoreException {
    Optional<Message> message;
    try (MailboxIndex index = session.store().messages().open(mailbox.id())) {
      message = index.find(new Uid(url.uid()));
    }
    if (message.isEmpty()) {
      return Optional.empty();
    }
    MessageContent content =
        new MessageContent(session.store().messages().body(message.get().body()));
    try {
      return content
          .section(url.section())
          .map(section -> new UrlContent(content, section, url.partial()));
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  long octets() {
    return octets;
  }

  InputStream open() throws StoreException {
    try {
      return switch (section) {
        case MessageContent.Octets.Picked picked ->
            new ByteArrayInputStream(picked.part((int) from, (int) octets));
        case MessageContent.Octets.Range range -> content.open(range.offset() + from, octets);
      };
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  static StoreException damaged(IOException e) {
    return new StoreException(
        StoreException.Kind.CORRUPT, "message cannot be read: " + e.getMessage(), e);
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
