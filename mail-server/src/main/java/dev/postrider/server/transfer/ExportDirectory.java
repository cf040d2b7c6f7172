package dev.postrider.server.transfer;

import dev.postrider.server.transfer.TransferException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory of an export. The file {@value #MARKER} makes it ours, and tells of which account
 * and in which format; without it, only an empty directory is taken. It is locked while an export
 * writes.
 */
final class ExportDirectory implements Closeable {

  static final String MARKER = ".postrider-export";

  private static final String FRESH = MARKER + ".new";

  private final FileChannel marker;

  private ExportDirectory(FileChannel marker) {
    this.marker = marker;
  }

  /** Makes it, or finds that it is ours. */
  static ExportDirectory open(Path directory, String format, String account)
      throws TransferException {
    String wanted = "postrider-export 1\nformat " + format + "\naccount " + account + "\n";
    try {
      Files.createDirectories(directory);
      Path file = directory.resolve(MARKER);
      if (!Files.exists(file)) {
        requireEmpty(directory);
        Disk.write(directory.resolve(FRESH), wanted);
        Files.move(directory.resolve(FRESH), file, StandardCopyOption.ATOMIC_MOVE);
      }
      String present = Files.readString(file, StandardCharsets.UTF_8);
      if (!present.equals(wanted)) {
        throw new TransferException(
            Kind.CANNOT_CREATE,
            directory
                + " holds another export ("
                + describe(present)
                + "); name another directory");
      }
      return lock(directory, file);
    } catch (FileAlreadyExistsException e) {
      throw new TransferException(
          Kind.CANNOT_CREATE, directory + " is a file; name a directory", e);
    } catch (IOException e) {
      throw Disk.failed(directory, e);
    }
  }

  private static String describe(String marker) {
    List<String> lines = marker.lines().toList();
    return lines.size() == 3 ? lines.get(1) + ", " + lines.get(2) : "of a newer version";
  }

  private static void requireEmpty(Path directory) throws IOException, TransferException {
    try (Stream<Path> content = Files.list(directory)) {
      if (content.anyMatch(path -> !path.endsWith(FRESH))) {
        throw new TransferException(
            Kind.CANNOT_CREATE,
            directory + " is not empty and no export of ours; name a new or empty directory");
      }
    }
  }

  private static ExportDirectory lock(Path directory, Path file)
      throws IOException, TransferException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException inThisProcess) {
      locked = false;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    if (!locked) {
      throw new TransferException(
          Kind.BUSY, "another export writes to " + directory + "; wait for its end");
    }
    return new ExportDirectory(channel);
  }

  @Override
  public void close() throws IOException {
    marker.close();
  }
}
