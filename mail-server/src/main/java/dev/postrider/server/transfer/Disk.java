package dev.postrider.server.transfer;

import dev.postrider.server.transfer.TransferException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Small things an export does to files. Mail is nobody else's business: modes are 0700 and 0600.
 */
final class Disk {

  static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private Disk() {}

  static void directories(Path directory) throws IOException {
    Files.createDirectories(directory, PRIVATE_DIRECTORY);
  }

  /** Writes a small file and forces it to the disk. */
  static void write(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file, PRIVATE_FILE);
    Files.writeString(file, text, StandardCharsets.UTF_8);
    force(file, StandardOpenOption.WRITE);
  }

  /** The same in one step: whoever looks sees the old file or the new one. */
  static void replace(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    write(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Forces what was made or renamed in a directory. */
  static void forceDirectory(Path directory) throws IOException {
    force(directory, StandardOpenOption.READ);
  }

  static void force(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }

  /** One line: what cannot be written, why, and what to do. */
  static TransferException failed(Path path, IOException failed) {
    if (failed instanceof AccessDeniedException) {
      return new TransferException(
          Kind.CANNOT_CREATE,
          "no permission to write " + path + "; name another directory, or run this as its owner",
          failed);
    }
    String reason =
        failed instanceof FileSystemException named && named.getReason() != null
            ? named.getReason()
            : String.valueOf(failed.getMessage());
    return new TransferException(
        Kind.IO,
        path + " cannot be written: " + reason + "; once that is mended, run it again to go on",
        failed);
  }
}
