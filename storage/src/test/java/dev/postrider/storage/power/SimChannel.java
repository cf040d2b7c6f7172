package dev.postrider.storage.power;

import dev.postrider.storage.power.SimDisk.SimFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBaseDefault;

/** An open file of a {@link SimDisk}. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // the disk has one lock for everything
class SimChannel extends FileBaseDefault {

  private final SimDisk disk;
  private final String name;
  private final SimFile file;

  SimChannel(SimDisk disk, String name, SimFile file) {
    this.disk = disk;
    this.name = name;
    this.file = file;
  }

  /** To force it is all that one can do with it. */
  static SimChannel ofDirectory(SimDisk disk, String name) {
    return new SimChannel(disk, name, disk.unnamed()) {
      @Override
      public void force(boolean metaData) {
        try {
          disk.forceDirectory(name);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  @Override
  public int read(ByteBuffer target, long position) {
    return file.read(target, position);
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    int count = source.remaining();
    file.write(source, position);
    return count;
  }

  @Override
  public void force(boolean metaData) {
    disk.force(name, file);
  }

  @Override
  protected void implTruncate(long size) {
    file.truncate(size);
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public FileLock tryLock(long position, long length, boolean shared) {
    return new FileLock(this, position, length, shared) {
      @Override
      public boolean isValid() {
        return true;
      }

      @Override
      public void release() {
        // Nobody else has this disk.
      }
    };
  }
}
