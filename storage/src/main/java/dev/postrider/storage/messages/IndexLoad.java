package dev.postrider.storage.messages;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.sql.MessageRows;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * All of a mailbox for its index: from the tables, or from its file and what the tables have beyond
 * that. {@link Shelves} says why both are the same. Thread: one.
 */
final class IndexLoad implements MessageRows.Reader {

  private final @Nullable Shelf file;
  private final UnaryOperator<Flags> intern;
  private final LongStream.Builder gone = LongStream.builder();
  private MessageColumns columns = new MessageColumns();
  private boolean fromFile;
  private @Nullable String refused;
  private Shelves.@Nullable Shelved shelved;
  private long newer;
  private long uidValidity;
  private long uidNext;
  private long highestModSeq;
  private long firstRecent;

  private IndexLoad(@Nullable Shelf file, UnaryOperator<Flags> intern) {
    this.file = file;
    this.intern = intern;
  }

  /**
   * Empty when there is no such mailbox.
   *
   * @param intern gives the one that is shared among all flags that are equal
   */
  static Optional<IndexLoad> run(
      MailboxId mailbox, MessageRows rows, @Nullable Shelves shelves, UnaryOperator<Flags> intern)
      throws StoreException {
    if (shelves != null) {
      IndexLoad load = new IndexLoad(shelves.find(mailbox, intern).orElse(null), intern);
      boolean exists = rows.load(mailbox, load);
      String refused = load.refused;
      if (refused != null) {
        shelves.refuse(mailbox, refused);
      }
      if (refused == null || !load.fromFile) {
        load.finish(shelves);
        return exists ? Optional.of(load) : Optional.empty();
      }
    }
    IndexLoad load = new IndexLoad(null, intern);
    return rows.load(mailbox, load) ? Optional.of(load) : Optional.empty();
  }

  @Override
  public Optional<MessageRows.Known> mailbox(long validity, Uid next, ModSeq highest, Uid recent) {
    uidValidity = validity;
    uidNext = next.value();
    highestModSeq = highest.value();
    firstRecent = recent.value();
    if (file == null) {
      return Optional.empty();
    }
    if (file.uidValidity() != validity
        || file.modSeq() > highestModSeq
        || file.uidNext() > uidNext) {
      refused = "it is ahead of the tables, or of another time of the mailbox";
      return Optional.empty();
    }
    fromFile = true;
    columns = file.columns();
    return Optional.of(new MessageRows.Known(new ModSeq(file.modSeq()), new Uid(file.uidNext())));
  }

  @Override
  public void message(Message message) {
    newer++;
    long uid = message.uid().value();
    Flags flags = intern.apply(message.flags());
    if (file == null || !fromFile || uid >= file.uidNext()) {
      columns.append(
          uid,
          message.modSeq().value(),
          flags,
          message.octets(),
          message.internalDate().getEpochSecond(),
          message.body().value());
      return;
    }
    int index = columns.indexOf(uid);
    if (index < 0) {
      refused = "it lacks UID " + uid;
    } else {
      columns.setFlags(index, flags, message.modSeq().value());
    }
  }

  @Override
  public void gone(Uid uid) {
    newer++;
    gone.add(uid.value());
  }

  private void finish(Shelves shelves) {
    UidSet left = UidSet.of(gone.build().toArray());
    if (!left.isEmpty()) {
      columns.removeAll(left);
    }
    if (file != null && fromFile) {
      shelved = new Shelves.Shelved(file.modSeq(), 0, shelves.now());
    }
  }

  MessageColumns columns() {
    return columns;
  }

  long uidValidity() {
    return uidValidity;
  }

  long uidNext() {
    return uidNext;
  }

  long highestModSeq() {
    return highestModSeq;
  }

  long firstRecent() {
    return firstRecent;
  }

  /** What it was loaded from, when that was its file. */
  Shelves.@Nullable Shelved shelved() {
    return shelved;
  }

  /** Messages that were read of the tables. */
  long newer() {
    return newer;
  }
}
