package dev.postrider.server.transfer;

import dev.postrider.protocol.imap.MailboxName;
import dev.postrider.protocol.message.HeaderField;
import dev.postrider.protocol.message.HeaderLimitException;
import dev.postrider.protocol.message.Headers;
import dev.postrider.protocol.message.MailDate;
import dev.postrider.storage.StoreException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings the mail below a path into an account.
 *
 * <p>Messages are filed in the order of their source, a batch to a commit. Whatever ends an import,
 * what was committed stays, and running it again goes on from there: see {@link Known}.
 */
public final class Importer {

  /** Messages of one commit: one fdatasync for all of them. Measured in decision 7. */
  static final int BATCH_MESSAGES = 256;

  /** Octets of one commit, but for the last message. They are in memory while they wait. */
  static final long BATCH_OCTETS = 4L * 1024 * 1024;

  /** Messages whose leaving out is told one by one. */
  static final int NAMED_MAX = 100;

  /** Octets of a header in which a date is looked for. */
  private static final int DATED_OCTETS_MAX = 256 * 1024;

  private static final int EPOCH_YEAR_MIN = 1970;

  /** What the internal date of a message is. */
  public enum Dates {
    /** Date of the Maildir file, or of the From line. */
    FILE,
    /** Date of the newest Received field, else of the Date field, else as {@link #FILE}. */
    HEADER
  }

  /**
   * What to import, and how.
   *
   * @param into folder for INBOX, or above all others; null is the account's own tree
   * @param keepNames whether Sent Items stays Sent Items
   */
  public record Order(
      Path source,
      MailTree.Format format,
      MboxVariant variant,
      @Nullable String into,
      Dates dates,
      boolean keepNames) {}

  private final AccountMail mail;
  private final Progress progress;
  private final Order order;
  private int named;

  public Importer(AccountMail mail, Order order, Progress progress) {
    this.mail = mail;
    this.order = order;
    this.progress = progress;
  }

  /** Does it; returns what became of each folder. */
  public List<FolderTally> run() throws TransferException, StoreException {
    MailTree tree = MailTree.below(order.source(), order.format(), order.variant());
    Optional<Subscriptions> subscriptions = tree.subscriptions();
    long work = 0;
    for (SourceFolder folder : tree.folders()) {
      work += folder.work();
    }
    progress.begin(work);
    List<AccountMail.Folder> present = mail.folders();
    List<FolderTally> tallies = new ArrayList<>();
    for (SourceFolder folder : tree.folders()) {
      String target = target(folder.name(), present);
      boolean subscribe = subscriptions.isEmpty() || subscriptions.get().contains(folder.name());
      progress.folder(target);
      mail.begin(target, subscribe);
      Filing filing = new Filing(target);
      folder.read(filing);
      tallies.add(filing.end());
    }
    for (String note : tree.notes()) {
      leftOut(note);
      tallies.add(new FolderTally("", 0, 0, 0, 1, 0));
    }
    return tallies;
  }

  private String target(String name, List<AccountMail.Folder> present) {
    String into = order.into();
    if (into != null) {
      return name.equals("INBOX") ? into : into + "/" + name;
    }
    return order.keepNames() ? MailboxName.canonical(name) : FolderNames.target(name, present);
  }

  private void leftOut(String line) {
    if (named < NAMED_MAX) {
      progress.leftOut(line);
    } else if (named == NAMED_MAX) {
      progress.leftOut("more is left out; it is counted, but not named");
    }
    named++;
  }

  /** Files the messages of one folder. */
  private final class Filing implements SourceFolder.Reader {
    private final String target;
    private AccountMail.Filed filed = AccountMail.Filed.NOTHING;
    private int waiting;
    private long waitingOctets;
    private long leftOut;
    private long passedOver;

    Filing(String target) {
      this.target = target;
    }

    @Override
    public void message(SourceFolder.Found message) throws StoreException {
      CountedText text = new CountedText(message.text(), mail.messageOctetsMax());
      try {
        BufferedInputStream ahead = new BufferedInputStream(text);
        ahead.mark(1);
        if (ahead.read() < 0) {
          throw new IOException("it is empty");
        }
        ahead.reset();
        Instant date = order.dates() == Dates.FILE ? message.arrived() : date(ahead, message);
        mail.add(message.flags(), date, ahead);
      } catch (IOException e) {
        unreadable(message.label(), SourceFolder.reason(e));
        return;
      }
      progress.message();
      waiting++;
      waitingOctets += text.octets;
      if (waiting >= BATCH_MESSAGES || waitingOctets >= BATCH_OCTETS) {
        commit();
      }
    }

    @Override
    public void unreadable(String label, String reason) {
      leftOut++;
      progress.message();
      Importer.this.leftOut(label + ": " + reason);
    }

    @Override
    public void passedOver() {
      passedOver++;
    }

    @Override
    public void worked(long units) {
      progress.worked(units);
    }

    private void commit() throws StoreException {
      filed = filed.plus(mail.commit());
      waiting = 0;
      waitingOctets = 0;
    }

    FolderTally end() throws StoreException {
      commit();
      return new FolderTally(
          target,
          filed.filed() + filed.known() + leftOut,
          filed.filed(),
          filed.known(),
          leftOut,
          passedOver);
    }
  }

  private static Instant date(BufferedInputStream text, SourceFolder.Found message)
      throws IOException {
    text.mark(2 * DATED_OCTETS_MAX);
    Headers headers;
    try {
      headers = Headers.read(text, DATED_OCTETS_MAX, Headers.FIELDS_MAX);
    } catch (HeaderLimitException noHeader) {
      text.reset();
      return message.arrived();
    }
    text.reset();
    return headers
        .first("Received")
        .flatMap(received -> date(lastPart(received)))
        .or(() -> headers.first("Date").flatMap(date -> date(date.value())))
        .orElse(message.arrived());
  }

  /** The date of a Received field is behind its last semicolon. RFC 5321 section 4.4. */
  private static String lastPart(HeaderField received) {
    String value = received.value();
    return value.substring(value.lastIndexOf(';') + 1);
  }

  private static Optional<Instant> date(String text) {
    return MailDate.parse(text)
        .filter(date -> date.getYear() >= EPOCH_YEAR_MIN)
        .map(OffsetDateTime::toInstant);
  }

  /** Counts, and ends a message that is too large. */
  private static final class CountedText extends FilterInputStream {
    private final long octetsMax;
    private long octets;

    CountedText(InputStream in, long octetsMax) {
      super(in);
      this.octetsMax = octetsMax;
    }

    @Override
    public int read() throws IOException {
      return counted(in.read(), 1);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = in.read(into, offset, length);
      return counted(count, count);
    }

    private int counted(int result, int count) throws IOException {
      octets += result < 0 ? 0 : count;
      if (octets > octetsMax) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "it is larger than %d octets, the most that [limits] message_size allows",
                octetsMax));
      }
      return result;
    }
  }
}
