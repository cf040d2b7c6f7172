package dev.postrider.storage;

import dev.postrider.storage.accounts.Quota;
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
 * @param undelete how long a message can be brought back after it was expunged
 * @param upkeepInterval how often the store looks whether there is something to tidy up
 * @param snapshotOctets a snapshot is written when the log has grown by so much since the last one
 * @param collectRate octets of live bodies that collection copies in a second, at most
 * @param shelfMessages a mailbox of at least so many messages has its index on a shelf too, so that
 *     it opens quickly: {@link dev.postrider.storage.messages.Shelves}
 * @param compress whether new messages are packed where that saves a tenth
 * @param quota of accounts that have none of their own
 * @param onFatal is told, once, that the disk or the projection failed and nobody knows what is on
 *     the disk: the process is to end, and the next start recovers
 * @param disk between the store and its disk
 */
public record StoreSettings(
    long segmentOctets,
    Duration checkpointInterval,
    long reserveOctets,
    Duration undelete,
    Duration upkeepInterval,
    long snapshotOctets,
    long collectRate,
    int shelfMessages,
    boolean compress,
    Quota quota,
    Consumer<StoreException> onFatal,
    StoreDisk disk) {

  private static final StoreSettings DEFAULTS =
      new StoreSettings(
          128L * 1024 * 1024,
          Duration.ofMillis(500),
          64L * 1024 * 1024,
          Duration.ofDays(14),
          Duration.ofMinutes(1),
          256L * 1024 * 1024,
          32L * 1024 * 1024,
          10_000,
          false,
          Quota.UNLIMITED,
          failure -> {},
          StoreDisk.REAL);

  public static StoreSettings defaults() {
    return DEFAULTS;
  }

  public StoreSettings withSegmentOctets(long octets) {
    return with(draft -> draft.segmentOctets = octets);
  }

  public StoreSettings withCheckpointInterval(Duration interval) {
    return with(draft -> draft.checkpointInterval = interval);
  }

  public StoreSettings withReserveOctets(long octets) {
    return with(draft -> draft.reserveOctets = octets);
  }

  public StoreSettings withUndelete(Duration time) {
    return with(draft -> draft.undelete = time);
  }

  public StoreSettings withUpkeepInterval(Duration interval) {
    return with(draft -> draft.upkeepInterval = interval);
  }

  public StoreSettings withSnapshotOctets(long octets) {
    return with(draft -> draft.snapshotOctets = octets);
  }

  public StoreSettings withCollectRate(long octets) {
    return with(draft -> draft.collectRate = octets);
  }

  public StoreSettings withShelfMessages(int messages) {
    return with(draft -> draft.shelfMessages = messages);
  }

  public StoreSettings withCompress(boolean wanted) {
    return with(draft -> draft.compress = wanted);
  }

  public StoreSettings withQuota(Quota defaults) {
    return with(draft -> draft.quota = defaults);
  }

  public StoreSettings withOnFatal(Consumer<StoreException> callback) {
    return with(draft -> draft.onFatal = callback);
  }

  public StoreSettings withDisk(StoreDisk wrapped) {
    return with(draft -> draft.disk = wrapped);
  }

  /** The same, for the log alone. */
  public StoreSettings withDisk(UnaryOperator<LogFiles> wrapper) {
    return withDisk(new StoreDisk(wrapper, disk.projection(), disk.spool()));
  }

  private StoreSettings with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.settings();
  }

  /** Settings while one of them is changed. */
  private static final class Draft {
    private long segmentOctets;
    private Duration checkpointInterval;
    private long reserveOctets;
    private Duration undelete;
    private Duration upkeepInterval;
    private long snapshotOctets;
    private long collectRate;
    private int shelfMessages;
    private boolean compress;
    private Quota quota;
    private Consumer<StoreException> onFatal;
    private StoreDisk disk;

    Draft(StoreSettings from) {
      segmentOctets = from.segmentOctets;
      checkpointInterval = from.checkpointInterval;
      reserveOctets = from.reserveOctets;
      undelete = from.undelete;
      upkeepInterval = from.upkeepInterval;
      snapshotOctets = from.snapshotOctets;
      collectRate = from.collectRate;
      shelfMessages = from.shelfMessages;
      compress = from.compress;
      quota = from.quota;
      onFatal = from.onFatal;
      disk = from.disk;
    }

    StoreSettings settings() {
      return new StoreSettings(
          segmentOctets,
          checkpointInterval,
          reserveOctets,
          undelete,
          upkeepInterval,
          snapshotOctets,
          collectRate,
          shelfMessages,
          compress,
          quota,
          onFatal,
          disk);
    }
  }
}
