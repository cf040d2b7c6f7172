package dev.postrider.storage.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells a full disk from other failures to write to it.
 *
 * <p>The JDK tells it only by the text of the system, which comes in the locale of the process; so
 * an unknown text counts as a full disk too when the disk is full.
 */
public final class FullDisk {

  /** With less than this left, a failure is taken for one of a full disk. */
  private static final long FULL_OCTETS = 4096;

  private final Path directory;

  /** The disk that {@code directory} is on. */
  public FullDisk(Path directory) {
    this.directory = directory;
  }

  /** Whether {@code e} came because the disk, or our share of it, is full. */
  public boolean isMeantBy(IOException e) {
    if (e instanceof NoSpaceException) {
      return true;
    }
    String text = String.valueOf(e.getMessage());
    if (text.contains("No space left")
        || text.contains("quota exceeded")
        || text.contains("File too large")) {
      return true;
    }
    try {
      return Files.getFileStore(directory).getUsableSpace() < FULL_OCTETS;
    } catch (IOException also) {
      e.addSuppressed(also);
      return false;
    }
  }
}
