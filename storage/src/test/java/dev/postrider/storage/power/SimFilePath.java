package dev.postrider.storage.power;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * The file system "sim:" of H2: databases are on the {@link SimDisk} of their data directory,
 * everything else is on the real disk. Public for H2, which makes it by reflection.
 */
public final class SimFilePath extends FilePathWrapper {

  static final String SCHEME = "sim:";

  private static final String DATABASE = ".mv.db";

  /** For H2. */
  public SimFilePath() {}

  static void register() {
    FilePath.register(new SimFilePath());
  }

  @Override
  public String getScheme() {
    return SCHEME.substring(0, SCHEME.length() - 1);
  }

  private boolean isDatabase() {
    return getBase().toString().endsWith(DATABASE);
  }

  private Path path() {
    return Path.of(getBase().toString());
  }

  private SimDisk disk() {
    return Objects.requireNonNull(SimDisk.of(path()), "no simulated disk for " + path());
  }

  private String nameOnDisk() {
    return disk().nameOf(path());
  }

  @Override
  public boolean exists() {
    return isDatabase() ? disk().exists(nameOnDisk()) : super.exists();
  }

  @Override
  public boolean canWrite() {
    return isDatabase() || super.canWrite();
  }

  @Override
  public boolean isRegularFile() {
    return isDatabase() ? exists() : super.isRegularFile();
  }

  @Override
  public long lastModified() {
    return isDatabase() ? 0 : super.lastModified();
  }

  @Override
  public long size() {
    return isDatabase() ? channel().size() : super.size();
  }

  @Override
  public void delete() {
    if (!isDatabase()) {
      super.delete();
      return;
    }
    try {
      disk().delete(nameOnDisk());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean createFile() {
    if (!isDatabase()) {
      return super.createFile();
    }
    try {
      disk().create(nameOnDisk());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    if (!isDatabase()) {
      return isDirectory() ? directory() : super.open(mode);
    }
    if (!disk().exists(nameOnDisk())) {
      disk().create(nameOnDisk());
    }
    return channel();
  }

  /** To force it is all that one can do with it. */
  private FileChannel directory() {
    return SimChannel.ofDirectory(disk(), nameOnDisk());
  }

  private SimChannel channel() {
    try {
      return new SimChannel(disk(), nameOnDisk(), disk().open(nameOnDisk()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
