package dev.postrider.server.imap;

import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A command about very many messages, done with some of them at a time: {@code STORE 1:* +FLAGS
 * (\\Seen)} among a million is a hundred octets from the client and would be gigabytes here. What
 * is done with one piece is on the disk before the next one begins; the tagged reply comes after
 * all. IMAP allows that where messages are changed one by one, so not for COPY.
 */
final class Pieces {

  /**
   * Up to so many messages are one piece, and one commit; each takes about 500 octets meanwhile.
   */
  private static final int TOGETHER_MAX = 10_000;

  /**
   * Messages of a piece when there are more: fewer than the changes that a warm index remembers, so
   * that to tell what came of one is not to look at the whole mailbox.
   */
  private static final int PIECE = 4000;

  /** Messages of the first piece where few of them may be enough. */
  private static final int FIRST_PIECE = 250;

  private Pieces() {}

  /** Does something with some of the positions. */
  @FunctionalInterface
  interface Piece {
    void at(int[] positions) throws IOException, StoreException;
  }

  /** Looks at some of the positions, which ascend; returns whether there is more to look for. */
  @FunctionalInterface
  interface Look {
    boolean at(int[] positions) throws IOException, StoreException;
  }

  /** Only looks at messages, or removes them: nothing is told in between. */
  static void of(int[] positions, Piece piece) throws IOException, StoreException {
    each(positions, piece, () -> {});
  }

  /**
   * The same when flags are changed: the client is told in between what else happened. So what this
   * session need not tell again is only kept for one piece. Positions stay what they are, as
   * nothing is said to be expunged.
   */
  static void ofChanged(int[] positions, ImapSession session, Piece piece)
      throws IOException, StoreException {
    each(positions, piece, () -> session.notifications().refresh(false, false));
  }

  /**
   * Only looks at messages: at all {@code count} positions, from the lowest on, until there is
   * nothing more to look for.
   */
  static void upwards(int count, Look look) throws IOException, StoreException {
    int from = 0;
    int to = Math.min(count, FIRST_PIECE);
    while (from < to && look.at(IntStream.range(from, to).toArray())) {
      from = to;
      to = Math.min(count, from + PIECE);
    }
  }

  /** The same from the highest on. Within a piece they ascend all the same. */
  static void downwards(int count, Look look) throws IOException, StoreException {
    int to = count;
    int from = Math.max(0, to - FIRST_PIECE);
    while (from < to && look.at(IntStream.range(from, to).toArray())) {
      to = from;
      from = Math.max(0, to - PIECE);
    }
  }

  private interface Between {
    void pause() throws IOException;
  }

  private static void each(int[] positions, Piece piece, Between between)
      throws IOException, StoreException {
    int some = positions.length <= TOGETHER_MAX ? TOGETHER_MAX : PIECE;
    for (int from = 0; from < positions.length; from += some) {
      if (from > 0) {
        between.pause();
      }
      piece.at(Arrays.copyOfRange(positions, from, Math.min(positions.length, from + some)));
    }
  }
}
