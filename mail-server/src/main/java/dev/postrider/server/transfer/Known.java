package dev.postrider.server.transfer;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * What a folder held when its import began, so that nothing is filed twice.
 *
 * <p>Two messages are the same when their octets are: length and SHA-256. They are counted: when
 * the source has a message three times and the folder once, two more are filed, and filing them
 * again finds all three. The internal date does not count, because a copy of a Maildir has other
 * dates; nor do flags, which people change.
 *
 * <p>A message that is there is read at most once, and only when one of its length comes in; those
 * behind the last that matched come first, for a source is mostly in the order of the folder, and
 * so the store is read from its begin to its end. Memory is about 70 octets for each message of the
 * folder, whatever their lengths.
 */
final class Known {

  /** Opens the text of a stored message. */
  interface Bodies {
    InputStream open(BodyId body) throws IOException, StoreException;
  }

  private static final int INDEX_BITS = 31;
  private static final long OCTETS_MASK = 0xFFFF_FFFFL;

  private final Bodies bodies;

  /** Octets and index of each message in one number, ascending; so those of a length are a run. */
  private final long[] byOctets;

  private final long[] bodyIds;

  /** By the place in {@link #byOctets}: whether its digest is among {@link #digests}. */
  private final BitSet read = new BitSet();

  /** Index of the message that was read last. */
  private int last;

  private final DigestCounts digests;

  Known(List<Message> messages, Bodies bodies) {
    this.bodies = bodies;
    byOctets = new long[messages.size()];
    bodyIds = new long[messages.size()];
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      byOctets[i] = (message.octets() & OCTETS_MASK) << INDEX_BITS | i;
      bodyIds[i] = message.body().value();
    }
    Arrays.sort(byOctets);
    digests = new DigestCounts(messages.size());
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /** Whether the folder had one more of these; if so, it has one less now. */
  boolean take(long octets, byte[] digest) throws IOException, StoreException {
    if (digests.take(digest)) {
      return true;
    }
    int from = place(octets, 0);
    int to = place(octets + 1, 0);
    int middle = place(octets, last);
    return readUntil(digest, middle, to) || readUntil(digest, from, middle);
  }

  /** The first place of messages of so many octets whose index is {@code index} or higher. */
  private int place(long octets, int index) {
    int place = Arrays.binarySearch(byOctets, (octets & OCTETS_MASK) << INDEX_BITS | index);
    return place >= 0 ? place : -place - 1;
  }

  /** Reads what was not read of these places until the digest turns up. */
  private boolean readUntil(byte[] digest, int from, int to) throws IOException, StoreException {
    for (int i = read.nextClearBit(from); i < to; i = read.nextClearBit(i + 1)) {
      read.set(i);
      last = (int) (byOctets[i] & ((1L << INDEX_BITS) - 1));
      byte[] found = digestOf(new BodyId(bodyIds[last]));
      digests.add(found);
      if (Arrays.equals(found, digest)) {
        return digests.take(digest);
      }
    }
    return false;
  }

  private byte[] digestOf(BodyId body) throws IOException, StoreException {
    MessageDigest digest = digest();
    try (InputStream text = bodies.open(body)) {
      new DigestInputStream(text, digest).transferTo(OutputStream.nullOutputStream());
    }
    return digest.digest();
  }
}
