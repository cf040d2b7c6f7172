package dev.postrider.storage.audit;

import dev.postrider.storage.Progress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.Batch;
import dev.postrider.storage.changes.BodyDescription;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.log.LogScan;
import dev.postrider.storage.log.LogScan.Damage;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.BodyOctets;
import dev.postrider.storage.messages.CorruptBodyException;
import dev.postrider.storage.messages.ShelfAudit;
import dev.postrider.storage.snapshot.Snapshots;
import dev.postrider.storage.sql.FrozenTables;
import dev.postrider.storage.sql.H2Database;
import dev.postrider.storage.sql.Projection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Checks every record of the log, every row against the records, and the rows against each other;
 * at last it replays the log into tables of its own and compares these row by row.
 *
 * <p>The tables are looked at as they were at one moment, and the log up to the position that they
 * had then; so it does not matter what is written meanwhile. Nothing is changed.
 */
public final class Audit {

  /** Users of a damaged body that are named. */
  private static final int USERS_MAX = 5;

  /** Changes, by their weight. */
  private static final int REPLAYED_TOGETHER = 1000;

  private final LogFiles files;
  private final LogScan scan;
  private final Progress progress;
  private final Findings findings = new Findings();
  private final List<BodyId> damaged = new ArrayList<>();
  private boolean replayable = true;
  private @Nullable ShelfAudit shelves;

  public Audit(LogFiles files, UUID store, Progress progress) {
    this.files = files;
    this.scan = new LogScan(files, store);
    this.progress = progress;
  }

  /** Adds snapshots that are of no use. */
  public void snapshots(List<Snapshots.Damaged> damagedSnapshots) {
    for (Snapshots.Damaged snapshot : damagedSnapshots) {
      findings.add(
          "snapshot/" + snapshot.name(),
          -1,
          snapshot.why(),
          "delete it while another is there; the next one is made without it");
    }
  }

  /** {@link #run} looks at these too. */
  public void shelves(ShelfAudit files) {
    shelves = files;
  }

  /** Checks the log alone. */
  public List<Finding> log(LogPosition complete) throws StoreException {
    return log(complete, null);
  }

  /**
   * The same up to {@code until}.
   *
   * @param until null: its end
   */
  public List<Finding> log(LogPosition complete, @Nullable LogPosition until)
      throws StoreException {
    scan(complete, until, null, null);
    return findings.list();
  }

  /**
   * Checks everything.
   *
   * @param from where a replay into {@code again} begins; the log is complete behind it
   * @param again empty tables, or such as are at {@code from}
   */
  public List<Finding> run(H2Database live, LogPosition from, H2Database again)
      throws StoreException {
    try (FrozenTables tables = live.freeze()) {
      LogPosition until = tables.applied();
      LogPosition end = scan(from, until, tables, again);
      if (end.sequence() != until.sequence()) {
        findings.add(
            "the tables have the log up to record "
                + (until.sequence() - 1)
                + ", but it ends with record "
                + (end.sequence() - 1));
        replayable = false;
      }
      rows(tables);
      if (replayable) {
        progress.at("compare", 0, 0);
        try (FrozenTables replayed = again.freeze()) {
          tables.differences(replayed, findings::add);
        }
      }
    }
    return findings.list();
  }

  private LogPosition scan(
      LogPosition from,
      @Nullable LogPosition until,
      @Nullable FrozenTables tables,
      @Nullable H2Database again)
      throws StoreException {
    Scan visitor = new Scan(from, tables, again == null ? null : new Projection(again));
    LogPosition end = scan.run(from, until, visitor);
    visitor.finish(end);
    return end;
  }

  private void rows(FrozenTables tables) throws StoreException {
    progress.at("tables", 0, 0);
    tables.contradictions(findings::add);
    if (shelves != null) {
      for (ShelfAudit.Wrong wrong : shelves.compare(tables)) {
        findings.add(
            "index/" + wrong.name(), -1, wrong.why(), "delete it; nothing is lost with it");
      }
    }
    for (BodyId body : damaged) {
      List<String> users = tables.usersOf(body, USERS_MAX);
      if (!users.isEmpty()) {
        findings.add(
            "log",
            -1,
            "body " + body.value() + " is damaged and is that of " + String.join(", ", users),
            "restore the message from a backup; reading it is refused");
      }
    }
  }

  /** Octets of a segment that a repair gave up. */
  private record Lost(long from, long to) {
    boolean has(BodyLocation body) {
      return from <= body.offset() && body.offset() + body.room() <= to;
    }
  }

  /**
   * A body in the log. A crash may have come before its batch: then nobody has it, and its number
   * was given again. So it is that of a row only when the row says that it is here.
   */
  private record Found(BodyId id, BodyLocation location, boolean whole) {}

  private final class Scan implements LogScan.Visitor {
    private final LogPosition from;
    private final @Nullable FrozenTables tables;
    private final @Nullable Projection again;

    /** Of the segment, by where they begin. */
    private final Map<Long, Found> bodies = new HashMap<>();

    private final List<Lost> lost = new ArrayList<>();
    private final List<Change> gathered = new ArrayList<>();
    private int weight;
    private LogPosition reached = LogPosition.START;
    private long octetsDone;
    private final long octetsTotal;

    Scan(LogPosition from, @Nullable FrozenTables tables, @Nullable Projection again)
        throws StoreException {
      this.from = from;
      this.tables = tables;
      this.again = again;
      this.octetsTotal = octetsOfLog();
    }

    @Override
    public void body(BodyId body, BodyLocation location, boolean whole) {
      bodies.put(location.offset(), new Found(body, location, whole));
    }

    @Override
    public void batch(Batch batch, LogPosition after) throws StoreException {
      if (again != null && after.sequence() > from.sequence()) {
        gathered.addAll(batch.changes());
        reached = after;
        weight += batch.changes().stream().mapToInt(Change::weight).sum();
        if (weight >= REPLAYED_TOGETHER) {
          weight = 0;
          again.apply(gathered, after);
          gathered.clear();
        }
      }
    }

    @Override
    public void lost(int segment, long from, long to) {
      lost.add(new Lost(from, to));
    }

    @Override
    public void damage(Damage damage) {
      String file = Findings.file(damage.segment());
      switch (damage.what()) {
        case TAIL -> {}
        case BODY ->
            findings.add(
                file,
                damage.offset(),
                "the body in record " + damage.sequence() + " is damaged",
                "a body was acknowledged; look for it in a backup");
        case SEGMENT_MISSING -> {
          replayable = false;
          findings.add(file, -1, "is missing", "restore a backup, or run 'postriderd repair'");
        }
        case SEGMENT_HEADER -> {
          replayable = false;
          findings.add(file, 0, "its header is damaged", "run 'postriderd repair'");
        }
        case SEGMENT_FOREIGN -> {
          replayable = false;
          findings.add(
              file, 0, "is of another store or of a newer program", "take it out of the directory");
        }
        case RECORDS_MISSING, RECORD, BATCH -> {
          replayable = false;
          findings.add(
              file,
              damage.offset(),
              (damage.what() == LogScan.What.RECORDS_MISSING ? "there is no" : "damaged is")
                  + (" record " + damage.sequence())
                  + (damage.lost() > 1 ? " to " + (damage.sequence() + damage.lost() - 1) : ""),
              "restore a backup, or run 'postriderd repair', which gives up what it held");
        }
      }
    }

    @Override
    public void end(int segment, long octets) throws StoreException {
      octetsDone += octets;
      progress.at("log", octetsDone, octetsTotal);
      if (tables != null) {
        compare(segment, tables);
      }
      bodies.clear();
      lost.clear();
    }

    /** Only its header may have been damaged: it is read by the place that the row names. */
    private boolean wasGivenUp(BodyLocation body) {
      return lost.stream().anyMatch(octets -> octets.has(body));
    }

    private void compare(int segment, FrozenTables frozen) throws StoreException {
      try {
        for (FrozenTables.BodyRow row : frozen.bodiesIn(segment)) {
          Found there = bodies.get(row.location().offset());
          if (there != null && there.id().equals(row.id())) {
            compare(row, there, frozen);
          } else if (!wasGivenUp(row.location())) {
            findings.add(
                Findings.file(segment),
                row.location().offset(),
                "there is no body " + row.id().value() + ", although a row says so",
                "run 'postriderd repair', or restore a backup");
          } else if (!scan.isWhole(row.location())) {
            damaged.add(row.id());
          }
        }
      } catch (IOException e) {
        throw new StoreException(Kind.UNUSABLE, "cannot read the log: " + e.getMessage(), e);
      }
    }

    /** Compares a row, and what is stored of the body, with the body. */
    private void compare(FrozenTables.BodyRow row, Found there, FrozenTables frozen)
        throws IOException, StoreException {
      if (!there.whole()) {
        damaged.add(row.id());
        return;
      }
      if (!there.location().equals(row.location())) {
        findings.add(
            "the row of body "
                + row.id().value()
                + " says "
                + row.location()
                + ", but its record "
                + there.location());
      }
      Optional<BodyDescription> stored = frozen.description(row.id());
      if (stored.isPresent()) {
        describe(row.id(), stored.get(), there.location());
      }
    }

    private void describe(BodyId id, BodyDescription stored, BodyLocation location)
        throws IOException {
      try (BodyOctets.Lease lease = scan.open(location)) {
        DescriptionAudit.wrong(
                id,
                stored,
                location.octets(),
                (offset, bytes) -> lease.read(location.offset() + offset, bytes))
            .ifPresent(findings::add);
      } catch (CorruptBodyException e) {
        damaged.add(id);
      }
    }

    void finish(LogPosition end) throws StoreException {
      if (again != null) {
        again.apply(gathered, reached);
        again.count();
        again.close();
      }
      if (tables != null) {
        for (int segment : tables.segments()) {
          if (segment > end.segment() || !exists(segment)) {
            findings.add(
                Findings.file(segment),
                -1,
                "is missing, although rows say that bodies are in it",
                "restore it from a backup");
          }
        }
      }
    }

    private boolean exists(int segment) throws StoreException {
      try {
        return files.list().contains(segment);
      } catch (IOException e) {
        throw new StoreException(Kind.UNUSABLE, "cannot read the log: " + e.getMessage(), e);
      }
    }

    private long octetsOfLog() throws StoreException {
      long octets = 0;
      try {
        for (int segment : files.list()) {
          try (var file = files.openForReading(segment)) {
            octets += file.size();
          }
        }
        return octets;
      } catch (IOException e) {
        throw new StoreException(Kind.UNUSABLE, "cannot read the log: " + e.getMessage(), e);
      }
    }
  }
}
