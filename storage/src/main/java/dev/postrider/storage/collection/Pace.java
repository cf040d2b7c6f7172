package dev.postrider.storage.collection;

import dev.postrider.storage.StoreException;

/** How fast collection may go. */
@FunctionalInterface
public interface Pace {

  /** Waits as long as is due for so many octets. Throws CLOSED when the store is about to close. */
  void spent(long octets) throws StoreException;
}
