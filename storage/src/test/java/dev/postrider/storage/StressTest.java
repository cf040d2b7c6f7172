package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MailboxDelta;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(names = {"LOCAL", "POSTGRESQL"})
class StressTest {

  private static final int WRITERS = 8;
  private static final int READERS = 4;
  private static final int ROUNDS = 60;

  @TempDir Path directory;
  private final StoreKind kind;

  StressTest(StoreKind kind) {
    this.kind = kind;
  }

  private interface Work {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> start(Work work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                work.run();
                done.complete(null);
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }

  private static void join(List<CompletableFuture<Void>> all) throws Exception {
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(120, TimeUnit.SECONDS);
  }

  @Test
  void uidsOfManyWritersAreUniqueAndDenseAndReadersFollowExactly() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      ConcurrentSkipListSet<Long> given = new ConcurrentSkipListSet<>();
      AtomicBoolean over = new AtomicBoolean();
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        readers.add(start(() -> follow(fixture, inbox, over)));
      }
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        writers.add(start(() -> write(fixture, inbox, writer, given)));
      }
      join(writers);
      over.set(true);
      fixture.deposit(inbox, noise(1, 1));
      join(readers);
      assertThat(given)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, WRITERS * ROUNDS).boxed().toList());
    }
  }

  private static void write(
      StoreFixture fixture, MailboxId inbox, int writer, ConcurrentSkipListSet<Long> given)
      throws Exception {
    Random random = new Random(writer);
    for (int i = 0; i < ROUNDS; i++) {
      long uid = fixture.deposit(inbox, noise(i, random.nextInt(3000))).uid().value();
      assertThat(given.add(uid)).isTrue();
      try (MailboxIndex index = fixture.store.messages().open(inbox)) {
        boolean present = index.find(new Uid(uid)).isPresent();
        assertThat(present).as("own message is seen at once").isTrue();
      }
      Flags deleted = Flags.of(SystemFlag.DELETED);
      UidSet some = UidSet.of(uid, 1 + random.nextLong(uid));
      fixture.store.messages().changeFlags(inbox, some, new FlagChange.Add(deleted), null);
      if (random.nextInt(4) == 0) {
        fixture.store.messages().expunge(inbox, UidSet.of(uid));
      }
    }
  }

  /** Keeps its own copy by deltas alone, and compares it with the index at the end. */
  private static void follow(StoreFixture fixture, MailboxId inbox, AtomicBoolean over)
      throws Exception {
    Map<Long, Message> copy = new TreeMap<>();
    try (var feed = fixture.store.changes().mailbox(inbox);
        MailboxIndex index = fixture.store.messages().open(inbox)) {
      MailboxIndex.Snapshot first = index.snapshot();
      first.messages().forEach(message -> copy.put(message.uid().value(), message));
      ModSeq at = first.highestModSeq();
      boolean last = false;
      while (!last) {
        last = over.get();
        boolean signalled = feed.await(last ? Duration.ZERO : Duration.ofSeconds(20));
        MailboxDelta delta = index.changesSince(at);
        assertThat(signalled || last || delta.changed().isEmpty()).isTrue();
        for (Message message : delta.changed()) {
          assertThat(message.modSeq()).isGreaterThan(at);
          copy.put(message.uid().value(), message);
        }
        delta.vanished().stream().forEach(copy::remove);
        at = delta.highestModSeq();
      }
      MailboxIndex.Snapshot end;
      MailboxDelta rest;
      do {
        // The last message may come between the two.
        end = index.snapshot();
        rest = index.changesSince(at);
      } while (!rest.highestModSeq().equals(end.highestModSeq()));
      rest.changed().forEach(message -> copy.put(message.uid().value(), message));
      assertThat(copy.values()).containsExactlyElementsOf(end.messages());
    }
  }

  @Test
  void mailboxOpenedUnderLoadMissesNothing() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      List<CompletableFuture<Void>> work = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        work.add(
            start(
                () -> {
                  for (int n = 0; n < ROUNDS; n++) {
                    long uid = fixture.deposit(inbox, noise(n, 100)).uid().value();
                    // Opened and closed all the time: loading meets arriving messages.
                    List<Message> messages = fixture.messages(inbox);
                    assertThat(messages)
                        .isSortedAccordingTo((a, b) -> a.uid().compareTo(b.uid()))
                        .hasSizeGreaterThanOrEqualTo((int) uid);
                  }
                }));
      }
      join(work);
      assertThat(fixture.messages(inbox)).hasSize(WRITERS * ROUNDS);
    }
  }

  @Test
  void movesInBothDirectionsLoseAndDoubleNothing() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      MailboxId one = fixture.mailbox(ALICE, "INBOX");
      MailboxId two = fixture.mailbox(ALICE, "Archive");
      for (int i = 0; i < 40; i++) {
        fixture.deposit(one, noise(i, 10));
      }
      List<CompletableFuture<Void>> work = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        MailboxId from = i % 2 == 0 ? one : two;
        MailboxId to = i % 2 == 0 ? two : one;
        work.add(
            start(
                () -> {
                  for (int n = 0; n < ROUNDS; n++) {
                    long[] uids =
                        fixture.messages(from).stream()
                            .mapToLong(message -> message.uid().value())
                            .filter(uid -> ThreadLocalRandom.current().nextInt(3) == 0)
                            .toArray();
                    fixture.store.messages().move(from, UidSet.of(uids), to);
                  }
                }));
      }
      join(work);
      List<Message> all = new ArrayList<>(fixture.messages(one));
      all.addAll(fixture.messages(two));
      assertThat(all.stream().map(Message::body).distinct()).hasSize(40);
      assertThat(all).hasSize(40);
    }
  }
}
