package dev.postrider.storage.log;

import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.BodyOctets;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads bytes of messages out of segments, whether they are still written to or not.
 *
 * <p>A segment is opened at the first read and stays open; reads are positional, so any number of
 * threads share it. One that is retired is closed when the last of those who read it is done, and
 * is not opened again; its file may be unlinked meanwhile.
 */
public final class SegmentReaders implements BodyOctets, Closeable {

  private final LogFiles files;
  private final Map<Integer, Shared> open = new HashMap<>();
  private final Set<Integer> retired = new HashSet<>();

  private static final class Shared {
    private final LogFile file;
    private int leases;

    Shared(LogFile file) {
      this.file = file;
    }
  }

  public SegmentReaders(LogFiles files) {
    this.files = files;
  }

  /** A segment that stays readable until this is closed. Thread: one at a time. */
  public final class Lease implements BodyOctets.Lease {
    private final int segment;
    private final Shared shared;
    private boolean closed;

    private Lease(int segment, Shared shared) {
      this.segment = segment;
      this.shared = shared;
    }

    /** Fills {@code bytes} from {@code offset} of the segment. */
    @Override
    public void read(long offset, ByteBuffer bytes) throws IOException {
      long at = offset;
      while (bytes.hasRemaining()) {
        int count = shared.file.read(bytes, at);
        if (count < 0) {
          throw new IOException("segment " + segment + " ends at " + at);
        }
        at += count;
      }
    }

    @Override
    public void readAhead(long offset, ByteBuffer bytes) throws IOException {
      int _ = shared.file.read(bytes, offset);
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        release(segment, shared);
      }
    }
  }

  /** Empty when the segment was removed. */
  public Optional<Lease> lease(int segment) throws IOException {
    synchronized (open) {
      if (retired.contains(segment)) {
        return Optional.empty();
      }
      Shared shared = open.get(segment);
      if (shared == null) {
        try {
          shared = new Shared(files.openForReading(segment));
        } catch (NoSuchFileException e) {
          return Optional.empty();
        }
        open.put(segment, shared);
      }
      shared.leases++;
      return Optional.of(new Lease(segment, shared));
    }
  }

  @Override
  public Optional<? extends BodyOctets.Lease> lease(BodyId body, BodyLocation location)
      throws IOException {
    return lease(location.segment()).map(lease -> readable(lease, location));
  }

  private static BodyOctets.Lease readable(Lease lease, BodyLocation location) {
    return location.isPacked() ? new UnpackedLease(lease, location) : lease;
  }

  private void release(int segment, Shared shared) throws IOException {
    synchronized (open) {
      shared.leases--;
      if (shared.leases == 0 && retired.contains(segment)) {
        shared.file.close();
      }
    }
  }

  /** Fills {@code bytes} from {@code offset} of the segment. */
  public void read(int segment, long offset, ByteBuffer bytes) throws IOException {
    try (Lease lease =
        lease(segment).orElseThrow(() -> new IOException("segment " + segment + " is gone"))) {
      lease.read(offset, bytes);
    }
  }

  /** Nobody who comes later reads from the segment. */
  public void retire(int segment) throws IOException {
    synchronized (open) {
      retired.add(segment);
      Shared shared = open.remove(segment);
      if (shared != null && shared.leases == 0) {
        shared.file.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (open) {
      for (Shared shared : open.values()) {
        shared.file.close();
      }
      open.clear();
    }
  }
}
