package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.audit.SharedAudit;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.objects.ObjectStore;
import dev.postrider.storage.sql.FrozenTables;
import dev.postrider.storage.sql.PostgresDatabase;
import java.util.ArrayList;
import java.util.List;

/**
 * A database that is filled in one transaction. Objects of one that failed stay; the next one puts
 * them again, or collection removes them.
 */
final class SharedTarget implements MigrationTarget {

  private final SharedSettings settings;

  SharedTarget(SharedSettings settings) {
    this.settings = settings;
  }

  @Override
  public <T> T fill(Filling<T> filling) throws StoreException {
    PostgresDatabase.requireUnused(settings.database());
    try (PostgresDatabase database =
        PostgresDatabase.open(settings.database(), SharedSettings.CONNECTIONS_MIN)) {
      return database.transaction(
          () -> {
            Writing writing = new Writing(database, new SharedBodies(database, settings.objects()));
            writing.requireEmpty();
            return filling.fill(writing);
          });
    } finally {
      settings.objects().ifPresent(ObjectStore::close);
    }
  }

  private final class Writing implements Writer {
    private final PostgresDatabase database;
    private final SharedBodies bodies;

    Writing(PostgresDatabase database, SharedBodies bodies) {
      this.database = database;
      this.bodies = bodies;
    }

    void requireEmpty() throws StoreException {
      try (FrozenTables tables = database.freeze()) {
        if (!tables.sizes().areNone()) {
          throw new StoreException(
              Kind.REFUSED,
              settings.database()
                  + " is not empty: name a new database, or drop and make it again");
        }
      }
    }

    @Override
    public void writeBodies(List<Body> some) throws StoreException {
      List<BodyLocation> locations = bodies.store(some);
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < some.size(); i++) {
        changes.add(new Change.BodyStored(some.get(i).id(), locations.get(i)));
      }
      database.fill(changes);
    }

    @Override
    public void write(List<Change> changes) throws StoreException {
      database.fill(changes);
    }

    @Override
    public void verify(Progress progress) throws StoreException {
      List<Finding> findings = new SharedAudit(database, bodies, progress).run();
      if (!findings.isEmpty()) {
        throw new StoreException(
            Kind.CORRUPT, settings.database() + ": " + findings.getFirst().line());
      }
    }

    @Override
    public FrozenTables freeze() throws StoreException {
      return database.freeze();
    }
  }
}
