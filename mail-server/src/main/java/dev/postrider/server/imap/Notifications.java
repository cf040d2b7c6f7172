package dev.postrider.server.imap;

import dev.postrider.protocol.imap.FetchItem;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.NotifyGroup;
import dev.postrider.protocol.imap.NotifyGroup.Event;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.changes.ChangeFeed.Listening;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.Message;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client is told that it did not ask for, and when: of the selected mailbox here, of all
 * others by a {@link Watch}.
 *
 * <p>Without NOTIFY that is what happens in the selected mailbox, at the end of a command and in
 * IDLE. With NOTIFY (RFC 5465) it is what the client has named, also between commands. The view of
 * the selected mailbox moves only when the client is told of it; so where it wants to hear nothing,
 * the view stands still, but for commands that themselves remove messages.
 *
 * <p>Invariants. Whoever is here holds the lock of the session's streams. A {@link Teller} tells
 * while that lock is free, which is while the session's thread waits for a command or for DONE; it
 * exists from IDLE or NOTIFY to its end, and listens before it looks for the first time, so nothing
 * is missed.
 */
final class Notifications implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Notifications.class);

  /**
   * What is told of the selected mailbox.
   *
   * @param messages that come and go
   * @param attributes of those that come
   * @param between whether also between commands
   * @param delayed whether EXPUNGE waits for a command that lets it. RFC 5465 section 6.1.2
   */
  private record Wanted(
      boolean messages,
      boolean flags,
      List<FetchItem> attributes,
      boolean between,
      boolean delayed) {

    static final Wanted USUAL = new Wanted(true, true, List.of(), false, false);
    static final Wanted NOTHING = new Wanted(false, false, List.of(), false, false);

    static Wanted of(List<NotifyGroup> groups) {
      for (NotifyGroup group : groups) {
        if (group.filter() instanceof NotifyGroup.Selected(boolean delayed)
            && group.events().contains(Event.MESSAGE_NEW)) {
          boolean flags = group.events().contains(Event.FLAG_CHANGE);
          return new Wanted(true, flags, group.attributes(), true, delayed);
        }
      }
      return NOTHING;
    }
  }

  private final ImapSession session;
  private final Set<Long> made = new HashSet<>();
  private Wanted wanted = Wanted.USUAL;
  private @Nullable Watch watch;
  private @Nullable Teller teller;
  private @Nullable Listening selected;
  private boolean idling;

  Notifications(ImapSession session) {
    this.session = session;
  }

  /**
   * From now on these; false when they are too many, and all stays as it is.
   *
   * @param status whether the numbers of the mailboxes are told now
   */
  boolean set(List<NotifyGroup> groups, boolean status) throws IOException, StoreException {
    Teller fresh = new Teller(session, this::look);
    Watch begun = new Watch(session, new NotifyScope(groups), fresh::moved);
    boolean fits = false;
    try {
      fits = begun.begin(status);
    } finally {
      if (!fits) {
        begun.close();
      }
    }
    if (fits) {
      end();
      wanted = Wanted.of(groups);
      teller = fresh;
      watch = begun;
      listen();
      // What came since the last refresh came before this listened.
      fresh.moved();
    }
    return fits;
  }

  /** From now on nothing. */
  void none() {
    end();
    wanted = Wanted.NOTHING;
  }

  /** As for a client that never used NOTIFY. */
  @Override
  public void close() {
    end();
    wanted = Wanted.USUAL;
  }

  private void end() {
    if (teller != null) {
      teller.end();
      teller = null;
    }
    if (watch != null) {
      watch.close();
      watch = null;
    }
    deselected();
  }

  /** Another mailbox is selected. */
  void selected() {
    if (watch != null) {
      listen();
    }
  }

  /** None is selected any more. */
  void deselected() {
    made.clear();
    if (selected != null) {
      selected.close();
      selected = null;
    }
  }

  private void listen() {
    if (session.isSelected() && wanted.between() && teller != null) {
      MailboxId mailbox = session.mailbox().mailbox().id();
      selected = session.store().changes().mailbox(mailbox, teller::moved);
    }
  }

  /** The session itself has put these into a mailbox: the client knows what they are. */
  void made(MailboxId mailbox, LongStream uids) {
    if (!wanted.attributes().isEmpty()
        && session.isSelected()
        && session.mailbox().mailbox().id().equals(mailbox)) {
      uids.forEach(made::add);
    }
  }

  /** While the client idles it is told all at once. Close it with the lock held. */
  Listening idle() {
    if (wanted.equals(Wanted.USUAL)) {
      Teller telling = new Teller(session, () -> refresh(true, false));
      Listening listening =
          session.isSelected()
              ? session.store().changes().mailbox(session.mailbox().mailbox().id(), telling::moved)
              : () -> {};
      return () -> {
        telling.end();
        listening.close();
      };
    }
    // RFC 5465 section 4: what was asked for by NOTIFY, and nothing else.
    idling = true;
    return () -> idling = false;
  }

  /**
   * Tells what has changed in the selected mailbox, if the client wants to hear it.
   *
   * @param expunge whether EXPUNGE may be sent now
   * @param forced whether the client has to hear of it, as it has removed messages itself
   */
  void refresh(boolean expunge, boolean forced) throws IOException {
    if (!session.isSelected()) {
      return;
    }
    if (!wanted.messages() && !forced) {
      session.mailbox().forgetTold();
      return;
    }
    try {
      session.lookAtRights();
      SelectedMailbox mailbox = session.mailbox();
      List<Message> come =
          mailbox.refresh(session.writer(), expunge, wanted.flags(), session.dialect());
      tell(come);
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.NOT_FOUND) {
        throw new SessionEndException("The selected mailbox was deleted");
      }
      log.warn(
          "imap.refresh-failed session={} cause=\"{}\"", session.connection().id(), e.getMessage());
      throw new SessionEndException("The selected mailbox cannot be read");
    }
  }

  /** What was asked for of new messages. RFC 5465 section 5.2. */
  private void tell(List<Message> come) throws IOException {
    if (!wanted.attributes().isEmpty() && !come.isEmpty()) {
      FetchResponse response = new FetchResponse(session, wanted.attributes());
      for (Message message : come) {
        int position = session.mailbox().position(message.uid().value());
        if (position >= 0 && !made.contains(message.uid().value())) {
          tell(response, position, message);
        }
      }
    }
    made.clear();
  }

  /** One that cannot be read is left out: the client fetches it and hears why. */
  private void tell(FetchResponse response, int position, Message message) throws IOException {
    try {
      response.write(position, message, false);
    } catch (StoreException | UnknownEncodingException e) {
      log.warn(
          "imap.not-told session={} uid={} cause=\"{}\"",
          session.connection().id(),
          message.uid().value(),
          e.getMessage());
    }
  }

  /** Something may have changed. On a thread of the teller. */
  private void look() throws IOException {
    if (wanted.between()) {
      refresh(idling || !wanted.delayed(), false);
    }
    Watch present = watch;
    if (present == null) {
      return;
    }
    try {
      if (!present.look()) {
        none();
        session
            .writer()
            .untagged(
                ImapReply.ok(
                    ResponseCode.NOTIFICATION_OVERFLOW,
                    "More than " + Watch.MAILBOXES_MAX + " mailboxes; nothing is told any more"));
      }
    } catch (StoreException e) {
      log.warn(
          "imap.notify-failed session={} cause=\"{}\"", session.connection().id(), e.getMessage());
      none();
      session
          .writer()
          .untagged(
              ImapReply.ok(ResponseCode.NOTIFICATION_OVERFLOW, "The mailboxes cannot be read now"));
    }
  }
}
