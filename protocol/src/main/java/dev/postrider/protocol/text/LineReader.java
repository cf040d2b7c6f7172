package dev.postrider.protocol.text;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The single buffer between a connection and its session: lines, and the counted octets of literals
 * and chunks, from the same octets in the same order.
 *
 * <p>Invariants. Octets {@code buffer[position, limit)} have been read from the stream and not yet
 * given out; {@code buffer} is null only when there are none. {@code partial[0, partialLength)} is
 * the beginning of a line whose end has not come; it is never longer than the limit of the line
 * that is being read. A read of the stream that fails, such as by {@link
 * java.net.SocketTimeoutException}, changes neither, so the same call may be made again and loses
 * nothing. While {@code discarding} is set, what comes is the rest of a bad line and is thrown away
 * up to its end.
 *
 * <p>Memory: the buffer of {@value #BUFFER_OCTETS} octets comes into being with the first octet
 * after {@link #releaseBuffer}, so a connection that waits for its peer holds none.
 *
 * <p>Nothing is read past what is in the stream at that moment; {@link #buffered} says how much was
 * read ahead of what the session has used. Not thread-safe.
 */
public final class LineReader {

  /** Size of the buffer, and with it the most that is read ahead. */
  public static final int BUFFER_OCTETS = 8192;

  private static final byte[] NONE = new byte[0];
  private static final int PARTIAL_KEPT_MAX = BUFFER_OCTETS;

  private final InputStream in;
  private byte @Nullable [] buffer;
  private int position;
  private int limit;
  private byte[] partial = NONE;
  private int partialLength;
  private boolean discarding;
  private @Nullable LineTooLongException tooLong;

  /** Whether the last octet of the line so far was a CR; it is not in {@link #partial} then. */
  private boolean afterCr;

  public LineReader(InputStream in) {
    this.in = in;
  }

  /**
   * The next line without its ending, or null when the stream ends before one is complete.
   *
   * @param octetsMax the most octets of the line without its ending
   * @throws LineTooLongException when the line is longer; it has been read to its end
   * @throws BareLineEndingException when {@code ending} is strict and is not kept
   * @throws java.net.SocketTimeoutException from the stream; the call may be repeated
   */
  public byte @Nullable [] readLine(int octetsMax, LineEnding ending) throws IOException {
    while (true) {
      if (position == limit && !fill()) {
        partialLength = 0;
        return null;
      }
      if (discarding) {
        if (!discardToEnd(ending)) {
          continue;
        }
        if (tooLong != null) {
          LineTooLongException thrown = tooLong;
          tooLong = null;
          throw thrown;
        }
        continue;
      }
      int lineFeed = indexOfLineFeed();
      boolean ended =
          ending == LineEnding.STRICT
              ? takeStrict(lineFeed, octetsMax)
              : takeLoose(lineFeed, octetsMax);
      if (ended) {
        return takePartial();
      }
    }
  }

  /** Reads at least one octet, unless {@code length} is 0, and returns how many; -1 at the end. */
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == limit) {
      if (length >= BUFFER_OCTETS / 2) {
        return in.read(into, offset, length);
      }
      if (!fill()) {
        return -1;
      }
    }
    int count = copy(into, offset, length);
    position += count;
    return count;
  }

  /** Reads exactly {@code length} octets. Throws {@link EOFException} when there are fewer. */
  public void readFully(byte[] into, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int count = read(into, offset + done, length - done);
      if (count < 0) {
        throw new EOFException("stream ended " + (length - done) + " octets early");
      }
      done += count;
    }
  }

  /**
   * Throws {@code octets} octets away, waiting for them. Throws {@link EOFException} when there are
   * fewer.
   */
  public void skip(long octets) throws IOException {
    long left = octets;
    while (left > 0) {
      if (position == limit && !fill()) {
        throw new EOFException("stream ended " + left + " octets early");
      }
      int count = (int) Math.min(left, limit - position);
      position += count;
      left -= count;
    }
  }

  /**
   * Copies what comes next without using it up: at least one octet, waiting for it, at most {@code
   * length} and at most what is buffered. Returns how many, or -1 at the end. A caller that scans
   * for an end in the stream looks with this and takes with {@link #skip} what belongs to it.
   */
  public int peek(byte[] into, int offset, int length) throws IOException {
    if (position == limit && !fill()) {
      return -1;
    }
    return copy(into, offset, length);
  }

  /** The next octet, 0 to 255, without using it up; waits for it. -1 at the end. */
  public int peek() throws IOException {
    if (position == limit && !fill()) {
      return -1;
    }
    return buffer()[position] & 0xff;
  }

  /**
   * Octets that were read ahead. Must be 0 before a TLS handshake, for they came in the clear (RFC
   * 3207 section 4.2).
   */
  public int buffered() {
    return limit - position + partialLength + (afterCr ? 1 : 0);
  }

  /** Whether a whole line is buffered, so that reading it does not wait. */
  public boolean lineBuffered() {
    return indexOfLineFeed() >= 0;
  }

  /** Gives the buffer back when it is empty. For a session that is about to wait for its peer. */
  public void releaseBuffer() {
    if (position == limit) {
      buffer = null;
      position = 0;
      limit = 0;
    }
  }

  private byte[] buffer() {
    byte[] present = buffer;
    if (present == null) {
      throw new IllegalStateException("no buffer");
    }
    return present;
  }

  private int copy(byte[] into, int offset, int length) {
    int count = Math.min(length, limit - position);
    System.arraycopy(buffer(), position, into, offset, count);
    return count;
  }

  /** Waits for octets; called when the buffer is empty. False at the end of the stream. */
  private boolean fill() throws IOException {
    byte[] present = buffer;
    if (present == null) {
      // Waits with one octet in hand instead of 8 KB.
      int octet = in.read();
      if (octet < 0) {
        return false;
      }
      present = new byte[BUFFER_OCTETS];
      present[0] = (byte) octet;
      buffer = present;
      position = 0;
      limit = 1;
      return true;
    }
    int count = in.read(present, 0, present.length);
    if (count <= 0) {
      return false;
    }
    position = 0;
    limit = count;
    return true;
  }

  private int indexOfLineFeed() {
    byte[] present = buffer;
    if (present == null) {
      return -1;
    }
    for (int i = position; i < limit; i++) {
      if (present[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Takes up to the line feed, or all that is there when it has not come (-1). True at the end. */
  private boolean takeStrict(int lineFeed, int octetsMax) throws IOException {
    byte[] present = buffer();
    int end = lineFeed < 0 ? limit : lineFeed;
    if (afterCr) {
      afterCr = false;
      if (end != position || lineFeed < 0) {
        throw bare("CR without LF");
      }
      position++;
      return true;
    }
    int cr = indexOfCr(position, end);
    // Length first, so that it does not matter how much of the line has come.
    if (!append(present, position, cr < 0 ? end : cr, octetsMax)) {
      return false;
    }
    if (cr >= 0 && cr + 1 < end) {
      position = cr + 1;
      throw bare("CR without LF");
    }
    if (cr < 0 && lineFeed >= 0) {
      position = lineFeed + 1;
      throw bare("LF without CR");
    }
    afterCr = cr >= 0 && lineFeed < 0;
    position = lineFeed < 0 ? limit : lineFeed + 1;
    return lineFeed >= 0;
  }

  private boolean takeLoose(int lineFeed, int octetsMax) throws LineTooLongException {
    byte[] present = buffer();
    int end = lineFeed < 0 ? limit : lineFeed;
    // One more than allowed may be the CR of the ending.
    if (!append(present, position, end, octetsMax + 1)) {
      tooLong = new LineTooLongException(octetsMax);
      return false;
    }
    position = lineFeed < 0 ? limit : lineFeed + 1;
    if (lineFeed < 0) {
      return false;
    }
    if (partialLength > 0 && partial[partialLength - 1] == '\r') {
      partialLength--;
    }
    if (partialLength > octetsMax) {
      partialLength = 0;
      throw new LineTooLongException(octetsMax);
    }
    return true;
  }

  private int indexOfCr(int from, int to) {
    byte[] present = buffer();
    for (int i = from; i < to; i++) {
      if (present[i] == '\r') {
        return i;
      }
    }
    return -1;
  }

  private BareLineEndingException bare(String what) {
    partialLength = 0;
    discarding = true;
    return new BareLineEndingException(what);
  }

  /** Adds to the line so far; turns to discarding and says false when that makes it too long. */
  private boolean append(byte[] from, int start, int end, int octetsMax) {
    int length = end - start;
    if (length > octetsMax - partialLength) {
      partialLength = 0;
      discarding = true;
      tooLong = new LineTooLongException(octetsMax);
      return false;
    }
    if (partial.length < partialLength + length) {
      int wanted = Math.max(partialLength + length, Math.min(octetsMax, 2 * partial.length));
      partial = Arrays.copyOf(partial, wanted);
    }
    System.arraycopy(from, start, partial, partialLength, length);
    partialLength += length;
    return true;
  }

  private byte[] takePartial() {
    byte[] line = Arrays.copyOf(partial, partialLength);
    partialLength = 0;
    if (partial.length > PARTIAL_KEPT_MAX || position == limit) {
      partial = NONE;
    }
    return line;
  }

  /** Drops what is buffered up to the end of the bad line; true when that came. */
  private boolean discardToEnd(LineEnding ending) {
    byte[] present = buffer();
    while (position < limit) {
      byte octet = present[position++];
      if (octet == '\n' && (afterCr || ending == LineEnding.CRLF_OR_LF)) {
        afterCr = false;
        discarding = false;
        return true;
      }
      afterCr = octet == '\r';
    }
    return false;
  }
}
