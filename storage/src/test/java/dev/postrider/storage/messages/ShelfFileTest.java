package dev.postrider.storage.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postrider.storage.mailboxes.MailboxId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShelfFileTest {

  private static final UUID STORE = new UUID(0x1234_5678_9abc_def0L, 0xfedc_ba98_7654_3210L);

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("7.index");
  }

  private static Shelf shelf(MessageColumns columns) {
    int last = columns.size() - 1;
    long uidNext = last < 0 ? 1 : columns.uid(last) + 1;
    return new Shelf(STORE, new MailboxId(7), 42, uidNext, Long.MAX_VALUE, columns);
  }

  private boolean write(Shelf shelf) throws IOException {
    Files.deleteIfExists(file());
    try (FileChannel out =
        FileChannel.open(file(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      return ShelfWriter.write(shelf, out, () -> false);
    }
  }

  private Shelf read() throws IOException {
    return ShelfReader.read(file(), UnaryOperator.identity());
  }

  /** As it comes in: numbers one after the other. */
  private static MessageColumns ordinary(int messages) {
    MessageColumns columns = new MessageColumns();
    Flags seen = Flags.of(SystemFlag.SEEN);
    for (int i = 1; i <= messages; i++) {
      Flags flags = i % 10 == 0 ? Flags.NONE : seen;
      columns.append(i, 2L * i, flags, 5000 + i % 999, 1_700_000_000L + 60L * i, 3L * i);
    }
    return columns;
  }

  private static MessageColumns wild(long seed, int messages) {
    Random random = new Random(seed);
    MessageColumns columns = new MessageColumns();
    long[] uids = random.longs(messages, 1, Uid.MAX).sorted().distinct().toArray();
    uids[uids.length - 1] = Uid.MAX - 1;
    for (long uid : uids) {
      columns.append(
          uid,
          1 + random.nextLong(Long.MAX_VALUE - 1),
          flags(random),
          random.nextLong(1L << random.nextInt(62)),
          random.nextLong(),
          random.nextLong(Long.MAX_VALUE));
    }
    return columns;
  }

  private static Flags flags(Random random) {
    TreeSet<String> keywords = new TreeSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      String letter = random.nextBoolean() ? "k" : "K";
      keywords.add(letter.repeat(1 + random.nextInt(254)) + random.nextInt(10));
    }
    return new Flags(random.nextInt(32), keywords);
  }

  private static void assertSame(MessageColumns is, MessageColumns expected) {
    assertThat(is).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(is.uid(i)).isEqualTo(expected.uid(i));
      assertThat(is.modSeq(i)).isEqualTo(expected.modSeq(i));
      assertThat(is.flags(i).system()).isEqualTo(expected.flags(i).system());
      assertThat(List.copyOf(is.flags(i).keywords()))
          .as("also upper and lower case")
          .isEqualTo(List.copyOf(expected.flags(i).keywords()));
      assertThat(is.octets(i)).isEqualTo(expected.octets(i));
      assertThat(is.date(i)).isEqualTo(expected.date(i));
      assertThat(is.body(i)).isEqualTo(expected.body(i));
    }
  }

  @Test
  void comesBackAsItWas() throws Exception {
    for (int messages : new int[] {1, 2, 100, 3000}) {
      Shelf written = shelf(wild(messages, messages));
      assertThat(write(written)).isTrue();
      Shelf read = read();
      assertSame(read.columns(), written.columns());
      assertThat(read.store()).isEqualTo(STORE);
      assertThat(read.mailbox()).isEqualTo(new MailboxId(7));
      assertThat(read.uidValidity()).isEqualTo(42);
      assertThat(read.uidNext()).isEqualTo(written.uidNext());
      assertThat(read.modSeq()).isEqualTo(Long.MAX_VALUE);
    }
  }

  @Test
  void emptyMailboxComesBack() throws Exception {
    assertThat(write(shelf(new MessageColumns()))).isTrue();
    assertThat(read().columns()).isEmpty();
  }

  @Test
  void moreSetsOfFlagsThanHaveNumbersComeBack() throws Exception {
    MessageColumns columns = new MessageColumns();
    for (int i = 1; i <= 3 * Shelf.NUMBERED_FLAGS_MAX; i++) {
      int which = i % (2 * Shelf.NUMBERED_FLAGS_MAX + 1);
      columns.append(i, i, Flags.of(Set.of(), Set.of("k" + which)), 1, 1, 1);
    }
    write(shelf(columns));
    assertSame(read().columns(), columns);
  }

  @Test
  void ordinaryMailTakesLittle() throws Exception {
    int messages = 200_000;
    write(shelf(ordinary(messages)));
    assertThat(Files.size(file())).isLessThan(9L * messages);
    assertSame(read().columns(), ordinary(messages));
  }

  @Test
  void flagsThatAreEqualAreShared() throws Exception {
    write(shelf(ordinary(1000)));
    Flags mine = Flags.of(SystemFlag.SEEN);
    Shelf read = ShelfReader.read(file(), flags -> flags.equals(mine) ? mine : flags);
    assertThat(read.columns().flags(0)).isSameAs(mine);
    assertThat(read.columns().flags(500)).isSameAs(mine);
  }

  @Test
  void refusesEveryFlippedBit() throws Exception {
    write(shelf(wild(5, 6)));
    byte[] whole = Files.readAllBytes(file());
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file(), flipped);
      assertThatIOException().as("bit %d", bit).isThrownBy(this::read);
    }
  }

  @Test
  void refusesEveryLength() throws Exception {
    write(shelf(wild(6, 20)));
    byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      assertThatIOException().as("%d octets", length).isThrownBy(this::read);
    }
    Files.write(file(), Arrays.copyOf(whole, whole.length + 1));
    assertThatIOException().as("an octet too much").isThrownBy(this::read);
  }

  @Test
  void refusesBlocksInAnotherOrder() throws Exception {
    write(shelf(ordinary(100_000)));
    byte[] whole = Files.readAllBytes(file());
    int first = Shelf.HEADER_OCTETS;
    int length = 8 + intAt(whole, first);
    byte[] swapped = whole.clone();
    int second = first + length;
    int other = 8 + intAt(whole, second);
    System.arraycopy(whole, second, swapped, first, other);
    System.arraycopy(whole, first, swapped, first + other, length);
    Files.write(file(), swapped);
    assertThatIOException().isThrownBy(this::read);
  }

  private static int intAt(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).getInt(at);
  }

  @Test
  void refusesMoreMessagesThanFitTheFile() throws Exception {
    Shelf shelf = shelf(ordinary(3));
    write(shelf);
    byte[] bytes = Files.readAllBytes(file());
    MessageColumns many = ordinary(1_000_000);
    byte[] header = shelf(many).header().array();
    System.arraycopy(header, 0, bytes, 0, header.length);
    Files.write(file(), bytes);
    assertThatIOException().isThrownBy(this::read).withMessageContaining("cannot have");
  }

  @Test
  void saysWhenThereIsNone() {
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(this::read);
  }

  @Test
  void givesUpBetweenBlocks() throws Exception {
    try (FileChannel out =
        FileChannel.open(file(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      assertThat(ShelfWriter.write(shelf(ordinary(100_000)), out, () -> true)).isFalse();
    }
    assertThat(Files.size(file())).isLessThan(Shelf.BLOCK_OCTETS);
  }
}
