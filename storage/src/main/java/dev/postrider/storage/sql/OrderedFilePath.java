package dev.postrider.storage.sql;

import dev.postrider.storage.log.FullDisk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A file system for H2 that puts an order into its writes, and waits when the disk is full.
 * Callers: {@link H2Database} makes one for each file it opens, under a scheme of its own; H2 calls
 * the rest.
 *
 * <p>{@link OrderedChannel} says what can go wrong without it.
 *
 * <p>H2 makes a path object for each name by reflection, so class and constructor are public; what
 * {@link #register} was given is handed on by hand.
 */
public final class OrderedFilePath extends FilePathWrapper {

  private static final AtomicLong REGISTERED = new AtomicLong();

  private String scheme = "";
  private @Nullable DiskRoom room;

  /** For H2. */
  public OrderedFilePath() {}

  /** Makes a scheme that nobody else has. */
  static OrderedFilePath register(DiskRoom room) {
    OrderedFilePath made = new OrderedFilePath();
    made.scheme = String.format(Locale.ROOT, "ordered%d", REGISTERED.incrementAndGet());
    made.room = room;
    FilePath.register(made);
    return made;
  }

  void unregister() {
    FilePath.unregister(this);
  }

  @Override
  public String getScheme() {
    return scheme;
  }

  @Override
  public FilePathWrapper getPath(String path) {
    return withSettings(super.getPath(path));
  }

  @Override
  public FilePathWrapper wrap(FilePath base) {
    return withSettings(super.wrap(base));
  }

  private FilePathWrapper withSettings(FilePathWrapper path) {
    if (path instanceof OrderedFilePath ordered) {
      ordered.scheme = scheme;
      ordered.room = room;
    }
    return path;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    FilePath base = getBase();
    FullDisk full = new FullDisk(Path.of(base.getParent().toString().replaceFirst("^\\w+:", "")));
    boolean fresh = !base.exists();
    FileChannel file = base.open(mode);
    try {
      if (!mode.equals("r")) {
        // After a kill, what H2 is about to read may not have reached the disk yet.
        file.force(true);
      }
      if (fresh) {
        forceDirectory(base.getParent());
      }
      return new OrderedChannel(file, Objects.requireNonNull(room), full);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static void forceDirectory(FilePath directory) throws IOException {
    try (FileChannel channel = directory.open("r")) {
      channel.force(true);
    }
  }
}
