package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.LogNumbers;
import dev.postrider.storage.collection.Collector;
import dev.postrider.storage.collection.Collector.Collected;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionTest {

  private static final int OCTETS = 5000;
  private static final StoreSettings SETTINGS =
      StoreFixture.settings()
          .withSegmentOctets(50_000)
          .withUndelete(Duration.ofMillis(-1))
          .withUpkeepInterval(Duration.ofDays(1))
          .withCheckpointInterval(Duration.ofMillis(20))
          .withCollectRate(0);

  @TempDir Path temporary;
  private Path data;

  @BeforeEach
  void name() {
    data = temporary.resolve("data");
  }

  /** Messages 1 to {@code count}, of which every second one is expunged. */
  private static MailboxId fillAndDeleteHalf(StoreFixture fixture, int count) throws Exception {
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    for (int i = 1; i <= count; i++) {
      fixture.deposit(inbox, noise(i, OCTETS));
    }
    long[] even = new long[count / 2];
    for (int i = 0; i < even.length; i++) {
      even[i] = 2L * i + 2;
    }
    expunge(fixture, inbox, UidSet.of(even));
    return inbox;
  }

  private static void expunge(StoreFixture fixture, MailboxId mailbox, UidSet uids)
      throws Exception {
    FlagChange mark = new FlagChange.Add(Flags.of(SystemFlag.DELETED));
    fixture.store.messages().changeFlags(mailbox, uids, mark, null);
    fixture.store.messages().expunge(mailbox, uids);
  }

  private static Collected collect(StoreFixture fixture) throws StoreException {
    return fixture.store.maintenance().collect(Progress.NONE);
  }

  private static void assertOddMessages(StoreFixture fixture, int count) throws Exception {
    List<Message> messages = fixture.messages(fixture.mailbox(ALICE, "INBOX"));
    assertThat(messages).hasSize(count);
    for (Message message : messages) {
      assertThat(fixture.read(message.body())).isEqualTo(noise(message.uid().value(), OCTETS));
    }
  }

  private static long octets(Path directory) throws IOException {
    long octets = 0;
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        octets += Files.isRegularFile(file) ? Files.size(file) : 0;
      }
    }
    return octets;
  }

  /** What a kill leaves; a file that goes meanwhile is gone. */
  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        try {
          Files.copy(file, to.resolve(from.relativize(file).toString()));
        } catch (NoSuchFileException gone) {
          assertThat(file.toString()).doesNotEndWith(".snap");
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void diskIsGivenBackAfterHalfWasDeleted() throws Exception {
    try (StoreFixture fixture = new StoreFixture(data, SETTINGS)) {
      fillAndDeleteHalf(fixture, 200);
      long before = octets(data.resolve("log"));

      Collected collected = collect(fixture);

      long live = 100L * OCTETS;
      long after = octets(data.resolve("log")) + octets(data.resolve("snapshot"));
      assertThat(collected.segments()).isGreaterThan(15);
      assertThat(before).isGreaterThan(2 * live);
      assertThat((double) after / live).isLessThan(1.3);
      assertOddMessages(fixture, 100);
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
      assertThat(collect(fixture).segments()).isZero();
    }
    try (StoreFixture fixture = new StoreFixture(data, SETTINGS)) {
      assertOddMessages(fixture, 100);
    }
    Files.delete(data.resolve("h2").resolve("projection.mv.db"));
    try (StoreFixture fixture = new StoreFixture(data, SETTINGS)) {
      assertOddMessages(fixture, 100);
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
    }
  }

  @Test
  void whatCanBeBroughtBackIsLive() throws Exception {
    StoreSettings keeping = SETTINGS.withUndelete(Duration.ofDays(14));
    try (StoreFixture fixture = new StoreFixture(data, keeping)) {
      fillAndDeleteHalf(fixture, 60);
      assertThat(collect(fixture).segments()).isZero();
    }
  }

  @Test
  void killAfterAnyStepLosesNothing() throws Exception {
    Set<Collector.Step> seen = EnumSet.noneOf(Collector.Step.class);
    try (StoreFixture fixture = new StoreFixture(data, SETTINGS)) {
      fillAndDeleteHalf(fixture, 60);
      fixture
          .local()
          .localMaintenance()
          .afterStep(
              step -> {
                if (seen.add(step)) {
                  copy(data, temporary.resolve(step.name()));
                }
              });
      collect(fixture);
    }
    assertThat(seen).containsExactlyInAnyOrder(Collector.Step.values());
    for (Collector.Step step : seen) {
      Path image = temporary.resolve(step.name());
      for (boolean withTables : new boolean[] {true, false}) {
        if (!withTables) {
          Files.delete(image.resolve("h2").resolve("projection.mv.db"));
        }
        try (StoreFixture fixture = new StoreFixture(image, SETTINGS)) {
          assertOddMessages(fixture, 30);
          collect(fixture);
          assertOddMessages(fixture, 30);
          assertThat(fixture.store.maintenance().verify(Progress.NONE)).as("%s", step).isEmpty();
        }
      }
      assertThat(octets(image.resolve("log"))).as("%s", step).isLessThan(40L * OCTETS);
    }
  }

  @Test
  void openReaderGoesOnAndLateOneFindsTheNewPlace() throws Exception {
    try (StoreFixture fixture = new StoreFixture(data, SETTINGS)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      byte[] large = noise(1, 600_000);
      fixture.deposit(inbox, large);
      fixture.deposit(inbox, noise(2, 700_000));
      fixture.deposit(inbox, noise(3, 100));
      Message message = fixture.messages(inbox).getFirst();
      var late = fixture.store.messages().body(message.body());
      try (InputStream in = fixture.store.messages().body(message.body()).open()) {
        byte[] start = in.readNBytes(1000);
        expunge(fixture, inbox, UidSet.of(2));
        appendToTheFirstSegmentNoMore(fixture, inbox);

        assertThat(collect(fixture).segments()).isPositive();

        byte[] rest = in.readAllBytes();
        assertThat(start.length + rest.length).isEqualTo(large.length);
        assertThat(rest).endsWith(Arrays.copyOfRange(large, 599_000, 600_000));
      }
      try (InputStream in = late.open()) {
        assertThat(in.readAllBytes()).isEqualTo(large);
      }
    }
  }

  private static void appendToTheFirstSegmentNoMore(StoreFixture fixture, MailboxId inbox)
      throws Exception {
    for (int i = 0; i < 12; i++) {
      fixture.deposit(inbox, noise(i, OCTETS));
    }
  }

  @Test
  void damagedBodyIsNotCopiedAndItsSegmentStays() throws Exception {
    try (StoreFixture fixture = new StoreFixture(data, SETTINGS)) {
      fillAndDeleteHalf(fixture, 60);
      Path first = data.resolve("log").resolve("00000001.seg");
      byte[] bytes = Files.readAllBytes(first);
      int at = indexOf(bytes, noise(1, OCTETS));
      bytes[at + 7] ^= 1;
      Files.write(first, bytes);

      assertThat(collect(fixture).segments()).isPositive();

      assertThat(first).exists();
      Message message = fixture.messages(fixture.mailbox(ALICE, "INBOX")).getFirst();
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> fixture.read(message.body()));
    }
  }

  private static int indexOf(byte[] all, byte[] part) {
    for (int i = 0; i <= all.length - part.length; i++) {
      if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not there");
  }

  /** Whoever read of a message before it was expunged and collected cannot copy it any more. */
  @Test
  void droppedBodyCannotBeFiledAgain() throws Exception {
    LogNumbers numbers = new LogNumbers(1, 1, 9, 1);
    Change.MessageFiled copy =
        new Change.MessageFiled(
            new MailboxId(1),
            new Uid(1),
            new ModSeq(1),
            new BodyId(5),
            1,
            Flags.NONE,
            StoreFixture.NOW,
            StoreFixture.NOW);

    assertThat(numbers.dropBodies(List.of(new BodyId(5)))).as("nobody watches").isFalse();
    numbers.watchBodies();
    numbers.advance(List.of(copy));
    assertThat(numbers.dropBodies(List.of(new BodyId(5)))).as("filed since").isFalse();
    numbers.watchBodies();
    assertThat(numbers.dropBodies(List.of(new BodyId(5)))).isTrue();

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> numbers.requireBodies(List.of(copy)))
        .matches(e -> e.kind() == StoreException.Kind.NOT_FOUND);
  }

  @Test
  void itRunsByItselfOnceEnoughDied() throws Exception {
    StoreSettings own = SETTINGS.withUpkeepInterval(Duration.ofMillis(1)).withSegmentOctets(20_000);
    try (StoreFixture fixture = new StoreFixture(data, own)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int i = 1; i <= 1200; i++) {
        fixture.deposit(inbox, noise(i, 200));
      }
      long[] uids = new long[1100];
      Arrays.setAll(uids, i -> i + 1L);
      expunge(fixture, inbox, UidSet.of(uids));
      var until = Instant.now().plusSeconds(30);
      while (Files.exists(data.resolve("log").resolve("00000003.seg"))) {
        assertThat(Instant.now()).as("nothing is collected").isBefore(until);
        Thread.onSpinWait();
      }
      assertThat(fixture.messages(inbox)).hasSize(100);
    }
  }
}
