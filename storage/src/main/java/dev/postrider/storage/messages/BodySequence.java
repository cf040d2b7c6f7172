package dev.postrider.storage.messages;

import dev.postrider.storage.StoreException;

/**
 * Bodies for whoever reads many, one after another: what lies behind one another is read in one go.
 * What was opened of a body is to be read before the next body is. Thread: one at a time.
 */
@FunctionalInterface
public interface BodySequence {

  /** The bytes. Throws NOT_FOUND, CORRUPT. */
  MessageBody body(BodyId body) throws StoreException;
}
