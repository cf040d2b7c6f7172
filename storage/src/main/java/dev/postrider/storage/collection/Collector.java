package dev.postrider.storage.collection;

import dev.postrider.storage.Progress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.log.GroupCommit;
import dev.postrider.storage.log.LogFile;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.log.SegmentReaders;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.sql.FrozenTables;
import dev.postrider.storage.sql.FrozenTables.BodyRow;
import dev.postrider.storage.sql.H2Database;
import dev.postrider.storage.sql.LiveBodies;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes segments of which less than {@link #LIVE_PERCENT_MIN} is live.
 *
 * <p>A body is live while a message, a queue entry, or an expunged message that can be brought back
 * has it. What a removed segment held besides, its batches, is in the snapshots.
 *
 * <p>In this order, and each step is on the disk before the next one begins:
 *
 * <ol>
 *   <li>The writer begins to note which bodies are filed. Then the tables are looked at; so a body
 *       that they show to be dead, and that was not filed since, is dead for good, unless somebody
 *       read of it before. Whoever files it later is told that it does not exist.
 *   <li>The live bodies of a segment are appended to the head of the log, as BodyMoved. Their
 *       checksums are checked; a segment with a damaged body is left alone.
 *   <li>On the writer, after a last look at what was filed, no dead body of the segment can be
 *       filed any more. BodiesDropped are logged for them, a few at a time, and SegmentDropped at
 *       last: nothing is in the segment any more.
 *   <li>Snapshots are written until all that are kept lie behind SegmentDropped, so none needs the
 *       segment. Then two checkpoints are awaited: the tables, even as an older one has them, do
 *       not name it either.
 *   <li>The file is unlinked. Who reads from it goes on, as the file stays open; who comes later
 *       looks the body up again.
 * </ol>
 *
 * <p>After a crash between any of these the segment is there still, with less live, and is dropped
 * the next time.
 */
public final class Collector {

  /** A segment with less is copied: the log is at most 1/0.7 of what is live, but for the head. */
  public static final int LIVE_PERCENT_MIN = 70;

  private static final Logger log = LoggerFactory.getLogger(Collector.class);

  /** Octets of bodies in one append: what a delivery waits for at most. */
  private static final int TOGETHER_OCTETS = 128 * 1024;

  /** Rows of dead bodies that go in one transaction; a delivery waits for it, too. */
  private static final int TOGETHER_ROWS = 250;

  /** Octets of a record beside its payload. */
  private static final int RECORD_OCTETS = 48;

  private final H2Database database;
  private final GroupCommit commits;
  private final LogFiles files;
  private final SegmentReaders segments;
  private final Safety safety;
  private final Pace pace;
  private final long worthOctets;
  private final Progress progress;
  private final Consumer<Step> reached;

  /** Where tests let the process die. */
  public enum Step {
    MOVED,
    DROPPING,
    DROPPED,
    SAFE,
    UNLINKED
  }

  /** Makes sure that nobody needs what is before a position. */
  public interface Safety {
    /** Returns when every kept snapshot and both checkpoints are behind {@code position}. */
    void secure(LogPosition position) throws StoreException;
  }

  /**
   * What was done.
   *
   * @param segments removed
   * @param octetsFreed of their files
   * @param octetsMoved of live bodies that were copied
   */
  public record Collected(int segments, long octetsFreed, long octetsMoved) {}

  private record Candidate(int segment, long octets, List<BodyRow> live, List<BodyId> dead) {
    long liveOctets() {
      return live.stream().mapToLong(row -> row.location().room() + RECORD_OCTETS).sum();
    }
  }

  /**
   * @param worthOctets what must be free afterwards for anything to be done, as snapshots are
   *     written
   * @param reached is told after each step
   */
  public Collector(
      H2Database database,
      GroupCommit commits,
      LogFiles files,
      SegmentReaders segments,
      Safety safety,
      Pace pace,
      long worthOctets,
      Progress progress,
      Consumer<Step> reached) {
    this.database = database;
    this.commits = commits;
    this.files = files;
    this.segments = segments;
    this.safety = safety;
    this.pace = pace;
    this.worthOctets = worthOctets;
    this.progress = progress;
    this.reached = reached;
  }

  /** Removes all segments that are to be removed now. */
  public Collected run() throws StoreException {
    commits.commit(
        (numbers, bodies) -> {
          numbers.watchBodies();
          return new Planned<>(List.of(), numbers);
        });
    List<Candidate> dropped = new ArrayList<>();
    long moved = 0;
    try {
      List<Candidate> candidates = candidates();
      for (Candidate candidate : candidates) {
        progress.at("collect", dropped.size(), candidates.size());
        if (move(candidate)) {
          reached.accept(Step.MOVED);
          moved += candidate.liveOctets();
          if (drop(candidate)) {
            dropped.add(candidate);
          }
        }
      }
    } finally {
      commits.commit(
          (numbers, bodies) -> {
            numbers.watchNoBodies();
            return new Planned<>(List.of(), numbers);
          });
    }
    if (dropped.isEmpty()) {
      return new Collected(0, 0, moved);
    }
    reached.accept(Step.DROPPED);
    safety.secure(applied());
    reached.accept(Step.SAFE);
    unlink(dropped);
    long freed = dropped.stream().mapToLong(Candidate::octets).sum();
    log.info("store.collected segments={} freed={} moved={}", dropped.size(), freed, moved);
    return new Collected(dropped.size(), freed, moved);
  }

  private LogPosition applied() throws StoreException {
    try (FrozenTables tables = database.freeze()) {
      return tables.applied();
    }
  }

  /** Least live first: so room is made before it is needed. */
  private List<Candidate> candidates() throws StoreException {
    try (FrozenTables tables = database.freeze()) {
      LiveBodies alive = LiveBodies.of(tables);
      List<Candidate> candidates = new ArrayList<>();
      int head = tables.applied().segment();
      for (int segment : files.list().headSet(head)) {
        Candidate candidate = look(segment, tables, alive);
        if (candidate.liveOctets() * 100 < candidate.octets() * LIVE_PERCENT_MIN) {
          candidates.add(candidate);
        }
      }
      long dead = candidates.stream().mapToLong(c -> c.octets() - c.liveOctets()).sum();
      if (dead < worthOctets) {
        return List.of();
      }
      candidates.sort(Comparator.comparingLong(Candidate::liveOctets));
      return candidates;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Candidate look(int segment, FrozenTables tables, LiveBodies alive)
      throws IOException, StoreException {
    List<BodyRow> live = new ArrayList<>();
    List<BodyId> dead = new ArrayList<>();
    for (BodyRow row : tables.bodiesIn(segment)) {
      if (alive.contains(row.id())) {
        live.add(row);
      } else {
        dead.add(row.id());
      }
    }
    try (LogFile file = files.openForReading(segment)) {
      return new Candidate(segment, file.size(), live, dead);
    }
  }

  /** Whether all live bodies of the segment are at the head of the log now. */
  private boolean move(Candidate candidate) throws StoreException {
    List<BodyRow> rows = new ArrayList<>(candidate.live());
    rows.sort(Comparator.comparingLong(row -> row.location().offset()));
    int from = 0;
    while (from < rows.size()) {
      int to = from;
      long octets = 0;
      while (to < rows.size() && (to == from || octets < TOGETHER_OCTETS)) {
        octets += rows.get(to).location().room();
        to++;
      }
      if (!move(rows.subList(from, to))) {
        return false;
      }
      pace.spent(octets);
      from = to;
    }
    return true;
  }

  private boolean move(List<BodyRow> rows) throws StoreException {
    List<BodyId> ids = new ArrayList<>();
    List<MessageSource> sources = new ArrayList<>();
    for (BodyRow row : rows) {
      BodyLocation location = row.location();
      try {
        ids.add(row.id());
        // The writer does not wait for the disk: a small body is in memory, a large one was read.
        sources.add(StoredBody.of(segments, row, TOGETHER_OCTETS));
      } catch (IOException e) {
        log.error(
            "store.not-collected segment={} body={} cause=\"{}\"",
            location.segment(),
            row.id().value(),
            e.getMessage());
        return false;
      }
    }
    commits.move(ids, sources);
    return true;
  }

  /** Whether the log says now that nothing is in the segment. */
  private boolean drop(Candidate candidate) throws StoreException {
    boolean stillDead =
        commits.commit(
            (numbers, bodies) -> new Planned<>(List.of(), numbers.dropBodies(candidate.dead())));
    if (!stillDead) {
      return false;
    }
    for (int from = 0; from < candidate.dead().size(); from += TOGETHER_ROWS) {
      int to = Math.min(candidate.dead().size(), from + TOGETHER_ROWS);
      append(new Change.BodiesDropped(candidate.dead().subList(from, to)));
      reached.accept(Step.DROPPING);
      pace.spent((long) (to - from) * RECORD_OCTETS);
    }
    append(new Change.SegmentDropped(candidate.segment()));
    return true;
  }

  private void append(Change change) throws StoreException {
    commits.commit((numbers, bodies) -> new Planned<>(List.of(change), change));
  }

  private void unlink(List<Candidate> dropped) throws StoreException {
    try {
      for (Candidate candidate : dropped) {
        segments.retire(candidate.segment());
        files.delete(candidate.segment());
        reached.accept(Step.UNLINKED);
      }
      files.forceDirectory();
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "cannot remove a segment: " + e.getMessage(), e);
    }
  }

  private static StoreException unreadable(IOException e) {
    return new StoreException(Kind.UNUSABLE, "cannot read the log: " + e.getMessage(), e);
  }
}
