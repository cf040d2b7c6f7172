package dev.postrider.storage.backup;

import dev.postrider.storage.Progress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.audit.Audit;
import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.backup.Manifest.Part;
import dev.postrider.storage.backup.Manifest.Standing;
import dev.postrider.storage.changes.Batch;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.log.DiskLogFiles;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.log.LogScan;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.snapshot.SnapshotFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A directory with copies of segments and snapshots, and a manifest.
 *
 * <p>A segment that is ended does not change, so it is copied once; the last one is copied as far
 * as the snapshot goes, and again the next time. Nothing is ever removed: so what the store
 * collected since is here still, and every moment between two backups can be restored, as long as
 * no segment was made and collected in between.
 */
public final class Backup {

  /** What is there when the first one was broken off. */
  private static final List<String> BROKEN_OFF =
      List.of("log", "snapshot", Manifest.FILE_NAME + Copies.UNFINISHED);

  private final Path root;

  public Backup(Path root) {
    this.root = root;
  }

  /**
   * What was copied.
   *
   * @param segments and {@code octets} that were not there before
   */
  public record Written(int segments, long octets, LogPosition end) {}

  /**
   * What was restored, up to {@code end}, as it was at {@code at} by the clock, if that is known.
   */
  public record Restored(LogPosition end, Optional<Instant> at) {}

  private Path segment(Path directory, int number) {
    return directory.resolve("log").resolve(String.format(Locale.ROOT, "%08d.seg", number));
  }

  private Path snapshot(Standing standing) {
    return root.resolve("snapshot").resolve(standing.fileName());
  }

  /**
   * Adds what is new. No segment may be removed meanwhile.
   *
   * @param data the directory of the store
   * @param snapshot of now
   */
  public Written add(Path data, SnapshotFile snapshot, Progress progress) throws StoreException {
    try {
      Optional<Manifest> before = Manifest.read(root);
      if (before.isPresent()) {
        requireSameHistory(data, before.get(), snapshot);
      } else {
        requireEmpty();
      }
      Copies.createPrivate(root.resolve("log"));
      Copies.createPrivate(root.resolve("snapshot"));
      NavigableMap<Integer, Part> segments =
          before.map(manifest -> manifest.segments()).orElseGet(TreeMap::new);
      int copied = 0;
      long octets = 0;
      LogPosition end = snapshot.position();
      for (int number : new DiskLogFiles(data.resolve("log")).list().headSet(end.segment() + 1)) {
        progress.at("copy", number, end.segment());
        Path from = segment(data, number);
        long size = number == end.segment() ? end.offset() : Files.size(from);
        Part present = segments.get(number);
        if (present == null || present.octets() != size) {
          segments.put(number, Copies.copy(from, segment(root, number), size));
          copied++;
          octets += size;
        }
      }
      List<Standing> snapshots =
          new ArrayList<>(before.map(manifest -> manifest.snapshots()).orElseGet(List::of));
      if (!hasWhole(snapshots, end)) {
        snapshots.removeIf(standing -> standing.position().equals(end));
        snapshots.add(copy(snapshot));
      }
      Copies.forceDirectory(root.resolve("log"));
      Copies.forceDirectory(root.resolve("snapshot"));
      Manifest manifest = new Manifest(snapshot.store(), segments, snapshots, end);
      Copies.write(root.resolve(Manifest.FILE_NAME), manifest.text());
      Copies.forceDirectory(root);
      return new Written(copied, octets, end);
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "cannot write the backup: " + e.getMessage(), e);
    }
  }

  /**
   * A snapshot of the same position has the same rows, but was made at another time: to put it in
   * place of the one that is there would make the manifest wrong until it is written.
   */
  private boolean hasWhole(List<Standing> snapshots, LogPosition position) throws IOException {
    for (Standing standing : snapshots) {
      Path file = snapshot(standing);
      if (standing.position().equals(position)
          && Files.exists(file)
          && Files.size(file) == standing.part().octets()
          && Copies.crc(file, standing.part().octets()) == standing.part().crc()) {
        return true;
      }
    }
    return false;
  }

  private Standing copy(SnapshotFile snapshot) throws IOException {
    Standing standing = new Standing(new Part(0, 0), snapshot.position(), snapshot.at());
    Part part = Copies.copy(snapshot.path(), snapshot(standing), Files.size(snapshot.path()));
    return new Standing(part, snapshot.position(), snapshot.at());
  }

  private void requireEmpty() throws IOException, StoreException {
    Copies.createPrivate(root);
    try (var files = Files.list(root)) {
      if (files.anyMatch(file -> !BROKEN_OFF.contains(file.getFileName().toString()))) {
        throw new StoreException(
            Kind.UNUSABLE, root + " is no backup, and not empty; name another directory");
      }
    }
  }

  /** A store that was restored, and went on, gives the same numbers to other records. */
  private void requireSameHistory(Path data, Manifest manifest, SnapshotFile snapshot)
      throws IOException, StoreException {
    if (!manifest.store().equals(snapshot.store())) {
      throw new StoreException(
          Kind.UNUSABLE, root + " is a backup of another store; name another directory");
    }
    boolean same = manifest.end().sequence() <= snapshot.position().sequence();
    for (Map.Entry<Integer, Part> entry : manifest.segments().descendingMap().entrySet()) {
      Path here = segment(data, entry.getKey());
      if (same && Files.exists(here)) {
        Part part = entry.getValue();
        same = Files.size(here) >= part.octets() && Copies.crc(here, part.octets()) == part.crc();
        break;
      }
    }
    if (!same) {
      throw new StoreException(
          Kind.UNUSABLE,
          root
              + " is a backup of this store before it was restored, and went another way since;"
              + " name another directory");
    }
  }

  /** Checks every file and every record in it. */
  public List<Finding> verify(Progress progress) throws StoreException {
    try {
      Manifest manifest = manifest();
      List<Finding> findings = new ArrayList<>();
      int done = 0;
      for (Map.Entry<Integer, Part> entry : manifest.segments().entrySet()) {
        progress.at("files", done++, manifest.segments().size());
        check(segment(root, entry.getKey()), entry.getValue(), findings);
      }
      for (Standing standing : manifest.snapshots()) {
        check(snapshot(standing), standing.part(), findings);
      }
      if (findings.isEmpty()) {
        // Older segments may have been collected before they could be copied.
        LogPosition complete = manifest.snapshots().getLast().position();
        Audit audit = new Audit(new DiskLogFiles(root.resolve("log")), manifest.store(), progress);
        // A later backup may have been broken off, and left some of what is behind.
        findings.addAll(audit.log(complete, manifest.end()));
      }
      return List.copyOf(findings);
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "cannot read the backup: " + e.getMessage(), e);
    }
  }

  private void check(Path file, Part part, List<Finding> findings) throws IOException {
    String name = root.relativize(file).toString();
    if (!Files.exists(file)) {
      findings.add(new Finding(name, -1, "is missing", "make a new backup"));
    } else if (Files.size(file) < part.octets()) {
      findings.add(new Finding(name, Files.size(file), "ends too early", "make a new backup"));
    } else if (Copies.crc(file, part.octets()) != part.crc()) {
      findings.add(new Finding(name, -1, "is damaged", "make a new backup in another directory"));
    }
  }

  private Manifest manifest() throws IOException, StoreException {
    return Manifest.read(root)
        .orElseThrow(
            () ->
                new StoreException(
                    Kind.UNUSABLE, root + " is no backup: it has no " + Manifest.FILE_NAME));
  }

  /** Writes the marker that makes a directory a store; last of all. */
  @FunctionalInterface
  public interface Marker {
    void mark(Path data, UUID store) throws IOException;
  }

  /**
   * Makes files of a store in {@code data}, as of {@code until}, or of the end; its tables are made
   * when it is opened.
   *
   * @throws StoreException REFUSED when that time is not in the backup; CORRUPT when a file is
   *     damaged
   */
  public Restored restore(Path data, @Nullable Instant until, Marker marker, Progress progress)
      throws StoreException {
    try {
      Manifest manifest = manifest();
      Optional<Standing> base = base(manifest, until);
      LogPosition from = base.map(standing -> standing.position()).orElse(LogPosition.START);
      End end =
          until == null
              ? new End(manifest.end(), manifest.snapshots().getLast().at())
              : end(manifest, from, until, progress);
      requireContiguous(manifest, from, end.position);
      Copies.createPrivate(data);
      Copies.createPrivate(data.resolve("log"));
      Copies.createPrivate(data.resolve("snapshot"));
      for (Map.Entry<Integer, Part> entry :
          manifest.segments().headMap(end.position.segment(), true).entrySet()) {
        int number = entry.getKey();
        progress.at("copy", number, end.position.segment());
        if (number < from.segment() && isCutShort(manifest, number, entry.getValue())) {
          continue;
        }
        boolean last = number == end.position.segment();
        restore(
            segment(root, number),
            segment(data, number),
            entry.getValue(),
            last ? end.position.offset() : entry.getValue().octets());
      }
      if (base.isPresent()) {
        Part part = base.get().part();
        Path to = data.resolve("snapshot").resolve("00000001.snap");
        restore(snapshot(base.get()), to, part, part.octets());
      }
      Copies.forceDirectory(data.resolve("log"));
      Copies.forceDirectory(data.resolve("snapshot"));
      marker.mark(data, manifest.store());
      return new Restored(end.position, Optional.ofNullable(end.at));
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "cannot restore: " + e.getMessage(), e);
    }
  }

  /**
   * Whether the segment was the last one when it was copied, and was collected before the rest of
   * it could be. Nothing behind needs it; beside the others it would look like a damaged one.
   */
  private boolean isCutShort(Manifest manifest, int number, Part part) throws IOException {
    if (!manifest.segments().containsKey(number + 1)) {
      return false;
    }
    LogPosition end = null;
    for (Standing standing : manifest.snapshots()) {
      LogPosition position = standing.position();
      if (position.segment() == number && position.offset() == part.octets()) {
        end = position;
      }
    }
    LogScan scan = new LogScan(new DiskLogFiles(root.resolve("log")), manifest.store());
    return end != null && scan.firstSequence(number + 1).orElse(0L) > end.sequence();
  }

  private static void restore(Path from, Path to, Part part, long octets)
      throws IOException, StoreException {
    boolean whole = octets == part.octets();
    int crc = whole ? part.crc() : Copies.crc(from, part.octets());
    if (crc != part.crc() || (Copies.copy(from, to, octets).crc() != crc && whole)) {
      throw new StoreException(Kind.CORRUPT, from + " in the backup is damaged");
    }
  }

  /** The newest snapshot that is not too new. */
  private static Optional<Standing> base(Manifest manifest, @Nullable Instant until) {
    return manifest.snapshots().stream()
        .filter(standing -> until == null || !standing.at().isAfter(until))
        .max(Comparator.comparing(Standing::position));
  }

  private record End(LogPosition position, @Nullable Instant at) {}

  /** Behind the last batch, from {@code from} on, that was written at {@code until} or before. */
  private End end(Manifest manifest, LogPosition from, Instant until, Progress progress)
      throws StoreException {
    End[] reached = {new End(from, null)};
    boolean[] over = {false};
    LogScan.Visitor visitor =
        new LogScan.Visitor() {
          @Override
          public void body(BodyId body, BodyLocation location, boolean whole) {}

          @Override
          public void batch(Batch batch, LogPosition after) {
            over[0] |= batch.at().isAfter(until) && after.sequence() > from.sequence();
            if (!over[0] && after.sequence() > from.sequence()) {
              reached[0] = new End(after, batch.at());
            }
          }

          @Override
          public void damage(LogScan.Damage damage) throws StoreException {
            boolean collected =
                damage.what() == LogScan.What.SEGMENT_MISSING
                    || damage.what() == LogScan.What.RECORDS_MISSING;
            boolean body = damage.what() == LogScan.What.BODY;
            if (over[0] || body || damage.segment() < from.segment()) {
              return;
            }
            if (collected && damage.segment() > from.segment()) {
              throw collected(manifest, damage.segment());
            }
            if (!collected && damage.offset() >= from.offset()) {
              throw new StoreException(
                  Kind.CORRUPT,
                  "segment "
                      + damage.segment()
                      + " in the backup is damaged at "
                      + damage.offset());
            }
          }

          @Override
          public void end(int segment, long octets) throws StoreException {
            progress.at("find", segment, manifest.end().segment());
          }
        };
    LogPosition end =
        new LogScan(new DiskLogFiles(root.resolve("log")), manifest.store())
            .run(from, manifest.end(), visitor);
    if (reached[0].position.segment() == 0 || end.sequence() < from.sequence()) {
      throw new StoreException(
          Kind.REFUSED, "the backup has nothing of " + until + "; it begins later");
    }
    return reached[0];
  }

  private static void requireContiguous(Manifest manifest, LogPosition from, LogPosition end)
      throws StoreException {
    for (int number = Math.max(1, from.segment()); number <= end.segment(); number++) {
      if (!manifest.segments().containsKey(number)) {
        throw collected(manifest, number);
      }
    }
  }

  private static StoreException collected(Manifest manifest, int segment) {
    List<String> times =
        manifest.snapshots().stream().map(standing -> standing.at().toString()).toList();
    return new StoreException(
        Kind.REFUSED,
        "segment "
            + segment
            + " was collected before it was in the backup; possible are the times of its"
            + " snapshots: "
            + String.join(", ", times));
  }
}
