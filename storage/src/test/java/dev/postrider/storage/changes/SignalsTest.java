package dev.postrider.storage.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Grantee;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.Rights;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.UidSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalsTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final MailboxId INBOX = new MailboxId(1);
  private static final Change IN_INBOX =
      new Change.Expunged(INBOX, new ModSeq(2), UidSet.of(1), Instant.EPOCH, true, 0);

  private final Signals signals = new Signals();

  @Test
  void manySignalsBecomeOne() {
    try (ChangeFeed.Subscription inbox = signals.mailbox(INBOX)) {
      signals.announce(List.of(IN_INBOX, IN_INBOX));
      signals.announce(List.of(IN_INBOX));
      assertThat(inbox.await(LONG)).isTrue();
      assertThat(inbox.await(Duration.ZERO)).isFalse();
    }
  }

  @Test
  void signalBeforeTheWaitIsNotLost() {
    try (ChangeFeed.Subscription inbox = signals.mailbox(INBOX)) {
      signals.announce(List.of(IN_INBOX));
      assertThat(inbox.await(Duration.ZERO)).isTrue();
    }
  }

  @Test
  void otherTopicsDoNotWake() {
    try (ChangeFeed.Subscription other = signals.mailbox(new MailboxId(2));
        ChangeFeed.Subscription queue = signals.queue();
        ChangeFeed.Subscription account = signals.account(new AccountId(1))) {
      signals.announce(List.of(IN_INBOX));
      assertThat(other.await(Duration.ZERO)).isFalse();
      assertThat(queue.await(Duration.ZERO)).isFalse();
      assertThat(account.await(Duration.ZERO)).isFalse();
    }
  }

  @Test
  void deletionIsToldToTheMailboxAndTheAccount() {
    try (ChangeFeed.Subscription inbox = signals.mailbox(INBOX);
        ChangeFeed.Subscription account = signals.account(new AccountId(1))) {
      signals.announce(
          List.of(new Change.MailboxDeleted(INBOX, new AccountId(1), Instant.EPOCH, true)));
      assertThat(inbox.await(Duration.ZERO)).isTrue();
      assertThat(account.await(Duration.ZERO)).isTrue();
    }
  }

  /** Whoever gets a right hears of it, and everybody of what is for everybody. */
  @Test
  void sharingIsToldToBothSides() {
    AccountId owner = new AccountId(1);
    List<Long> heard = new ArrayList<>();
    try (ChangeFeed.Listening _ = signals.account(owner, () -> heard.add(1L));
        ChangeFeed.Listening _ = signals.account(new AccountId(2), () -> heard.add(2L));
        ChangeFeed.Listening _ = signals.account(new AccountId(3), () -> heard.add(3L))) {
      signals.announce(
          List.of(
              new Change.AccessChanged(
                  INBOX, owner, Grantee.of(new AccountId(2)), Rights.of(Right.LOOKUP))));
      assertThat(heard).containsExactly(1L, 2L);
      heard.clear();
      signals.announce(
          List.of(new Change.AccessChanged(INBOX, owner, Grantee.anyone(), Rights.NONE)));
      assertThat(heard).contains(1L, 2L, 3L);
    }
    heard.clear();
    signals.accountMoved(owner);
    assertThat(heard).isEmpty();
  }

  @Test
  void wakeEndsTheWaitAndKeepsTheSignal() throws Exception {
    try (ChangeFeed.Subscription inbox = signals.mailbox(INBOX)) {
      CompletableFuture<Boolean> waiting = waitFor(inbox);
      inbox.wake();
      assertThat(waiting.get(20, TimeUnit.SECONDS)).isFalse();
      signals.announce(List.of(IN_INBOX));
      inbox.wake();
      assertThat(inbox.await(LONG)).isFalse();
      assertThat(inbox.await(LONG)).isTrue();
    }
  }

  @Test
  void closeEndsTheWait() throws Exception {
    ChangeFeed.Subscription inbox = signals.mailbox(INBOX);
    CompletableFuture<Boolean> waiting = waitFor(inbox);
    inbox.close();
    assertThat(waiting.get(20, TimeUnit.SECONDS)).isFalse();
    assertThat(inbox.await(LONG)).isFalse();
  }

  private static CompletableFuture<Boolean> waitFor(ChangeFeed.Subscription subscription) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> result.complete(subscription.await(Duration.ofDays(100_000))));
    return result;
  }
}
