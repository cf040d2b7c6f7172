package dev.postrider.server.transfer;

import dev.postrider.server.transfer.AccountMail.Entry;
import dev.postrider.storage.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** Where the messages of one folder are exported to. */
sealed interface FolderSink extends Closeable permits MaildirSink, MboxSink {

  /** Opens the text of a message, as often as needed. */
  interface Text {
    InputStream open() throws StoreException;
  }

  /** A message cannot be read; nothing of it was written. */
  final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableException(IOException cause) {
      super(SourceFolder.reason(cause), cause);
    }
  }

  /** Whether the message is there already; a Maildir then takes its flags as they are now. */
  boolean has(Entry entry) throws IOException;

  /** Writes a message; it is in its place after {@link #flush}. */
  void write(Entry entry, Text text) throws IOException, StoreException, UnreadableException;

  /** What the operator should know at the end. */
  default Optional<String> note() {
    return Optional.empty();
  }

  static void copy(Text text, OutputStream out)
      throws IOException, StoreException, UnreadableException {
    try (InputStream in = text.open()) {
      copy(in, out);
    }
  }

  /** Tells whose failure it is: the message's, which others survive, or the disk's. */
  static void copy(InputStream in, OutputStream out) throws IOException, UnreadableException {
    byte[] block = new byte[16 * 1024];
    int count;
    while ((count = read(in, block)) >= 0) {
      out.write(block, 0, count);
    }
  }

  private static int read(InputStream in, byte[] block) throws UnreadableException {
    try {
      return in.read(block);
    } catch (IOException e) {
      throw new UnreadableException(e);
    }
  }

  /** Forces what was written to the disk, and puts it in its place. */
  void flush() throws IOException;
}
