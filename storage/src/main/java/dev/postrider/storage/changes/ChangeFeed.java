package dev.postrider.storage.changes;

import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.MailboxId;
import java.time.Duration;

/**
 * Tells who waits that something moved. A signal has no payload, and any number of them collapse
 * into one: the reader looks for itself. Subscribe first, then read, then wait; so nothing is
 * missed.
 */
public interface ChangeFeed {

  /** Messages or flags of the mailbox, or its deletion. */
  Subscription mailbox(MailboxId mailbox);

  /** Mailboxes or subscriptions of the account: made, renamed, deleted. */
  Subscription account(AccountId account);

  /** The queue: new entries, or entries rescheduled. */
  Subscription queue();

  /**
   * As {@link #mailbox(MailboxId)}, for who has no thread to wait with.
   *
   * @param moved called for each signal, on the thread that brings it and that others wait for, so
   *     it must return at once and throw nothing; by several threads at a time. A call may be under
   *     way when {@link Listening#close} returns
   */
  Listening mailbox(MailboxId mailbox, Runnable moved);

  /** One listener. */
  interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  /** One waiting reader. */
  interface Subscription extends AutoCloseable {

    /**
     * Waits for a signal since the last call returned.
     *
     * @return true: look; false: the time is over, or {@link #wake} or {@link #close} was called
     */
    boolean await(Duration atMost);

    /** Makes a waiting {@link #await} return false. */
    void wake();

    @Override
    void close();
  }
}
