package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.audit.SharedAudit;
import dev.postrider.storage.backup.Backup.Written;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.collection.Collector.Collected;
import dev.postrider.storage.mailboxes.StoredRecoverable;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.objects.ObjectStore;
import dev.postrider.storage.objects.StoredObject;
import dev.postrider.storage.sql.Orphans;
import dev.postrider.storage.sql.PostgresDatabase;
import dev.postrider.storage.sql.PostgresDatabase.Hold;
import dev.postrider.storage.sql.SharedPlace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maintenance of a store that several servers share. Each step is a transaction that holds the
 * upkeep, so that two servers do not do the same at the same time; nobody else waits for it.
 */
final class SharedMaintenance implements Maintenance, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SharedMaintenance.class);

  /** Bodies of one step. */
  private static final int TOGETHER = 500;

  /** An object may be put well before the transaction that names it. */
  static final Duration OBJECT_AGE_MIN = Duration.ofHours(24);

  /** How often to look by ourselves for bodies that nobody needs. */
  private static final Duration LOOK_INTERVAL = Duration.ofHours(1);

  private final PostgresDatabase database;
  private final SharedBodies bodies;
  private final Orphans orphans;
  private final Optional<ObjectStore> objects;
  private final StoredRecoverable recoverable;
  private final Duration undelete;
  private final InstantSource clock;
  private final AtomicBoolean closing = new AtomicBoolean();
  private Instant looked;

  SharedMaintenance(
      PostgresDatabase database,
      SharedBodies bodies,
      StoredRecoverable recoverable,
      SharedSettings settings,
      InstantSource clock) {
    this.database = database;
    this.bodies = bodies;
    this.orphans = new Orphans(database);
    this.objects = settings.objects();
    this.recoverable = recoverable;
    this.undelete = settings.undelete();
    this.clock = clock;
    this.looked = clock.instant();
  }

  @Override
  public List<Finding> verify(Progress progress) throws StoreException {
    return new SharedAudit(database, bodies, stoppable(progress)).run();
  }

  @Override
  public Collected collect(Progress progress) throws StoreException {
    forget();
    return sweep(stoppable(progress));
  }

  /** A copy of rows here and objects there would be of different moments. */
  @Override
  public Written backup(Path directory, Progress progress) throws StoreException {
    throw new StoreException(
        Kind.REFUSED,
        "mail is in PostgreSQL: back that up by its own means (pg_dump, or base backups with its"
            + " log), and the bucket of the bodies, if any, after it; or copy everything into a"
            + " directory with 'postriderd migrate'");
  }

  /** What left too long ago cannot be brought back any more. */
  void forget() throws StoreException {
    Instant until = clock.instant().minus(undelete);
    long forgotten = 0;
    int some = 1;
    while (some > 0) {
      requireOpen();
      some = recoverable.forgetSome(until);
      forgotten += some;
    }
    if (forgotten > 0) {
      log.info("store.forgotten messages={} expunged-before={}", forgotten, until);
    }
  }

  void collectIfDue() throws StoreException {
    Instant now = clock.instant();
    if (now.isAfter(looked.plus(LOOK_INTERVAL))) {
      looked = now;
      var _ = sweep(stoppable(Progress.NONE));
    }
  }

  private Collected sweep(Progress progress) throws StoreException {
    long freed = 0;
    long removed = 0;
    BodyId last = new BodyId(0);
    List<BodyId> unused = orphans.find(last, TOGETHER);
    while (!unused.isEmpty()) {
      progress.at("collect", removed, 0);
      Map<BodyId, BodyLocation> gone = remove(unused);
      removed += gone.size();
      freed += gone.values().stream().mapToLong(BodyLocation::octets).sum();
      unused = orphans.find(unused.getLast(), TOGETHER);
    }
    if (objects.isPresent()) {
      removed += sweepObjects(objects.get(), progress);
    }
    if (removed > 0) {
      log.info("store.collected bodies={} freed={}", removed, freed);
    }
    return new Collected(0, freed, 0);
  }

  private Map<BodyId, BodyLocation> remove(List<BodyId> unused) throws StoreException {
    Map<BodyId, BodyLocation> gone =
        database.transaction(
            () -> {
              database.hold(Hold.UPKEEP);
              return new LinkedHashMap<>(orphans.remove(unused));
            });
    List<BodyId> inObjects = new ArrayList<>();
    gone.forEach(
        (body, location) -> {
          if (location.segment() == SharedPlace.OBJECT) {
            inObjects.add(body);
          }
        });
    bodies.delete(inObjects);
    return gone;
  }

  /** Objects that no row names, and that are too old for one to come. */
  private long sweepObjects(ObjectStore store, Progress progress) throws StoreException {
    Instant young = clock.instant().minus(OBJECT_AGE_MIN);
    long removed = 0;
    try {
      List<StoredObject> some = store.list("");
      while (!some.isEmpty()) {
        progress.at("objects", removed, 0);
        Set<BodyId> candidates = new HashSet<>();
        for (StoredObject object : some) {
          if (object.modified().isBefore(young)) {
            SharedBodies.body(object.key()).ifPresent(candidates::add);
          }
        }
        candidates.removeAll(orphans.present(candidates));
        bodies.delete(candidates);
        removed += candidates.size();
        some = store.list(some.getLast().key());
      }
    } catch (IOException e) {
      throw new StoreException(Kind.UNAVAILABLE, "cannot list objects: " + e.getMessage(), e);
    }
    return removed;
  }

  private Progress stoppable(Progress progress) {
    return (what, done, total) -> {
      requireOpen();
      progress.at(what, done, total);
    };
  }

  private void requireOpen() throws StoreException {
    if (closing.get()) {
      throw new StoreException(Kind.CLOSED, "the store is closing");
    }
  }

  /** What is under way gives up at its next step. */
  @Override
  public void close() {
    closing.set(true);
  }
}
