package dev.postrider.server.net;

import java.util.ArrayDeque;
import java.util.zip.Deflater;

/**
 * Deflaters that compressed connections borrow while they write, and give back with each flush. One
 * has some 270 KB of memory that the garbage collector does not see, so it is not for connections
 * that wait for their peer.
 */
public final class Deflaters {

  /** Fast: a server sends what it has stored compressed, or will send once. RFC 4978 section 4. */
  private static final int LEVEL = 3;

  /** Kept for the next borrower: 4.5 MB. Others are ended. */
  private static final int KEPT_MAX = 16;

  private final ArrayDeque<Deflater> kept = new ArrayDeque<>();
  private int lent;

  /** As new, without zlib's header. RFC 4978 section 4. */
  Deflater take() {
    Deflater deflater;
    synchronized (kept) {
      deflater = kept.pollLast();
      lent++;
    }
    return deflater == null ? new Deflater(LEVEL, true) : deflater;
  }

  /** Whoever gives it back uses it no more. */
  void giveBack(Deflater deflater) {
    deflater.reset();
    synchronized (kept) {
      lent--;
      if (kept.size() < KEPT_MAX) {
        kept.addLast(deflater);
        return;
      }
    }
    deflater.end();
  }

  /** How many are in use now. */
  public int lent() {
    synchronized (kept) {
      return lent;
    }
  }
}
