package dev.postrider.storage.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.Commit;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.StoreDisk;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.log.Recovery;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.CorruptBodyException;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MessageSource;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every bit of a small log is flipped, one after the other. */
class FlippedBitTest {

  private static final MailAddress ALICE = new MailAddress("alice", PowerWorker.DOMAIN);
  private static final String SEGMENT = "log/00000001.seg";

  @TempDir Path temporary;
  private Path root;
  private SimDisk disk;

  @SuppressWarnings("ArrayRecordComponent") // nobody compares or changes it
  private record Body(BodyId id, byte[] bytes, int offset) {}

  private final List<Body> bodies = new ArrayList<>();

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
        InstantSource.fixed(PowerWorker.NOW),
        StoreSettings.defaults()
            .withReserveOctets(0)
            .withDisk(
                new StoreDisk(real -> disk.log(), SimFilePath.SCHEME, UnaryOperator.identity())));
  }

  private void fill(LocalStore store) throws Exception {
    store.accounts().create(ALICE, "secret");
    MailboxId inbox =
        store
            .mailboxes()
            .find(store.accounts().find(ALICE).orElseThrow().id(), "INBOX")
            .orElseThrow()
            .id();
    for (String text : List.of("first message", "second", "third and last message")) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      store.commit(
          Commit.of(
              new Commit.Deposit(
                  MessageSource.of(bytes),
                  List.of(new Commit.Filing(inbox, Flags.NONE, PowerWorker.NOW)),
                  List.of())));
      try (var index = store.messages().open(inbox)) {
        bodies.add(new Body(index.snapshot().messages().getLast().body(), bytes, find(bytes)));
      }
    }
  }

  private byte[] log() throws Exception {
    SimDisk.SimFile file = disk.open(SEGMENT);
    byte[] bytes = new byte[(int) file.size()];
    file.read(ByteBuffer.wrap(bytes), 0);
    return bytes;
  }

  private int find(byte[] bytes) throws Exception {
    String all = new String(log(), StandardCharsets.ISO_8859_1);
    return all.indexOf(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private void flip(int offset, int bit) throws Exception {
    SimDisk.SimFile file = disk.open(SEGMENT);
    ByteBuffer octet = ByteBuffer.allocate(1);
    file.read(octet, offset);
    octet.put(0, (byte) (octet.get(0) ^ (1 << bit)));
    file.write(octet.rewind(), offset);
  }

  @Test
  void bitOfAMessageIsNoticedWhenItIsRead() throws Exception {
    try (LocalStore store = open()) {
      fill(store);
      for (Body body : bodies) {
        for (int bit = 0; bit < 8 * body.bytes().length; bit++) {
          flip(body.offset() + bit / 8, bit % 8);
          assertThatIOException()
              .isThrownBy(() -> read(store, body))
              .isInstanceOf(CorruptBodyException.class);
          flip(body.offset() + bit / 8, bit % 8);
        }
        assertThat(read(store, body)).isEqualTo(body.bytes());
      }
    }
  }

  private static byte[] read(LocalStore store, Body body) throws Exception {
    try (InputStream in = store.messages().body(body.id()).open()) {
      return in.readAllBytes();
    }
  }

  @Test
  void bitOfAnythingElseIsNoticedWhenTheLogIsReplayed() throws Exception {
    try (LocalStore store = open()) {
      fill(store);
    }
    UUID store =
        UUID.fromString(
            Files.readAllLines(root.resolve("postrider-store"))
                .get(1)
                .substring("store ".length()));
    List<List<Change>> whole = new ArrayList<>();
    LogPosition end = replay(store, LogPosition.START, whole);
    byte[] log = log();
    assertThat(end.offset()).isEqualTo(log.length);
    for (int offset = 0; offset < log.length; offset++) {
      for (int bit = 0; bit < 8; bit++) {
        flip(offset, bit);
        if (isMessage(offset)) {
          List<List<Change>> batches = new ArrayList<>();
          assertThat(replay(store, end, batches)).isEqualTo(end);
          assertThat(batches).isEqualTo(whole);
        } else {
          assertNoticed(store, end, offset, bit);
        }
        flip(offset, bit);
      }
    }
    assertThat(log()).isEqualTo(log);
  }

  private void assertNoticed(UUID store, LogPosition end, int offset, int bit) {
    try {
      replay(store, end, new ArrayList<>());
    } catch (StoreException e) {
      assertThat(e.kind()).isIn(StoreException.Kind.CORRUPT, StoreException.Kind.UNUSABLE);
      return;
    }
    throw new AssertionError("bit " + bit + " of octet " + offset + " was not noticed");
  }

  private LogPosition replay(UUID store, LogPosition durable, List<List<Change>> batches)
      throws StoreException {
    return new Recovery(disk.log(), store)
        .run(LogPosition.START, durable, (batch, after) -> batches.add(batch.changes()));
  }

  private boolean isMessage(int offset) {
    return bodies.stream()
        .anyMatch(body -> offset >= body.offset() && offset < body.offset() + body.bytes().length);
  }
}
