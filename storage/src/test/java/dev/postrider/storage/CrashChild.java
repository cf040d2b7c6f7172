package dev.postrider.storage;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.Messages;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.storage.queue.Settlement;
import dev.postrider.storage.sql.PostgresAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A process that works on a store until it is killed, and notes in a file what it is about to do
 * and what it was told is done. Each thread works alone on mailboxes of its own, so what has to be
 * there is known; one more mailbox takes deposits of all.
 *
 * <p>Arguments: data directory, file of notes, seed, threads; for a shared store the host, port,
 * name, user and password of its database.
 */
final class CrashChild {

  /** Small segments, and nothing to bring back: so much is collected in a short time. */
  private static final StoreSettings SETTINGS =
      StoreFixture.settings()
          .withSegmentOctets(200_000)
          .withUndelete(Duration.ofMillis(-1))
          .withCollectRate(0)
          .withCheckpointInterval(Duration.ofMillis(50));

  private final StoreFixture fixture;
  private final FileChannel notes;

  private CrashChild(StoreFixture fixture, FileChannel notes) {
    this.fixture = fixture;
    this.notes = notes;
  }

  public static void main(String[] arguments) throws Exception {
    StoreFixture fixture = new StoreFixture(open(arguments));
    FileChannel notes =
        FileChannel.open(
            Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    CrashChild child = new CrashChild(fixture, notes);
    long seed = Long.parseLong(arguments[2]);
    fixture.account(StoreFixture.ALICE);
    for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
      int number = i;
      Thread.ofVirtual().start(() -> child.workAndExitOnFailure(number, seed + number));
    }
    child.collectAndExitOnFailure();
  }

  private static Store open(String[] arguments) throws StoreException {
    Path directory = Path.of(arguments[0]);
    if (arguments.length == 4) {
      return LocalStore.open(directory, StoreFixture.CLOCK, SETTINGS);
    }
    String url = "jdbc:postgresql://%s:%s/%s".formatted(arguments[4], arguments[5], arguments[6]);
    PostgresAddress address = new PostgresAddress(url, arguments[7], Optional.of(arguments[8]));
    return SharedStore.open(
        SharedSettings.of(directory, address).withUndelete(Duration.ofMillis(-1)),
        StoreFixture.CLOCK);
  }

  /** Collection all the time, of what was expunged a moment ago. */
  private void collectAndExitOnFailure() {
    try {
      while (true) {
        if (fixture.store.maintenance().collect(Progress.NONE).octetsFreed() > 0) {
          note("C");
        }
      }
    } catch (StoreException | IOException | RuntimeException e) {
      exit("collection", e);
    }
  }

  static MailAddress address(int thread) {
    return new MailAddress("user" + thread, "example.test");
  }

  /** The bytes of a message are made from one number, so that they need not be noted. */
  static byte[] body(long seed) {
    Random random = new Random(seed);
    int octets = random.nextInt(20) == 0 ? random.nextInt(1_500_000) : random.nextInt(20_000);
    byte[] bytes = new byte[octets];
    random.nextBytes(bytes);
    return bytes;
  }

  private void workAndExitOnFailure(int thread, long seed) {
    try {
      work(thread, new Random(seed));
    } catch (StoreException | IOException | RuntimeException e) {
      exit("thread " + thread, e);
    }
  }

  private void exit(String where, Exception failure) {
    try {
      note("FAILED in " + where + ": " + failure);
    } catch (IOException also) {
      failure.addSuppressed(also);
    }
    Runtime.getRuntime().halt(3);
  }

  private void work(int thread, Random random) throws StoreException, IOException {
    MailboxId inbox = fixture.mailbox(address(thread), "INBOX");
    MailboxId archive = fixture.mailbox(address(thread), "Archive");
    MailboxId shared = fixture.mailbox(StoreFixture.ALICE, "INBOX");
    List<Uid> present = new ArrayList<>();
    try (var index = fixture.store.messages().open(inbox)) {
      index.snapshot().messages().forEach(message -> present.add(message.uid()));
    }
    while (true) {
      switch (random.nextInt(present.isEmpty() ? 3 : 10)) {
        case 0, 1 -> present.add(deposit(thread, inbox, random.nextLong()));
        case 2 -> {
          long seed = random.nextLong();
          Committed.Filed filed = fixture.deposit(shared, body(seed));
          note("S " + filed.uid().value() + " " + seed + " " + filed.modSeq().value());
          queue(thread);
        }
        case 3, 4 -> flag(thread, inbox, present.get(random.nextInt(present.size())));
        case 5, 6, 7, 8 -> expunge(thread, inbox, present.remove(random.nextInt(present.size())));
        default -> move(thread, inbox, archive, present.remove(random.nextInt(present.size())));
      }
    }
  }

  private Uid deposit(int thread, MailboxId inbox, long seed) throws StoreException, IOException {
    note("begin " + thread + " deposit 0");
    Committed.Filed filed = fixture.deposit(inbox, body(seed));
    note(
        String.join(
            " ",
            "D",
            "" + thread,
            "" + filed.uid().value(),
            "" + seed,
            "" + filed.modSeq().value()));
    return filed.uid();
  }

  private void queue(int thread) throws StoreException, IOException {
    Commit.Deposit deposit =
        new Commit.Deposit(
            MessageSource.of(body(thread)),
            List.of(),
            List.of(
                StoreFixture.queueEntry("a@b.test", StoreFixture.NOW),
                StoreFixture.queueEntry("b@b.test", StoreFixture.NOW)));
    List<QueueId> queued = fixture.store.commit(Commit.of(deposit)).queued();
    note("Q " + queued.get(0).value());
    note("Q " + queued.get(1).value());
    note("begin " + thread + " done " + queued.get(0).value());
    fixture.store.commit(Commit.of(new Settlement.Done(queued.get(0))));
    note("q " + queued.get(0).value());
  }

  private void flag(int thread, MailboxId inbox, Uid uid) throws StoreException, IOException {
    fixture
        .store
        .messages()
        .changeFlags(
            inbox, UidSet.of(uid.value()), new FlagChange.Add(Flags.of(SystemFlag.SEEN)), null);
    note("F " + thread + " " + uid.value());
  }

  private void expunge(int thread, MailboxId inbox, Uid uid) throws StoreException, IOException {
    note("begin " + thread + " expunge " + uid.value());
    UidSet one = UidSet.of(uid.value());
    fixture
        .store
        .messages()
        .changeFlags(inbox, one, new FlagChange.Add(Flags.of(SystemFlag.DELETED)), null);
    fixture.store.messages().expunge(inbox, one);
    note("X " + thread + " " + uid.value());
  }

  private void move(int thread, MailboxId inbox, MailboxId archive, Uid uid)
      throws StoreException, IOException {
    note("begin " + thread + " move " + uid.value());
    Messages.Copied moved = fixture.store.messages().move(inbox, UidSet.of(uid.value()), archive);
    note("M " + thread + " " + uid.value() + " " + moved.to().getFirst().value());
  }

  /** One write, which stays in the cache of the system when the process is killed. */
  private void note(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    synchronized (notes) {
      notes.write(bytes);
    }
  }
}
