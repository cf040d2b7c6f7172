package dev.postrider.server.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Buffers that connections borrow while octets move, and give back before they wait. A connection
 * that waits for its peer holds none, so that memory follows the traffic and not the number of
 * connections.
 */
final class BufferPool {

  /**
   * Octets of a buffer: the largest record of TLS 1.2 with room to spare. RFC 5246 section 6.2.3
   * allows 2048 octets more than the 16384 of plain text, and 5 octets of header.
   */
  static final int BUFFER_OCTETS = 5 + 16_384 + 2_048 + 11;

  /** Buffers kept for the next borrower: 4.5 MB. Others are left to the garbage collector. */
  private static final int KEPT_MAX = 256;

  private final ArrayDeque<ByteBuffer> kept = new ArrayDeque<>();
  private int lent;

  ByteBuffer take() {
    ByteBuffer buffer;
    synchronized (kept) {
      buffer = kept.pollLast();
      lent++;
    }
    return buffer == null ? ByteBuffer.allocate(BUFFER_OCTETS) : buffer;
  }

  /** Only the thread that uses a buffer gives it back, and forgets it. */
  void giveBack(ByteBuffer buffer) {
    buffer.clear();
    synchronized (kept) {
      lent--;
      if (kept.size() < KEPT_MAX) {
        kept.addLast(buffer);
      }
    }
  }

  /** Buffers in use now, and those that went down with a broken connection. */
  int lent() {
    synchronized (kept) {
      return lent;
    }
  }
}
