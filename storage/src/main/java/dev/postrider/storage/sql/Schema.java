package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * The tables.
 *
 * <p>Names are not unique here, although they are in the store: a replay goes through states that
 * were, with rows in the table that come later.
 */
final class Schema {

  /** A file with another version is set aside and made again from the log. */
  static final int VERSION = 9;

  /** Tables from this version on get what they lack, and keep what they have. */
  private static final int OLDEST = 2;

  private static final String DESCRIPTION =
      // Beside a body: what was found in it; id is the body's.
      "create table if not exists description (id bigint primary key, version int not null,"
          + " header_octets bigint not null, header_crc int not null, bytes bytea not null)";

  private static final String RIGHTS =
      // What others than the owner may do; grantee: an account, or 0 for everybody.
      "create table if not exists mailbox_right (mailbox bigint not null, grantee bigint not null,"
          + " negative boolean not null, rights varchar not null,"
          + " primary key (mailbox, grantee, negative))";

  private static final String RIGHTS_OF =
      "create index if not exists mailbox_right_grantee on mailbox_right (grantee)";

  private static final String ANNOTATION =
      // mailbox: 0 for the server; account: the owner of a shared one, the reader of a private one.
      "create table if not exists annotation (mailbox bigint not null, account bigint not null,"
          + " entry varchar not null, content bytea not null,"
          + " primary key (mailbox, account, entry))";

  private static final String ANNOTATION_OF =
      "create index if not exists annotation_account on annotation (account)";

  /**
   * What tables of an older version lack, in this order; doing it again does no harm. Version 2 has
   * no descriptions, version 3 no packed bodies, version 4 no versions of trees, version 5 no
   * signatures of commits, version 6 nothing that is shared, version 7 no annotations, version 8
   * does not say when messages were saved.
   */
  private static final List<String> UPGRADE =
      List.of(
          DESCRIPTION,
          "alter table body add column if not exists room bigint",
          "alter table checkpoint add column if not exists trees bigint",
          RIGHTS,
          RIGHTS_OF,
          ANNOTATION,
          ANNOTATION_OF,
          "alter table message add column if not exists saved bigint",
          "update checkpoint set facts = null",
          "update store set version = " + VERSION);

  /** What is counted in the table highest. */
  static final List<String> NUMBERED = List.of("account", "mailbox", "body", "queue");

  private static final List<String> TABLES =
      List.of(
          "create table store (version int not null)",
          // facts: what a look at the tables said at this position; null when nobody looked.
          // trees: the version of H2's trees between two transactions before it was written.
          "create table checkpoint (slot int primary key, segment int not null,"
              + " position bigint not null, sequence bigint not null, facts varchar,"
              + " trees bigint)",
          // Up to where exactly these tables have the log, whether that is on the disk or not.
          "create table applied (id int primary key, segment int not null,"
              + " position bigint not null, sequence bigint not null)",
          // Numbers that are given once, even when the row that had them is gone.
          "create table highest (name varchar(16) primary key, given bigint not null)",
          "create table account (id bigint primary key, address varchar not null,"
              + " local_part varchar not null, domain varchar not null,"
              + " credential varchar not null, last_uid_validity bigint not null)",
          "create index account_address on account (address)",
          "create table mailbox (id bigint primary key, account bigint not null,"
              + " name varchar not null, uid_validity bigint not null, special_use varchar,"
              + " uid_next bigint not null, highest_modseq bigint not null,"
              + " first_recent bigint not null)",
          "create index mailbox_name on mailbox (account, name)",
          "create table subscription (account bigint not null, name varchar not null,"
              + " primary key (account, name))",
          RIGHTS,
          RIGHTS_OF,
          ANNOTATION,
          ANNOTATION_OF,
          // room: null when it is octets.
          "create table body (id bigint primary key, segment int not null,"
              + " position bigint not null, octets bigint not null, crc int not null, room bigint)",
          "create index body_segment on body (segment)",
          DESCRIPTION,
          // id is mailbox * 2^32 + uid: one tree, with each mailbox in one piece, by UID.
          "create table message (id bigint primary key, modseq bigint not null,"
              + " flags int not null, keywords varchar, octets bigint not null,"
              + " internal_date bigint not null, body bigint not null, saved bigint)",
          // Without a body: only known to have been; the message cannot be brought back.
          "create table expunged (id bigint primary key, modseq bigint not null,"
              + " expunged_at bigint, flags int, keywords varchar, octets bigint,"
              + " internal_date bigint, body bigint)",
          "create index expunged_age on expunged (expunged_at)",
          // Those with messages that can be brought back.
          "create table deleted_mailbox (id bigint primary key, account bigint not null,"
              + " name varchar not null, deleted_at bigint not null)",
          "create table queue_entry (id bigint primary key, body bigint not null,"
              + " octets bigint not null, sender_local varchar, sender_domain varchar,"
              + " recipient_local varchar not null, recipient_domain varchar not null,"
              + " trace_id varchar not null, smtp_utf8 boolean not null,"
              + " eight_bit boolean not null, queued_at bigint not null,"
              + " next_attempt bigint not null, attempts int not null,"
              + " last_reply varchar not null, delay_noticed boolean not null)");

  private static final String SIGNATURE =
      // The last transactions of each server; see Fate. at: milliseconds, by the database.
      "create table if not exists signature (server varchar not null, slot int not null,"
          + " number bigint not null, at bigint not null, primary key (server, slot))";

  /** What only a database has that several servers share. */
  private static final List<String> SHARED_TABLES =
      List.of(
          // Pieces of a body, from 0; see BodyChunks.
          "create table body_chunk (body bigint not null, part int not null, octets bytea not null,"
              + " primary key (body, part))",
          // A mail compresses badly as a row, and a part of it is wanted as it is.
          "alter table body_chunk alter column octets set storage external",
          // Which server is about an entry of the queue; until: milliseconds, by the database.
          "create table queue_lease (entry bigint primary key, owner varchar not null,"
              + " until bigint not null)",
          SIGNATURE,
          "create index queue_due on queue_entry (next_attempt)",
          "create index message_modseq on message ((id / 4294967296), modseq)",
          "create index expunged_modseq on expunged ((id / 4294967296), modseq)",
          "create index message_body on message (body)",
          "create index expunged_body on expunged (body)",
          "create index queue_body on queue_entry (body)",
          "insert into highest values ('account', 0), ('mailbox', 0), ('body', 0), ('queue', 0),"
              // Locked by who changes the structure, and by who tidies up.
              + " ('structure', 0), ('upkeep', 0)");

  /** Only one server makes the tables. */
  private static final long MAKER = 0x506f_7374_7269_6465L;

  /**
   * A table that a replay of the log makes again, row by row.
   *
   * @param keys how many of the first columns are its key, and its order
   */
  record Content(String table, int keys, String columns) {

    String query() {
      StringBuilder order = new StringBuilder("1");
      for (int i = 2; i <= keys; i++) {
        order.append(", ").append(i);
      }
      return "select " + columns + " from " + table + " order by " + order;
    }

    /** Names a row of {@link #query}. */
    String describe(List<Optional<Object>> row) {
      StringBuilder text = new StringBuilder("row of table ").append(table);
      for (int i = 0; i < keys; i++) {
        text.append(' ').append(row.get(i).orElse(""));
      }
      boolean inMailbox = table.equals("message") || table.equals("expunged");
      if (inMailbox && row.getFirst().orElse(0L) instanceof Long id) {
        text.append(" (UID ").append(id & 0xFFFF_FFFFL);
        text.append(" of mailbox ").append(id >>> 32).append(')');
      }
      return text.toString();
    }
  }

  static final List<Content> CONTENTS =
      List.of(
          new Content(
              "account", 1, "id, address, local_part, domain, credential, last_uid_validity"),
          new Content(
              "mailbox",
              1,
              "id, account, name, uid_validity, special_use, uid_next, highest_modseq,"
                  + " first_recent"),
          new Content("deleted_mailbox", 1, "id, account, name, deleted_at"),
          new Content("subscription", 2, "account, name"),
          new Content("mailbox_right", 3, "mailbox, grantee, negative, rights"),
          new Content("annotation", 3, "mailbox, account, entry, content"),
          new Content("body", 1, "id, segment, position, octets, crc, room"),
          new Content("description", 1, "id, version, header_octets, header_crc, bytes"),
          new Content(
              "message", 1, "id, modseq, flags, keywords, octets, internal_date, body, saved"),
          new Content(
              "expunged",
              1,
              "id, modseq, expunged_at, flags, keywords, octets, internal_date, body"),
          new Content(
              "queue_entry",
              1,
              "id, body, octets, sender_local, sender_domain, recipient_local, recipient_domain,"
                  + " trace_id, smtp_utf8, eight_bit, queued_at, next_attempt, attempts,"
                  + " last_reply, delay_noticed"),
          new Content("highest", 1, "name, given"));

  private Schema() {}

  /** Makes the tables where there are none. Throws CORRUPT for tables that are not these. */
  static void prepare(Connection connection) throws SQLException, StoreException {
    try (Statement statement = connection.createStatement()) {
      if (!exists(statement)) {
        connection.setAutoCommit(false);
        for (String table : TABLES) {
          statement.execute(table);
        }
        statement.execute("insert into store values (" + VERSION + ")");
        connection.commit();
        connection.setAutoCommit(true);
        return;
      }
      int version = version(statement);
      if (version >= OLDEST && version < VERSION) {
        // Each step may be the last before a crash, and is done again then.
        upgrade(statement);
      } else if (version != VERSION) {
        throw new StoreException(Kind.CORRUPT, "the projection has another version");
      }
    }
  }

  /**
   * Makes the tables in a database that several servers share.
   *
   * @throws StoreException UNUSABLE when they are of a newer version
   */
  static void prepareShared(Connection connection) throws SQLException, StoreException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("select pg_advisory_xact_lock(" + MAKER + ")");
      if (!exists(statement)) {
        for (String table : TABLES) {
          statement.execute(table);
        }
        statement.execute("insert into store values (" + VERSION + ")");
        for (String table : SHARED_TABLES) {
          statement.execute(table);
        }
      }
      int version = version(statement);
      if (version >= OLDEST && version < VERSION) {
        statement.execute(SIGNATURE);
        upgrade(statement);
      } else if (version != VERSION) {
        throw new StoreException(
            Kind.UNUSABLE, "the database has tables of another version: use that one");
      }
    }
    connection.commit();
  }

  private static void upgrade(Statement statement) throws SQLException {
    for (String step : UPGRADE) {
      statement.execute(step);
    }
  }

  private static int version(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("select version from store")) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  private static boolean exists(Statement statement) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "select 1 from information_schema.tables where table_schema = current_schema"
                + " and table_name = 'store'")) {
      return rows.next();
    }
  }
}
