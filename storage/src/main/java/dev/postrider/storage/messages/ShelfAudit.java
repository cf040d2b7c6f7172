package dev.postrider.storage.messages;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.sql.FrozenTables;
import dev.postrider.storage.sql.MessageRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the files of {@link Shelves} are what the tables are. One with another MODSEQ than
 * its mailbox's row is of another moment. One that is not whole, as a power cut leaves it, is
 * nothing to complain of: no reader believes it either.
 */
public final class ShelfAudit {

  private static final Logger log = LoggerFactory.getLogger(ShelfAudit.class);

  private static final String ENDING = ".index";

  private final Path directory;
  private final UUID store;

  /**
   * @param directory need not be there
   */
  public ShelfAudit(Path directory, UUID store) {
    this.directory = directory;
    this.store = store;
  }

  /** A file that is of no use. */
  public record Wrong(String name, String why) {}

  /** Compares every file. They may be replaced meanwhile. */
  public List<Wrong> compare(FrozenTables tables) throws StoreException {
    List<Wrong> wrong = new ArrayList<>();
    for (Path path : files()) {
      String name = path.getFileName().toString();
      try {
        Shelf shelf = ShelfReader.read(path, UnaryOperator.identity());
        why(shelf, name, tables).ifPresent(why -> wrong.add(new Wrong(name, why)));
      } catch (IOException e) {
        log.debug("store.shelf-not-compared file={} cause=\"{}\"", name, e.getMessage());
      }
    }
    return List.copyOf(wrong);
  }

  private List<Path> files() throws StoreException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(path -> path.getFileName().toString().endsWith(ENDING)).sorted().toList();
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.UNUSABLE, "cannot read " + directory + ": " + e.getMessage(), e);
    }
  }

  private Optional<String> why(Shelf shelf, String name, FrozenTables tables)
      throws StoreException {
    if (!shelf.store().equals(store) || !name.equals(Shelves.fileName(shelf.mailbox()))) {
      return Optional.of("it is of another store or mailbox");
    }
    Comparison comparison = new Comparison(shelf);
    // Of a mailbox that is gone a file may be left for a while.
    return tables.load(shelf.mailbox(), comparison) ? comparison.difference() : Optional.empty();
  }

  /** Goes through rows and file at the same time. */
  private static final class Comparison implements MessageRows.Reader {
    private final Shelf shelf;
    private boolean comparable;
    private int next;
    private @Nullable Uid first;

    Comparison(Shelf shelf) {
      this.shelf = shelf;
    }

    @Override
    public Optional<MessageRows.Known> mailbox(
        long uidValidity, Uid uidNext, ModSeq highestModSeq, Uid firstRecent) {
      comparable = uidValidity == shelf.uidValidity() && highestModSeq.value() == shelf.modSeq();
      if (comparable && uidNext.value() != shelf.uidNext()) {
        first = uidNext;
      }
      // A file of another moment is not compared, and so no row is wanted.
      return comparable
          ? Optional.empty()
          : Optional.of(new MessageRows.Known(highestModSeq, uidNext));
    }

    @Override
    public void message(Message message) {
      if (first == null && comparable && !isNext(message)) {
        first = message.uid();
      }
      next++;
    }

    private boolean isNext(Message row) {
      if (next >= shelf.columns().size()) {
        return false;
      }
      Message mine = shelf.columns().get(next);
      return row.equals(mine) && sameKeywords(row.flags(), mine.flags());
    }

    /** Letter by letter: those of a row are given to clients as they are. */
    private static boolean sameKeywords(Flags a, Flags b) {
      return Objects.equals(List.copyOf(a.keywords()), List.copyOf(b.keywords()));
    }

    @Override
    public void gone(Uid uid) {
      // Only asked for with what is known.
    }

    Optional<String> difference() {
      if (!comparable) {
        return Optional.empty();
      }
      if (first == null && next < shelf.columns().size()) {
        first = new Uid(shelf.columns().uid(next));
      }
      MailboxId mailbox = shelf.mailbox();
      return Optional.ofNullable(first)
          .map(
              uid ->
                  "it is not what the tables say from UID "
                      + uid.value()
                      + " of mailbox "
                      + mailbox.value()
                      + " on");
    }
  }
}
