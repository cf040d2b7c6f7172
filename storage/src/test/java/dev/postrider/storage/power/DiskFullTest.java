package dev.postrider.storage.power;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.Commit;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.StoreDisk;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.storage.queue.NewQueueEntry;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.storage.queue.Settlement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk is full at every write, of the log and of H2, and has room again later. */
class DiskFullTest {

  private static final InstantSource CLOCK = InstantSource.fixed(PowerWorker.NOW);
  private static final MailAddress ALICE = new MailAddress("alice", PowerWorker.DOMAIN);

  /** Writes that go through before the disk is full. */
  private static final int WRITES_MAX = 60;

  /** Attempts until the disk is full, or H2 has noticed that it is not any more. */
  private static final int ATTEMPTS_MAX = 2000;

  @TempDir Path temporary;
  private Path root;
  private SimDisk disk;
  private final CompletableFuture<StoreException> fatal = new CompletableFuture<>();
  private final List<String> delivered = new ArrayList<>();
  private final Deque<QueueId> queued = new ArrayDeque<>();
  private int created;
  private int waits;

  @BeforeEach
  void makeDisk() throws Exception {
    root = Files.createDirectories(temporary.resolve("data"));
    disk = new SimDisk(root);
  }

  @AfterEach
  void removeDisk() {
    disk.remove();
  }

  private LocalStore open() throws StoreException {
    return LocalStore.open(
        root,
        CLOCK,
        StoreSettings.defaults()
            .withReserveOctets(0)
            .withSegmentOctets(20_000)
            .withCheckpointInterval(Duration.ofMillis(5))
            .withOnFatal(fatal::complete)
            .withDisk(
                new StoreDisk(real -> disk.log(), SimFilePath.SCHEME, UnaryOperator.identity())));
  }

  @Test
  void nothingIsLostAndAllGoesOnWhenThereIsRoomAgain() throws Exception {
    Observation live;
    try (LocalStore store = open()) {
      store.accounts().create(ALICE, "secret");
      for (int writes = 0; writes < WRITES_MAX; writes++) {
        disk.fillAfter(writes);
        workUntilFull(store, writes);
        assertThat(bodies(store)).containsExactlyElementsOf(delivered);
        disk.fillAfter(Long.MAX_VALUE);
        workWhenThereIsRoom(store, writes);
      }
      live = Observation.of(store, "");
    }
    assertThat(fatal).as("nothing of it is fatal").isNotDone();
    assertThat(waits).as("H2 was among those that found no room").isPositive();
    try (LocalStore store = open()) {
      assertThat(Observation.of(store, "").lines()).isEqualTo(live.lines());
      assertThat(bodies(store)).containsExactlyElementsOf(delivered);
      assertThat(store.queue().size()).isEqualTo(queued.size());
    }
  }

  /** Every other time until the log is full, else until H2 is too, if it has something to write. */
  private void workUntilFull(LocalStore store, int round) throws Exception {
    int refusals = 0;
    int refusalsMax = round % 2 == 1 ? 30 : 1;
    for (int i = 0; refusals < refusalsMax; i++) {
      assertThat(i).as("the disk is never full").isLessThan(ATTEMPTS_MAX);
      Optional<StoreException> refusal = work(store, round * 100_000L + i);
      if (refusal.isPresent()) {
        assertThat(refusal.get().kind()).isEqualTo(Kind.NO_SPACE);
        refusals++;
        if (String.valueOf(refusal.get().getMessage()).contains("projection waits")) {
          waits++;
          return;
        }
        pause();
      }
    }
  }

  private void workWhenThereIsRoom(LocalStore store, int round) throws Exception {
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
      if (work(store, -round * 100_000L - i).isEmpty()) {
        return;
      }
      pause();
    }
    throw new AssertionError("the disk is still full");
  }

  private static void pause() throws InterruptedException {
    assertThat(new CountDownLatch(1).await(2, TimeUnit.MILLISECONDS)).isFalse();
  }

  /** Does one thing; what is done is known, what is refused was not. */
  private Optional<StoreException> work(LocalStore store, long seed) {
    try {
      MailboxId inbox = inbox(store);
      switch (Math.floorMod(seed, 5)) {
        case 0, 1 -> deliver(store, inbox, seed);
        case 2 -> {
          if (!queued.isEmpty()) {
            store.commit(Commit.of(new Settlement.Done(queued.getFirst())));
            queued.removeFirst();
          }
        }
        case 3 ->
            store
                .messages()
                .changeFlags(
                    inbox,
                    UidSet.of(1, 2, 3),
                    seed % 2 == 0
                        ? new FlagChange.Add(Flags.of(SystemFlag.SEEN))
                        : new FlagChange.Remove(Flags.of(SystemFlag.SEEN)),
                    null);
        default -> {
          store
              .mailboxes()
              .create(store.accounts().find(ALICE).orElseThrow().id(), "box" + created, null);
          created++;
        }
      }
      return Optional.empty();
    } catch (StoreException e) {
      return Optional.of(e);
    }
  }

  private void deliver(LocalStore store, MailboxId inbox, long seed) throws StoreException {
    byte[] body = AccountModel.body(seed);
    NewQueueEntry remote =
        new NewQueueEntry(
            Optional.of(ALICE),
            new MailAddress("r" + seed, "b.test"),
            "trace",
            false,
            true,
            PowerWorker.NOW,
            PowerWorker.NOW);
    Commit.Filing filing = new Commit.Filing(inbox, Flags.NONE, PowerWorker.NOW);
    queued.addAll(
        store
            .commit(
                Commit.of(
                    new Commit.Deposit(MessageSource.of(body), List.of(filing), List.of(remote))))
            .queued());
    delivered.add(AccountModel.digest(body));
  }

  private static MailboxId inbox(LocalStore store) throws StoreException {
    return store
        .mailboxes()
        .find(store.accounts().find(ALICE).orElseThrow().id(), "INBOX")
        .orElseThrow()
        .id();
  }

  /** Of INBOX, in order. */
  private static List<String> bodies(LocalStore store) throws Exception {
    List<String> bodies = new ArrayList<>();
    try (var index = store.messages().open(inbox(store))) {
      for (var message : index.snapshot().messages()) {
        try (var in = store.messages().body(message.body()).open()) {
          bodies.add(AccountModel.digest(in.readAllBytes()));
        }
      }
    }
    return bodies;
  }

  @Test
  void startOnAFullDiskSaysSoAndTheNextOneLosesNothing() throws Exception {
    try (LocalStore store = open()) {
      store.accounts().create(ALICE, "secret");
      for (int i = 0; i < 20; i++) {
        deliver(store, inbox(store), i);
      }
      disk.fillAfter(0);
    }
    boolean opened = false;
    for (int writes = 0; !opened; writes++) {
      assertThat(writes).isLessThan(200);
      disk.fillAfter(writes);
      try (LocalStore store = open()) {
        opened = true;
        assertThat(bodies(store)).containsExactlyElementsOf(delivered);
      } catch (StoreException e) {
        assertThat(e.kind()).as(e.toString()).isEqualTo(Kind.NO_SPACE);
      }
    }
    disk.fillAfter(Long.MAX_VALUE);
    try (LocalStore store = open()) {
      assertThat(bodies(store)).containsExactlyElementsOf(delivered);
      assertThat(work(store, 5)).isEmpty();
    }
    assertThat(fatal).isNotDone();
    try (var files = Files.list(root)) {
      assertThat(files)
          .as("nothing was set aside")
          .noneMatch(file -> file.toString().contains("bad"));
    }
  }

  @Test
  void storeCanBeClosedWhileH2WaitsForRoom() throws Exception {
    LocalStore store = open();
    store.accounts().create(ALICE, "secret");
    disk.fillAfter(10);
    workUntilFull(store, 1);
    store.close();
    disk.fillAfter(Long.MAX_VALUE);
    try (LocalStore again = open()) {
      assertThat(bodies(again)).containsExactlyElementsOf(delivered);
    }
  }
}
