package dev.postrider.storage.backup;

import dev.postrider.storage.backup.Manifest.Part;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.CRC32C;

/** Copies files so that each is there as a whole, on the disk, or not at all. */
final class Copies {

  /** At the end of the name of a file that is being written. */
  static final String UNFINISHED = ".new";

  private static final int CHUNK_OCTETS = 1024 * 1024;

  private Copies() {}

  /** Copies the first {@code octets} of {@code from}; {@code to} is replaced in one step. */
  static Part copy(Path from, Path to, long octets) throws IOException {
    Path fresh = to.resolveSibling(to.getFileName() + UNFINISHED);
    CRC32C crc = new CRC32C();
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(
                fresh,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_OCTETS);
      long left = octets;
      while (left > 0) {
        left -= read(in, chunk, left, from);
        crc.update(chunk.duplicate());
        while (chunk.hasRemaining()) {
          out.write(chunk);
        }
      }
      out.force(true);
    }
    Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return new Part(octets, (int) crc.getValue());
  }

  /** The checksum of the first {@code octets}. */
  static int crc(Path file, long octets) throws IOException {
    CRC32C crc = new CRC32C();
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_OCTETS);
      long left = octets;
      while (left > 0) {
        left -= read(in, chunk, left, file);
        crc.update(chunk);
      }
    }
    return (int) crc.getValue();
  }

  private static int read(FileChannel in, ByteBuffer chunk, long left, Path file)
      throws IOException {
    chunk.clear().limit((int) Math.min(chunk.capacity(), left));
    while (chunk.hasRemaining()) {
      if (in.read(chunk) < 0) {
        throw new EOFException(file + " is shorter than it should be");
      }
    }
    return chunk.flip().remaining();
  }

  static void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + UNFINISHED);
    Files.writeString(fresh, text);
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Makes what is missing, so that it is there after a power cut too. Mail is nobody else's
   * business.
   */
  static void createPrivate(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      createPrivate(parent);
    }
    Files.createDirectory(directory);
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
    if (parent != null) {
      forceDirectory(parent);
    }
  }
}
