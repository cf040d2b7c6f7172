package dev.postrider.storage;

import dev.postrider.storage.changes.Change;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.sql.FrozenTables;
import java.time.InstantSource;
import java.util.List;

/** An empty store that is filled: wholly, or not at all. */
interface MigrationTarget {

  /**
   * A body that is to be there.
   *
   * @param id in the source, and in the target
   */
  record Body(BodyId id, MessageSource content, int crc) {}

  /** Takes what is to be there. Thread: one. */
  interface Writer {
    /** In the order of their numbers, which stay: clients know messages by them. */
    void writeBodies(List<Body> bodies) throws StoreException;

    void write(List<Change> changes) throws StoreException;

    /** Throws CORRUPT when what was written is not sound. */
    void verify(Progress progress) throws StoreException;

    /** The tables with all that was written. */
    FrozenTables freeze() throws StoreException;
  }

  /** Fills the target. */
  @FunctionalInterface
  interface Filling<T> {
    T fill(Writer writer) throws StoreException;
  }

  /**
   * Has {@code filling} fill it. When that throws, the target is as it was.
   *
   * @throws StoreException REFUSED when it is not empty
   */
  <T> T fill(Filling<T> filling) throws StoreException;

  static MigrationTarget of(StorePlace place, InstantSource clock) {
    return switch (place) {
      case StorePlace.Local local -> new LocalTarget(local.directory(), clock);
      case StorePlace.Shared shared -> new SharedTarget(shared.settings());
    };
  }
}
