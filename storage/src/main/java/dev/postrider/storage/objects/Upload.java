package dev.postrider.storage.objects;

import dev.postrider.storage.messages.MessageSource;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;

/**
 * Reads a body for the library, again for each attempt. It closes what the library leaves open, and
 * remembers what went wrong in the body itself: that is not the fault of the service.
 */
final class Upload implements ContentStreamProvider, Closeable {

  private static final int CHUNK_OCTETS = 64 * 1024;

  private final MessageSource body;
  private @Nullable InputStream open;
  private @Nullable IOException failed;

  Upload(MessageSource body) {
    this.body = body;
  }

  /** CRC-32C of the whole body, as the header wants it: big-endian, in Base64. */
  String checksum() throws IOException {
    CRC32C crc = new CRC32C();
    long octets = 0;
    byte[] chunk = new byte[CHUNK_OCTETS];
    try (InputStream in = body.open()) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        crc.update(chunk, 0, count);
        octets += count;
      }
    }
    if (octets != body.octets()) {
      throw new IOException("a body of " + body.octets() + " octets has " + octets);
    }
    return Base64.getEncoder()
        .encodeToString(ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array());
  }

  @Override
  public InputStream newStream() {
    try {
      close();
      InputStream stream = new Watched(body.open());
      open = stream;
      return stream;
    } catch (IOException e) {
      failed = e;
      throw new UncheckedIOException(e);
    }
  }

  /** Throws what the body threw. */
  void throwFailure() throws IOException {
    if (failed != null) {
      throw failed;
    }
  }

  @Override
  public void close() throws IOException {
    InputStream stream = open;
    open = null;
    if (stream != null) {
      stream.close();
    }
  }

  private final class Watched extends FilterInputStream {
    Watched(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (IOException e) {
        failed = e;
        throw e;
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        failed = e;
        throw e;
      }
    }
  }
}
