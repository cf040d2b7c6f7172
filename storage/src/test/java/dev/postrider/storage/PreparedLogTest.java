package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.CLOCK;
import static dev.postrider.storage.StoreFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.mailboxes.MailboxId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Zeros ahead of the end of the log, into which the next records go. */
class PreparedLogTest {

  private static final int OCTETS = 1000;

  /** Enough for the writer to see that groups are small. */
  private static final int MESSAGES = 20;

  private static final int PREPARED_OCTETS = 1024 * 1024;

  @TempDir Path temporary;

  private Path segment(Path root) {
    return root.resolve("log").resolve("00000001.seg");
  }

  /** A copy as a kill would leave it, of a store with {@code count} messages. */
  private Path killedWith(int count) throws Exception {
    Path data = temporary.resolve("data");
    Path image = temporary.resolve("image");
    try (StoreFixture fixture = new StoreFixture(data)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int i = 0; i < count; i++) {
        fixture.deposit(inbox, noise(i, OCTETS));
      }
      copy(data, image);
    }
    return image;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static void assertHolds(Path root, int count) throws Exception {
    try (StoreFixture fixture = new StoreFixture(root)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      var messages = fixture.messages(inbox);
      assertThat(messages).hasSize(count);
      for (int i = 0; i < count; i++) {
        assertThat(fixture.read(messages.get(i).body())).isEqualTo(noise(i, OCTETS));
      }
      List<Finding> findings = fixture.store.maintenance().verify(Progress.NONE);
      assertThat(findings).isEmpty();
    }
  }

  @Test
  void afterAKillTheLogEndsWithTheLastRecord() throws Exception {
    Path image = killedWith(MESSAGES);
    assertThat(Files.size(segment(image))).isGreaterThan(PREPARED_OCTETS);
    assertHolds(image, MESSAGES);
    assertThat(Files.size(segment(image))).isLessThan(PREPARED_OCTETS);
  }

  @Test
  void afterACloseThereAreNoneLeft() throws Exception {
    Path image = killedWith(MESSAGES);
    Path data = temporary.resolve("data");
    assertThat(Files.size(segment(data))).isLessThan(PREPARED_OCTETS);
    assertHolds(data, MESSAGES);
    assertHolds(image, MESSAGES);
  }

  @Test
  void appendThatIsLargerThanWhatIsPreparedGoesBeyondIt() throws Exception {
    Path data = temporary.resolve("data");
    try (StoreFixture fixture = new StoreFixture(data)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int i = 0; i < MESSAGES; i++) {
        fixture.deposit(inbox, noise(i, OCTETS));
      }
      fixture.deposit(inbox, noise(MESSAGES, 3 * PREPARED_OCTETS));
      fixture.deposit(inbox, noise(1, OCTETS));
      copy(data, temporary.resolve("image"));
    }
    for (String name : List.of("image", "data")) {
      try (StoreFixture fixture = new StoreFixture(temporary.resolve(name))) {
        var messages = fixture.messages(fixture.mailbox(ALICE, "INBOX"));
        assertThat(messages).hasSize(MESSAGES + 2);
        assertThat(fixture.read(messages.get(MESSAGES).body()))
            .isEqualTo(noise(MESSAGES, 3 * PREPARED_OCTETS));
        assertThat(fixture.read(messages.getLast().body())).isEqualTo(noise(1, OCTETS));
      }
    }
  }

  @Test
  void smallSegmentsArePreparedToTheirEndOnly() throws Exception {
    Path data = temporary.resolve("data");
    StoreSettings settings = StoreFixture.settings().withSegmentOctets(8000);
    try (StoreFixture fixture = new StoreFixture(data, settings)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int i = 0; i < 40; i++) {
        fixture.deposit(inbox, noise(i, OCTETS));
      }
      copy(data, temporary.resolve("image"));
    }
    assertHolds(temporary.resolve("image"), 40);
    assertHolds(data, 40);
  }

  @Test
  void zerosInPlaceOfARecordAreNotTheEnd() throws Exception {
    Path image = killedWith(MESSAGES);
    Path file = segment(image);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      // In the midst of the messages.
      channel.write(ByteBuffer.allocate(OCTETS), 3L * OCTETS);
    }
    try (Stream<Path> tables = Files.list(image.resolve("h2"))) {
      for (Path table : (Iterable<Path>) tables::iterator) {
        Files.delete(table);
      }
    }
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> LocalStore.open(image, CLOCK, StoreFixture.settings()).close())
        .withMessageContaining("is damaged")
        .matches(e -> e.kind() == StoreException.Kind.CORRUPT);
  }
}
