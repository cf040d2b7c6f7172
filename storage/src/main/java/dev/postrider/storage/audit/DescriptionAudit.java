package dev.postrider.storage.audit;

import dev.postrider.protocol.message.DescriptionCodec;
import dev.postrider.protocol.message.MalformedDescriptionException;
import dev.postrider.protocol.message.MessageDescription;
import dev.postrider.storage.changes.BodyDescription;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Descriptions;
import dev.postrider.storage.messages.MessageSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Compares what is stored of bodies with what is found in their bytes now.
 *
 * <p>A body without a description is none of its findings: those of earlier programs are described
 * by and by. That a row is missing which was there, the comparison with the log finds. A row of
 * another version is compared as far as any version goes: the header's checksum. The preview is not
 * compared, as charsets differ between runtimes.
 */
final class DescriptionAudit {

  /** Fills a buffer from an offset of the body. */
  @FunctionalInterface
  interface Reader {
    void read(long offset, ByteBuffer bytes) throws IOException;
  }

  private DescriptionAudit() {}

  /**
   * What is wrong with the description of a body, in words.
   *
   * @param octets of the body, whose checksum was seen to be right
   */
  static Optional<String> wrong(BodyId id, BodyDescription stored, long octets, Reader reader)
      throws IOException {
    return isSame(stored, Descriptions.of(new Body(octets, reader)))
        ? Optional.empty()
        : Optional.of("the description of body " + id.value() + " is not that of its bytes");
  }

  private static boolean isSame(BodyDescription stored, BodyDescription found) {
    if (stored.version() != found.version()) {
      // What the header is, no version changes.
      return stored.headerOctets() == found.headerOctets()
          && stored.headerCrc() == found.headerCrc();
    }
    if (stored.equals(found)) {
      return true;
    }
    try {
      MessageDescription left = DescriptionCodec.decode(stored.octets());
      MessageDescription right = DescriptionCodec.decode(found.octets());
      return stored.headerCrc() == found.headerCrc()
          && stored.headerOctets() == found.headerOctets()
          && left.structure().equals(right.structure())
          && left.references().equals(right.references());
    } catch (MalformedDescriptionException e) {
      return false;
    }
  }

  private record Body(long octets, Reader reader) implements MessageSource {
    @Override
    public InputStream open() {
      return new BodyStream(this);
    }
  }

  private static final class BodyStream extends InputStream {
    private final Body body;
    private long at;

    BodyStream(Body body) {
      this.body = body;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = (int) Math.min(length, body.octets() - at);
      if (count <= 0) {
        return length == 0 ? 0 : -1;
      }
      body.reader().read(at, ByteBuffer.wrap(into, offset, count).slice());
      at += count;
      return count;
    }
  }
}
