package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.CLOCK;
import static dev.postrider.storage.StoreFixture.noise;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.CorruptBodyException;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryTest {

  private static final int SEGMENT_HEADER_OCTETS = 64;

  @TempDir Path temporary;
  private Path data;
  private Path image;

  @BeforeEach
  void names() {
    data = temporary.resolve("data");
    image = temporary.resolve("image");
  }

  /** What a kill leaves: everything written so far, H2 as far as it happens to be. */
  private void copyAsAKillWouldLeaveIt() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, image.resolve(data.relativize(file).toString()));
      }
    }
  }

  private Path segment(Path root, int number) {
    return root.resolve("log").resolve("0000000" + number + ".seg");
  }

  private static void flip(Path file, long offset) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer octet = ByteBuffer.allocate(1);
      channel.read(octet, offset);
      octet.put(0, (byte) (octet.get(0) ^ 0x10));
      channel.write(octet.rewind(), offset);
    }
  }

  private static long find(Path file, byte[] bytes) throws IOException {
    byte[] all = Files.readAllBytes(file);
    for (int i = 0; i <= all.length - bytes.length; i++) {
      if (Arrays.equals(all, i, i + bytes.length, bytes, 0, bytes.length)) {
        return i;
      }
    }
    throw new AssertionError("not in " + file);
  }

  private static void assertUnusable(StoreException.Kind kind, Path root, String message) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> LocalStore.open(root, CLOCK, StoreFixture.settings()).close())
        .withMessageContaining(message)
        .matches(e -> e.kind() == kind, kind.toString());
  }

  @Test
  void everythingAcknowledgedIsInTheImageOfARunningStore() throws Exception {
    StoreSettings never = StoreFixture.settings().withCheckpointInterval(Duration.ofDays(1));
    for (StoreSettings settings : List.of(StoreFixture.settings(), never)) {
      try (StoreFixture fixture = new StoreFixture(data, settings)) {
        MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
        for (int i = 0; i < 20; i++) {
          fixture.deposit(inbox, noise(i, 10_000));
        }
        fixture
            .store
            .messages()
            .changeFlags(
                inbox, UidSet.of(1, 2, 3), new FlagChange.Add(Flags.of(SystemFlag.DELETED)), null);
        fixture.store.messages().expunge(inbox, UidSet.of(1, 2));
        copyAsAKillWouldLeaveIt();
      }
      try (StoreFixture fixture = new StoreFixture(image)) {
        MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
        List<Message> messages = fixture.messages(inbox);
        assertThat(messages).hasSize(18);
        assertThat(messages.getFirst().flags().has(SystemFlag.DELETED)).isTrue();
        for (Message message : messages) {
          assertThat(fixture.read(message.body()))
              .isEqualTo(noise(message.uid().value() - 1, 10_000));
        }
        assertThat(fixture.deposit(inbox, text("next")).uid().value()).isEqualTo(21);
      }
      FileTree.delete(image);
      FileTree.delete(data);
    }
  }

  @Test
  void missingProjectionIsMadeAgainFromTheLog() throws Exception {
    fill(5);
    FileTree.delete(data.resolve("h2"));
    try (StoreFixture fixture = new StoreFixture(data)) {
      assertThat(fixture.messages(fixture.mailbox(ALICE, "INBOX"))).hasSize(5);
      assertThat(fixture.account(ALICE).id().value()).isEqualTo(1);
    }
  }

  @Test
  void projectionThatDoesNotOpenIsSetAsideAndMadeAgain() throws Exception {
    fill(5);
    Path file = data.resolve("h2").resolve("projection.mv.db");
    Files.write(file, noise(1, 50_000));
    try (StoreFixture fixture = new StoreFixture(data)) {
      assertThat(fixture.messages(fixture.mailbox(ALICE, "INBOX"))).hasSize(5);
    }
    assertThat(data.resolve("h2.bad-1").resolve("projection.mv.db")).exists();
  }

  /** What power cuts leave now and then: docs/decisions/0003-h2-pinned.md. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into body values (77, 1, 0, 1, 1, null)",
        "update message set flags = flags + 1",
        "delete from mailbox where name = 'INBOX'"
      })
  void projectionWithAnUnfinishedTransactionIsSetAsideAndMadeAgain(String change) throws Exception {
    fill(5);
    leaveUnfinished(change);
    try (StoreFixture fixture = new StoreFixture(data)) {
      List<Message> messages = fixture.messages(fixture.mailbox(ALICE, "INBOX"));
      assertThat(messages).hasSize(5).allMatch(message -> message.flags().equals(Flags.NONE));
      assertThat(fixture.store.maintenance().verify(Progress.NONE).isEmpty()).isTrue();
    }
    assertThat(data.resolve("h2.bad-1")).exists();
  }

  /** H2 undoes it by itself. */
  @Test
  void unfinishedTransactionAloneIsNoReasonToMakeTheProjectionAgain() throws Exception {
    fill(5);
    try (Connection tables = tables()) {
      beginUnfinished(tables, "delete from mailbox");
      shutDownAtOnce(tables);
    }
    try (StoreFixture fixture = new StoreFixture(data)) {
      assertThat(fixture.messages(fixture.mailbox(ALICE, "INBOX"))).hasSize(5);
    }
    assertThat(data.resolve("h2.bad-1")).doesNotExist();
  }

  private void leaveUnfinished(String change) throws SQLException {
    try (Connection tables = tables()) {
      MVStore trees = beginUnfinished(tables, change);
      for (String name : trees.getMapNames()) {
        if (name.startsWith("undoLog.")) {
          trees.openMap(name).clear();
        }
      }
      trees.commit();
      shutDownAtOnce(tables);
    }
  }

  private Connection tables() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:h2:"
            + data.resolve("h2").resolve("projection")
            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE",
        "postrider",
        "");
  }

  /** The store was not closed, and {@code change} is in the file, with how to undo it. */
  private static MVStore beginUnfinished(Connection tables, String change) throws SQLException {
    try (Statement statement = tables.createStatement()) {
      statement.execute("update checkpoint set facts = null");
      tables.setAutoCommit(false);
      assertThat(statement.executeUpdate(change)).isPositive();
    }
    MVStore trees =
        ((SessionLocal) ((JdbcConnection) tables).getSession())
            .getDatabase()
            .getStore()
            .getMvStore();
    trees.commit();
    return trees;
  }

  private static void shutDownAtOnce(Connection tables) throws SQLException {
    try (Statement statement = tables.createStatement()) {
      statement.execute("shutdown immediately");
    }
  }

  @Test
  void tornTailIsCutOffAtEveryPlace() throws Exception {
    StoreSettings never = StoreFixture.settings().withCheckpointInterval(Duration.ofDays(1));
    long complete;
    try (StoreFixture fixture = new StoreFixture(data, never)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      fixture.deposit(inbox, noise(1, 500));
      complete = Files.size(segment(data, 1));
      fixture.deposit(inbox, noise(2, 500));
      copyAsAKillWouldLeaveIt();
    }
    byte[] log = Files.readAllBytes(segment(image, 1));
    FileTree.delete(image.resolve("h2"));
    for (int end = (int) complete; end < log.length; end += 61) {
      FileTree.delete(image.resolve("log"));
      Files.createDirectory(image.resolve("log"));
      if (Files.exists(image.resolve("h2"))) {
        FileTree.delete(image.resolve("h2"));
      }
      Files.write(segment(image, 1), Arrays.copyOf(log, end));
      for (int start = 0; start < 2; start++) {
        try (StoreFixture fixture = new StoreFixture(image)) {
          MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
          assertThat(fixture.messages(inbox)).as("cut at %d", end).hasSize(1 + start);
          assertThat(fixture.deposit(inbox, text("after")).uid().value()).isEqualTo(2 + start);
        }
      }
    }
  }

  @Test
  void garbageBehindTheEndIsCutOff() throws Exception {
    fill(2);
    Files.write(segment(data, 1), noise(5, 5000), StandardOpenOption.APPEND);
    try (StoreFixture fixture = new StoreFixture(data)) {
      assertThat(fixture.messages(fixture.mailbox(ALICE, "INBOX"))).hasSize(2);
    }
  }

  @Test
  void segmentThatWasBeingMadeIsMadeAgain() throws Exception {
    fill(2);
    Files.write(segment(data, 2), new byte[17]);
    try (StoreFixture fixture = new StoreFixture(data)) {
      fixture.deposit(fixture.mailbox(ALICE, "INBOX"), text("x"));
    }
    try (StoreFixture fixture = new StoreFixture(data)) {
      assertThat(fixture.messages(fixture.mailbox(ALICE, "INBOX"))).hasSize(3);
    }
  }

  @Test
  void startsWithoutAChangeMakeNoSegments() throws Exception {
    for (int i = 0; i < 4; i++) {
      new StoreFixture(data).close();
    }
    try (Stream<Path> segments = Files.list(data.resolve("log"))) {
      assertThat(segments).hasSize(1);
    }
  }

  @Test
  void manySegmentsAreReplayedInOrder() throws Exception {
    StoreSettings small = StoreFixture.settings().withSegmentOctets(3000);
    try (StoreFixture fixture = new StoreFixture(data, small)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int i = 0; i < 30; i++) {
        fixture.deposit(inbox, noise(i, 1000));
      }
    }
    assertThat(segment(data, 5)).exists();
    FileTree.delete(data.resolve("h2"));
    try (StoreFixture fixture = new StoreFixture(data, small)) {
      List<Message> messages = fixture.messages(fixture.mailbox(ALICE, "INBOX"));
      assertThat(messages).hasSize(30);
      assertThat(fixture.read(messages.get(17).body())).isEqualTo(noise(17, 1000));
    }
  }

  @Test
  void flippedBitInAMessageIsNeverServed() throws Exception {
    for (int octets : new int[] {2000, 2_000_000}) {
      byte[] bytes = noise(octets, octets);
      BodyId body;
      BodyId whole;
      try (StoreFixture fixture = new StoreFixture(data)) {
        MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
        fixture.deposit(inbox, bytes);
        body = fixture.messages(inbox).getLast().body();
        fixture.deposit(inbox, text("whole"));
        whole = fixture.messages(inbox).getLast().body();
      }
      int number = octets == 2000 ? 1 : 2;
      flip(segment(data, number), find(segment(data, number), bytes) + octets - 100);
      try (StoreFixture fixture = new StoreFixture(data)) {
        assertThatIOException()
            .isThrownBy(() -> fixture.read(body))
            .isInstanceOf(CorruptBodyException.class);
        assertThatIOException()
            .isThrownBy(() -> fixture.store.messages().body(body).open(0, 10).readAllBytes())
            .isInstanceOf(CorruptBodyException.class);
        assertThat(fixture.read(whole)).isEqualTo(text("whole"));
      }
    }
  }

  @Test
  void damagedBodyDoesNotStopARebuild() throws Exception {
    byte[] bytes = noise(9, 3000);
    try (StoreFixture fixture = new StoreFixture(data)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      fixture.deposit(inbox, bytes);
      fixture.deposit(inbox, text("after"));
      fixture.deposit(inbox, text("last"));
    }
    flip(segment(data, 1), find(segment(data, 1), bytes) + 5);
    FileTree.delete(data.resolve("h2"));
    try (StoreFixture fixture = new StoreFixture(data)) {
      List<Message> messages = fixture.messages(fixture.mailbox(ALICE, "INBOX"));
      assertThat(messages).hasSize(3);
      assertThatIOException().isThrownBy(() -> fixture.read(messages.getFirst().body()));
      assertThat(fixture.read(messages.getLast().body())).isEqualTo(text("last"));
    }
  }

  @Test
  void damagedBatchThatWasAcknowledgedStopsTheStart() throws Exception {
    byte[] bytes = noise(9, 3000);
    try (StoreFixture fixture = new StoreFixture(data)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      fixture.deposit(inbox, bytes);
      fixture.deposit(inbox, text("after"));
    }
    int recordHeader = 48;
    flip(segment(data, 1), find(segment(data, 1), bytes) + bytes.length + recordHeader + 3);
    FileTree.delete(data.resolve("h2"));
    assertUnusable(StoreException.Kind.CORRUPT, data, "is damaged");
  }

  @Test
  void missingSegmentIsSaid() throws Exception {
    StoreSettings small = StoreFixture.settings().withSegmentOctets(3000);
    try (StoreFixture fixture = new StoreFixture(data, small)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int i = 0; i < 10; i++) {
        fixture.deposit(inbox, noise(i, 2000));
      }
    }
    Files.delete(segment(data, 2));
    FileTree.delete(data.resolve("h2"));
    assertUnusable(StoreException.Kind.UNUSABLE, data, "segment 2 of the log is missing");
  }

  @Test
  void segmentOfAnotherStoreIsRefused() throws Exception {
    fill(1);
    Path other = temporary.resolve("other");
    try (StoreFixture fixture = new StoreFixture(other)) {
      fixture.deposit(fixture.mailbox(ALICE, "INBOX"), text("x"));
    }
    Files.copy(segment(other, 1), segment(data, 2));
    assertUnusable(StoreException.Kind.UNUSABLE, data, "belongs to another store");
  }

  @Test
  void secondOpenerIsRefusedAndToldWhoHasIt() throws Exception {
    try (StoreFixture fixture = new StoreFixture(data)) {
      fixture.account(ALICE);
      assertUnusable(
          StoreException.Kind.UNUSABLE, data, "(pid " + ProcessHandle.current().pid() + ")");
    }
    new StoreFixture(data).close();
  }

  @Test
  void directoryOfAnotherProgramIsRefusedAndLeftAlone() throws Exception {
    Files.createDirectories(data.resolve("log"));
    Files.writeString(data.resolve("log").resolve("syslog"), "not ours");
    assertUnusable(StoreException.Kind.UNUSABLE, data, "is not a Postrider store");
    try (Stream<Path> files = Files.walk(data)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void filesOfTheServerBesideAreNoHindrance() throws Exception {
    Files.createDirectories(data.resolve("tls"));
    Files.writeString(data.resolve("tls").resolve("key.pem"), "x");
    new StoreFixture(data).close();
  }

  @Test
  void newerFormatIsRefused() throws Exception {
    fill(1);
    Path marker = data.resolve("postrider-store");
    Files.writeString(marker, Files.readString(marker).replace("format 1", "format 2"));
    assertUnusable(StoreException.Kind.UNUSABLE, data, "newer version");
  }

  @Test
  void unreadableMarkerAndFileInsteadOfDirectoryAreSaid() throws Exception {
    Files.writeString(temporary.resolve("file"), "x");
    assertUnusable(StoreException.Kind.UNUSABLE, temporary.resolve("file"), "is not a directory");
    Files.createDirectories(data);
    Files.writeString(data.resolve("postrider-store"), "hello");
    assertUnusable(StoreException.Kind.UNUSABLE, data, "postrider-store");
  }

  @Test
  void closedStoreSaysSo() throws Exception {
    StoreFixture fixture = new StoreFixture(data);
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    fixture.close();
    fixture.close();
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> fixture.deposit(inbox, text("x")))
        .matches(e -> e.kind() == StoreException.Kind.CLOSED);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> fixture.messages(inbox))
        .matches(e -> e.kind() == StoreException.Kind.CLOSED);
  }

  private void fill(int count) throws Exception {
    try (StoreFixture fixture = new StoreFixture(data)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int i = 0; i < count; i++) {
        fixture.deposit(inbox, text("message " + i));
      }
    }
    assertThat(Files.size(segment(data, 1))).isGreaterThan(SEGMENT_HEADER_OCTETS);
  }
}
