package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.changes.BodyDescription;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All tables as they were at one moment, in one transaction, while others go on to write. Thread:
 * one at a time.
 */
public final class FrozenTables implements AutoCloseable {

  private static final String USERS =
      "select concat('UID ', mod(m.id, 4294967296), ' of ', b.name, ' of ', a.local_part, '@',"
          + " a.domain) from message m join mailbox b on b.id = m.id / 4294967296 join account a on"
          + " a.id = b.account where m.body = ? union all select concat('an expunged message of"
          + " mailbox ', id / 4294967296) from expunged where body = ? union all select"
          + " concat('queue entry ', id) from queue_entry where body = ?";

  /** What must not be found. {@code query} selects texts. */
  private record Rule(String what, String query) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule("has a body that is nowhere", bodiless("message", "message")),
          new Rule("has a body that is nowhere", bodiless("expunged", "expunged message")),
          new Rule(
              "has a body that is nowhere",
              "select concat('queue entry ', q.id) from queue_entry q"
                  + " left join body b on b.id = q.body where b.id is null"),
          new Rule(
              "has another size than its body",
              "select "
                  + messageName("m", "message")
                  + " from message m"
                  + " join body b on b.id = m.body where b.octets <> m.octets"),
          new Rule(
              "has another size than its body",
              "select concat('queue entry ', q.id) from queue_entry q"
                  + " join body b on b.id = q.body where b.octets <> q.octets"),
          new Rule(
              "is that of a body that is nowhere",
              "select concat('description ', d.id) from description d"
                  + " left join body b on b.id = d.id where b.id is null"),
          new Rule(
              "says that the header is longer than the message",
              "select concat('description ', d.id) from description d"
                  + " join body b on b.id = d.id where d.header_octets > b.octets"),
          new Rule(
              "is in a mailbox that does not exist",
              "select "
                  + messageName("m", "message")
                  + " from message m"
                  + " left join mailbox b on b.id = m.id / 4294967296 where b.id is null"),
          new Rule(
              "will give a UID again",
              "select concat('mailbox ', b.id) from mailbox b where exists (select 1 from message"
                  + " where id between b.id * 4294967296 + b.uid_next and b.id * 4294967296 +"
                  + " 4294967295) or exists (select 1 from expunged"
                  + " where id between b.id * 4294967296 + b.uid_next and b.id * 4294967296 +"
                  + " 4294967295)"),
          new Rule(
              "has a MODSEQ below that of a message",
              "select concat('mailbox ', b.id) from mailbox b join (select id / 4294967296 as box,"
                  + " max(modseq) as top from message group by id / 4294967296) m on m.box = b.id"
                  + " where m.top > b.highest_modseq"),
          new Rule(
              "counts other messages than it has",
              "select concat('mailbox ', b.id) from mailbox b left join (select id / 4294967296 as"
                  + " box, count(*) as n, sum(octets) as octets from message"
                  + " group by id / 4294967296) m on m.box = b.id"
                  + " where b.messages <> coalesce(m.n, 0) or b.octets <> coalesce(m.octets, 0)"),
          new Rule(
              "belongs to an account that does not exist",
              "select concat('mailbox ', b.id) from mailbox b left join account a"
                  + " on a.id = b.account where a.id is null"),
          new Rule(
              "is for a mailbox that does not exist",
              "select concat('access of ', r.grantee, ' to mailbox ', r.mailbox) from mailbox_right"
                  + " r left join mailbox b on b.id = r.mailbox where b.id is null"),
          new Rule(
              "is for an account that does not exist",
              "select concat('access of ', r.grantee, ' to mailbox ', r.mailbox) from mailbox_right"
                  + " r left join account a on a.id = r.grantee"
                  + " where a.id is null and r.grantee <> 0"),
          new Rule(
              "is of a mailbox that does not exist",
              "select concat('annotation ', n.entry, ' of mailbox ', n.mailbox) from annotation n"
                  + " left join mailbox b on b.id = n.mailbox where b.id is null and n.mailbox <>"
                  + " 0"),
          new Rule(
              "is of an account that does not exist",
              "select concat('annotation ', n.entry, ' of account ', n.account) from annotation n"
                  + " left join account a on a.id = n.account where a.id is null"),
          new Rule(
              "will give a number again",
              "select concat('the counter of ', name) from highest where given < case name"
                  + " when 'account' then (select coalesce(max(id), 0) from account)"
                  + " when 'mailbox' then (select coalesce(max(id), 0) from mailbox)"
                  + " when 'body' then (select coalesce(max(id), 0) from body)"
                  + " when 'queue' then (select coalesce(max(id), 0) from queue_entry)"
                  + " else 0 end"));

  private final Database database;
  private final Session session;
  private final boolean ours;

  FrozenTables(Database database) throws StoreException {
    this.database = database;
    this.ours = true;
    try {
      this.session = database.connect();
      database.beginSnapshot(session);
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  /** Of a transaction, which goes on when this is closed. */
  FrozenTables(Database database, Session session) {
    this.database = database;
    this.session = session;
    this.ours = false;
  }

  /** How much there is. {@code messages} leaves those out that can only be brought back. */
  public record Sizes(
      long accounts,
      long mailboxes,
      long messages,
      long expunged,
      long bodies,
      long queued,
      long others) {

    /** Whether there is nothing at all. */
    public boolean areNone() {
      return accounts + mailboxes + messages + expunged + bodies + queued + others == 0;
    }
  }

  public Sizes sizes() throws StoreException {
    return new Sizes(
        count("account"),
        count("mailbox"),
        count("message"),
        count("expunged"),
        count("body"),
        count("queue_entry"),
        count("deleted_mailbox")
            + count("subscription")
            + count("mailbox_right")
            + count("annotation"));
  }

  private long count(String table) throws StoreException {
    return ask(
        "select count(*) from " + table,
        rows -> {
          rows.next();
          return rows.getLong(1);
        });
  }

  private static String messageName(String table, String kind) {
    return "concat('%s UID ', mod(%s.id, 4294967296), ' of mailbox ', %s.id / 4294967296)"
        .formatted(kind, table, table);
  }

  private static String bodiless(String table, String kind) {
    return "select "
        + messageName("m", kind)
        + " from "
        + table
        + " m left join body b on b.id = m.body where m.body is not null and b.id is null";
  }

  /** Up to where these tables have the log. */
  public LogPosition applied() throws StoreException {
    return ask(
        "select segment, position, sequence from applied",
        rows ->
            rows.next()
                ? new LogPosition(rows.getInt(1), rows.getLong(2), rows.getLong(3))
                : LogPosition.START);
  }

  /** A body that has a row. */
  public record BodyRow(BodyId id, BodyLocation location) {}

  /** The rows of bodies in one segment. */
  public List<BodyRow> bodiesIn(int segment) throws StoreException {
    return ask(
        "select id, segment, position, octets, crc, room from body where segment = "
            + segment
            + " order by id",
        rows -> {
          List<BodyRow> bodies = new ArrayList<>();
          while (rows.next()) {
            bodies.add(new BodyRow(new BodyId(rows.getLong(1)), MessageRows.location(rows)));
          }
          return bodies;
        });
  }

  /** What is stored of a body. */
  public Optional<BodyDescription> description(BodyId body) throws StoreException {
    try {
      PreparedStatement query = session.prepare(DescriptionRows.COLUMNS + " where id = ?");
      query.setLong(1, body.value());
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? Optional.of(DescriptionRows.description(rows)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  /** The segments that rows of bodies name. */
  public List<Integer> segments() throws StoreException {
    return ask(
        "select distinct segment from body order by segment",
        rows -> {
          List<Integer> segments = new ArrayList<>();
          while (rows.next()) {
            segments.add(rows.getInt(1));
          }
          return segments;
        });
  }

  /** Who would miss the body, at most {@code max}, in words. */
  public List<String> usersOf(BodyId body, int max) throws StoreException {
    try {
      PreparedStatement query = session.prepare(USERS + " limit " + max);
      for (int i = 1; i <= 3; i++) {
        query.setLong(i, body.value());
      }
      List<String> users = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          users.add(rows.getString(1));
        }
      }
      return users;
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  /** Tells every row that contradicts another. */
  public void contradictions(Consumer<String> finding) throws StoreException {
    for (Rule rule : RULES) {
      ask(
          rule.query(),
          rows -> {
            int count = 0;
            while (rows.next()) {
              finding.accept(rows.getString(1) + " " + rule.what());
              count++;
            }
            return count;
          });
    }
  }

  /** Tells every row that {@code other} does not have in the same way. */
  public void differences(FrozenTables other, Consumer<String> finding) throws StoreException {
    for (Schema.Content table : Schema.CONTENTS) {
      try (PreparedStatement mine = session.connection().prepareStatement(table.query());
          PreparedStatement others = other.session.connection().prepareStatement(table.query());
          ResultSet left = mine.executeQuery();
          ResultSet right = others.executeQuery()) {
        compare(table, new Cursor(left), new Cursor(right), finding);
      } catch (SQLException e) {
        throw database.failure(e);
      }
    }
  }

  private static void compare(
      Schema.Content table, Cursor mine, Cursor others, Consumer<String> finding)
      throws SQLException {
    mine.advance();
    others.advance();
    while (!mine.row.isEmpty() || !others.row.isEmpty()) {
      int order = order(table, mine.row, others.row);
      if (order == 0) {
        if (!mine.row.equals(others.row)) {
          finding.accept(table.describe(mine.row) + " differs");
        }
        mine.advance();
        others.advance();
      } else if (order < 0) {
        finding.accept(table.describe(mine.row) + " is not in the log");
        mine.advance();
      } else {
        finding.accept(table.describe(others.row) + " is missing");
        others.advance();
      }
    }
  }

  private static int order(
      Schema.Content table, List<Optional<Object>> mine, List<Optional<Object>> others) {
    if (mine.isEmpty() || others.isEmpty()) {
      return mine.isEmpty() ? 1 : -1;
    }
    for (int i = 0; i < table.keys(); i++) {
      int order = order(mine.get(i).orElse(""), others.get(i).orElse(""));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int order(Object mine, Object other) {
    return mine instanceof Long left && other instanceof Long right
        ? Long.compare(left, right)
        : mine.toString().compareTo(other.toString());
  }

  /** Rows one after the other; an empty one is the end. */
  private static final class Cursor {
    private final ResultSet rows;
    private final int columns;
    private List<Optional<Object>> row = List.of();

    Cursor(ResultSet rows) throws SQLException {
      this.rows = rows;
      this.columns = rows.getMetaData().getColumnCount();
    }

    void advance() throws SQLException {
      if (!rows.next()) {
        row = List.of();
        return;
      }
      List<Optional<Object>> values = new ArrayList<>(columns);
      for (int i = 1; i <= columns; i++) {
        Object value = rows.getObject(i);
        values.add(
            Optional.ofNullable(value instanceof byte[] octets ? ByteBuffer.wrap(octets) : value));
      }
      row = values;
    }
  }

  /** Reads rows. */
  @FunctionalInterface
  interface Reader<T> {
    T read(ResultSet rows) throws SQLException, StoreException;
  }

  <T> T ask(String sql, Reader<T> reader) throws StoreException {
    try (PreparedStatement query = session.connection().prepareStatement(sql);
        ResultSet rows = query.executeQuery()) {
      return reader.read(rows);
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  /** As {@link MessageRows#load}. */
  public boolean load(MailboxId mailbox, MessageRows.Reader reader) throws StoreException {
    try {
      return MessageRows.load(session, mailbox, reader);
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  @Override
  public void close() throws StoreException {
    if (!ours) {
      return;
    }
    try {
      session.connection().rollback();
      database.disconnect(session);
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }
}
