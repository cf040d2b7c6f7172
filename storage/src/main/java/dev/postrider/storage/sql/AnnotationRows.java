package dev.postrider.storage.sql;

import dev.postrider.protocol.text.Octets;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.mailboxes.Annotations;
import dev.postrider.storage.mailboxes.MailboxId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads annotations. Callers: the store alone. */
public final class AnnotationRows {

  /** Stands for the server where a mailbox would stand. */
  private static final long SERVER = 0;

  static final String COLUMNS = "select account, mailbox, entry, content from annotation";

  private final Database database;

  public AnnotationRows(Database database) {
    this.database = database;
  }

  static long key(Optional<MailboxId> mailbox) {
    return mailbox.map(MailboxId::value).orElse(SERVER);
  }

  static Change.Annotated change(ResultSet rows) throws SQLException {
    long mailbox = rows.getLong(2);
    return new Change.Annotated(
        new AccountId(rows.getLong(1)),
        mailbox == SERVER ? Optional.empty() : Optional.of(new MailboxId(mailbox)),
        rows.getString(3),
        Optional.of(Octets.of(rows.getBytes(4))));
  }

  /** Shared ones, and those that are private to {@code reader}, by name. */
  public List<Annotations.Annotation> list(Optional<MailboxId> mailbox, AccountId reader)
      throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select entry, content from annotation where mailbox = ?"
                      + " and (account = ? or entry like '/shared/%')");
          query.setLong(1, key(mailbox));
          query.setLong(2, reader.value());
          List<Annotations.Annotation> found = new ArrayList<>();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              found.add(new Annotations.Annotation(rows.getString(1), Octets.of(rows.getBytes(2))));
            }
          }
          // Databases differ in how they sort text.
          found.sort(Comparator.comparing(Annotations.Annotation::entry));
          return found;
        });
  }

  /** All of a mailbox, whosever they are. */
  public List<Change.Annotated> ofMailbox(MailboxId mailbox) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query = session.prepare(COLUMNS + " where mailbox = ?");
          query.setLong(1, mailbox.value());
          List<Change.Annotated> found = new ArrayList<>();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              found.add(change(rows));
            }
          }
          return found;
        });
  }

  /** Octets of names and values that count for an account. */
  public long octets(AccountId account) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select coalesce(sum(octet_length(entry) + octet_length(content)), 0)"
                      + " from annotation where account = ?");
          query.setLong(1, account.value());
          try (ResultSet rows = query.executeQuery()) {
            rows.next();
            return rows.getLong(1);
          }
        });
  }
}
