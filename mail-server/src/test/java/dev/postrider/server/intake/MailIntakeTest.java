package dev.postrider.server.intake;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.delivery.Router;
import dev.postrider.server.intake.Intake.Recipient;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.storage.queue.Settlement;
import dev.postrider.testkit.time.FakeClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailIntakeTest {

  private static final MessageSource MESSAGE =
      MessageSource.of("Subject: x\r\n\r\nbody\r\n".getBytes(US_ASCII));

  private static final Quota ROOM_FOR_ONE = new Quota(1000, 1, Quota.UNSET);

  private final FakeClock clock = new FakeClock();
  private Store store;
  private MailIntake intake;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    store = LocalStore.open(directory, clock, StoreSettings.defaults());
    store.accounts().create(address("alice@a.test"), "none");
    store.accounts().create(address("first@c.test"), "none");
    store.accounts().create(address("bob+real@a.test"), "none");
    intake =
        new MailIntake(
            new Router(List.of("a.test", "c.test", "münchen.test"), store), store, clock);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  @Test
  void tellsWhatWouldBecomeOfARecipient() throws Exception {
    assertThat(check("alice@a.test", false)).isEqualTo(new Recipient.Local());
    assertThat(check("ALICE@A.TEST", false)).isEqualTo(new Recipient.Local());
    assertThat(check("alice+a+b@a.test", false)).isEqualTo(new Recipient.Local());
    assertThat(check("bob+real@a.test", false)).isEqualTo(new Recipient.Local());
    assertThat(check("bob@a.test", true)).isEqualTo(new Recipient.Unknown());
    assertThat(check("alice@c.test", true)).isEqualTo(new Recipient.Unknown());
    assertThat(check("x@b.test", true)).isEqualTo(new Recipient.Remote());
    assertThat(check("x@b.test", false)).isEqualTo(new Recipient.RelayDenied());
  }

  private Recipient check(String recipient, boolean trusted) throws StoreException {
    return intake.check(address(recipient), trusted, OptionalLong.empty());
  }

  @Test
  void tellsWhoHasNoRoom() throws Exception {
    store
        .quotas()
        .change(store.accounts().find(address("alice@a.test")).orElseThrow().id(), ROOM_FOR_ONE);
    assertThat(check("alice@a.test", false)).isEqualTo(new Recipient.Local());
    assertThat(intake.check(address("alice@a.test"), false, OptionalLong.of(1000)))
        .isEqualTo(new Recipient.Local());
    assertThat(intake.check(address("alice@a.test"), false, OptionalLong.of(1001)))
        .isEqualTo(new Recipient.Full());
    accept("alice@a.test");
    assertThat(check("Alice+x@a.test", false)).isEqualTo(new Recipient.Full());
    assertThatThrownBy(() -> accept("alice@a.test", "first@c.test"))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.OVER_QUOTA));
    assertThat(count("first@c.test")).isZero();
  }

  /** Whoever may not store more still learns what became of mail that is in the queue. */
  @Test
  void aNoticeOfOursComesAboveTheQuotaToo() throws Exception {
    store
        .quotas()
        .change(store.accounts().find(address("alice@a.test")).orElseThrow().id(), ROOM_FOR_ONE);
    accept("alice@a.test", "x@b.test");
    QueueEntry waiting = store.queue().list(10).getFirst();
    intake.accept(
        new Envelope(Optional.empty(), List.of(address("alice@a.test")), "t", false, false),
        MESSAGE,
        List.of(new Settlement.Done(waiting.id())));
    assertThat(count("alice@a.test")).isEqualTo(2);
    assertThat(store.queue().size()).isZero();
  }

  @Test
  void postmasterReachesTheOldestAccountOfItsDomain() throws Exception {
    accept("Postmaster@c.test");
    assertThat(count("first@c.test")).isEqualTo(1);
    accept("postmaster@a.test");
    assertThat(count("alice@a.test")).isEqualTo(1);
    accept("postmaster+x@xn--mnchen-3ya.test");
    assertThat(count("alice@a.test")).isEqualTo(2);
  }

  @Test
  void anAccountCalledPostmasterGetsItsMail() throws Exception {
    store.accounts().create(address("postmaster@a.test"), "none");
    accept("postmaster@a.test");
    assertThat(count("postmaster@a.test")).isEqualTo(1);
    assertThat(count("alice@a.test")).isZero();
  }

  @Test
  void oneCommitHoldsLocalAndRemoteRecipients() throws Exception {
    Intake.Accepted accepted =
        accept("alice@a.test", "alice+x@a.test", "x@b.test", "x@b.test", "y@b.test");
    assertThat(accepted.delivered()).isEqualTo(1);
    assertThat(accepted.queued()).hasSize(2);
    List<QueueEntry> queue = store.queue().list(10);
    assertThat(queue)
        .extracting(QueueEntry::recipient)
        .containsExactlyInAnyOrder(address("x@b.test"), address("y@b.test"));
    assertThat(queue)
        .allSatisfy(
            entry -> {
              assertThat(entry.nextAttempt()).isEqualTo(clock.instant());
              assertThat(entry.octets()).isEqualTo(MESSAGE.octets());
            });
  }

  @Test
  void aRecipientThatWentAwayMakesTheMessageBeSentAgain() throws Exception {
    assertThatThrownBy(() -> accept("alice@a.test", "gone@a.test"))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NOT_FOUND));
    assertThat(count("alice@a.test")).isZero();
  }

  @Test
  void aNoticeToSomebodyWhoWentAwaySettlesWhatItIsAbout() throws Exception {
    QueueId failed = accept("x@b.test").queued().getFirst();
    Envelope notice =
        new Envelope(Optional.empty(), List.of(address("gone@a.test")), "t", false, false);
    Intake.Accepted accepted = intake.accept(notice, MESSAGE, List.of(new Settlement.Done(failed)));
    assertThat(accepted.delivered()).isZero();
    assertThat(store.queue().size()).isZero();
  }

  private Intake.Accepted accept(String... recipients) throws StoreException {
    Envelope envelope =
        new Envelope(
            Optional.of(address("sender@b.test")),
            Stream.of(recipients).map(MailIntakeTest::address).toList(),
            "t",
            false,
            false);
    return intake.accept(envelope, MESSAGE, List.of());
  }

  private int count(String account) throws StoreException {
    MailboxId inbox =
        store
            .mailboxes()
            .find(store.accounts().find(address(account)).orElseThrow().id(), "INBOX")
            .orElseThrow()
            .id();
    return store.mailboxes().status(inbox).messages();
  }

  private static MailAddress address(String text) {
    return MailAddress.parse(text).orElseThrow();
  }
}
