package dev.postrider.storage.snapshot;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.sql.FrozenTables;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of a store. A new one is written under another name, forced, read again, and then
 * renamed; so one with its proper name was whole once. The {@link #KEPT} newest are kept, so that
 * there is another when the newest turns out to be damaged.
 */
public final class Snapshots {

  /** Snapshots that stay. */
  public static final int KEPT = 2;

  private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

  private static final Pattern NAME = Pattern.compile("(\\d{8})\\.snap");
  private static final String UNFINISHED = "unfinished.new";

  private final Path directory;
  private final UUID store;

  public Snapshots(Path directory, UUID store) {
    this.directory = directory;
    this.store = store;
  }

  /** Writes one of {@code tables}, and removes those that are too many. */
  public SnapshotFile take(FrozenTables tables, Instant now) throws StoreException {
    try {
      Path unfinished = directory.resolve(UNFINISHED);
      Files.deleteIfExists(unfinished);
      SnapshotFile written = SnapshotFile.write(unfinished, store, tables, now);
      written.check();
      NavigableMap<Integer, Path> present = files();
      int number = present.isEmpty() ? 1 : present.lastKey() + 1;
      Path path = directory.resolve(String.format(Locale.ROOT, "%08d.snap", number));
      Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
      forceDirectory();
      removeAllBut(KEPT - 1, present);
      log.info(
          "store.snapshot file={} octets={} segment={} sequence={}",
          path.getFileName(),
          Files.size(path),
          written.position().segment(),
          written.position().sequence());
      return new SnapshotFile(path, store, written.position(), now);
    } catch (IOException e) {
      throw new StoreException(Kind.NO_SPACE, "cannot write a snapshot: " + e.getMessage(), e);
    }
  }

  /**
   * Forced too: one that came back after a power cut would ask for segments that were collected
   * because it was gone.
   */
  private void removeAllBut(int newest, NavigableMap<Integer, Path> present) throws IOException {
    List<Path> before = new ArrayList<>(present.values());
    List<Path> old = before.subList(0, Math.max(0, before.size() - newest));
    for (Path path : old) {
      Files.delete(path);
    }
    if (!old.isEmpty()) {
      forceDirectory();
    }
  }

  /** Where the oldest one stands: the log is complete behind that, and may not be before it. */
  public Optional<LogPosition> oldest() throws StoreException {
    List<SnapshotFile> all = list();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast().position());
  }

  /** Those of this store whose header can be read, newest first. */
  public List<SnapshotFile> list() throws StoreException {
    List<SnapshotFile> snapshots = new ArrayList<>();
    try {
      for (Path path : files().descendingMap().values()) {
        try {
          SnapshotFile snapshot = SnapshotFile.open(path);
          if (snapshot.store().equals(store)) {
            snapshots.add(snapshot);
          }
        } catch (IOException e) {
          log.warn("store.snapshot-unusable file={} cause=\"{}\"", path, e.getMessage());
        }
      }
      return List.copyOf(snapshots);
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "cannot read snapshots: " + e.getMessage(), e);
    }
  }

  /** The newest that is whole. */
  public Optional<SnapshotFile> newestWhole() throws StoreException {
    for (SnapshotFile snapshot : list()) {
      try {
        snapshot.check();
        return Optional.of(snapshot);
      } catch (IOException e) {
        log.error("store.snapshot-damaged file={} cause=\"{}\"", snapshot.path(), e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** Every snapshot that is damaged, with the reason. */
  public List<Damaged> damaged() throws StoreException {
    List<Damaged> damaged = new ArrayList<>();
    try {
      for (Path path : files().values()) {
        try {
          SnapshotFile.open(path).check();
        } catch (IOException e) {
          damaged.add(new Damaged(path.getFileName().toString(), String.valueOf(e.getMessage())));
        }
      }
      return List.copyOf(damaged);
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "cannot read snapshots: " + e.getMessage(), e);
    }
  }

  /** A snapshot that is of no use. */
  public record Damaged(String name, String why) {}

  private NavigableMap<Integer, Path> files() throws IOException {
    NavigableMap<Integer, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(directory)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (name.matches()) {
          files.put(Integer.valueOf(name.group(1)), path);
        }
      }
    }
    return files;
  }

  private void forceDirectory() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
