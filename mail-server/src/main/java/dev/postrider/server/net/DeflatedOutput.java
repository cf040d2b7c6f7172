package dev.postrider.server.net;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses what is written to it: raw DEFLATE (RFC 1951), in which the peer can read everything
 * that was written before a {@link #flush}.
 *
 * <p>Invariants. {@code plain[0, compressed)} is the last that went through a deflater, {@code
 * plain[compressed, end)} has not been through one. A deflater is borrowed from the first octet
 * that it takes to the next flush, which ends on an octet. The next one is another, or starts anew;
 * it is told what is in {@code plain[0, compressed)}, which the peer has before it as well, so that
 * it may refer to it. So a connection that waits has {@value #PLAIN_OCTETS} octets here and no
 * deflater, and compresses short responses nearly as well as with one of its own.
 *
 * <p>One thread at a time.
 */
final class DeflatedOutput extends OutputStream {

  /** What is remembered of what was sent, at most as far back as DEFLATE refers (32 KB). */
  private static final int HISTORY_OCTETS = 8192;

  private static final int PLAIN_OCTETS = 2 * HISTORY_OCTETS;
  private static final int CHUNK_OCTETS = 4096;

  private final OutputStream out;
  private final Deflaters deflaters;
  private final byte[] plain = new byte[PLAIN_OCTETS];
  private int compressed;
  private int end;
  private @Nullable Deflater borrowed;
  private boolean over;
  private long octetsTaken;
  private long octetsGiven;

  DeflatedOutput(OutputStream out, Deflaters deflaters) {
    this.out = out;
    this.deflaters = deflaters;
  }

  @Override
  public void write(int octet) throws IOException {
    makeRoom();
    plain[end++] = (byte) octet;
    octetsTaken++;
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, from.length);
    int done = 0;
    while (done < length) {
      makeRoom();
      int count = Math.min(length - done, PLAIN_OCTETS - end);
      System.arraycopy(from, offset + done, plain, end, count);
      end += count;
      done += count;
    }
    octetsTaken += length;
  }

  /** Does nothing when nothing was written: each flush costs the peer some octets. */
  @Override
  public void flush() throws IOException {
    if (over) {
      throw new IOException("compression has ended");
    }
    if (borrowed != null || end > compressed) {
      compress(Deflater.SYNC_FLUSH);
      giveBack();
    }
    out.flush();
  }

  /** Ends the stream with a block that says so, and flushes. Nothing is written after it. */
  void finish() throws IOException {
    Deflater deflater = borrow();
    deflater.finish();
    compress(Deflater.NO_FLUSH);
    end();
    out.flush();
  }

  /** Nothing is written after it. May be called twice. */
  void end() {
    over = true;
    giveBack();
  }

  /** Octets that were written to it. */
  long octetsTaken() {
    return octetsTaken;
  }

  /** Octets that it has made of them. */
  long octetsGiven() {
    return octetsGiven;
  }

  private void makeRoom() throws IOException {
    if (over) {
      throw new IOException("compression has ended");
    }
    if (end == PLAIN_OCTETS) {
      compress(Deflater.NO_FLUSH);
      System.arraycopy(plain, end - HISTORY_OCTETS, plain, 0, HISTORY_OCTETS);
      compressed = HISTORY_OCTETS;
      end = HISTORY_OCTETS;
    }
  }

  private void compress(int flush) throws IOException {
    Deflater deflater = borrow();
    deflater.setInput(plain, compressed, end - compressed);
    byte[] chunk = new byte[CHUNK_OCTETS];
    int count = deflater.deflate(chunk, 0, CHUNK_OCTETS, flush);
    while (count > 0) {
      octetsGiven += count;
      out.write(chunk, 0, count);
      count = deflater.deflate(chunk, 0, CHUNK_OCTETS, flush);
    }
    compressed = end;
  }

  private Deflater borrow() {
    Deflater present = borrowed;
    if (present == null) {
      present = deflaters.take();
      borrowed = present;
      int from = Math.max(0, compressed - HISTORY_OCTETS);
      present.setDictionary(plain, from, compressed - from);
    }
    return present;
  }

  private void giveBack() {
    Deflater present = borrowed;
    if (present != null) {
      borrowed = null;
      deflaters.giveBack(present);
    }
  }
}
