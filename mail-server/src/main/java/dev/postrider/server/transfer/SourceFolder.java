package dev.postrider.server.transfer;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Flags;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;

/** A folder of the file system, with messages. */
sealed interface SourceFolder permits MaildirFolder, MboxFolder {

  /** Levels separated by {@code /}, as the disk has them. */
  String name();

  /** How much work it is to read it, in messages of a Maildir or octets of an mbox. */
  long work() throws TransferException;

  /** Hands every message over, in the order in which they arrived. */
  void read(Reader reader) throws TransferException, StoreException;

  /** Takes messages. */
  interface Reader {
    void message(Found message) throws StoreException;

    /** A message that is there and cannot be had. */
    void unreadable(String label, String reason);

    /** A message that its own program deleted, or that is none but a note of it. */
    void passedOver();

    /** So much of {@link SourceFolder#work} is done now. */
    void worked(long units);
  }

  /**
   * A message. {@code text} is good until the reader returns.
   *
   * @param label file, or file and offset
   * @param arrived date of the file or of the {@code From } line
   * @param text with CRLF
   */
  record Found(String label, Flags flags, Instant arrived, InputStream text) {}

  /** One line, without control characters. */
  static String reason(IOException failed) {
    return switch (failed) {
      case NoSuchFileException gone ->
          "it vanished or was renamed meanwhile; run the same command again";
      case AccessDeniedException denied -> "no permission to read it";
      default -> String.valueOf(failed.getMessage()).replaceAll("\\p{Cntrl}", " ");
    };
  }
}
