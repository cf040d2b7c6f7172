package dev.postrider.storage;

import dev.postrider.storage.MigrationTarget.Writer;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.BodyDescription;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.MessageBody;
import dev.postrider.storage.sql.FrozenTables;
import dev.postrider.storage.sql.LiveBodies;
import dev.postrider.storage.sql.StandingRows;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves everything from one store to another, of the same kind or not: accounts, mailboxes with all
 * their numbers, messages and those that can be brought back, subscriptions, the queue, and every
 * body octet by octet. Nobody may serve either.
 *
 * <p>The target is empty before, and has everything or nothing afterwards: a database is filled in
 * one transaction, a directory under another name. So what was broken off is simply begun again.
 * The source stays as it is.
 *
 * <p>Before the target counts, it is verified as {@link Maintenance#verify} does it, which reads
 * every body, and its rows are compared with those that were read here. Bodies are held in memory
 * up to {@link #TOGETHER_OCTETS_MAX} or one by one; of each a number stays there.
 */
public final class Migration {

  /** Bodies that are written in one step, at most. */
  private static final int TOGETHER_MAX = 500;

  /** Octets of bodies that are written in one step, but for the last body. */
  private static final long TOGETHER_OCTETS_MAX = 16L * 1024 * 1024;

  private final MigrationSource source;
  private final Writer target;
  private final Progress progress;
  private final LiveBodies live;
  private final FrozenTables.Sizes sizes;
  private final RowSums sums = new RowSums();
  private final List<MigrationTarget.Body> bodies = new ArrayList<>();
  private long bodiesOctets;
  private long bodiesMoved;
  private long octetsMoved;

  private Migration(MigrationSource source, FrozenTables tables, Writer target, Progress progress)
      throws StoreException {
    this.source = source;
    this.target = target;
    this.progress = progress;
    this.live = LiveBodies.of(tables);
    this.sizes = tables.sizes();
  }

  /** What was moved. */
  public record Moved(long accounts, long mailboxes, long messages, long queued, long octets) {}

  /**
   * Moves everything.
   *
   * @throws StoreException REFUSED when the target is not empty; UNUSABLE when one of them is in
   *     use or cannot be opened; CORRUPT when the source has damaged bodies, or the target is not
   *     the same afterwards. In each case the target is as it was
   */
  public static Moved run(StorePlace from, StorePlace to, InstantSource clock, Progress progress)
      throws StoreException {
    progress.at("open", 0, 0);
    try (MigrationSource source = MigrationSource.open(from, clock)) {
      return MigrationTarget.of(to, clock).fill(writer -> move(source, writer, progress));
    }
  }

  private static Moved move(MigrationSource source, Writer target, Progress progress)
      throws StoreException {
    try (FrozenTables tables = source.database().freeze()) {
      return new Migration(source, tables, target, progress).move(tables);
    }
  }

  private Moved move(FrozenTables tables) throws StoreException {
    try {
      StandingRows.read(tables, this::take);
    } catch (IOException e) {
      throw new StoreException(Kind.CORRUPT, "cannot read " + source + ": " + e.getMessage(), e);
    }
    target.verify(progress);
    progress.at("compare", 0, 0);
    sums.requireSame(RowSums.of(target::freeze));
    return new Moved(
        sizes.accounts(), sizes.mailboxes(), sizes.messages(), sizes.queued(), octetsMoved);
  }

  /** Some changes, in the order in which they may be written. */
  private void take(List<Change> changes) throws StoreException {
    List<Change> gathered = new ArrayList<>();
    for (Change change : changes) {
      switch (change) {
        case Change.BodyStored(BodyId id, BodyLocation location) -> {
          if (live.contains(id)) {
            takeBody(id, location);
          }
        }
        case Change.Described(BodyId id, BodyDescription description) -> {
          writeBodies();
          if (live.contains(id)) {
            gathered.add(new Change.Described(id, description));
          }
        }
        case Change other -> {
          writeBodies();
          gathered.add(other);
        }
      }
    }
    if (!gathered.isEmpty()) {
      target.write(gathered);
      gathered.forEach(sums::add);
    }
  }

  private void takeBody(BodyId id, BodyLocation location) throws StoreException {
    MessageBody body = source.bodies().at(id, location);
    bodies.add(new MigrationTarget.Body(id, body, location.crc()));
    bodiesOctets += location.octets();
    if (bodies.size() == TOGETHER_MAX || bodiesOctets >= TOGETHER_OCTETS_MAX) {
      writeBodies();
    }
  }

  private void writeBodies() throws StoreException {
    if (bodies.isEmpty()) {
      return;
    }
    target.writeBodies(bodies);
    for (MigrationTarget.Body body : bodies) {
      BodyLocation anywhere = new BodyLocation(0, 0, body.content().octets(), body.crc());
      sums.add(new Change.BodyStored(body.id(), anywhere));
    }
    bodiesMoved += bodies.size();
    octetsMoved += bodiesOctets;
    bodies.clear();
    bodiesOctets = 0;
    progress.at("messages", bodiesMoved, sizes.bodies());
  }
}
