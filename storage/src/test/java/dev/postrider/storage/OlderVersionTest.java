package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Recoverable.Wanted;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.snapshot.SnapshotFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that earlier programs wrote, kept as they wrote them, open in this one. */
class OlderVersionTest {

  @TempDir Path directory;
  @TempDir Path copies;

  static void copyTo(Path target, String version) throws IOException, URISyntaxException {
    Path source =
        Path.of(Objects.requireNonNull(OlderVersionTest.class.getResource("/" + version)).toURI());
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = target.resolve(source.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  /**
   * Five messages in INBOX, 1 and 2 expunged, 3 moved to Archive, 4 seen with a keyword; old/one
   * deleted, old renamed to new; one queue entry.
   */
  @Test
  void version1OpensAndGoesOn() throws Exception {
    copyTo(directory, "version-1");
    for (int start = 0; start < 2; start++) {
      try (StoreFixture fixture = new StoreFixture(directory)) {
        MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
        List<Message> messages = fixture.messages(inbox);
        assertThat(messages.stream().map(message -> message.uid().value()))
            .startsWith(4L, 5L)
            .hasSize(2 + start);
        assertThat(messages.getFirst().flags().has(SystemFlag.SEEN)).isTrue();
        assertThat(messages.getFirst().flags().has("work")).isTrue();
        assertThat(fixture.read(messages.getFirst().body())).isEqualTo(text("message 4\r\n"));
        assertThat(fixture.messages(fixture.mailbox(ALICE, "Archive"))).hasSize(1);
        AccountId alice = fixture.account(ALICE).id();
        assertThat(fixture.store.mailboxes().list(alice))
            .extracting(Mailbox::name)
            .contains("new")
            .doesNotContain("old", "old/one", "new/one");
        assertThat(fixture.store.queue().size()).isEqualTo(1);
        assertThat(
                fixture
                    .store
                    .recoverable()
                    .find(new Wanted(alice, Optional.empty(), Instant.EPOCH)))
            .isEmpty();
        assertThat(fixture.deposit(inbox, text("new")).uid().value()).isEqualTo(6 + start);
      }
    }
  }

  /** Four messages in INBOX, 2 expunged; nothing is packed, and no row says what room it takes. */
  @Test
  void version3OpensAndGoesOnWithPackedMessages() throws Exception {
    copyTo(directory, "version-3");
    byte[] packed = text("Subject: packed\r\n\r\n" + "the same again\r\n".repeat(500));
    StoreSettings packing = StoreFixture.settings().withCompress(true);
    try (StoreFixture fixture = new StoreFixture(directory, packing)) {
      fixture.deposit(fixture.mailbox(ALICE, "INBOX"), packed);
    }
    for (int start = 0; start < 2; start++) {
      try (StoreFixture fixture = new StoreFixture(directory, packing)) {
        List<Message> messages = fixture.messages(fixture.mailbox(ALICE, "INBOX"));
        assertThat(messages.stream().map(message -> message.uid().value()))
            .containsExactly(1L, 3L, 4L, 5L);
        assertThat(new String(fixture.read(messages.get(1).body()), StandardCharsets.US_ASCII))
            .startsWith("Subject: message 3\r\n");
        assertThat(fixture.read(messages.getLast().body())).isEqualTo(packed);
        assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
      }
      Files.deleteIfExists(directory.resolve("h2").resolve("projection.mv.db"));
    }
  }

  /** Four messages in INBOX, and a snapshot of them whose frames are not packed. */
  @Test
  void version4OpensAndIsMadeAgainFromItsSnapshot() throws Exception {
    copyTo(directory, "version-4");
    Path snapshot = directory.resolve("snapshot").resolve("00000001.snap");
    List<Change> changes = new ArrayList<>();
    SnapshotFile.open(snapshot).read(changes::addAll);
    assertThat(changes).filteredOn(Change.MessageFiled.class::isInstance).hasSize(4);
    for (int start = 0; start < 3; start++) {
      try (StoreFixture fixture = new StoreFixture(directory)) {
        MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
        assertThat(fixture.messages(inbox)).hasSize(4 + start);
        fixture.deposit(inbox, text("new"));
        assertThat(fixture.store.messages().saved(inbox, new Uid(1), new Uid(Uid.MAX)).values())
            .as("nobody wrote it down for the first four")
            .filteredOn(Optional::isEmpty)
            .hasSize(4);
        assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
        fixture.store.maintenance().backup(copies.resolve("after-" + start), Progress.NONE);
      }
      // Each kind of snapshot is the newest in one turn.
      Files.delete(directory.resolve("h2").resolve("projection.mv.db"));
      if (start == 0) {
        Files.delete(directory.resolve("snapshot").resolve("00000002.snap"));
      }
    }
  }
}
