package dev.postrider.storage.messages;

import dev.postrider.storage.changes.BodyLocation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Where bytes of messages are read from. Threads: any. */
public interface BodyOctets {

  /** Holds the bytes at {@code location}; empty when they are not there any more. */
  Optional<? extends Lease> lease(BodyId body, BodyLocation location) throws IOException;

  /** Bytes that stay readable until this is closed. Thread: one at a time. */
  interface Lease extends Closeable {

    /** Fills {@code bytes} from {@code offset}, which counts as that of the location does. */
    void read(long offset, ByteBuffer bytes) throws IOException;

    /** Reads some octets from {@code offset} on, of whatever is there; none where that is dear. */
    default void readAhead(long offset, ByteBuffer bytes) throws IOException {}
  }
}
