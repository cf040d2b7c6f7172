package dev.postrider.server.imap;

import dev.postrider.protocol.imap.FetchItem;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.message.Part;
import dev.postrider.protocol.message.TransferEncoding;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * A part of a message without its transfer encoding. RFC 3516.
 *
 * <p>How many octets there are, and whether NUL is among them, is said before the first of them; so
 * they are decoded twice, and never held. The message itself, and parts that hold others, are as
 * they are: what is encoded is in them (RFC 2045 section 6.4).
 */
final class DecodedPart {

  private static final int BLOCK_OCTETS = 16 * 1024;

  private final MessageContent content;
  private final long offset;
  private final long octets;
  private final TransferEncoding encoding;
  private final boolean text;

  private DecodedPart(
      MessageContent content, long offset, long octets, TransferEncoding encoding, boolean text) {
    this.content = content;
    this.offset = offset;
    this.octets = octets;
    this.encoding = encoding;
    this.text = text;
  }

  /** Some of the octets: from where, how many, and whether NUL is among them. */
  record Extent(long from, long octets, boolean nul) {}

  /** Empty when the message has no such part. */
  static Optional<DecodedPart> of(MessageContent content, List<Integer> numbers)
      throws IOException, StoreException, UnknownEncodingException {
    if (numbers.isEmpty()) {
      return Optional.of(
          new DecodedPart(content, 0, content.octets(), TransferEncoding.BINARY, false));
    }
    Optional<Part> found = content.structure().find(numbers);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Part part = found.get();
    TransferEncoding encoding =
        part.isMultipart()
            ? TransferEncoding.BINARY
            : TransferEncoding.of(part.encoding()).orElseThrow(UnknownEncodingException::new);
    return Optional.of(
        new DecodedPart(content, part.bodyOffset(), part.bodyOctets(), encoding, part.isText()));
  }

  /** Octets of all of it. */
  long size() throws IOException {
    boolean same = !encoding.isEncoding() && !(text && encoding != TransferEncoding.BINARY);
    return same ? octets : extent(Optional.empty()).octets();
  }

  /** What {@code partial} means of it, or all of it. */
  Extent extent(Optional<FetchItem.Partial> partial) throws IOException {
    long from = partial.map(FetchItem.Partial::offset).orElse(0L);
    long octetsMax = partial.map(FetchItem.Partial::octets).orElse(Long.MAX_VALUE);
    boolean nul = false;
    long seen = 0;
    byte[] block = new byte[BLOCK_OCTETS];
    try (InputStream in = open()) {
      skip(in, from, block);
      while (seen < octetsMax) {
        int count = in.read(block, 0, (int) Math.min(block.length, octetsMax - seen));
        if (count < 0) {
          break;
        }
        for (int i = 0; i < count && !nul; i++) {
          nul = block[i] == 0;
        }
        seen += count;
      }
    }
    return new Extent(from, seen, nul);
  }

  /** As a string, which has no NUL, or else as literal8. */
  void write(Extent extent, ImapWriter writer) throws IOException {
    if (extent.nul()) {
      writer.literal8Head(extent.octets());
    } else {
      writer.literalHead(extent.octets());
    }
    try (InputStream in = open()) {
      skip(in, extent.from(), new byte[BLOCK_OCTETS]);
      writer.octets(in, extent.octets());
    }
  }

  private InputStream open() throws IOException {
    InputStream in = content.open(offset, octets);
    return text ? encoding.decodeText(in) : encoding.decode(in);
  }

  private static void skip(InputStream in, long octets, byte[] block) throws IOException {
    long left = octets;
    while (left > 0) {
      int count = in.read(block, 0, (int) Math.min(block.length, left));
      if (count < 0) {
        return;
      }
      left -= count;
    }
  }
}
