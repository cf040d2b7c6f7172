package dev.postrider.storage.log;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;

/** Says what is wrong with a file, and what to do about it, in words of an operator. */
public final class DiskTrouble {

  private DiskTrouble() {}

  /** One line. The JDK gives only the name of the file for most of these. */
  public static String describe(IOException e) {
    return switch (e) {
      case AccessDeniedException denied ->
          "no permission for " + denied.getFile() + ": check owner and mode";
      case NoSuchFileException missing ->
          missing.getFile() + " is missing: restore it, or check that the disk is mounted";
      case NotDirectoryException file -> file.getFile() + " is not a directory";
      case FileAlreadyExistsException file -> file.getFile() + " is not a directory";
      case FileSystemException failed ->
          failed.getFile()
              + ": "
              + Optional.ofNullable(failed.getReason()).orElse("failed")
              + (String.valueOf(failed.getReason()).contains("Read-only")
                  ? ": mount it so that it can be written"
                  : "");
      default -> String.valueOf(e.getMessage());
    };
  }
}
