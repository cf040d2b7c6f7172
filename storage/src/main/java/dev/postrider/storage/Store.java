package dev.postrider.storage;

import dev.postrider.storage.accounts.Accounts;
import dev.postrider.storage.accounts.Quotas;
import dev.postrider.storage.changes.ChangeFeed;
import dev.postrider.storage.mailboxes.Annotations;
import dev.postrider.storage.mailboxes.Mailboxes;
import dev.postrider.storage.mailboxes.Recoverable;
import dev.postrider.storage.mailboxes.Sharing;
import dev.postrider.storage.messages.Messages;
import dev.postrider.storage.messages.Spool;
import dev.postrider.storage.queue.Queue;

/**
 * Accounts, mail and queue of one server.
 *
 * <p>A method that changes something returns when the change is numbered, durable, visible to every
 * reader of this server and announced, in this order. When it throws, nothing of it happened,
 * except where {@link StoreException.Kind#FATAL}, or the text of UNAVAILABLE, says that nobody can
 * know.
 */
public interface Store extends AutoCloseable {

  Accounts accounts();

  /** How much accounts use, and may use. */
  Quotas quotas();

  Mailboxes mailboxes();

  /** What others may do with an account's mailboxes. */
  Sharing sharing();

  /** What is noted of mailboxes beside their messages. */
  Annotations annotations();

  Messages messages();

  /** What was expunged and can be brought back. */
  Recoverable recoverable();

  Queue queue();

  ChangeFeed changes();

  /** Where a message waits while it is being received. */
  Spool spool();

  /** For the operator. */
  Maintenance maintenance();

  /** Carries out everything in {@code commit}, or nothing. */
  Committed commit(Commit commit) throws StoreException;

  /**
   * Returns when a small message would be taken now.
   *
   * @throws StoreException NO_SPACE when new messages are refused, FATAL when everything is, CLOSED
   */
  void requireWritable() throws StoreException;

  /** Finishes what is under way, and gives the directory or the database back. */
  @Override
  void close() throws StoreException;
}
