package dev.postrider.storage.audit;

import dev.postrider.storage.Progress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.Batch;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.log.LogMend;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.log.LogScan;
import dev.postrider.storage.log.LogScan.Damage;
import dev.postrider.storage.messages.BodyId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Makes a damaged log one that opens. First all of it is looked at; then what is damaged is kept in
 * files of its own, and written over by records that say that something is lost.
 */
public final class Repair {

  private final LogFiles files;
  private final UUID store;
  private final Shelf shelf;
  private final Findings findings = new Findings();
  private LogPosition end = LogPosition.START;

  /** Names a new file for what was at {@code offset} of {@code segment}. */
  @FunctionalInterface
  public interface Shelf {
    Path place(int segment, long offset) throws IOException;
  }

  public Repair(LogFiles files, UUID store, Shelf shelf) {
    this.files = files;
    this.store = store;
    this.shelf = shelf;
  }

  /** Returns what is lost. Throws UNUSABLE when a segment is not of this store, or newer. */
  public List<Finding> run(LogPosition complete, Progress progress) throws StoreException {
    List<Damage> damages = new ArrayList<>();
    end = new LogScan(files, store).run(complete, null, new Gather(damages, progress));
    for (Damage damage : damages) {
      if (damage.what() == LogScan.What.SEGMENT_FOREIGN) {
        throw new StoreException(
            Kind.UNUSABLE,
            Findings.file(damage.segment()) + " is of another store or of a newer program");
      }
    }
    LogMend mend = new LogMend(files, store);
    try {
      for (Damage damage : damages) {
        mend(mend, damage);
      }
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "cannot repair the log: " + e.getMessage(), e);
    }
    return findings.list();
  }

  /** Where the log ends, once it was looked at. */
  public LogPosition end() {
    return end;
  }

  private void mend(LogMend mend, Damage damage) throws IOException {
    if (damage.what() == LogScan.What.RECORDS_MISSING) {
      if (damage.lost() > 0) {
        mend.bridge(damage.segment() - 1, damage.sequence(), damage.lost());
        tell(damage, "they are nowhere");
      }
      return;
    }
    Path kept = shelf.place(damage.segment(), damage.offset());
    boolean written;
    try (Kept aside = new Kept(kept)) {
      written = mend.mend(damage, aside);
    }
    if (written) {
      tell(damage, "its octets are kept in " + kept);
    } else {
      Files.delete(kept);
    }
  }

  /** A new file. */
  private static final class Kept implements LogMend.Aside, AutoCloseable {
    private final Path path;
    private final FileChannel out;

    Kept(Path path) throws IOException {
      this.path = path;
      this.out = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void put(ByteBuffer octets) throws IOException {
      while (octets.hasRemaining()) {
        out.write(octets);
      }
    }

    @Override
    public void secure() throws IOException {
      out.force(true);
      try (FileChannel shelf = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
        shelf.force(true);
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  private void tell(Damage damage, String remedy) {
    String file = Findings.file(damage.segment());
    switch (damage.what()) {
      case SEGMENT_HEADER -> findings.add(file, 0, "its header was written again", remedy);
      case SEGMENT_MISSING ->
          findings.add(file, -1, "was missing and is lost", "restore a backup if there is one");
      case RECORDS_MISSING, RECORD, BATCH ->
          findings.add(
              file,
              damage.offset(),
              "lost is record "
                  + damage.sequence()
                  + (damage.lost() > 1 ? " to " + (damage.sequence() + damage.lost() - 1) : ""),
              remedy);
      case BODY, TAIL, SEGMENT_FOREIGN -> {}
    }
  }

  private record Gather(List<Damage> damages, Progress progress) implements LogScan.Visitor {
    @Override
    public void body(BodyId body, BodyLocation location, boolean whole) {}

    @Override
    public void batch(Batch batch, LogPosition after) {}

    @Override
    public void damage(Damage damage) {
      damages.add(damage);
    }

    @Override
    public void end(int segment, long octets) throws StoreException {
      progress.at("log", segment, 0);
    }
  }
}
