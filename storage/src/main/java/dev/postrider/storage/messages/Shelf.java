package dev.postrider.storage.messages;

import dev.postrider.storage.mailboxes.MailboxId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A warm index as it is kept in a file: all messages of one mailbox, exactly as they were at one
 * MODSEQ. {@link ShelfWriter} and {@link ShelfReader} know what follows the header.
 *
 * <p>The header has 72 octets, big-endian, and all that follows it is checked together with it:
 *
 * <pre>
 *  0  magic 'POSTSHLF'
 *  8  format version
 * 12  number of messages
 * 16  id of the store
 * 32  id of the mailbox
 * 40  UIDVALIDITY
 * 48  UIDNEXT
 * 56  MODSEQ
 * 64  four octets 0
 * 68  CRC-32C of octets 0 to 67
 * </pre>
 */
record Shelf(
    UUID store,
    MailboxId mailbox,
    long uidValidity,
    long uidNext,
    long modSeq,
    MessageColumns columns) {

  static final int FORMAT = 1;
  static final int HEADER_OCTETS = 72;

  /** A block is ended when it has so many octets. */
  static final int BLOCK_OCTETS = 256 * 1024;

  /** No block is this long: it ends with a message, which takes less than 40 KiB. */
  static final int BLOCK_OCTETS_MAX = 512 * 1024;

  /** Sets of flags that have a number at the same time; then numbers begin anew. */
  static final int NUMBERED_FLAGS_MAX = 4096;

  /** A message takes no less: an octet for each of its six values. */
  static final int MESSAGE_OCTETS_MIN = 6;

  private static final long MAGIC = 0x504F535453484C46L;
  private static final int CHECKED_OCTETS = 68;

  /** Without what is in it. */
  record Header(
      UUID store, MailboxId mailbox, long uidValidity, long uidNext, long modSeq, int messages) {

    /** Empty when it is none, or damaged, or of another version. */
    static Optional<Header> decode(ByteBuffer in) {
      if (in.getLong(0) != MAGIC
          || in.getInt(CHECKED_OCTETS) != checksum(in)
          || in.getInt(8) != FORMAT) {
        return Optional.empty();
      }
      return Optional.of(
          new Header(
              new UUID(in.getLong(16), in.getLong(24)),
              new MailboxId(in.getLong(32)),
              in.getLong(40),
              in.getLong(48),
              in.getLong(56),
              in.getInt(12)));
    }
  }

  ByteBuffer header() {
    ByteBuffer out = ByteBuffer.allocate(HEADER_OCTETS);
    out.putLong(MAGIC).putInt(FORMAT).putInt(columns.size());
    out.putLong(store.getMostSignificantBits()).putLong(store.getLeastSignificantBits());
    out.putLong(mailbox.value()).putLong(uidValidity).putLong(uidNext).putLong(modSeq);
    out.putInt(CHECKED_OCTETS, checksum(out));
    return out.rewind();
  }

  private static int checksum(ByteBuffer buffer) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(0, CHECKED_OCTETS));
    return (int) crc.getValue();
  }
}
