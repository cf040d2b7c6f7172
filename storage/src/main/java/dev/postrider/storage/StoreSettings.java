package dev.postrider.storage;

import dev.postrider.storage.log.LogFiles;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * How a local store works. {@link #defaults} is what the measurements in docs/storage.md were made
 * with.
 *
 * @param segmentOctets a segment of the log is ended when it is this long
 * @param checkpointInterval how often the projection is forced to disk; a start replays the log of
 *     about twice this time
 * @param reserveOctets of the disk that new messages leave free, so that mail can be deleted and
 *     the projection written when nothing else goes any more
 * @param onFatal is told, once, that the disk or the projection failed and nobody knows what is on
 *     the disk: the process is to end, and the next start recovers
 * @param disk between the store and its disk
 */
public record StoreSettings(
    long segmentOctets,
    Duration checkpointInterval,
    long reserveOctets,
    Consumer<StoreException> onFatal,
    StoreDisk disk) {

  private static final long SEGMENT_OCTETS = 128L * 1024 * 1024;
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofMillis(500);
  private static final long RESERVE_OCTETS = 64L * 1024 * 1024;

  public static StoreSettings defaults() {
    return new StoreSettings(
        SEGMENT_OCTETS, CHECKPOINT_INTERVAL, RESERVE_OCTETS, failure -> {}, StoreDisk.REAL);
  }

  public StoreSettings withSegmentOctets(long octets) {
    return new StoreSettings(octets, checkpointInterval, reserveOctets, onFatal, disk);
  }

  public StoreSettings withCheckpointInterval(Duration interval) {
    return new StoreSettings(segmentOctets, interval, reserveOctets, onFatal, disk);
  }

  public StoreSettings withReserveOctets(long octets) {
    return new StoreSettings(segmentOctets, checkpointInterval, octets, onFatal, disk);
  }

  public StoreSettings withOnFatal(Consumer<StoreException> callback) {
    return new StoreSettings(segmentOctets, checkpointInterval, reserveOctets, callback, disk);
  }

  public StoreSettings withDisk(StoreDisk wrapped) {
    return new StoreSettings(segmentOctets, checkpointInterval, reserveOctets, onFatal, wrapped);
  }

  /** The same, for the log alone. */
  public StoreSettings withDisk(UnaryOperator<LogFiles> wrapper) {
    return withDisk(new StoreDisk(wrapper, disk.projection(), disk.spool()));
  }
}
