package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.sql.FrozenTables;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
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
    private final BodyNumbers numbers = new BodyNumbers();

    Writing(LocalStore store) {
      this.store = store;
    }

    @Override
    public void writeBodies(List<Body> bodies) throws StoreException {
      List<BodyId> given =
          store
              .log()
              .commit(
                  bodies.stream().map(Body::content).toList(),
                  (next, ids) -> new Planned<>(List.of(), ids));
      for (int i = 0; i < given.size(); i++) {
        numbers.add(bodies.get(i).id(), given.get(i));
      }
    }

    @Override
    public BodyId bodyThere(BodyId id) {
      return numbers.there(id);
    }

    @Override
    public void write(List<Change> changes) throws StoreException {
      store.log().commit((next, ids) -> new Planned<>(changes, true));
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

  /** What bodies are called here and there; both numbers only rise. 16 octets for each. */
  static final class BodyNumbers {
    private static final int INITIAL = 1024;

    private long[] here = new long[INITIAL];
    private long[] there = new long[INITIAL];
    private int count;

    void add(BodyId from, BodyId to) {
      if (count > 0 && (from.value() <= here[count - 1])) {
        throw new IllegalArgumentException("body " + from.value() + " comes too late");
      }
      if (count == here.length) {
        here = Arrays.copyOf(here, count * 2);
        there = Arrays.copyOf(there, count * 2);
      }
      here[count] = from.value();
      there[count] = to.value();
      count++;
    }

    BodyId there(BodyId from) {
      int index = Arrays.binarySearch(here, 0, count, from.value());
      if (index < 0) {
        throw new IllegalArgumentException("body " + from.value() + " was not moved");
      }
      return new BodyId(there[index]);
    }
  }
}
