package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.sql.FrozenTables;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * A directory that is filled under another name, in itself. Everything goes through the log, which
 * is complete afterwards; so it is a store like any other.
 */
final class LocalTarget implements MigrationTarget {

  private final Path directory;
  private final InstantSource clock;

  LocalTarget(Path directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  @Override
  public <T> T fill(Filling<T> filling) throws StoreException {
    try (FileChannel lock = DataDirectory.occupyEmpty(directory)) {
      try {
        T result;
        Path unfinished = DataDirectory.makeUnfinished(directory);
        try (LocalStore store = LocalStore.open(unfinished, clock, LocalStore.UNTOUCHED)) {
          result = filling.fill(new Writing(store));
        }
        DataDirectory.finish(directory);
        return result;
      } finally {
        DataDirectory.removeUnfinished(directory);
        lock.truncate(0);
      }
    } catch (IOException e) {
      throw new StoreException(
          Kind.UNUSABLE, "cannot fill " + directory + ": " + e.getMessage(), e);
    }
  }

  private final class Writing implements Writer {
    private final LocalStore store;

    Writing(LocalStore store) {
      this.store = store;
    }

    @Override
    public void writeBodies(List<Body> bodies) throws StoreException {
      store
          .log()
          .take(
              bodies.stream().map(Body::id).toList(), bodies.stream().map(Body::content).toList());
    }

    @Override
    public void write(List<Change> changes) throws StoreException {
      store.log().commit((next, ids) -> Planned.whateverQuota(changes, true));
    }

    @Override
    public void verify(Progress progress) throws StoreException {
      List<Finding> findings = store.maintenance().verify(progress);
      if (!findings.isEmpty()) {
        throw new StoreException(Kind.CORRUPT, directory + ": " + findings.getFirst().line());
      }
    }

    @Override
    public FrozenTables freeze() throws StoreException {
      return store.database().freeze();
    }
  }
}
