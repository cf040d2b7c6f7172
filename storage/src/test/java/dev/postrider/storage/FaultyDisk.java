package dev.postrider.storage;

import dev.postrider.storage.log.LogFile;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.log.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SortedSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A log directory that can be told to run full or to fail. */
final class FaultyDisk implements LogFiles {

  private final LogFiles disk;

  /** Octets that may still be written; then the disk is full, in the middle of a write. */
  final AtomicLong room = new AtomicLong(Long.MAX_VALUE);

  volatile boolean failForce;
  volatile boolean failTruncate;

  /** What is on its way to the disk waits for this. */
  final Semaphore gate = new Semaphore(1);

  final AtomicInteger forced = new AtomicInteger();

  FaultyDisk(LogFiles disk) {
    this.disk = disk;
  }

  @Override
  public SortedSet<Integer> list() throws IOException {
    return disk.list();
  }

  @Override
  public LogFile create(int segment) throws IOException {
    return new FaultyFile(disk.create(segment));
  }

  @Override
  public LogFile openForReading(int segment) throws IOException {
    return disk.openForReading(segment);
  }

  @Override
  public LogFile openForRepair(int segment) throws IOException {
    return new FaultyFile(disk.openForRepair(segment));
  }

  @Override
  public void delete(int segment) throws IOException {
    disk.delete(segment);
  }

  @Override
  public void forceDirectory() throws IOException {
    disk.forceDirectory();
  }

  @Override
  public long usableOctets() {
    return Long.MAX_VALUE;
  }

  private final class FaultyFile implements LogFile {
    private final LogFile file;

    FaultyFile(LogFile file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      int wanted = bytes.remaining();
      if (wanted > room.get()) {
        int fits = (int) room.getAndSet(0);
        file.write(bytes.slice(bytes.position(), fits), position);
        throw new NoSpaceException("full", new IOException("No space left on device"));
      }
      room.addAndGet(-wanted);
      file.write(bytes, position);
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
      return file.read(bytes, position);
    }

    @Override
    public void force() throws IOException {
      if (failForce) {
        throw new IOException("Input/output error");
      }
      gate.acquireUninterruptibly();
      try {
        file.force();
        forced.incrementAndGet();
      } finally {
        gate.release();
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      if (failTruncate) {
        throw new IOException("Input/output error");
      }
      file.truncate(size);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
