package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.noise;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that are packed are what they were, whatever is done with them. */
class PackedStoreTest {

  private static final StoreSettings PACKING =
      StoreFixture.settings()
          .withSegmentOctets(100_000)
          .withUndelete(Duration.ofMillis(-1))
          .withUpkeepInterval(Duration.ofDays(1))
          .withCheckpointInterval(Duration.ofMillis(20))
          .withCollectRate(0)
          .withCompress(true);

  private static final int BLOCK_OCTETS = 128 * 1024;

  @TempDir Path temporary;

  /** As mail is: a header, then lines that repeat themselves now and then. */
  private static byte[] mail(long seed, int octets) {
    Random random = new Random(seed);
    StringBuilder out = new StringBuilder("Subject: " + seed + "\r\n\r\n");
    while (out.length() < octets) {
      out.append("word").append(random.nextInt(1000)).append(random.nextInt(9) == 0 ? "\r\n" : " ");
    }
    return text(out.substring(0, octets));
  }

  private static byte[] attachment(long seed, int octets) {
    byte[] encoded = Base64.getMimeEncoder().encode(noise(seed, octets));
    byte[] header = text("Content-Transfer-Encoding: base64\r\n\r\n");
    byte[] all = new byte[header.length + encoded.length];
    System.arraycopy(header, 0, all, 0, header.length);
    System.arraycopy(encoded, 0, all, header.length, encoded.length);
    return all;
  }

  private static List<byte[]> mails() {
    return List.of(
        text("tiny"),
        mail(1, 255),
        mail(2, 600),
        mail(3, 8192),
        noise(4, 8192),
        mail(5, BLOCK_OCTETS),
        mail(6, BLOCK_OCTETS + 1),
        attachment(7, 500_000),
        noise(8, 1_500_000),
        mail(9, 3 * BLOCK_OCTETS - 1));
  }

  private StoreFixture open() throws StoreException {
    return new StoreFixture(temporary.resolve("data"), PACKING);
  }

  private static long logOctets(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("log"))) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static List<BodyId> deposit(StoreFixture fixture, List<byte[]> mails) throws Exception {
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    for (byte[] mail : mails) {
      fixture.deposit(inbox, mail);
    }
    return fixture.messages(inbox).stream().map(Message::body).toList();
  }

  private static void assertAsTheyWere(StoreFixture fixture, List<byte[]> mails) throws Exception {
    List<Message> messages = fixture.messages(fixture.mailbox(ALICE, "INBOX"));
    assertThat(messages).hasSameSizeAs(mails);
    for (int i = 0; i < mails.size(); i++) {
      assertThat(messages.get(i).octets()).isEqualTo(mails.get(i).length);
      assertThat(fixture.store.messages().body(messages.get(i).body()).octets())
          .isEqualTo(mails.get(i).length);
      assertThat(fixture.read(messages.get(i).body())).isEqualTo(mails.get(i));
    }
  }

  @Test
  void messagesComeBackAsTheyWereAndTakeLessRoom() throws Exception {
    List<byte[]> mails = new ArrayList<>(mails());
    long octets = mails.stream().mapToLong(mail -> mail.length).sum();
    try (StoreFixture fixture = open()) {
      deposit(fixture, mails);
      assertAsTheyWere(fixture, mails);
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
    }
    assertThat(logOctets(temporary.resolve("data"))).isLessThan(octets * 85 / 100);
    StoreSettings unpacked = PACKING.withCompress(false);
    try (StoreFixture fixture = new StoreFixture(temporary.resolve("data"), unpacked)) {
      byte[] more = mail(20, 9000);
      deposit(fixture, List.of(more));
      mails.add(more);
      assertAsTheyWere(fixture, mails);
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
    }
  }

  @Test
  void whatSavesTooLittleStaysAsItIs() throws Exception {
    try (StoreFixture fixture = open()) {
      deposit(fixture, List.of(noise(1, 50_000), text("short")));
    }
    assertThat(logOctets(temporary.resolve("data"))).isGreaterThan(50_000);
  }

  /** What is packed of one commit is in memory until it is in the log. */
  @Test
  void onlySomeOfVeryManyInOneCommitArePacked() throws Exception {
    int packed = 123_000;
    int most = (int) (PackedSources.MEMORY_OCTETS_MAX / packed);
    List<byte[]> mails = new ArrayList<>();
    for (int i = 0; i < most + 24; i++) {
      mails.add(attachment(i, 120_000));
    }
    StoreSettings packing = StoreFixture.settings().withCompress(true);
    try (StoreFixture fixture = new StoreFixture(temporary.resolve("data"), packing)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      List<Commit.Filing> filings = List.of(new Commit.Filing(inbox, Flags.NONE, StoreFixture.NOW));
      fixture.store.commit(
          new Commit(
              mails.stream()
                  .map(m -> new Commit.Deposit(MessageSource.of(m), filings, List.of()))
                  .toList(),
              List.of()));
      assertAsTheyWere(fixture, mails);
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
    }
    assertThat(logOctets(temporary.resolve("data")))
        .isBetween(
            PackedSources.MEMORY_OCTETS_MAX + 20L * mails.getFirst().length,
            mails.size() * (mails.getFirst().length - 10_000L));
  }

  @Test
  void everyRangeIsRead() throws Exception {
    byte[] mail = mail(1, 3 * BLOCK_OCTETS + 77);
    try (StoreFixture fixture = open()) {
      BodyId id = deposit(fixture, List.of(mail)).getFirst();
      Random random = new Random(5);
      for (int i = 0; i < 300; i++) {
        int border = BLOCK_OCTETS * random.nextInt(4);
        int from = Math.clamp(border + random.nextInt(200) - 100, 0, mail.length);
        int count = random.nextInt(i % 10 == 0 ? 2 * BLOCK_OCTETS : 150);
        MessageBody body = fixture.store.messages().body(id);
        try (InputStream in = body.open(from, count)) {
          String wanted =
              new String(
                  mail, from, Math.min(count, mail.length - from), StandardCharsets.ISO_8859_1);
          assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)).isEqualTo(wanted);
        }
      }
    }
    try (StoreFixture fixture = open()) {
      BodyId id = fixture.messages(fixture.mailbox(ALICE, "INBOX")).getFirst().body();
      try (InputStream in = fixture.store.messages().body(id).openHeader()) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
            .startsWith("Subject: 1\r\n\r\n")
            .hasSizeLessThan(1000);
      }
    }
  }

  @Test
  void collectionMovesThemAsTheyAre() throws Exception {
    List<byte[]> kept = new ArrayList<>();
    try (StoreFixture fixture = open()) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int i = 1; i <= 120; i++) {
        byte[] mail = i % 4 == 0 ? attachment(i, 40_000) : mail(i, 5000);
        fixture.deposit(inbox, mail);
        if (i % 4 == 0 || i % 7 == 0) {
          kept.add(mail);
        } else {
          UidSet gone = UidSet.of(i);
          FlagChange mark = new FlagChange.Add(Flags.of(SystemFlag.DELETED));
          fixture.store.messages().changeFlags(inbox, gone, mark, null);
          fixture.store.messages().expunge(inbox, gone);
        }
      }
      kept.add(attachment(300, 400_000));
      kept.add(mail(301, 10));
      fixture.deposit(inbox, kept.get(kept.size() - 2));
      fixture.deposit(inbox, kept.getLast());
      long before = logOctets(temporary.resolve("data"));
      FlagChange deleted = new FlagChange.Add(Flags.of(SystemFlag.DELETED));
      UidSet large = UidSet.of(8, 12, 16, 20, 24, 28);
      fixture.store.messages().changeFlags(inbox, large, deleted, null);
      fixture.store.messages().expunge(inbox, large);
      kept.clear();
      for (Message message : fixture.messages(inbox)) {
        kept.add(fixture.read(message.body()));
      }
      assertThat(fixture.store.maintenance().collect(Progress.NONE).segments()).isPositive();
      assertThat(logOctets(temporary.resolve("data"))).isLessThan(before);
      assertAsTheyWere(fixture, kept);
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
    }
    Files.delete(temporary.resolve("data/h2/projection.mv.db"));
    try (StoreFixture fixture = open()) {
      assertAsTheyWere(fixture, kept);
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
    }
  }

  /** A bit that means nothing to zstd may be read over; verify, which looks at all, does not. */
  @Test
  void flippedBitIsNoticedOrDoesNoHarm() throws Exception {
    byte[] mail = mail(1, 700);
    Path segment = temporary.resolve("data/log/00000001.seg");
    BodyId id;
    long from;
    long to;
    try (StoreFixture fixture = open()) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      from = Files.size(segment);
      id = deposit(fixture, List.of(mail)).getFirst();
      assertThat(inbox).isNotNull();
      to = Files.size(segment);
    }
    int noticed = 0;
    try (StoreFixture fixture = open();
        RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      for (long bit = 8 * (from + 48); bit < 8 * (from + 48 + 400) && bit < 8 * to; bit++) {
        flip(file, bit);
        try {
          assertThat(fixture.read(id)).isEqualTo(mail);
        } catch (CorruptBodyException e) {
          noticed++;
        }
        if (bit % 97 == 0) {
          List<Finding> findings = fixture.store.maintenance().verify(Progress.NONE);
          assertThat(findings).as("bit %d", bit).isNotEmpty();
        }
        flip(file, bit);
      }
      assertThat(fixture.read(id)).isEqualTo(mail);
    }
    assertThat(noticed).isGreaterThan(1500);
  }

  private static void flip(RandomAccessFile file, long bit) throws IOException {
    file.seek(bit / 8);
    int octet = file.read();
    file.seek(bit / 8);
    file.write(octet ^ (1 << (bit % 8)));
  }

  @Test
  void damagedOneIsNotServedInPart() throws Exception {
    byte[] mail = attachment(1, 600_000);
    BodyId id;
    try (StoreFixture fixture = open()) {
      id = deposit(fixture, List.of(mail)).getFirst();
    }
    Path segment = temporary.resolve("data/log/00000001.seg");
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      flip(file, 8 * (file.length() - 50_000));
    }
    try (StoreFixture fixture = open()) {
      MessageBody body = fixture.store.messages().body(id);
      assertThatExceptionOfType(CorruptBodyException.class).isThrownBy(() -> body.open(0, 100));
      assertThat(fixture.store.maintenance().verify(Progress.NONE))
          .anyMatch(finding -> finding.what().contains("body"));
    }
  }

  @Test
  void whatCannotBePackedForWantOfRoomIsStoredAsItIs() throws Exception {
    StoreDisk full = new StoreDisk(PACKING.disk().log(), PACKING.disk().projection(), Full::new);
    byte[] mail = attachment(1, 600_000);
    try (StoreFixture fixture =
        new StoreFixture(temporary.resolve("data"), PACKING.withDisk(full))) {
      deposit(fixture, List.of(mail));
      assertAsTheyWere(fixture, List.of(mail));
    }
  }

  /** A file of the spool, on a disk that is full. */
  private static final class Full extends OutputStream {
    Full(OutputStream file) {}

    @Override
    public void write(int octet) throws IOException {
      throw new IOException("No space left on device");
    }
  }

  @Test
  void spoolIsEmptyAfterwards() throws Exception {
    try (StoreFixture fixture = open()) {
      deposit(fixture, mails());
    }
    try (Stream<Path> files = Files.list(temporary.resolve("data/spool"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void backupAndRestoreKeepThemPacked() throws Exception {
    try (StoreFixture fixture = open()) {
      deposit(fixture, mails());
      fixture.store.maintenance().backup(temporary.resolve("backup"), Progress.NONE);
    }
    var restored =
        ClosedStore.restore(
            temporary.resolve("backup"),
            temporary.resolve("restored"),
            Optional.empty(),
            InstantSource.fixed(StoreFixture.NOW),
            Progress.NONE);
    assertThat(restored.findings()).isEmpty();
    try (StoreFixture fixture = new StoreFixture(temporary.resolve("restored"), PACKING)) {
      assertAsTheyWere(fixture, mails());
    }
  }
}
