package dev.postrider.storage.changes;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.MessageSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The way of every change: numbered, durable, visible, announced. Callers: the store alone.
 *
 * <p>Who changes what it has read before says what must stand still meanwhile, by {@link
 * #whileStructureStands} or {@link #whileMessagesStand}; commits inside belong together with it.
 * The structure is held before messages, never after.
 */
public interface Commits {

  /** Gives numbers to a change. It may run more than once. What it throws the caller gets. */
  @FunctionalInterface
  interface Plan<T> {
    Planned<T> plan(Numbers numbers, List<BodyId> bodies) throws StoreException;
  }

  /**
   * What is to be stored, and what the caller gets. Without changes nothing is stored.
   *
   * @param heldToQuota whether it is refused with OVER_QUOTA where it is above a limit
   */
  record Planned<T>(List<Change> changes, T result, boolean heldToQuota) {
    public Planned {
      changes = List.copyOf(changes);
    }

    public Planned(List<Change> changes, T result) {
      this(changes, result, true);
    }

    /** What the operator does, or was done already. */
    public static <T> Planned<T> whateverQuota(List<Change> changes, T result) {
      return new Planned<>(changes, result, false);
    }
  }

  /** Reads, and commits what follows from it. It may run more than once. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws StoreException;
  }

  /** Carries out a change and returns when it is durable and visible. */
  <T> T commit(List<? extends MessageSource> bodies, Plan<T> plan) throws StoreException;

  /** The same, without bodies. */
  default <T> T commit(Plan<T> plan) throws StoreException {
    return commit(List.of(), plan);
  }

  /** The same, without waiting. */
  <T> CompletableFuture<T> submit(Plan<T> plan);

  /** Runs {@code work} while nobody else changes accounts, mailboxes, subscriptions. */
  <T> T whileStructureStands(Work<T> work) throws StoreException;

  /**
   * Runs {@code work} while nobody else changes or removes messages of {@code mailbox}. New ones
   * may arrive.
   *
   * @param others mailboxes that the work will put messages into
   */
  <T> T whileMessagesStand(MailboxId mailbox, List<MailboxId> others, Work<T> work)
      throws StoreException;
}
