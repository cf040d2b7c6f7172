package dev.postrider.server.transfer;

import dev.postrider.server.transfer.AccountMail.Entry;
import dev.postrider.server.transfer.AccountMail.Folder;
import dev.postrider.server.transfer.TransferException.Kind;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Uid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes the mail of an account into a directory of its own, as a Maildir++ or as mboxes.
 *
 * <p>Only what is not there yet is written. What was expunged since stays in the export.
 */
public final class Exporter {

  /** Messages that are forced together. */
  static final int BATCH_MESSAGES = 256;

  /** Octets that are forced together, but for the last message. */
  static final long BATCH_OCTETS = 32L * 1024 * 1024;

  /** Messages that are listed at a time. */
  private static final int PAGE = 1000;

  /** What is written. */
  public enum Format {
    MAILDIR,
    MBOX
  }

  /**
   * What to export, and where to.
   *
   * @param folder this one alone; null is all of them
   */
  public record Order(Path directory, Format format, String account, @Nullable String folder) {}

  private final AccountMail mail;
  private final Order order;
  private final Progress progress;

  public Exporter(AccountMail mail, Order order, Progress progress) {
    this.mail = mail;
    this.order = order;
    this.progress = progress;
  }

  /** Does it; returns what became of each folder. */
  public List<FolderTally> run() throws TransferException, StoreException {
    List<Folder> folders = folders();
    String format = order.format().name().toLowerCase(Locale.ROOT);
    try (ExportDirectory _ = ExportDirectory.open(order.directory(), format, order.account())) {
      progress.begin(folders.stream().mapToLong(Folder::messages).sum());
      List<FolderTally> tallies = new ArrayList<>();
      for (Folder folder : folders) {
        progress.folder(folder.name());
        tallies.add(export(folder));
      }
      if (order.format() == Format.MAILDIR && order.folder() == null) {
        writeSubscriptions(folders);
      }
      return tallies;
    } catch (IOException e) {
      throw Disk.failed(order.directory(), e);
    }
  }

  private List<Folder> folders() throws StoreException, TransferException {
    List<Folder> all = mail.folders();
    String wanted = order.folder();
    if (wanted == null) {
      return all;
    }
    List<Folder> one = all.stream().filter(folder -> folder.name().equals(wanted)).toList();
    if (one.isEmpty()) {
      throw new TransferException(
          Kind.NO_INPUT,
          "there is no folder '"
              + wanted
              + "'; there are "
              + String.join(", ", all.stream().map(Folder::name).limit(20).toList()));
    }
    return one;
  }

  private void writeSubscriptions(List<Folder> folders) throws IOException {
    List<String> names = folders.stream().filter(Folder::subscribed).map(Folder::name).toList();
    Disk.replace(order.directory().resolve(Subscriptions.FILE_NAME), Subscriptions.text(names));
  }

  private FolderTally export(Folder folder) throws TransferException, StoreException {
    try (FolderSink sink = sink(folder)) {
      return new Run(folder, sink).all();
    } catch (IOException e) {
      throw Disk.failed(order.directory(), e);
    }
  }

  private FolderSink sink(Folder folder) throws IOException, TransferException {
    return switch (order.format()) {
      case MAILDIR -> new MaildirSink(order.directory(), folder);
      case MBOX -> new MboxSink(order.directory(), folder);
    };
  }

  /** The export of one folder. */
  private final class Run {
    private final Folder folder;
    private final FolderSink sink;
    private int waiting;
    private long waitingOctets;
    private long found;
    private long written;
    private long known;
    private long leftOut;

    Run(Folder folder, FolderSink sink) {
      this.folder = folder;
      this.sink = sink;
    }

    FolderTally all() throws IOException, StoreException {
      Uid after = new Uid(0);
      List<Entry> page = mail.list(folder, after, PAGE);
      while (!page.isEmpty()) {
        for (Entry entry : page) {
          one(entry);
        }
        after = page.getLast().uid();
        page = mail.list(folder, after, PAGE);
      }
      flush();
      sink.note().ifPresent(progress::leftOut);
      return new FolderTally(folder.name(), found, written, known, leftOut, 0);
    }

    private void one(Entry entry) throws IOException, StoreException {
      found++;
      if (sink.has(entry)) {
        known++;
      } else {
        write(entry);
      }
      progress.message();
      progress.worked(1);
      if (waiting >= BATCH_MESSAGES || waitingOctets >= BATCH_OCTETS) {
        flush();
      }
    }

    private void write(Entry entry) throws IOException, StoreException {
      try {
        sink.write(entry, () -> mail.open(entry.body()));
        written++;
        waiting++;
        waitingOctets += entry.octets();
      } catch (FolderSink.UnreadableException unreadable) {
        leaveOut(entry, unreadable);
      } catch (StoreException failed) {
        switch (failed.kind()) {
          case NOT_FOUND, CORRUPT -> leaveOut(entry, failed);
          case EXISTS, REFUSED, OVER_QUOTA, NO_SPACE, UNUSABLE, UNAVAILABLE, CLOSED, FATAL ->
              throw failed;
        }
      }
    }

    private void leaveOut(Entry entry, Exception why) {
      leftOut++;
      if (leftOut <= Importer.NAMED_MAX) {
        progress.leftOut(folder.name() + ", UID " + entry.uid().value() + ": " + why.getMessage());
      }
    }

    private void flush() throws IOException {
      sink.flush();
      waiting = 0;
      waitingOctets = 0;
    }
  }
}
