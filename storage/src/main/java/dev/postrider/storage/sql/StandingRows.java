package dev.postrider.storage.sql;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.SpecialUse;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All tables as changes: written into empty tables in this order, they make the same rows. Callers:
 * the store alone. Memory is bounded, as large tables are read in pieces.
 */
public final class StandingRows {

  /** Rows that are read, and changes that are handed out, at one time. */
  private static final int TOGETHER = 2000;

  /** Octets of descriptions likewise, but for one that is larger. */
  private static final int OCTETS_TOGETHER = 1024 * 1024;

  private final FrozenTables tables;
  private final Sink sink;
  private final List<Change> gathered = new ArrayList<>();

  /** Takes some changes. */
  @FunctionalInterface
  public interface Sink {
    void accept(List<Change> changes) throws IOException, StoreException;
  }

  /** Makes a change of a row. */
  private interface Row {
    Change read(ResultSet rows) throws SQLException;
  }

  private StandingRows(FrozenTables tables, Sink sink) {
    this.tables = tables;
    this.sink = sink;
  }

  /** Hands all of {@code tables} to {@code sink}. */
  public static void read(FrozenTables tables, Sink sink) throws IOException, StoreException {
    new StandingRows(tables, sink).readAll();
  }

  private void readAll() throws IOException, StoreException {
    add(numbers());
    each("select id, local_part, domain, credential from account", StandingRows::account);
    mailboxes();
    each(
        "select id, account, name, deleted_at from deleted_mailbox",
        rows ->
            new Change.MailboxWas(
                new MailboxId(rows.getLong(1)),
                new AccountId(rows.getLong(2)),
                rows.getString(3),
                Instant.ofEpochMilli(rows.getLong(4))));
    each(
        "select account, name from subscription",
        rows -> new Change.Subscribed(new AccountId(rows.getLong(1)), rows.getString(2)));
    each(
        "select r.mailbox, m.account, r.grantee, r.negative, r.rights from mailbox_right r"
            + " join mailbox m on m.id = r.mailbox",
        rows ->
            new Change.AccessChanged(
                new MailboxId(rows.getLong(1)),
                new AccountId(rows.getLong(2)),
                SharingRows.grantee(rows.getLong(3), rows.getBoolean(4)),
                SharingRows.rights(rows.getString(5))));
    annotations();
    // Behind the mailboxes, each of which counts as given to its account.
    each(
        "select id, last_uid_validity from account",
        rows -> new Change.AccountCounted(new AccountId(rows.getLong(1)), rows.getLong(2)));
    paged("select id, segment, position, octets, crc, room from body", StandingRows::body);
    descriptions();
    paged(
        "select id, modseq, flags, keywords, octets, internal_date, body, saved from message",
        StandingRows::message);
    paged(
        "select id, modseq, flags, keywords, octets, internal_date, body, expunged_at"
            + " from expunged",
        StandingRows::expunged);
    each(
        "select id, uid_next, highest_modseq, first_recent from mailbox",
        rows ->
            new Change.MailboxCounted(
                new MailboxId(rows.getLong(1)),
                rows.getLong(2),
                new ModSeq(rows.getLong(3)),
                rows.getLong(4)));
    each(QueueRows.COLUMNS, rows -> new Change.QueueAdded(QueueRows.entry(rows)));
    flush();
  }

  private Change numbers() throws StoreException {
    Map<String, Long> given =
        tables.ask(
            "select name, given from highest",
            rows -> {
              Map<String, Long> numbers = new HashMap<>();
              while (rows.next()) {
                numbers.put(rows.getString(1), rows.getLong(2));
              }
              return numbers;
            });
    return new Change.NumbersGiven(
        given.getOrDefault("account", 0L),
        given.getOrDefault("mailbox", 0L),
        given.getOrDefault("body", 0L),
        given.getOrDefault("queue", 0L));
  }

  private void mailboxes() throws IOException, StoreException {
    each(
        "select id, account, name, uid_validity, special_use from mailbox",
        rows ->
            new Change.MailboxCreated(
                new MailboxId(rows.getLong(1)),
                new AccountId(rows.getLong(2)),
                rows.getString(3),
                rows.getLong(4),
                Optional.ofNullable(rows.getString(5)).map(SpecialUse::valueOf)));
  }

  private static Change account(ResultSet rows) throws SQLException {
    return new Change.AccountCreated(
        new AccountId(rows.getLong(1)),
        new MailAddress(rows.getString(2), rows.getString(3)),
        rows.getString(4));
  }

  private static Change body(ResultSet rows) throws SQLException {
    return new Change.BodyStored(new BodyId(rows.getLong(1)), MessageRows.location(rows));
  }

  private static Change message(ResultSet rows) throws SQLException {
    long key = rows.getLong(1);
    return new Change.MessageFiled(
        new MailboxId(key >>> 32),
        new Uid(key & Uid.MAX),
        new ModSeq(rows.getLong(2)),
        new BodyId(rows.getLong(7)),
        rows.getLong(5),
        MessageRows.flags(rows.getInt(3), rows.getString(4)),
        Instant.ofEpochSecond(rows.getLong(6)),
        MessageRows.instant(rows, 8));
  }

  private static Change expunged(ResultSet rows) throws SQLException {
    long key = rows.getLong(1);
    MailboxId mailbox = new MailboxId(key >>> 32);
    ModSeq modSeq = new ModSeq(rows.getLong(2));
    long body = rows.getLong(7);
    if (rows.wasNull()) {
      return new Change.Expunged(mailbox, modSeq, UidSet.of(key & Uid.MAX), Instant.EPOCH, false);
    }
    return new Change.ExpungedKept(
        mailbox,
        new Uid(key & Uid.MAX),
        modSeq,
        new BodyId(body),
        rows.getLong(5),
        MessageRows.flags(rows.getInt(3), rows.getString(4)),
        Instant.ofEpochSecond(rows.getLong(6)),
        Instant.ofEpochMilli(rows.getLong(8)));
  }

  /** By account, each of which has so many octets at most. */
  private void annotations() throws IOException, StoreException {
    List<Long> accounts =
        tables.ask(
            "select distinct account from annotation order by account",
            rows -> {
              List<Long> found = new ArrayList<>();
              while (rows.next()) {
                found.add(rows.getLong(1));
              }
              return found;
            });
    for (long account : accounts) {
      flush();
      int weight = 0;
      for (Change change :
          list(AnnotationRows.COLUMNS + " where account = " + account, AnnotationRows::change)) {
        add(change);
        weight += change.weight();
        if (weight >= OCTETS_TOGETHER / Change.OCTETS_OF_ONE) {
          flush();
          weight = 0;
        }
      }
    }
    flush();
  }

  /** Some are large: as many at one time as are {@link #OCTETS_TOGETHER}. */
  private void descriptions() throws IOException, StoreException {
    long last = Long.MIN_VALUE;
    while (last < Long.MAX_VALUE) {
      long from = last;
      long to =
          tables.ask(
              "select id, octet_length(bytes) from description where id > "
                  + from
                  + (" order by id limit " + TOGETHER),
              StandingRows::fitting);
      list(
              DescriptionRows.COLUMNS + " where id > " + from + " and id <= " + to + " order by id",
              rows ->
                  new Change.Described(
                      new BodyId(rows.getLong(1)), DescriptionRows.description(rows)))
          .forEach(gathered::add);
      flush();
      last = to;
    }
  }

  /** The last key of those that fit; the highest there is when no row is left. */
  private static long fitting(ResultSet rows) throws SQLException {
    long last = Long.MAX_VALUE;
    long octets = 0;
    while (rows.next() && (octets == 0 || octets + rows.getLong(2) <= OCTETS_TOGETHER)) {
      last = rows.getLong(1);
      octets += rows.getLong(2);
    }
    return last;
  }

  private void each(String query, Row row) throws IOException, StoreException {
    for (Change change : list(query, row)) {
      add(change);
    }
  }

  /** The first column is the key. */
  private void paged(String query, Row row) throws IOException, StoreException {
    long[] last = {Long.MIN_VALUE};
    List<Change> page;
    do {
      page =
          list(
              query + " where id > " + last[0] + " order by id limit " + TOGETHER,
              rows -> {
                last[0] = rows.getLong(1);
                return row.read(rows);
              });
      for (Change change : page) {
        add(change);
      }
    } while (page.size() == TOGETHER);
  }

  private List<Change> list(String query, Row row) throws StoreException {
    return tables.ask(
        query,
        rows -> {
          List<Change> changes = new ArrayList<>();
          while (rows.next()) {
            changes.add(row.read(rows));
          }
          return changes;
        });
  }

  private void add(Change change) throws IOException, StoreException {
    gathered.add(change);
    if (gathered.size() == TOGETHER) {
      flush();
    }
  }

  private void flush() throws IOException, StoreException {
    sink.accept(List.copyOf(gathered));
    gathered.clear();
  }
}
