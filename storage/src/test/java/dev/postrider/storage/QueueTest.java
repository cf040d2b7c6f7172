package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.NOW;
import static dev.postrider.storage.StoreFixture.queueEntry;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.queue.Queue;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.storage.queue.Settlement;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds for every store. */
@ParameterizedClass
@EnumSource(StoreKind.class)
class QueueTest {

  private final StoreKind kind;

  @TempDir Path directory;
  private StoreFixture fixture;
  private Queue queue;

  QueueTest(StoreKind kind) {
    this.kind = kind;
  }

  @BeforeEach
  void open() throws Exception {
    fixture = new StoreFixture(kind, directory);
    queue = fixture.store.queue();
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  private QueueId add(String recipient, Instant when) throws Exception {
    return fixture
        .store
        .commit(
            Commit.of(
                new Commit.Deposit(
                    MessageSource.of(text("x")), List.of(), List.of(queueEntry(recipient, when)))))
        .queued()
        .getFirst();
  }

  private static List<QueueId> ids(List<QueueEntry> entries) {
    return entries.stream().map(QueueEntry::id).toList();
  }

  @Test
  void claimsWhatIsDueOldestFirstAndOnce() throws Exception {
    QueueId late = add("a@b.test", NOW.plusSeconds(1));
    QueueId early = add("b@b.test", NOW.minusSeconds(5));
    QueueId now = add("c@b.test", NOW);
    assertThat(queue.nextDue()).contains(NOW.minusSeconds(5));
    assertThat(ids(queue.claim(NOW, 1))).containsExactly(early);
    assertThat(ids(queue.claim(NOW, 10))).containsExactly(now);
    assertThat(queue.claim(NOW, 10)).isEmpty();
    assertThat(queue.nextDue()).contains(NOW.plusSeconds(1));
    assertThat(ids(queue.claim(NOW.plusSeconds(2), 10))).containsExactly(late);
    assertThat(queue.nextDue()).isEmpty();
    assertThat(queue.size()).isEqualTo(3);
  }

  @Test
  void settlementEndsTheClaim() throws Exception {
    QueueId done = add("a@b.test", NOW);
    QueueId deferred = add("b@b.test", NOW);
    assertThat(queue.claim(NOW, 10)).hasSize(2);
    fixture.store.commit(
        new Commit(
            List.of(),
            List.of(
                new Settlement.Done(done),
                new Settlement.Deferred(deferred, NOW.plusSeconds(60), "450 busy", true))));
    assertThat(queue.find(done)).isEmpty();
    QueueEntry entry = queue.claim(NOW.plusSeconds(60), 10).getFirst();
    assertThat(entry.id()).isEqualTo(deferred);
    assertThat(entry.attempts()).isEqualTo(1);
    assertThat(entry.lastReply()).isEqualTo("450 busy");
    assertThat(entry.delayNoticed()).isTrue();
  }

  @Test
  void releasedEntryCanBeClaimedAgain() throws Exception {
    QueueId id = add("a@b.test", NOW);
    queue.release(ids(queue.claim(NOW, 10)));
    assertThat(ids(queue.claim(NOW, 10))).containsExactly(id);
  }

  @Test
  void everyEntryIsFreeAfterAStart() throws Exception {
    QueueId id = add("a@b.test", NOW);
    assertThat(queue.claim(NOW, 10)).hasSize(1);
    close();
    open();
    assertThat(ids(queue.claim(NOW, 10))).containsExactly(id);
  }

  @Test
  void entryThatIsGoneCannotBeSettledAndTakesTheWholeCommitWithIt() throws Exception {
    QueueId id = add("a@b.test", NOW);
    fixture.store.commit(Commit.of(new Settlement.Done(id)));
    Commit withBounce =
        new Commit(
            List.of(
                new Commit.Deposit(
                    MessageSource.of(text("bounce")),
                    List.of(),
                    List.of(queueEntry("x@b.test", NOW)))),
            List.of(new Settlement.Done(id)));
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> fixture.store.commit(withBounce))
        .matches(e -> e.kind() == StoreException.Kind.NOT_FOUND);
    assertThat(queue.size()).isZero();
  }

  @Test
  void rescheduledEntryIsDueThenAndSaysSo() throws Exception {
    QueueId id = add("a@b.test", NOW.plusSeconds(3600));
    try (var feed = fixture.store.changes().queue()) {
      queue.reschedule(id, NOW);
      assertThat(feed.await(Duration.ofSeconds(10))).isTrue();
    }
    assertThat(ids(queue.claim(NOW, 10))).containsExactly(id);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> queue.reschedule(new QueueId(99), NOW))
        .matches(e -> e.kind() == StoreException.Kind.NOT_FOUND);
  }

  @Test
  void listIsByNextAttempt() throws Exception {
    QueueId late = add("a@b.test", NOW.plusSeconds(9));
    QueueId early = add("b@b.test", NOW);
    assertThat(ids(queue.list(10))).containsExactly(early, late);
    assertThat(ids(queue.list(1))).containsExactly(early);
  }
}
