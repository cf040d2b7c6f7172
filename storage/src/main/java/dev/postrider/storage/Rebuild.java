package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.log.Recovery;
import dev.postrider.storage.snapshot.SnapshotFile;
import dev.postrider.storage.snapshot.Snapshots;
import dev.postrider.storage.sql.Projection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fills tables: from a snapshot, and from the log behind it. Many batches go into one transaction,
 * as there are millions of them.
 */
final class Rebuild {

  /** Changes, by their weight. */
  private static final int REPLAYED_TOGETHER = 1000;

  private Rebuild() {}

  /** Fills empty tables from the newest snapshot that is whole; returns where it stands. */
  static LogPosition load(Snapshots snapshots, Projection projection) throws StoreException {
    Optional<SnapshotFile> snapshot = snapshots.newestWhole();
    if (snapshot.isEmpty()) {
      return LogPosition.START;
    }
    load(snapshot.get(), projection);
    return snapshot.get().position();
  }

  static void load(SnapshotFile snapshot, Projection projection) throws StoreException {
    try {
      snapshot.read(changes -> projection.apply(changes, LogPosition.START));
    } catch (IOException e) {
      throw new StoreException(
          Kind.CORRUPT, "snapshot " + snapshot.path() + ": " + e.getMessage(), e);
    }
    projection.apply(List.of(), snapshot.position());
    projection.count();
  }

  /** The same, when nobody knows up to where the log was on the disk. */
  static LogPosition replay(Recovery recovery, LogPosition from, Projection projection)
      throws StoreException {
    return replay(recovery, from, from, projection);
  }

  /** Replays the log from {@code from} on; returns its end. See {@link Recovery#run}. */
  static LogPosition replay(
      Recovery recovery, LogPosition from, LogPosition durable, Projection projection)
      throws StoreException {
    List<Change> gathered = new ArrayList<>();
    int[] weight = {0};
    LogPosition end =
        recovery.run(
            from,
            durable,
            (batch, after) -> {
              gathered.addAll(batch.changes());
              weight[0] += batch.changes().stream().mapToInt(Change::weight).sum();
              if (weight[0] >= REPLAYED_TOGETHER) {
                weight[0] = 0;
                projection.apply(gathered, after);
                gathered.clear();
              }
            });
    projection.apply(gathered, end);
    projection.count();
    return end;
  }
}
