package dev.postrider.server.imap;

import dev.postrider.testkit.dialog.Transport;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Plays a dialog compressed that knows nothing of it: behind each login it sends COMPRESS of its
 * own, and keeps the answer to itself. Not behind a login with which more was sent.
 */
final class CompressingTransport implements Transport {

  private static final String OWN_TAG = "zip";

  private final Transport plain;
  private final AtomicInteger compressed;
  private final Out out = new Out();
  private final In in = new In();

  /** What was written last; it and the deflater under the lock of this. */
  private String lastSent = "";

  private @Nullable Deflater deflater;
  private @Nullable Inflater inflater;

  /**
   * @param compressed counts how often compression began
   */
  CompressingTransport(Transport plain, AtomicInteger compressed) {
    this.plain = plain;
    this.compressed = compressed;
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public OutputStream out() {
    return out;
  }

  @Override
  public void startTls() throws IOException {
    plain.startTls();
    in.raw = null;
  }

  @Override
  public void closeOutput() throws IOException {
    plain.closeOutput();
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }

  private synchronized void compressBehind(String line) throws IOException {
    String tag = line.substring(0, line.indexOf(' ') + 1);
    if (!line.matches("(?s)\\S+ OK (\\[CAPABILITY .*] )?Logged in\r\n")
        || !lastSent.startsWith(tag)) {
      return;
    }
    plain.out().write((OWN_TAG + " COMPRESS DEFLATE\r\n").getBytes(StandardCharsets.US_ASCII));
    plain.out().flush();
    String answer = in.plainLine();
    if (!answer.equals(OWN_TAG + " OK Compress now\r\n")) {
      throw new IOException("to COMPRESS: " + answer);
    }
    deflater = new Deflater(6, true);
    inflater = new Inflater(true);
    compressed.incrementAndGet();
  }

  /** What the dialog says. */
  private final class Out extends FilterOutputStream {

    Out() {
      super(OutputStream.nullOutputStream());
    }

    @Override
    public void write(byte[] octets) throws IOException {
      synchronized (CompressingTransport.this) {
        lastSent = new String(octets, StandardCharsets.ISO_8859_1);
        Deflater active = deflater;
        if (active == null) {
          plain.out().write(octets);
          return;
        }
        active.setInput(octets);
        byte[] chunk = new byte[512];
        int count = active.deflate(chunk, 0, chunk.length, Deflater.SYNC_FLUSH);
        while (count > 0) {
          plain.out().write(chunk, 0, count);
          count = active.deflate(chunk, 0, chunk.length, Deflater.SYNC_FLUSH);
        }
        if (lastSent.matches("\\S+ UNAUTHENTICATE\r\n")) {
          active.end();
          deflater = null;
        }
      }
    }

    @Override
    public void flush() throws IOException {
      plain.out().flush();
    }
  }

  /** What the server says, line by line while it is plain. */
  private final class In extends InputStream {

    private final byte[] one = new byte[1];
    private final byte[] chunk = new byte[700];
    private @Nullable InputStream raw;
    private byte[] line = new byte[0];
    private int position;
    private int lastRead;

    @Override
    public int read() throws IOException {
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      while (position == line.length) {
        Inflater active = inflater;
        if (active != null) {
          int count = inflate(active, into, offset, length);
          if (count > 0) {
            return count;
          }
          if (inflater != null) {
            return -1;
          }
          continue;
        }
        String next = plainLine();
        if (next.isEmpty()) {
          return -1;
        }
        line = next.getBytes(StandardCharsets.ISO_8859_1);
        position = 0;
        compressBehind(next);
      }
      int count = Math.min(length, line.length - position);
      System.arraycopy(line, position, into, offset, count);
      position += count;
      return count;
    }

    private String plainLine() throws IOException {
      ByteArrayOutputStream octets = new ByteArrayOutputStream();
      int octet = raw().read();
      while (octet >= 0) {
        octets.write(octet);
        octet = octet == '\n' ? -1 : raw().read();
      }
      return octets.toString(StandardCharsets.ISO_8859_1);
    }

    private InputStream raw() {
      InputStream present = raw;
      if (present == null) {
        present = new BufferedInputStream(plain.in());
        raw = present;
      }
      return present;
    }

    private int inflate(Inflater active, byte[] into, int offset, int length) throws IOException {
      try {
        int count = active.inflate(into, offset, length);
        int read = 0;
        while (count == 0 && !active.finished() && read >= 0) {
          read = raw().read(chunk);
          if (read > 0) {
            lastRead = read;
            active.setInput(chunk, 0, read);
          }
          count = active.inflate(into, offset, length);
        }
        if (count == 0 && active.finished()) {
          int left = active.getRemaining();
          byte[] rest = Arrays.copyOfRange(chunk, lastRead - left, lastRead);
          raw = new SequenceInputStream(new ByteArrayInputStream(rest), raw());
          active.end();
          inflater = null;
        }
        return count;
      } catch (DataFormatException e) {
        throw new IOException(e);
      }
    }
  }
}
