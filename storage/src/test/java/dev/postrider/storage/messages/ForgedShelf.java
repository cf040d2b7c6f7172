package dev.postrider.storage.messages;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Writes files of indexes that are whole, but lie: so a test sees whether they are used. */
public final class ForgedShelf {

  private ForgedShelf() {}

  /** All flags are {@code flags} afterwards; the MODSEQ of the mailbox is raised by so much. */
  public static void write(Path file, Flags flags, long raised) throws IOException {
    Shelf shelf = ShelfReader.read(file, UnaryOperator.identity());
    MessageColumns columns = shelf.columns();
    for (int i = 0; i < columns.size(); i++) {
      columns.setFlags(i, flags, columns.modSeq(i));
    }
    write(
        file,
        new Shelf(
            shelf.store(),
            shelf.mailbox(),
            shelf.uidValidity(),
            shelf.uidNext(),
            shelf.modSeq() + raised,
            columns));
  }

  /** Of another store, or of another UIDVALIDITY. */
  public static void write(Path file, UUID store, long validityRaised) throws IOException {
    Shelf shelf = ShelfReader.read(file, UnaryOperator.identity());
    write(
        file,
        new Shelf(
            store,
            shelf.mailbox(),
            shelf.uidValidity() + validityRaised,
            shelf.uidNext(),
            shelf.modSeq(),
            shelf.columns()));
  }

  /** Lacks the message {@code uid}, and is as old as the message before the last change. */
  public static void writeWithout(Path file, long uid, long modSeq) throws IOException {
    Shelf shelf = ShelfReader.read(file, UnaryOperator.identity());
    shelf.columns().removeAll(UidSet.of(uid));
    write(
        file,
        new Shelf(
            shelf.store(),
            shelf.mailbox(),
            shelf.uidValidity(),
            shelf.uidNext(),
            modSeq,
            shelf.columns()));
  }

  public static UUID storeOf(Path file) throws IOException {
    return ShelfReader.read(file, UnaryOperator.identity()).store();
  }

  public static long modSeqOf(Path file) throws IOException {
    return ShelfReader.read(file, UnaryOperator.identity()).modSeq();
  }

  private static void write(Path file, Shelf shelf) throws IOException {
    Files.delete(file);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ShelfWriter.write(shelf, out, () -> false);
    }
  }
}
