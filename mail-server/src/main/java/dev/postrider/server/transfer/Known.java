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
 * <p>A message that is there is read at most once, and only when one of its length comes in. Memory
 * is about 90 octets for each message of the folder, whatever their lengths.
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

  /** By the place in {@link #byOctets} where a run begins: whether its digests were made. */
  private final BitSet read = new BitSet();

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
    long wanted = (octets & OCTETS_MASK) << INDEX_BITS;
    int place = Arrays.binarySearch(byOctets, wanted);
    int first = place >= 0 ? place : -place - 1;
    if (first == byOctets.length || byOctets[first] >>> INDEX_BITS != wanted >>> INDEX_BITS) {
      return false;
    }
    if (!read.get(first)) {
      read.set(first);
      readRun(first);
    }
    return digests.take(digest);
  }

  private void readRun(int first) throws IOException, StoreException {
    long octets = byOctets[first] >>> INDEX_BITS;
    MessageDigest digest = digest();
    for (int i = first; i < byOctets.length && byOctets[i] >>> INDEX_BITS == octets; i++) {
      int index = (int) (byOctets[i] & ((1L << INDEX_BITS) - 1));
      try (InputStream text = bodies.open(new BodyId(bodyIds[index]))) {
        new DigestInputStream(text, digest).transferTo(OutputStream.nullOutputStream());
      }
      digests.add(digest.digest());
    }
  }
}
