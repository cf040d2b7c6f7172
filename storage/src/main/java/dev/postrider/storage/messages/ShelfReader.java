package dev.postrider.storage.messages;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

/** Reads what {@link ShelfWriter} wrote. Thread: one. */
final class ShelfReader {

  private final DataInputStream in;
  private final Shelf.Header header;
  private final UnaryOperator<Flags> intern;
  private final CRC32C crc = new CRC32C();
  private final MessageColumns columns;
  private final List<Flags> numbered = new ArrayList<>();
  private byte[] block = new byte[0];
  private int at;
  private long uid;
  private long modSeq;
  private long date;
  private long body;

  private ShelfReader(
      DataInputStream in, Shelf.Header header, ByteBuffer bytes, UnaryOperator<Flags> intern) {
    this.in = in;
    this.header = header;
    this.intern = intern;
    this.columns = new MessageColumns(header.messages());
    crc.update(bytes);
  }

  /**
   * Reads all of {@code path}; what comes back was written so, whole.
   *
   * @param intern gives the one that is shared among all that are equal
   * @throws IOException with the reason: NoSuchFileException when there is none
   */
  static Shelf read(Path path, UnaryOperator<Flags> intern) throws IOException {
    try (InputStream file = Files.newInputStream(path)) {
      // A block is read at once, so nothing between is of use.
      DataInputStream in = new DataInputStream(file);
      byte[] bytes = in.readNBytes(Shelf.HEADER_OCTETS);
      if (bytes.length < Shelf.HEADER_OCTETS) {
        throw new IOException("it ends too early");
      }
      Shelf.Header header =
          Shelf.Header.decode(ByteBuffer.wrap(bytes))
              .orElseThrow(() -> new IOException("its header is damaged or of another version"));
      if (header.messages() < 0
          || header.messages() > Files.size(path) / Shelf.MESSAGE_OCTETS_MIN) {
        throw new IOException("it cannot have " + header.messages() + " messages");
      }
      return new ShelfReader(in, header, ByteBuffer.wrap(bytes), intern).read();
    } catch (EOFException e) {
      throw new IOException("it ends too early", e);
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("a block ends in the midst of a message", e);
    }
  }

  private Shelf read() throws IOException {
    while (nextBlock()) {
      while (at < block.length) {
        message();
      }
    }
    if (in.read() >= 0 || columns.size() != header.messages()) {
      throw new IOException("it has not " + header.messages() + " messages");
    }
    return new Shelf(
        header.store(),
        header.mailbox(),
        header.uidValidity(),
        header.uidNext(),
        header.modSeq(),
        columns);
  }

  private boolean nextBlock() throws IOException {
    int length = in.readInt();
    int expected = in.readInt();
    if (length < 0 || length > Shelf.BLOCK_OCTETS_MAX) {
      throw new IOException("it is damaged: a block of " + length + " octets");
    }
    block = in.readNBytes(length);
    at = 0;
    crc.update(ByteBuffer.allocate(4).putInt(length).flip());
    crc.update(block);
    if (block.length < length || (int) crc.getValue() != expected) {
      throw new IOException("it is damaged: the block before message " + (columns.size() + 1));
    }
    return length > 0;
  }

  private void message() throws IOException {
    long step = number();
    uid += step;
    modSeq += difference();
    Flags flags = flags();
    long octets = number();
    date += difference();
    body += difference();
    if (step <= 0
        || uid >= header.uidNext()
        || modSeq > header.modSeq()
        || columns.size() == header.messages()) {
      throw new IOException("it contradicts itself at UID " + uid);
    }
    columns.append(uid, modSeq, flags, octets, date, body);
  }

  private Flags flags() {
    int number = (int) number();
    if (number != numbered.size()) {
      return numbered.get(number);
    }
    int system = (int) number();
    long keywords = number();
    TreeSet<String> names = new TreeSet<>();
    for (long i = 0; i < keywords; i++) {
      names.add(text());
    }
    if (numbered.size() == Shelf.NUMBERED_FLAGS_MAX) {
      numbered.clear();
    }
    Flags flags = intern.apply(new Flags(system, names));
    numbered.add(flags);
    return flags;
  }

  private long difference() {
    long value = number();
    return (value >>> 1) ^ -(value & 1);
  }

  private long number() {
    long value = 0;
    int shift = 0;
    byte octet;
    do {
      octet = block[at++];
      value |= (octet & 0x7FL) << shift;
      shift += 7;
    } while (octet < 0 && shift < 64);
    return value;
  }

  private String text() {
    int length = (int) number();
    String text = new String(block, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }
}
