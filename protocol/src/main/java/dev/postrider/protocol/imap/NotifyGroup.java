package dev.postrider.protocol.imap;

import java.util.List;
import java.util.Set;

/**
 * Of which mailboxes a client wants to be told what. RFC 5465 section 8, event-group.
 *
 * @param events those that we know; none: nothing
 * @param attributes what is to be told of new messages in the selected mailbox
 * @param unknown whether it asks for an event that we do not know
 */
public record NotifyGroup(
    Filter filter, Set<Event> events, List<FetchItem> attributes, boolean unknown) {

  public NotifyGroup {
    events = Set.copyOf(events);
    attributes = List.copyOf(attributes);
  }

  /** Mailboxes. RFC 5465 section 6. */
  public sealed interface Filter {}

  /** The one that is selected; {@code delayed}: EXPUNGE comes where a command lets it. */
  public record Selected(boolean delayed) implements Filter {}

  /** Those to which mail is delivered. */
  public record Inboxes() implements Filter {}

  /** All of one's own. */
  public record Personal() implements Filter {}

  public record Subscribed() implements Filter {}

  /** These, and those below them. */
  public record Subtree(List<String> names) implements Filter {
    public Subtree {
      names = List.copyOf(names);
    }
  }

  public record Mailboxes(List<String> names) implements Filter {
    public Mailboxes {
      names = List.copyOf(names);
    }
  }

  /** What may happen. RFC 5465 section 5. */
  public enum Event {
    MESSAGE_NEW("MessageNew"),
    MESSAGE_EXPUNGE("MessageExpunge"),
    FLAG_CHANGE("FlagChange"),
    MAILBOX_NAME("MailboxName"),
    SUBSCRIPTION_CHANGE("SubscriptionChange"),
    MAILBOX_METADATA_CHANGE("MailboxMetadataChange"),
    SERVER_METADATA_CHANGE("ServerMetadataChange");

    private final String text;

    Event(String text) {
      this.text = text;
    }

    /** As it is written. */
    public String text() {
      return text;
    }

    /** Whether it happens to messages. */
    public boolean isOfMessages() {
      return this == MESSAGE_NEW || this == MESSAGE_EXPUNGE || this == FLAG_CHANGE;
    }
  }
}
