package dev.postrider.server.net;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * What the peer sends as raw DEFLATE (RFC 1951).
 *
 * <p>Invariants. At most {@value #RAW_OCTETS} octets are read ahead, and no more of them is
 * inflated than is asked for: whatever they grow to, it does not collect here. The inflater is
 * given octets up to the next flush of the peer and not beyond, so what follows a flush is still
 * what came over the wire and can be plain text, {@link #rest}. A flush ends with an empty stored
 * block, whose last four octets are 00 00 FF FF; where these come by chance, the inflater gets its
 * octets in two pieces.
 *
 * <p>The inflater has some 40 KB of memory that the garbage collector does not see, also while it
 * waits: the peer may refer to the last 32 KB that it sent.
 *
 * <p>One thread at a time.
 */
final class InflatedInput extends InputStream {

  private static final int RAW_OCTETS = 2048;
  private static final int FLUSHED = 0x0000_FFFF;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final byte[] raw = new byte[RAW_OCTETS];

  /** Up to here the inflater has been given the octets, and has used them when it asks for more. */
  private int given;

  private int limit;
  private int lastFourGiven = -1;

  InflatedInput(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * @throws ZipException when it is not DEFLATE
   */
  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    int count = inflate(into, offset, length);
    while (count == 0) {
      if (inflater.finished() || !give()) {
        return -1;
      }
      count = inflate(into, offset, length);
    }
    return count;
  }

  /**
   * What has been read of what follows the compressed octets; nothing is inflated after it. Waits
   * for the end of the flush that the last octet read came with, or of the stream.
   *
   * @throws ZipException when there is something before that end that was not read
   */
  byte[] rest() throws IOException {
    byte[] one = new byte[1];
    while (true) {
      if (inflate(one, 0, 1) > 0) {
        throw new ZipException("more is compressed than was expected");
      }
      if (inflater.finished() || (inflater.getRemaining() == 0 && lastFourGiven == FLUSHED)) {
        return Arrays.copyOfRange(raw, given - inflater.getRemaining(), limit);
      }
      if (!give()) {
        throw new EOFException("the compressed stream ends within a flush");
      }
    }
  }

  /** Nothing is read after it. May be called twice. */
  void end() {
    inflater.end();
  }

  /** Octets that were inflated. */
  long octetsTaken() {
    return inflater.getBytesRead();
  }

  /** Octets that they became. */
  long octetsGiven() {
    return inflater.getBytesWritten();
  }

  private int inflate(byte[] into, int offset, int length) throws ZipException {
    try {
      return inflater.inflate(into, offset, length);
    } catch (DataFormatException e) {
      throw new ZipException("not DEFLATE: " + e.getMessage());
    }
  }

  /** Gives the inflater more, and waits for it if need be. False: there is no more. */
  private boolean give() throws IOException {
    if (given == limit) {
      int count = in.read(raw, 0, RAW_OCTETS);
      if (count < 0) {
        return false;
      }
      given = 0;
      limit = count;
    }
    int from = given;
    do {
      lastFourGiven = (lastFourGiven << 8) | (raw[given++] & 0xff);
    } while (given < limit && lastFourGiven != FLUSHED);
    inflater.setInput(raw, from, given - from);
    return true;
  }
}
