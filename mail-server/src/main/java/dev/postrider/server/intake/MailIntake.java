package dev.postrider.server.intake;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.delivery.Route;
import dev.postrider.server.delivery.Router;
import dev.postrider.storage.Commit;
import dev.postrider.storage.Committed;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.queue.NewQueueEntry;
import dev.postrider.storage.queue.Settlement;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes the recipients of a message and stores it for all of them in one commit.
 *
 * <p>Two recipients that share a mailbox make one filing, the same remote recipient twice one queue
 * entry. The copy in a mailbox begins with Return-Path (RFC 5321 section 4.4); what is queued must
 * not have it, so a message for both goes down as two deposits of the same commit.
 *
 * <p>A recipient that was fine at RCPT and is gone now makes the whole message fail, and be sent
 * again: the next RCPT tells the sender who it is. A message without a sender (a DSN) has nobody to
 * be told: it loses that recipient, and what it settles is settled.
 *
 * <p>A recipient without room makes the whole message fail likewise. Who announces its size learns
 * at RCPT which recipient it is, and the others have it at once.
 */
public final class MailIntake implements Intake {

  private static final Logger log = LoggerFactory.getLogger(MailIntake.class);

  private final Router router;
  private final Store store;
  private final InstantSource clock;

  public MailIntake(Router router, Store store, InstantSource clock) {
    this.router = router;
    this.store = store;
    this.clock = clock;
  }

  @Override
  public Recipient check(MailAddress recipient, boolean trusted, OptionalLong octets)
      throws StoreException {
    return switch (router.route(recipient)) {
      case Route.Local local ->
          hasRoom(local.account(), octets) ? new Recipient.Local() : new Recipient.Full();
      case Route.Unknown _ -> new Recipient.Unknown();
      case Route.Remote _ -> trusted ? new Recipient.Remote() : new Recipient.RelayDenied();
    };
  }

  private boolean hasRoom(Account account, OptionalLong octets) throws StoreException {
    Quota limits = store.quotas().limits(account);
    Quota.Usage message = new Quota.Usage(Math.max(1, octets.orElse(1)), 1, 0);
    return !limits.isLimited() || limits.hasRoom(store.quotas().usage(account.id()), message);
  }

  @Override
  public Accepted accept(Envelope envelope, MessageSource message, List<Settlement> settlements)
      throws StoreException {
    Set<MailboxId> mailboxes = new LinkedHashSet<>();
    Set<MailAddress> remote = new LinkedHashSet<>();
    for (MailAddress recipient : envelope.recipients()) {
      switch (router.route(recipient)) {
        case Route.Local local -> mailboxes.add(local.mailbox());
        case Route.Remote _ -> remote.add(recipient);
        case Route.Unknown _ -> gone(envelope, recipient);
      }
    }
    Instant now = clock.instant();
    List<Commit.Deposit> deposits = new ArrayList<>(2);
    if (!mailboxes.isEmpty()) {
      List<Commit.Filing> filings =
          mailboxes.stream().map(mailbox -> new Commit.Filing(mailbox, Flags.NONE, now)).toList();
      MessageSource filed = message.prefixed(returnPath(envelope.sender()));
      deposits.add(new Commit.Deposit(filed, filings, List.of()));
    }
    if (!remote.isEmpty()) {
      List<NewQueueEntry> entries =
          remote.stream().map(recipient -> entry(envelope, recipient, now)).toList();
      deposits.add(new Commit.Deposit(message, List.of(), entries));
    }
    if (deposits.isEmpty() && settlements.isEmpty()) {
      return new Accepted(0, List.of());
    }
    Commit commit = new Commit(deposits, settlements);
    // A notice of ours has nobody else to be told, and what it settles must be settled.
    Committed committed = store.commit(settlements.isEmpty() ? commit : commit.evenOverQuota());
    return new Accepted(committed.filed().size(), committed.queued());
  }

  private static void gone(Envelope envelope, MailAddress recipient) throws StoreException {
    if (envelope.sender().isPresent()) {
      throw new StoreException(
          StoreException.Kind.NOT_FOUND, recipient + " went away after it was checked");
    }
    log.warn(
        "intake.dropped session={} to={} reason={}",
        envelope.traceId(),
        recipient,
        "no such account any more, and no sender to tell");
  }

  private static NewQueueEntry entry(Envelope envelope, MailAddress recipient, Instant now) {
    return new NewQueueEntry(
        envelope.sender(),
        recipient,
        envelope.traceId(),
        envelope.smtpUtf8(),
        envelope.eightBit(),
        now,
        now);
  }

  private static byte[] returnPath(Optional<MailAddress> sender) {
    String path = sender.map(MailAddress::toString).orElse("");
    return ("Return-Path: <" + path + ">\r\n").getBytes(StandardCharsets.UTF_8);
  }
}
