package dev.postrider.server.relay;

import dev.postrider.storage.log.LogFile;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.log.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;

/** A log on a disk that is full while it is told so. */
final class FillingDisk {

  volatile boolean full;

  /** Counted down when a write was refused. */
  final CountDownLatch refused = new CountDownLatch(1);

  LogFiles under(LogFiles files) {
    return new Files(files);
  }

  private final class Files implements LogFiles {
    private final LogFiles disk;

    Files(LogFiles disk) {
      this.disk = disk;
    }

    @Override
    public SortedSet<Integer> list() throws IOException {
      return disk.list();
    }

    @Override
    public LogFile create(int segment) throws IOException {
      return new File(disk.create(segment));
    }

    @Override
    public LogFile openForReading(int segment) throws IOException {
      return disk.openForReading(segment);
    }

    @Override
    public LogFile openForRepair(int segment) throws IOException {
      return new File(disk.openForRepair(segment));
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
    public long usableOctets() throws IOException {
      return disk.usableOctets();
    }
  }

  private final class File implements LogFile {
    private final LogFile file;

    File(LogFile file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      if (full) {
        refused.countDown();
        throw new NoSpaceException("full", new IOException("No space left on device"));
      }
      file.write(bytes, position);
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
      return file.read(bytes, position);
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public void truncate(long size) throws IOException {
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
