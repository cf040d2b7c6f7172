package dev.postrider.server.admin;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.queue.QueueId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What an operator asks for. */
public sealed interface AdminRequest {

  /** Makes an account. */
  record AddAccount(MailAddress address, Password password) implements AdminRequest {}

  /** Lists the accounts. */
  record ListAccounts() implements AdminRequest {}

  /** Gives an account another password. */
  record ChangePassword(MailAddress address, Password password) implements AdminRequest {}

  /**
   * Limits what an account may use.
   *
   * @param octets {@link Quota#UNSET}, {@link Quota#NONE} or a number; empty: as it is, and so are
   *     the others
   */
  record ChangeQuota(
      MailAddress address, OptionalLong octets, OptionalLong messages, OptionalLong mailboxes)
      implements AdminRequest {

    Quota changed(Quota quota) {
      return new Quota(
          octets.orElse(quota.octets()),
          messages.orElse(quota.messages()),
          mailboxes.orElse(quota.mailboxes()));
    }
  }

  /** Removes an account with all its mail. */
  record RemoveAccount(MailAddress address) implements AdminRequest {}

  /** Lists the queue, by next attempt. */
  record ListQueue() implements AdminRequest {}

  /** Makes entries due now; without any, all of them. */
  record RetryQueue(List<QueueId> entries) implements AdminRequest {
    public RetryQueue {
      entries = List.copyOf(entries);
    }
  }

  /** Takes entries out of the queue; their senders are not told. */
  record RemoveQueue(List<QueueId> entries) implements AdminRequest {
    public RemoveQueue {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Brings back messages of an account that were expunged.
   *
   * @param mailbox of one mailbox alone
   * @param since that left then or later
   * @param dryRun only tells which
   */
  record Undelete(
      MailAddress address, Optional<String> mailbox, Optional<Instant> since, boolean dryRun)
      implements AdminRequest {}

  /** Checks all of the store. Each row of the answer is a finding; none: all is well. */
  record Verify() implements AdminRequest {}

  /** Gives back the room of what nobody needs any more. */
  record Collect() implements AdminRequest {}

  /** Adds what is new to the backup in {@code directory}, which is absolute. */
  record Backup(Path directory) implements AdminRequest {}

  /** Asks how the server is. */
  record Status() implements AdminRequest {}

  /** A password that does not appear in a log by accident. */
  record Password(String value) {

    /** Characters at least; anything shorter is guessed. */
    public static final int LENGTH_MIN = 4;

    /** Characters at most: a hash has its price. */
    public static final int LENGTH_MAX = 1024;

    @Override
    public String toString() {
      return "Password[hidden]";
    }
  }
}
