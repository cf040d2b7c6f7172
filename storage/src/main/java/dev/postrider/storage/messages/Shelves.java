package dev.postrider.storage.messages;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.log.DiskTrouble;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.sql.MessageRows;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes of large mailboxes as files, so that such a mailbox opens without its rows being read
 * one by one: a million of them take seconds, its file a tenth of one.
 *
 * <p>A file is a copy of rows, and nothing depends on it. One that is missing, torn, damaged, of
 * another store or of another version costs time alone. So it is never forced to the disk, is not
 * backed up, and what goes wrong with it goes to the log and no further.
 *
 * <p>Why what comes from a file is what the tables have:
 *
 * <ul>
 *   <li>Whatever happens in a mailbox (a message comes, gets other flags, leaves) raises its
 *       MODSEQ, in the same transaction. So a file with the MODSEQ of the mailbox's row has what
 *       the rows have. Its UIDVALIDITY and its store have to be the same too. What is recent is not
 *       a matter of the MODSEQ, and always read from the row.
 *   <li>A file with a lower MODSEQ lacks what happened since, and all of that is in the tables:
 *       what came has a UID of UIDNEXT of the file or more; what got other flags has a higher
 *       MODSEQ; what left has a row with a higher MODSEQ among the expunged, which stays as long as
 *       the mailbox does, also when the message cannot be brought back any more. These are read in
 *       one transaction with the mailbox's row.
 *   <li>A file with a higher MODSEQ than the row is not of these tables, and is refused. Changes
 *       get into a file after they are in the tables, and into the tables after they are in the log
 *       on the disk, so this does not happen by a crash. When tables are made again, and so when
 *       the end of the log was given up, the files are removed first, and that is forced: a MODSEQ
 *       may then be given again to something else.
 *   <li>What is written is a copy that was taken at one moment, of an index which is exactly what
 *       was at one MODSEQ. It gets its name when it is whole, and checks itself, so a torn one is
 *       found.
 * </ul>
 *
 * <p>Nobody but this process may write the tables; so stores that share a database have no shelves.
 *
 * <p>A file that is behind costs one pass over the rows, which takes a tenth of what reading them
 * takes, and each message that changed as much as if there were no file. So a file is written again
 * when a {@link #CHANGED_PART} of the messages changed, or when it is {@link #AGE_MAX} old: a
 * million messages are 10 MB, which may not be written each minute for one new message. It is also
 * written when its index leaves the memory, when the store closes, and when all rows had to be
 * read.
 *
 * <p>Threads: any. Files are written by one thread at a time; nobody waits for it but who closes.
 */
public final class Shelves {

  /** A file is due when one message of so many changed. */
  static final int CHANGED_PART = 20;

  /** A file that is not what the mailbox is any more is due after this time. */
  static final Duration AGE_MAX = Duration.ofMinutes(10);

  private static final Logger log = LoggerFactory.getLogger(Shelves.class);

  /** How long the end of the store may be held up. */
  private static final Duration CLOSE_MAX = Duration.ofSeconds(3);

  /** Indexes that wait to be written: they hold memory, and without their file all works too. */
  private static final int WAITING_MAX = 4;

  private static final Duration IDLE = Duration.ofSeconds(10);

  /** Of a message in a file, more than it mostly takes. */
  private static final int MESSAGE_OCTETS = 32;

  private static final Pattern NAME = Pattern.compile("([0-9]{1,10})\\.index");

  private final Path directory;
  private final UUID store;
  private final int messagesMin;
  private final Room room;
  private final InstantSource clock;
  private final ThreadPoolExecutor writer;
  private final ReentrantLock writing = new ReentrantLock();
  private volatile @Nullable Instant deadline;

  /** Whether the disk has so many octets that nobody will miss. */
  @FunctionalInterface
  public interface Room {
    boolean isFor(long octets) throws IOException;
  }

  /**
   * @param messagesMin smaller mailboxes have no file
   */
  public Shelves(Path directory, UUID store, int messagesMin, Room room, InstantSource clock) {
    this.directory = directory;
    this.store = store;
    this.messagesMin = messagesMin;
    this.room = room;
    this.clock = clock;
    this.writer =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX),
            work -> Thread.ofPlatform().name("store-shelves").daemon().unstarted(work),
            (work, full) -> log.debug("store.shelf-busy waiting={}", WAITING_MAX));
    writer.allowCoreThreadTimeOut(true);
  }

  /** What an index knows of its file: what was in it, and when it was written. */
  record Shelved(long modSeq, long changes, Instant at) {}

  Instant now() {
    return clock.instant();
  }

  /** Whether a mailbox of so many messages has a file. */
  boolean isLarge(int messages) {
    return messages >= messagesMin;
  }

  /** The file of {@code mailbox}, when it is there and whole. It may be behind the tables. */
  Optional<Shelf> find(MailboxId mailbox, UnaryOperator<Flags> intern) {
    Path path = path(mailbox);
    try {
      Shelf shelf = ShelfReader.read(path, intern);
      if (shelf.store().equals(store) && shelf.mailbox().equals(mailbox)) {
        return Optional.of(shelf);
      }
      refuse(mailbox, "it is of another store or mailbox");
    } catch (NoSuchFileException e) {
      log.debug("store.shelf-missing mailbox={}", mailbox.value());
    } catch (IOException e) {
      refuse(mailbox, String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  /** The file of {@code mailbox} is of no use. */
  void refuse(MailboxId mailbox, String why) {
    log.warn("store.shelf-refused mailbox={} cause=\"{}\"", mailbox.value(), why);
    delete(path(mailbox));
  }

  /** Writes the file of {@code index} soon, if its mailbox is large; or not, if many wait. */
  void offer(WarmIndex index) {
    if (isLarge(index.size()) || index.shelved() != null) {
      writer.execute(() -> put(index));
    }
  }

  /** The mailbox is no more. */
  void remove(MailboxId mailbox) {
    writer.execute(() -> delete(path(mailbox)));
  }

  /** Writes the file of {@code index} now, or removes it when the mailbox is not large any more. */
  void put(WarmIndex index) {
    writing.lock();
    try {
      if (index.isShelvedAsItIs() || isLate()) {
        return;
      }
      if (!isLarge(index.size())) {
        delete(path(index.mailbox()));
        index.shelved(null);
        return;
      }
      if (!room.isFor((long) MESSAGE_OCTETS * index.size())) {
        log.debug("store.shelf-not-written mailbox={} cause=no-room", index.mailbox().value());
        return;
      }
      write(index);
    } catch (IOException e) {
      log.warn(
          "store.shelf-not-written mailbox={} cause=\"{}\"",
          index.mailbox().value(),
          DiskTrouble.describe(e));
    } catch (StoreException e) {
      log.debug("store.shelf-not-needed mailbox={}", index.mailbox().value());
    } finally {
      writing.unlock();
    }
  }

  private void write(WarmIndex index) throws IOException, StoreException {
    WarmIndex.Copy copy = index.copy(store);
    Path path = path(index.mailbox());
    Path unfinished = directory.resolve(index.mailbox().value() + ".new");
    boolean whole = false;
    try {
      Files.deleteIfExists(unfinished);
      try (FileChannel out =
          FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        whole = ShelfWriter.write(copy.shelf(), out, this::isLate);
      }
      if (whole) {
        Files.move(
            unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        index.shelved(new Shelved(copy.shelf().modSeq(), copy.changes(), now()));
        log.debug(
            "store.shelf-written mailbox={} messages={} octets={}",
            index.mailbox().value(),
            copy.shelf().columns().size(),
            Files.size(path));
      }
    } finally {
      if (!whole) {
        delete(unfinished);
      }
    }
  }

  private boolean isLate() {
    Instant until = deadline;
    return until != null && clock.instant().isAfter(until);
  }

  /** Removes files of mailboxes that are gone, and what is none of ours. */
  void tidy(MessageRows rows) throws StoreException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    writing.lock();
    try {
      Map<MailboxId, Path> shelves = new HashMap<>();
      for (Path path : files()) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (name.matches()) {
          shelves.put(new MailboxId(Long.parseLong(name.group(1))), path);
        } else {
          delete(path);
        }
      }
      shelves.keySet().removeAll(rows.highestModSeqs(shelves.keySet()).keySet());
      shelves.values().forEach(Shelves::delete);
    } catch (IOException e) {
      log.warn("store.shelves-not-tidied cause=\"{}\"", DiskTrouble.describe(e));
    } finally {
      writing.unlock();
    }
  }

  private List<Path> files() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(directory)) {
      all.forEach(found::add);
    }
    return found;
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      log.warn("store.shelf-not-removed cause=\"{}\"", DiskTrouble.describe(e));
    }
  }

  private Path path(MailboxId mailbox) {
    return directory.resolve(fileName(mailbox));
  }

  static String fileName(MailboxId mailbox) {
    return mailbox.value() + ".index";
  }

  /**
   * Writes what changed of {@code indexes}, as far as there is time, and nothing afterwards. No
   * change comes any more.
   */
  void close(Collection<WarmIndex> indexes) {
    deadline = clock.instant().plus(CLOSE_MAX);
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      log.warn("store.interrupted thread={}", Thread.currentThread().getName());
      return;
    }
    for (WarmIndex index : indexes) {
      if (isLarge(index.size()) || index.shelved() != null) {
        put(index);
      }
    }
  }
}
