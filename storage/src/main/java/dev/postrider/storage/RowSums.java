package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.Batch;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.ChangeCodec;
import dev.postrider.storage.sql.FrozenTables;
import dev.postrider.storage.sql.StandingRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells whether two stores have the same rows, in whatever order they are read: of each kind of row
 * the number, and the sum of their SHA-256. Where a body lies does not count, what it is does. The
 * numbers that were given last may differ, as a store may have given some in vain.
 */
final class RowSums {

  private record Sum(long rows, long high, long low) {
    Sum plus(ByteBuffer digest) {
      return new Sum(rows + 1, high + digest.getLong(), low + digest.getLong());
    }
  }

  /** Opens tables. */
  @FunctionalInterface
  interface Freezing {
    FrozenTables freeze() throws StoreException;
  }

  private final Map<String, Sum> sums = new TreeMap<>();
  private final MessageDigest digest;

  RowSums() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }

  static RowSums of(Freezing store) throws StoreException {
    RowSums sums = new RowSums();
    try (FrozenTables tables = store.freeze()) {
      StandingRows.read(tables, changes -> changes.forEach(sums::add));
    } catch (IOException e) {
      throw new StoreException(Kind.CORRUPT, "cannot read the tables: " + e.getMessage(), e);
    }
    return sums;
  }

  void add(Change change) {
    Change counted =
        switch (change) {
          case Change.BodyStored body ->
              new Change.BodyStored(
                  body.body(),
                  new BodyLocation(0, 0, body.location().octets(), body.location().crc()));
          case Change other -> other;
        };
    if (counted instanceof Change.NumbersGiven) {
      return;
    }
    byte[] encoded = ChangeCodec.encode(new Batch(Instant.EPOCH, List.of(counted)));
    sums.compute(
        counted.getClass().getSimpleName(),
        (kind, sum) ->
            (sum == null ? new Sum(0, 0, 0) : sum).plus(ByteBuffer.wrap(digest.digest(encoded))));
  }

  /** Throws CORRUPT, with the kind of row that differs. */
  void requireSame(RowSums other) throws StoreException {
    if (!sums.equals(other.sums)) {
      throw new StoreException(
          Kind.CORRUPT, "the rows are not the same: expected " + sums + ", found " + other.sums);
    }
  }
}
