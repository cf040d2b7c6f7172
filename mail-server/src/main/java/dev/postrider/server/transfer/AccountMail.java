package dev.postrider.server.transfer;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.SpecialUse;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Uid;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The mail of one account, as far as a transfer needs it.
 *
 * <p>Filing goes {@link #begin}, then any number of {@link #add} and {@link #commit} in turn. A
 * message that the folder has already is not filed again: see {@link Known}.
 */
public sealed interface AccountMail extends AutoCloseable permits StoredMail, RemoteMail {

  /** Octets of a message that is taken, at most. */
  long messageOctetsMax();

  /** The folders, INBOX first. */
  List<Folder> folders() throws StoreException;

  /**
   * From now on messages go to this folder. It is made when it is missing.
   *
   * @param subscribe whether clients are to show it
   */
  void begin(String folder, boolean subscribe) throws StoreException;

  /**
   * Takes a message for the next commit. It is read to its end before this returns.
   *
   * @param text with CRLF
   * @throws IOException from {@code text} alone; the message is forgotten
   */
  void add(Flags flags, Instant internalDate, InputStream text) throws IOException, StoreException;

  /** Files what was added since the last time, all of it or nothing. On return it is durable. */
  Filed commit() throws StoreException;

  /**
   * Messages of a folder, ascending by UID, from behind {@code after} on, at most {@code most}.
   * Throws NOT_FOUND when the folder went away or was made anew.
   */
  List<Entry> list(Folder folder, Uid after, int most) throws StoreException;

  /** Text of a message, with CRLF. Read it to its end, or close it. Throws NOT_FOUND, CORRUPT. */
  InputStream open(BodyId body) throws StoreException;

  @Override
  void close();

  /**
   * A folder.
   *
   * @param name levels separated by {@code /}
   * @param uidValidity no two folders of an account ever have the same
   * @param messages how many it has now
   */
  record Folder(
      String name,
      long uidValidity,
      Optional<SpecialUse> specialUse,
      boolean subscribed,
      int messages) {}

  /** A message of a folder. */
  record Entry(Uid uid, BodyId body, long octets, Instant internalDate, Flags flags) {}

  /** What a commit did: how many were filed, and how many were there already. */
  record Filed(long filed, long known) {
    static final Filed NOTHING = new Filed(0, 0);

    Filed plus(Filed other) {
      return new Filed(filed + other.filed, known + other.known);
    }
  }
}
