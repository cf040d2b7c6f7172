package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Reads messages and where their bytes are. Callers: the store alone. */
public final class MessageRows {

  private static final char KEYWORD_SEPARATOR = ' ';

  private static final String MESSAGES =
      "select id, modseq, flags, keywords, octets, internal_date, body from message";

  /** Rows of one result: H2 keeps all in memory, or writes them to a file when they are many. */
  private static final int PAGE = 10_000;

  private static final int SYSTEM_FLAGS = 1 << SystemFlag.values().length;

  /** By its bits, flags without a keyword: those that nearly every message has. */
  private static final List<Flags> PLAIN =
      IntStream.range(0, SYSTEM_FLAGS)
          .mapToObj(system -> new Flags(system, Flags.NONE.keywords()))
          .toList();

  private final Database database;

  public MessageRows(Database database) {
    this.database = database;
  }

  /**
   * What the reader of a mailbox has already: exactly what was in it at {@code modSeq}, when {@code
   * uidNext} was given next.
   */
  public record Known(ModSeq modSeq, Uid uidNext) {}

  /** Takes a mailbox, row by row. */
  public interface Reader {

    /** Comes first. Returns what need not be read; empty: nothing. */
    Optional<Known> mailbox(long uidValidity, Uid uidNext, ModSeq highestModSeq, Uid firstRecent);

    /**
     * In the order of UIDs. With {@link Known} those that are new come first, then those among the
     * others whose flags changed.
     */
    void message(Message message);

    /** With {@link Known}: left since; the reader need not have it. */
    void gone(Uid uid);
  }

  /**
   * Reads all of a mailbox as it was at one moment, in one transaction. Returns false, and calls
   * nothing, when the mailbox does not exist.
   */
  public boolean load(MailboxId mailbox, Reader reader) throws StoreException {
    return database.readAtOneMoment(session -> load(session, mailbox, reader));
  }

  static boolean load(Session session, MailboxId mailbox, Reader reader) throws SQLException {
    PreparedStatement query =
        session.prepare(
            "select uid_validity, uid_next, highest_modseq, first_recent from mailbox"
                + " where id = ?");
    query.setLong(1, mailbox.value());
    Uid uidNext;
    ModSeq highest;
    Optional<Known> known;
    try (ResultSet rows = query.executeQuery()) {
      if (!rows.next()) {
        return false;
      }
      uidNext = new Uid(rows.getLong(2));
      highest = new ModSeq(rows.getLong(3));
      known = reader.mailbox(rows.getLong(1), uidNext, highest, new Uid(rows.getLong(4)));
    }
    if (known.isEmpty()) {
      messages(session, mailbox, 0, Uid.MAX, null, reader);
    } else {
      loadSince(session, mailbox, known.get(), new Known(highest, uidNext), reader);
    }
    return true;
  }

  /**
   * Each UID that was given took one MODSEQ, and everything else took one without a UID. So when as
   * many UIDs as MODSEQs were given, nothing happened but that messages came, and those that were
   * there need not be looked at.
   */
  private static void loadSince(
      Session session, MailboxId mailbox, Known known, Known now, Reader reader)
      throws SQLException {
    long events = now.modSeq().value() - known.modSeq().value();
    long arrived = now.uidNext().value() - known.uidNext().value();
    long fresh = known.uidNext().value();
    if (events > 0) {
      messages(session, mailbox, fresh, Uid.MAX, null, reader);
    }
    if (events > arrived) {
      gone(session, mailbox, known.modSeq(), reader);
      messages(session, mailbox, 0, fresh - 1, known.modSeq(), reader);
    }
  }

  /** Both UIDs are included; {@code since}: only those with a higher MODSEQ. */
  private static void messages(
      Session session,
      MailboxId mailbox,
      long firstUid,
      long lastUid,
      @Nullable ModSeq since,
      Reader reader)
      throws SQLException {
    PreparedStatement query =
        session.prepare(
            MESSAGES
                + " where id between ? and ?"
                + (since == null ? "" : " and modseq > ?")
                + " order by id limit "
                + PAGE);
    query.setLong(2, ChangeRows.messageKey(mailbox, lastUid));
    if (since != null) {
      query.setLong(3, since.value());
    }
    long from = ChangeRows.messageKey(mailbox, firstUid);
    int count = PAGE;
    while (count == PAGE) {
      query.setLong(1, from);
      count = 0;
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          reader.message(message(rows));
          from = rows.getLong(1) + 1;
          count++;
        }
      }
    }
  }

  /**
   * In a directory such a row stays as long as its mailbox, whatever is forgotten of the message.
   */
  private static void gone(Session session, MailboxId mailbox, ModSeq since, Reader reader)
      throws SQLException {
    PreparedStatement query =
        session.prepare(
            "select id from expunged where id between ? and ? and modseq > ? order by id limit "
                + PAGE);
    query.setLong(2, ChangeRows.messageKey(mailbox, Uid.MAX));
    query.setLong(3, since.value());
    long from = ChangeRows.messageKey(mailbox, 0);
    int count = PAGE;
    while (count == PAGE) {
      query.setLong(1, from);
      count = 0;
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          reader.gone(new Uid(rows.getLong(1) & Uid.MAX));
          from = rows.getLong(1) + 1;
          count++;
        }
      }
    }
  }

  /** When each was saved, where that was written down. Both UIDs are included. */
  public Map<Uid, Optional<Instant>> saved(MailboxId mailbox, Uid first, Uid last)
      throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare("select id, saved from message where id between ? and ?");
          query.setLong(1, ChangeRows.messageKey(mailbox, first.value()));
          query.setLong(2, ChangeRows.messageKey(mailbox, last.value()));
          Map<Uid, Optional<Instant>> saved = new HashMap<>();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              Uid uid = new Uid(rows.getLong(1) & Uid.MAX);
              saved.put(uid, Optional.ofNullable(instant(rows, 2)));
            }
          }
          return saved;
        });
  }

  /** Of a column of seconds since 1970; null where it is. */
  static @Nullable Instant instant(ResultSet rows, int column) throws SQLException {
    long seconds = rows.getLong(column);
    return rows.wasNull() ? null : Instant.ofEpochSecond(seconds);
  }

  private static Message message(ResultSet rows) throws SQLException {
    return new Message(
        new Uid(rows.getLong(1) & Uid.MAX),
        new ModSeq(rows.getLong(2)),
        flags(rows.getInt(3), rows.getString(4)),
        rows.getLong(5),
        Instant.ofEpochSecond(rows.getLong(6)),
        new BodyId(rows.getLong(7)));
  }

  /** A message that left a mailbox. */
  public record Gone(Uid uid, ModSeq modSeq) {}

  /**
   * What happened in a mailbox.
   *
   * @param changed messages that are new or have other flags, by MODSEQ and UID
   * @param gone by MODSEQ; some may have come meanwhile as well
   */
  public record Delta(
      Uid uidNext, ModSeq highestModSeq, Uid firstRecent, List<Message> changed, List<Gone> gone) {
    public Delta {
      changed = List.copyOf(changed);
      gone = List.copyOf(gone);
    }
  }

  /**
   * What happened after {@code since}, for tables that other servers write as well; empty when the
   * mailbox does not exist.
   */
  public Optional<Delta> delta(MailboxId mailbox, ModSeq since) throws StoreException {
    return database.readAtOneMoment(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select uid_next, highest_modseq, first_recent from mailbox where id = ?");
          query.setLong(1, mailbox.value());
          try (ResultSet rows = query.executeQuery()) {
            if (!rows.next()) {
              return Optional.empty();
            }
            Uid uidNext = new Uid(rows.getLong(1));
            ModSeq highest = new ModSeq(rows.getLong(2));
            Uid firstRecent = new Uid(rows.getLong(3));
            if (highest.compareTo(since) <= 0) {
              return Optional.of(new Delta(uidNext, highest, firstRecent, List.of(), List.of()));
            }
            return Optional.of(
                new Delta(
                    uidNext,
                    highest,
                    firstRecent,
                    changedSince(session, mailbox, since),
                    goneSince(session, mailbox, since)));
          }
        });
  }

  private static List<Message> changedSince(Session session, MailboxId mailbox, ModSeq since)
      throws SQLException {
    PreparedStatement query =
        session.prepare(MESSAGES + " where id / 4294967296 = ? and modseq > ? order by modseq, id");
    query.setLong(1, mailbox.value());
    query.setLong(2, since.value());
    List<Message> changed = new ArrayList<>();
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        changed.add(message(rows));
      }
    }
    return changed;
  }

  private static List<Gone> goneSince(Session session, MailboxId mailbox, ModSeq since)
      throws SQLException {
    PreparedStatement query =
        session.prepare(
            "select id, modseq from expunged where id / 4294967296 = ? and modseq > ?"
                + " order by modseq, id");
    query.setLong(1, mailbox.value());
    query.setLong(2, since.value());
    List<Gone> gone = new ArrayList<>();
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        gone.add(new Gone(new Uid(rows.getLong(1) & Uid.MAX), new ModSeq(rows.getLong(2))));
      }
    }
    return gone;
  }

  /** The MODSEQs of those of {@code mailboxes} that exist. */
  public Map<MailboxId, ModSeq> highestModSeqs(Collection<MailboxId> mailboxes)
      throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare("select id, highest_modseq from mailbox where id = any(?)");
          Object[] ids = mailboxes.stream().map(MailboxId::value).toArray();
          query.setArray(1, session.connection().createArrayOf("bigint", ids));
          Map<MailboxId, ModSeq> highest = new HashMap<>();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              highest.put(new MailboxId(rows.getLong(1)), new ModSeq(rows.getLong(2)));
            }
          }
          return highest;
        });
  }

  /** UIDs that were expunged after {@code since}, up to {@code until}. */
  public UidSet expunged(MailboxId mailbox, ModSeq since, ModSeq until) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select id from expunged where id between ? and ? and modseq > ?"
                      + " and modseq <= ? order by id");
          query.setLong(1, ChangeRows.messageKey(mailbox, 0));
          query.setLong(2, ChangeRows.messageKey(mailbox, Uid.MAX));
          query.setLong(3, since.value());
          query.setLong(4, until.value());
          LongStream.Builder uids = LongStream.builder();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              uids.add(rows.getLong(1) & Uid.MAX);
            }
          }
          return UidSet.of(uids.build().toArray());
        });
  }

  /**
   * The segments that have bodies, ascending: a look into the index for each, however many rows.
   */
  public List<Integer> segments() throws StoreException {
    return database.read(
        session -> {
          PreparedStatement next =
              // For min(segment) H2 goes through all rows behind, for "> ?" through those of the
              // last.
              session.prepare(
                  "select segment from body where segment >= ? order by segment limit 1");
          List<Integer> segments = new ArrayList<>();
          int last = 0;
          while (true) {
            next.setInt(1, last + 1);
            try (ResultSet rows = next.executeQuery()) {
              if (!rows.next()) {
                return segments;
              }
              last = rows.getInt(1);
              segments.add(last);
            }
          }
        });
  }

  /** Where bodies are, from {@code first} on in the order of their ids, at most {@code most}. */
  public Map<BodyId, BodyLocation> locations(BodyId first, int most) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select id, segment, position, octets, crc, room from body where id >= ?"
                      + " order by id limit ?");
          query.setLong(1, first.value());
          query.setInt(2, most);
          Map<BodyId, BodyLocation> locations = HashMap.newHashMap(most);
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              locations.put(new BodyId(rows.getLong(1)), location(rows));
            }
          }
          return locations;
        });
  }

  /** Of columns 2 to 6: segment, position, octets, crc, room. */
  static BodyLocation location(ResultSet rows) throws SQLException {
    long octets = rows.getLong(4);
    long stored = rows.getLong(6);
    long room = rows.wasNull() ? octets : stored;
    return new BodyLocation(rows.getInt(2), rows.getLong(3), octets, rows.getInt(5), room);
  }

  static @Nullable String keywords(Flags flags) {
    return flags.keywords().isEmpty()
        ? null
        : String.join(String.valueOf(KEYWORD_SEPARATOR), flags.keywords());
  }

  static Flags flags(int system, @Nullable String keywords) {
    if (keywords == null && system >= 0 && system < SYSTEM_FLAGS) {
      return PLAIN.get(system);
    }
    TreeSet<String> all = new TreeSet<>();
    if (keywords != null) {
      int start = 0;
      int end;
      while ((end = keywords.indexOf(KEYWORD_SEPARATOR, start)) >= 0) {
        all.add(keywords.substring(start, end));
        start = end + 1;
      }
      all.add(keywords.substring(start));
    }
    return new Flags(system, all);
  }
}
