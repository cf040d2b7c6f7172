package dev.postrider.server.transfer;

import dev.postrider.server.transfer.TransferException.Kind;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Flags;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Maildir: {@code cur} and {@code new}; what is in {@code tmp} is nobody's mail yet. Messages
 * come by date of the file, then by name, which begins with the time of delivery.
 *
 * @param mozilla whether Thunderbird keeps it: then the flags are in the header, not in the name
 */
record MaildirFolder(String name, Path directory, boolean mozilla) implements SourceFolder {

  static final String CUR = "cur";
  static final String NEW = "new";
  static final String TMP = "tmp";

  /** The letters of a name. A colon is no character of a name everywhere. */
  private static final Pattern LETTERS = Pattern.compile("[:;!]2,([A-Za-z]*)$");

  /** A file, small: there may be hundreds of thousands. */
  private record File(long seconds, String name, boolean unread) {}

  private static final Comparator<File> BY_ARRIVAL =
      Comparator.comparingLong(File::seconds).thenComparing(File::name, NaturalOrder.NAMES);

  static boolean isOne(Path directory) {
    return Files.isDirectory(directory.resolve(CUR));
  }

  @Override
  public long work() throws TransferException {
    return count(CUR) + count(NEW);
  }

  private long count(String sub) throws TransferException {
    if (!Files.isDirectory(directory.resolve(sub))) {
      return 0;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve(sub))) {
      long count = 0;
      for (Path file : files) {
        count += isMessage(file) ? 1 : 0;
      }
      return count;
    } catch (IOException | DirectoryIteratorException e) {
      throw unreadable(sub, e);
    }
  }

  /** Names that begin with a dot are no messages: an old rule, and NFS leaves such behind. */
  private static boolean isMessage(Path file) {
    return !String.valueOf(file.getFileName()).startsWith(".");
  }

  @Override
  public void read(Reader reader) throws TransferException, StoreException {
    Keywords keywords = keywords();
    List<File> files = new ArrayList<>();
    list(NEW, files, reader);
    list(CUR, files, reader);
    files.sort(BY_ARRIVAL);
    for (File file : files) {
      read(file, keywords, reader);
      reader.worked(1);
    }
  }

  private Keywords keywords() throws TransferException {
    try {
      return Keywords.read(directory);
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(Keywords.FILE_NAME, e);
    }
  }

  private void list(String sub, List<File> files, Reader reader) throws TransferException {
    if (!Files.isDirectory(directory.resolve(sub))) {
      return;
    }
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory.resolve(sub))) {
      for (Path path : paths) {
        if (isMessage(path)) {
          list(path, sub.equals(NEW), files, reader);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw unreadable(sub, e);
    }
  }

  private static void list(Path path, boolean unread, List<File> files, Reader reader) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (attributes.isRegularFile()) {
        long seconds = attributes.lastModifiedTime().toInstant().getEpochSecond();
        files.add(new File(seconds, String.valueOf(path.getFileName()), unread));
        return;
      }
      reader.unreadable(path.toString(), "it is no file");
    } catch (IOException e) {
      reader.unreadable(path.toString(), SourceFolder.reason(e));
    }
    reader.worked(1);
  }

  private void read(File file, Keywords keywords, Reader reader) throws StoreException {
    Path path = directory.resolve(file.unread ? NEW : CUR).resolve(file.name);
    Matcher letters = LETTERS.matcher(file.name);
    Flags flags = letters.find() ? keywords.flags(letters.group(1)) : Flags.NONE;
    Instant arrived = Instant.ofEpochSecond(file.seconds);
    try (InputStream in = Files.newInputStream(path)) {
      if (mozilla) {
        readMozilla(path, arrived, in, reader);
      } else {
        reader.message(new Found(path.toString(), flags, arrived, new CrlfInput(in)));
      }
    } catch (IOException e) {
      reader.unreadable(path.toString(), SourceFolder.reason(e));
    }
  }

  private static void readMozilla(Path path, Instant arrived, InputStream in, Reader reader)
      throws IOException, StoreException {
    OwnedFields fields =
        OwnedFields.read(new BufferedInputStream(in), OwnedFields.Owner.MOZILLA_MAILDIR);
    if (fields.expunged()) {
      reader.passedOver();
    } else {
      reader.message(
          new Found(path.toString(), fields.flags(), arrived, new CrlfInput(fields.rest())));
    }
  }

  private TransferException unreadable(String what, Exception failed) {
    Throwable cause = failed.getCause() instanceof IOException inner ? inner : failed;
    String reason =
        cause instanceof IOException io ? SourceFolder.reason(io) : String.valueOf(failed);
    return new TransferException(
        Kind.NO_INPUT, directory.resolve(what) + " cannot be read: " + reason, failed);
  }
}
