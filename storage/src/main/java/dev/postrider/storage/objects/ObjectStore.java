package dev.postrider.storage.objects;

import dev.postrider.storage.messages.MessageSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;

/**
 * Octets under keys, kept by a service that several servers share. A key is put once and never
 * changed; it is of printable ASCII.
 *
 * <p>Every method blocks until the service answered or was tried often enough, and throws {@link
 * ObjectStoreException}.
 */
public interface ObjectStore extends AutoCloseable {

  /**
   * Puts, reads and deletes an object, so that an operator hears of what does not fit at the start
   * and not with the first message.
   */
  void requireUsable() throws IOException;

  /**
   * Returns when the service has said that it keeps it: from then on everybody finds it, and it
   * survives what the service promises to survive. When this throws, it may be there or not.
   *
   * @param body is read from its beginning as often as needed, and never held in memory
   * @throws IOException what {@code body} throws, as it is
   */
  void put(String key, MessageSource body) throws IOException;

  /**
   * A part of it. Beyond its end there is nothing. A connection that breaks is made again, and
   * reading goes on behind what was read.
   *
   * @param offset octets, from 0
   * @param length octets at most
   * @throws ObjectStoreException MISSING when there is no such object
   */
  InputStream open(String key, long offset, long length) throws IOException;

  /** Returns when none of them is there. Those that were not there do not matter. */
  void delete(Collection<String> keys) throws IOException;

  /**
   * What is there, in the order of the octets of the keys.
   *
   * @param after a key before all that are asked for; empty for the beginning
   * @return a number of them that the service finds right; none when there are no more
   */
  List<StoredObject> list(String after) throws IOException;

  @Override
  void close();
}
