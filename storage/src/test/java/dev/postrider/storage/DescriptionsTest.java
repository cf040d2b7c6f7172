package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.CLOCK;
import static dev.postrider.storage.StoreFixture.NOW;
import static dev.postrider.storage.StoreFixture.noise;
import static dev.postrider.storage.StoreFixture.queueEntry;
import static dev.postrider.storage.StoreFixture.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.protocol.message.DescriptionCodec;
import dev.postrider.protocol.message.MessageDescription;
import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.CorruptBodyException;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.MessageBody;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.testkit.mail.MessageGenerator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found in a message is stored beside it, and is the same however it came there. */
class DescriptionsTest {

  private static final int SEGMENT_HEADER_OCTETS = 64;

  /** Nothing happens in the background. */
  private static final StoreSettings QUIET =
      StoreFixture.settings().withUpkeepInterval(Duration.ofDays(1));

  private static final String HEADER =
      "From: Anna <anna@a.test>\r\nSubject: minutes\r\nX-Long: "
          + "x".repeat(500)
          + "\r\nContent-Type: text/plain\r\n\r\n";

  @TempDir Path temporary;
  private Path data;

  @BeforeEach
  void name() {
    data = temporary.resolve("data");
  }

  private StoreFixture open() throws StoreException {
    return new StoreFixture(data, QUIET);
  }

  /** The rows, of a store that is closed. */
  private Map<Long, MessageDescription> rows() throws Exception {
    Map<Long, MessageDescription> rows = new TreeMap<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("select id, version, header_octets, bytes from description")) {
        while (found.next()) {
          MessageDescription description = DescriptionCodec.decode(found.getBytes(4));
          assertThat(found.getInt(2)).isEqualTo(DescriptionCodec.VERSION);
          assertThat(found.getLong(3)).isEqualTo(description.headerOctets());
          rows.put(found.getLong(1), description);
        }
      }
      statement.execute("shutdown");
    }
    return rows;
  }

  private void sql(String change) throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(change)).as(change).isPositive();
      statement.execute("shutdown");
    }
  }

  private Connection connect() throws Exception {
    String url =
        "jdbc:h2:file:" + data.resolve("h2/projection") + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE";
    return DriverManager.getConnection(url, "postrider", "");
  }

  private List<Finding> verify() throws Exception {
    try (ClosedStore store = ClosedStore.at(data)) {
      return store.verify(Progress.NONE);
    }
  }

  private void forgetTables() throws IOException {
    Files.delete(data.resolve("h2/projection.mv.db"));
  }

  private static MessageDescription fresh(byte[] message) throws IOException {
    return MessageDescription.of(new ByteArrayInputStream(message));
  }

  private static MessageDescription described(StoreFixture fixture, BodyId body) throws Exception {
    return fixture.store.messages().body(body).describe();
  }

  private static byte[] header(MessageBody body) throws IOException {
    try (InputStream in = body.openHeader()) {
      return in.readAllBytes();
    }
  }

  /** Turns an octet of the only body in the first segment. */
  private void damage(byte[] message, int offset) throws IOException {
    Path segment = data.resolve("log/00000001.seg");
    String all = new String(Files.readAllBytes(segment), ISO_8859_1);
    int at = all.indexOf(new String(message, ISO_8859_1));
    assertThat(at).isGreaterThan(SEGMENT_HEADER_OCTETS);
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {(byte) (message[offset] ^ 1)}), at + offset);
    }
  }

  @Test
  void messageIsDescribedInTheCommitThatBringsIt() throws Exception {
    long seed = new Random().nextLong();
    MessageGenerator generator = new MessageGenerator(seed);
    Map<Long, MessageDescription> expected = new TreeMap<>();
    try (StoreFixture fixture = open()) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int i = 0; i < 60; i++) {
        fixture.deposit(inbox, generator.message(i));
      }
      int index = 0;
      for (Message message : fixture.messages(inbox)) {
        MessageDescription fresh = fresh(generator.message(index));
        assertThat(described(fixture, message.body()))
            .as("seed %s message %s", seed, index)
            .isEqualTo(fresh);
        expected.put(message.body().value(), fresh);
        index++;
      }
    }
    assertThat(rows()).as("seed %s", seed).isEqualTo(expected);
    assertThat(verify()).isEmpty();
    forgetTables();
    open().close();
    assertThat(rows()).as("made again from the log, seed %s", seed).isEqualTo(expected);
  }

  @Test
  void whatOnlyPassesThroughIsNotDescribed() throws Exception {
    try (StoreFixture fixture = open()) {
      fixture.store.commit(
          Commit.of(
              new Commit.Deposit(
                  MessageSource.of(text(HEADER)),
                  List.of(),
                  List.of(queueEntry("bob@b.test", NOW)))));
    }
    assertThat(rows()).isEmpty();
  }

  @Test
  void snapshotHasIt() throws Exception {
    Map<Long, MessageDescription> before;
    try (StoreFixture fixture = new StoreFixture(data, QUIET.withSegmentOctets(4000))) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int i = 0; i < 10; i++) {
        fixture.deposit(inbox, text(HEADER + "message " + i + " ".repeat(3000)));
      }
      fixture.local().localMaintenance().snapshot();
      fixture.deposit(inbox, text(HEADER + "behind it"));
    }
    before = rows();
    assertThat(before).hasSize(11);
    forgetTables();
    // What is in the snapshot is not asked of the log again.
    try (StoreFixture fixture = open()) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      assertThat(described(fixture, fixture.messages(inbox).getFirst().body()).preview())
          .startsWith("message 0");
    }
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void goesWithItsBodyAndStaysWithCopies() throws Exception {
    StoreSettings settings =
        QUIET
            .withSegmentOctets(20_000)
            .withUndelete(Duration.ofMillis(-1))
            .withCheckpointInterval(Duration.ofMillis(20))
            .withCollectRate(0);
    List<Long> left;
    try (StoreFixture fixture = new StoreFixture(data, settings)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      MailboxId archive = fixture.mailbox(ALICE, "Archive");
      for (int i = 0; i < 30; i++) {
        fixture.deposit(inbox, text(HEADER + "message " + i + "\r\n" + "x".repeat(3000)));
      }
      fixture.store.messages().copy(inbox, UidSet.of(1, 2), archive);
      fixture.store.messages().move(inbox, UidSet.of(3), archive);
      long[] gone = new long[29];
      for (int i = 0; i < gone.length; i++) {
        gone[i] = i + 1L;
      }
      FlagChange mark = new FlagChange.Add(Flags.of(SystemFlag.DELETED));
      fixture.store.messages().changeFlags(inbox, UidSet.of(gone), mark, null);
      fixture.store.messages().expunge(inbox, UidSet.of(gone));
      assertThat(fixture.store.maintenance().collect(Progress.NONE).segments()).isPositive();
      left =
          Stream.concat(fixture.messages(inbox).stream(), fixture.messages(archive).stream())
              .map(message -> message.body().value())
              .toList();
      for (long body : left) {
        assertThat(described(fixture, new BodyId(body)).preview()).startsWith("message ");
      }
    }
    assertThat(rows()).containsKeys(left.toArray(Long[]::new)).hasSizeLessThan(20);
    assertThat(verify()).isEmpty();
    Map<Long, MessageDescription> before = rows();
    forgetTables();
    open().close();
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void tellsOfAMessageWithoutReadingIt() throws Exception {
    byte[] message = text(HEADER + "a".repeat(50_000));
    try (StoreFixture fixture = open()) {
      fixture.deposit(fixture.mailbox(ALICE, "INBOX"), message);
    }
    damage(message, message.length - 10);
    try (StoreFixture fixture = open()) {
      MessageBody body = body(fixture);
      assertThat(body.describe()).isEqualTo(fresh(message));
      assertThat(header(body)).isEqualTo(text(HEADER));
      assertThatExceptionOfType(CorruptBodyException.class).isThrownBy(body::open);
      assertThatExceptionOfType(CorruptBodyException.class).isThrownBy(() -> body.open(0, 5));
    }
  }

  @Test
  void headerThatWasChangedOnTheDiskIsNotServed() throws Exception {
    for (int octets : new int[] {100, 50_000, 400_000}) {
      name(octets);
      byte[] message = text(HEADER + "a".repeat(octets));
      try (StoreFixture fixture = open()) {
        fixture.deposit(fixture.mailbox(ALICE, "INBOX"), message);
      }
      damage(message, 100);
      try (StoreFixture fixture = open()) {
        MessageBody body = body(fixture);
        assertThatExceptionOfType(CorruptBodyException.class).isThrownBy(() -> header(body));
        assertThatExceptionOfType(CorruptBodyException.class).isThrownBy(() -> body.open(0, 5));
      }
    }
  }

  private void name(int number) {
    data = temporary.resolve("data-" + number);
  }

  private static MessageBody body(StoreFixture fixture) throws Exception {
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    return fixture.store.messages().body(fixture.messages(inbox).getFirst().body());
  }

  @Test
  void headerOfALargeMessageIsWholeOnceItsBodyWasRead() throws Exception {
    byte[] message = text(HEADER + "a".repeat(400_000));
    try (StoreFixture fixture = open()) {
      fixture.deposit(fixture.mailbox(ALICE, "INBOX"), message);
      MessageBody body = body(fixture);
      assertThat(fixture.read(new BodyId(1))).isEqualTo(message);
      assertThat(header(body)).isEqualTo(text(HEADER));
    }
  }

  @Test
  void messageThatIsAllHeaderIsServed() throws Exception {
    byte[] message = text("X: y\r\n".repeat(60_000));
    try (StoreFixture fixture = open()) {
      fixture.deposit(fixture.mailbox(ALICE, "INBOX"), message);
      assertThat(header(body(fixture))).isEqualTo(message);
    }
  }

  @Test
  void rowThatIsDamagedIsFoundAndCountsAsNone() throws Exception {
    byte[] message = text(HEADER + "a".repeat(50_000));
    try (StoreFixture fixture = open()) {
      fixture.deposit(fixture.mailbox(ALICE, "INBOX"), message);
    }
    Map<Long, MessageDescription> before = rows();
    for (String damage :
        List.of(
            "update description set bytes = cast(X'0102' as bytea)",
            "update description set header_crc = header_crc + 1",
            "update description set header_octets = 10",
            "update description set version = 77",
            "delete from description")) {
      sql(damage);
      assertThat(verify()).as(damage).isNotEmpty();
      try (StoreFixture fixture = open()) {
        assertThat(body(fixture).describe()).as(damage).isEqualTo(fresh(message));
        assertThat(header(body(fixture))).as(damage).startsWith(text(HEADER));
      }
      assertThat(ClosedStore.at(data).repair(CLOCK, Progress.NONE)).as(damage).isEmpty();
      assertThat(verify()).as(damage).isEmpty();
      assertThat(rows()).as(damage).isEqualTo(before);
    }
  }

  @Test
  void anotherVersionIsDescribedAnew() throws Exception {
    byte[] message = text(HEADER + "text");
    try (StoreFixture fixture = open()) {
      fixture.deposit(fixture.mailbox(ALICE, "INBOX"), message);
    }
    Map<Long, MessageDescription> before = rows();
    sql("update description set version = 0, bytes = cast(X'00' as bytea)");
    try (StoreFixture fixture = open()) {
      assertThat(body(fixture).describe()).isEqualTo(fresh(message));
      assertThat(fixture.local().storedMessages().describeSome()).isEqualTo(1);
      assertThat(fixture.local().storedMessages().describeSome()).isZero();
    }
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void storeOfAnEarlierProgramIsDescribedByAndBy() throws Exception {
    OlderVersionTest.copyTo(data, "version-2");
    MessageGenerator generator = new MessageGenerator(7);
    int[] filed = {3, 4, 5, 7, 14, 17, 18};
    try (StoreFixture fixture = open()) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      List<Message> messages = fixture.messages(inbox);
      assertThat(messages).hasSize(6);
      // UID 2 is the second that was filed; asked for before anybody described it.
      assertThat(described(fixture, messages.getFirst().body()))
          .isEqualTo(fresh(generator.message(filed[0])));
    }
    assertThat(rows()).isEmpty();
    Map<Long, MessageDescription> after;
    try (StoreFixture fixture = open()) {
      assertThat(fixture.local().storedMessages().describeSome()).isEqualTo(filed.length);
      assertThat(fixture.local().storedMessages().describeSome()).isZero();
    }
    after = rows();
    assertThat(after.values())
        .containsExactlyInAnyOrder(
            fresh(generator.message(3)),
            fresh(generator.message(4)),
            fresh(generator.message(5)),
            fresh(generator.message(7)),
            fresh(generator.message(14)),
            fresh(generator.message(17)),
            fresh(generator.message(18)));
    assertThat(verify()).isEmpty();
    forgetTables();
    open().close();
    assertThat(rows()).as("what was described late is in the log").isEqualTo(after);
  }

  @Test
  void largeDescriptionsDoNotPileUp() throws Exception {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(text("Content-Type: multipart/mixed; boundary=b\r\n\r\n"));
    for (int i = 0; i < 9000; i++) {
      message.writeBytes(text("--b\r\nContent-Description: " + "d".repeat(20) + "\r\n\r\nx\r\n"));
    }
    byte[] octets = message.toByteArray();
    try (StoreFixture fixture = open()) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int i = 0; i < 12; i++) {
        fixture.deposit(inbox, octets);
      }
      assertThat(described(fixture, new BodyId(5)).structure().children()).hasSize(9000);
      fixture.local().localMaintenance().snapshot();
    }
    Map<Long, MessageDescription> before = rows();
    forgetTables();
    open().close();
    assertThat(rows()).hasSize(12).isEqualTo(before);
  }

  @Test
  void messageThatCannotBeReadIsRefused() throws Exception {
    MessageSource broken =
        new MessageSource() {
          @Override
          public long octets() {
            return 10;
          }

          @Override
          public InputStream open() throws IOException {
            throw new IOException("gone");
          }
        };
    try (StoreFixture fixture = open()) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      Commit.Filing filing = new Commit.Filing(inbox, Flags.NONE, NOW);
      Commit commit = Commit.of(new Commit.Deposit(broken, List.of(filing), List.of()));
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> fixture.store.commit(commit))
          .matches(e -> e.kind() == StoreException.Kind.CORRUPT);
      assertThat(fixture.deposit(inbox, noise(1, 10)).uid().value()).isEqualTo(1);
    }
  }
}
