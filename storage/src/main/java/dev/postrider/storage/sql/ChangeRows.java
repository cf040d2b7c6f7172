package dev.postrider.storage.sql;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.changes.BodyDescription;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.SpecialUse;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes into the tables, through one connection, in the transaction of its caller.
 * Callers: the store alone. Thread: one at a time.
 *
 * <p>Every change is written so that doing it again does no harm: recovery replays from a position
 * that may be well before what the tables already have. It always replays to the end of the log, so
 * a state that has been and is gone may show meanwhile, but does not stay.
 *
 * <p>Statements of one text are batched, and a batch is carried out before a statement of another
 * text that could meet its rows; so rows are written in the order of changes.
 */
final class ChangeRows {

  private static final String FLAGS =
      "update message set modseq = ?, flags = ?, keywords = ? where id between ? and ?";
  private static final String EXPUNGE = "delete from message where id = ?";
  private static final String DROP_DESCRIPTION = "delete from description where id = ?";
  private static final String DROP_BODY = "delete from body where id = ?";
  private static final String FORGET =
      "update expunged set expunged_at = null, flags = null, keywords = null, octets = null,"
          + " internal_date = null, body = null where id = ?";
  private static final String COUNTERS =
      "update mailbox set uid_next = greatest(uid_next, ?),"
          + " highest_modseq = greatest(highest_modseq, ?) where id = ?";
  private static final String FIRST_RECENT =
      "update mailbox set first_recent = greatest(first_recent, ?) where id = ?";
  private static final String LAST_UID_VALIDITY =
      "update account set last_uid_validity = greatest(last_uid_validity, ?) where id = ?";
  private static final String HIGHEST =
      "update highest set given = greatest(given, ?) where name = ?";

  private final Session session;
  private final ChangeTexts texts;
  private final MailboxNotes notes;
  private final boolean countsNumbers;
  private final Map<String, PreparedStatement> pending = new HashMap<>();
  private String batching = "";
  private final Map<MailboxId, long[]> counters = new HashMap<>();
  private final Map<String, Long> highest = new HashMap<>();

  /**
   * @param countsNumbers whether the highest numbers that were given are learned from the changes;
   *     else whoever gives them keeps count
   */
  ChangeRows(Session session, Dialect dialect, boolean countsNumbers) {
    this.session = session;
    this.texts = ChangeTexts.of(dialect);
    this.notes = new MailboxNotes(this, texts);
    this.countsNumbers = countsNumbers;
  }

  /** Writes all of {@code changes}. */
  void write(List<Change> changes) throws SQLException {
    for (Change change : changes) {
      apply(change);
    }
    finish();
  }

  static long messageKey(MailboxId mailbox, long uid) {
    return (mailbox.value() << 32) | uid;
  }

  private void apply(Change change) throws SQLException {
    switch (change) {
      case Change.BodyStored(BodyId body, BodyLocation location) -> store(body, location);
      case Change.BodyMoved(BodyId body, BodyLocation location) -> move(body, location);
      case Change.Described(BodyId body, BodyDescription description) ->
          describe(body, description);
      case Change.BodiesDropped(List<BodyId> bodies) -> drop(bodies);
      case Change.SegmentDropped(int segment) -> drop(segment);
      case Change.MessageFiled filed -> file(filed);
      case Change.FlagsChanged changed -> changeFlags(changed);
      case Change.Expunged expunged -> expunge(expunged);
      case Change.RecentTaken(MailboxId mailbox, Uid firstRecent) ->
          run(FIRST_RECENT, firstRecent.value(), mailbox.value());
      case Change.MailboxCreated created -> create(created);
      case Change.MailboxRenamed(MailboxId mailbox, AccountId account, String name) ->
          run("update mailbox set name = ? where id = ?", name, mailbox.value());
      case Change.MailboxDeleted deleted -> delete(deleted);
      case Change.Forgotten(MailboxId mailbox, UidSet uids) -> forget(mailbox, uids);
      case Change.Subscribed(AccountId account, String name) ->
          run(texts.subscription(), account.value(), name);
      case Change.Unsubscribed(AccountId account, String name) ->
          run("delete from subscription where account = ? and name = ?", account.value(), name);
      case Change.AccessChanged changed -> notes.changeAccess(changed);
      case Change.Annotated annotated -> notes.annotate(annotated);
      case Change.Standing standing -> stand(standing);
      case Change.QueueAdded(QueueEntry entry) -> enqueue(entry);
      case Change.QueueDeferred deferred ->
          run(
              "update queue_entry set next_attempt = ?, attempts = ?, last_reply = ?,"
                  + " delay_noticed = ? where id = ?",
              deferred.nextAttempt().toEpochMilli(),
              deferred.attempts(),
              deferred.lastReply(),
              deferred.delayNoticed(),
              deferred.entry().value());
      case Change.QueueDone(QueueId entry) ->
          run("delete from queue_entry where id = ?", entry.value());
      case Change.QueueRescheduled rescheduled ->
          run(
              "update queue_entry set next_attempt = ? where id = ?",
              rescheduled.nextAttempt().toEpochMilli(),
              rescheduled.entry().value());
      case Change.AccountCreated(AccountId account, MailAddress address, String credential) -> {
        run(
            texts.account(),
            account.value(),
            AccountRows.key(address),
            address.localPart(),
            address.domain(),
            credential,
            0L);
        given("account", account.value());
      }
      case Change.CredentialChanged(AccountId account, String credential) ->
          run("update account set credential = ? where id = ?", credential, account.value());
      case Change.AccountRemoved(AccountId account) -> remove(account);
    }
  }

  private void stand(Change.Standing standing) throws SQLException {
    switch (standing) {
      case Change.NumbersGiven numbers -> {
        given("account", numbers.account());
        given("mailbox", numbers.mailbox());
        given("body", numbers.body());
        given("queue", numbers.queueEntry());
      }
      case Change.AccountCounted counted ->
          run(LAST_UID_VALIDITY, counted.lastUidValidity(), counted.account().value());
      case Change.MailboxCounted counted -> {
        advance(counted.mailbox(), counted.uidNext(), counted.highestModSeq());
        run(FIRST_RECENT, counted.firstRecent(), counted.mailbox().value());
      }
      case Change.MailboxWas was ->
          run(
              texts.mailboxWas(),
              was.mailbox().value(),
              was.account().value(),
              was.name(),
              was.at().toEpochMilli());
      case Change.ExpungedKept kept -> keep(kept);
    }
  }

  private void keep(Change.ExpungedKept kept) throws SQLException {
    PreparedStatement insert = batch(texts.expungedRow());
    insert.setLong(1, messageKey(kept.mailbox(), kept.uid().value()));
    insert.setLong(2, kept.modSeq().value());
    insert.setLong(3, kept.at().toEpochMilli());
    insert.setInt(4, kept.flags().system());
    insert.setString(5, MessageRows.keywords(kept.flags()));
    insert.setLong(6, kept.octets());
    insert.setLong(7, kept.internalDate().getEpochSecond());
    insert.setLong(8, kept.body().value());
    insert.addBatch();
  }

  private void store(BodyId body, BodyLocation location) throws SQLException {
    PreparedStatement merge = batch(texts.body());
    merge.setLong(1, body.value());
    merge.setInt(2, location.segment());
    merge.setLong(3, location.offset());
    merge.setLong(4, location.octets());
    merge.setInt(5, location.crc());
    setRoom(merge, 6, location);
    merge.addBatch();
    given("body", body.value());
  }

  private void move(BodyId body, BodyLocation location) throws SQLException {
    PreparedStatement update =
        batch(
            "update body set segment = ?, position = ?, octets = ?, crc = ?, room = ? where id ="
                + " ?");
    update.setInt(1, location.segment());
    update.setLong(2, location.offset());
    update.setLong(3, location.octets());
    update.setInt(4, location.crc());
    setRoom(update, 5, location);
    update.setLong(6, body.value());
    update.addBatch();
  }

  private static void setRoom(PreparedStatement statement, int index, BodyLocation location)
      throws SQLException {
    statement.setObject(index, location.isPacked() ? location.room() : null, Types.BIGINT);
  }

  private void describe(BodyId body, BodyDescription description) throws SQLException {
    PreparedStatement upsert = batch(texts.description());
    upsert.setInt(1, description.version());
    upsert.setLong(2, description.headerOctets());
    upsert.setInt(3, description.headerCrc());
    upsert.setBytes(4, description.octets());
    upsert.setLong(5, body.value());
    upsert.addBatch();
  }

  private void drop(List<BodyId> bodies) throws SQLException {
    for (String sql : List.of(DROP_DESCRIPTION, DROP_BODY)) {
      for (BodyId body : bodies) {
        PreparedStatement delete = batch(sql);
        delete.setLong(1, body.value());
        delete.addBatch();
      }
    }
  }

  /** The rows of its bodies were dropped before, unless an older version wrote the log. */
  private void drop(int segment) throws SQLException {
    run("delete from description where id in (select id from body where segment = ?)", segment);
    run("delete from body where segment = ?", segment);
  }

  private void file(Change.MessageFiled filed) throws SQLException {
    PreparedStatement merge = batch(texts.message());
    merge.setLong(1, messageKey(filed.mailbox(), filed.uid().value()));
    merge.setLong(2, filed.modSeq().value());
    merge.setInt(3, filed.flags().system());
    merge.setString(4, MessageRows.keywords(filed.flags()));
    merge.setLong(5, filed.octets());
    merge.setLong(6, filed.internalDate().getEpochSecond());
    merge.setLong(7, filed.body().value());
    Instant saved = filed.saved();
    merge.setObject(8, saved == null ? null : saved.getEpochSecond(), Types.BIGINT);
    merge.addBatch();
    advance(filed.mailbox(), filed.uid().value() + 1, filed.modSeq());
  }

  /** UIDs that follow each other go into one statement: it costs half as much for each row. */
  private void changeFlags(Change.FlagsChanged changed) throws SQLException {
    for (Change.FlagGroup group : changed.groups()) {
      String keywords = MessageRows.keywords(group.flags());
      UidSet uids = group.uids();
      int from = 0;
      while (from < uids.size()) {
        int to = from;
        while (to + 1 < uids.size() && uids.get(to + 1) == uids.get(to) + 1) {
          to++;
        }
        PreparedStatement update = batch(FLAGS);
        update.setLong(1, changed.modSeq().value());
        update.setInt(2, group.flags().system());
        update.setString(3, keywords);
        update.setLong(4, messageKey(changed.mailbox(), uids.get(from)));
        update.setLong(5, messageKey(changed.mailbox(), uids.get(to)));
        update.addBatch();
        from = to + 1;
      }
    }
    advance(changed.mailbox(), 0, changed.modSeq());
  }

  private void expunge(Change.Expunged expunged) throws SQLException {
    UidSet uids = expunged.uids();
    for (int i = 0; i < uids.size(); i++) {
      PreparedStatement insert = batch(expunged.recoverable() ? texts.keep() : texts.expunged());
      long key = messageKey(expunged.mailbox(), uids.get(i));
      if (expunged.recoverable()) {
        insert.setLong(1, expunged.modSeq().value());
        insert.setLong(2, expunged.at().toEpochMilli());
        insert.setLong(3, key);
      } else {
        insert.setLong(1, key);
        insert.setLong(2, expunged.modSeq().value());
      }
      insert.addBatch();
    }
    for (int i = 0; i < uids.size(); i++) {
      PreparedStatement delete = batch(EXPUNGE);
      delete.setLong(1, messageKey(expunged.mailbox(), uids.get(i)));
      delete.addBatch();
    }
    advance(expunged.mailbox(), 0, expunged.modSeq());
  }

  /** Of a mailbox that is gone, nobody needs to know what was in it. */
  private void forget(MailboxId mailbox, UidSet uids) throws SQLException {
    for (int i = 0; i < uids.size(); i++) {
      PreparedStatement update = batch(FORGET);
      update.setLong(1, messageKey(mailbox, uids.get(i)));
      update.addBatch();
    }
    flush();
    forgetIfGone(mailbox);
  }

  private void forgetIfGone(MailboxId mailbox) throws SQLException {
    long from = messageKey(mailbox, 0);
    long to = messageKey(mailbox, Uid.MAX);
    run(
        "delete from expunged where id between ? and ? and body is null"
            + " and not exists (select 1 from mailbox where id = ?)",
        from,
        to,
        mailbox.value());
    run(
        "delete from deleted_mailbox where id = ?"
            + " and not exists (select 1 from expunged where id between ? and ?)",
        mailbox.value(),
        from,
        to);
  }

  private void create(Change.MailboxCreated created) throws SQLException {
    run(
        texts.mailbox(),
        created.mailbox().value(),
        created.account().value(),
        created.name(),
        created.uidValidity(),
        created.specialUse().map(SpecialUse::name).orElse(null),
        1L,
        1L,
        1L);
    run(LAST_UID_VALIDITY, created.uidValidity(), created.account().value());
    given("mailbox", created.mailbox().value());
  }

  private void delete(Change.MailboxDeleted deleted) throws SQLException {
    long mailbox = deleted.mailbox().value();
    long from = messageKey(deleted.mailbox(), 0);
    long to = messageKey(deleted.mailbox(), Uid.MAX);
    if (deleted.recoverable()) {
      run(texts.deletedMailbox(), deleted.at().toEpochMilli(), mailbox);
      run(texts.keepAll(), deleted.at().toEpochMilli(), from, to);
    } else {
      run("delete from expunged where id between ? and ?", from, to);
    }
    run("delete from message where id between ? and ?", from, to);
    notes.forget(deleted.mailbox());
    run("delete from mailbox where id = ?", mailbox);
    forgetIfGone(deleted.mailbox());
  }

  /** Its mailboxes of today are deleted already; what is left of earlier ones goes now. */
  private void remove(AccountId account) throws SQLException {
    flush();
    List<Long> deleted = new ArrayList<>();
    PreparedStatement query =
        session.prepare("select id from deleted_mailbox where account = ? order by id");
    query.setLong(1, account.value());
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        deleted.add(rows.getLong(1));
      }
    }
    for (long mailbox : deleted) {
      MailboxId id = new MailboxId(mailbox);
      run(
          "delete from expunged where id between ? and ?",
          messageKey(id, 0),
          messageKey(id, Uid.MAX));
      run("delete from deleted_mailbox where id = ?", mailbox);
    }
    run("delete from subscription where account = ?", account.value());
    notes.forget(account);
    run("delete from account where id = ?", account.value());
  }

  private void enqueue(QueueEntry entry) throws SQLException {
    run(
        texts.queueEntry(),
        entry.id().value(),
        entry.body().value(),
        entry.octets(),
        entry.sender().map(MailAddress::localPart).orElse(null),
        entry.sender().map(MailAddress::domain).orElse(null),
        entry.recipient().localPart(),
        entry.recipient().domain(),
        entry.traceId(),
        entry.smtpUtf8(),
        entry.eightBit(),
        entry.queuedAt().toEpochMilli(),
        entry.nextAttempt().toEpochMilli(),
        entry.attempts(),
        entry.lastReply(),
        entry.delayNoticed());
    given("queue", entry.id().value());
  }

  private void advance(MailboxId mailbox, long uidNext, ModSeq modSeq) {
    long[] reached = counters.computeIfAbsent(mailbox, absent -> new long[2]);
    reached[0] = Math.max(reached[0], uidNext);
    reached[1] = Math.max(reached[1], modSeq.value());
  }

  private void given(String name, long number) {
    if (countsNumbers) {
      highest.merge(name, number, Math::max);
    }
  }

  /**
   * The statement for {@code sql}, to which a batch is to be added. Rows of bodies meet no other
   * statement but those of their descriptions, which come second; so both gather beside the rest.
   */
  private PreparedStatement batch(String sql) throws SQLException {
    boolean besides = sql.equals(texts.body()) || sql.equals(texts.description());
    if (!besides && !sql.equals(batching)) {
      flush();
      batching = sql;
    }
    PreparedStatement statement = session.prepare(sql);
    pending.put(sql, statement);
    return statement;
  }

  void run(String sql, @Nullable Object... values) throws SQLException {
    flush();
    PreparedStatement statement = session.prepare(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    statement.executeUpdate();
  }

  private void flush() throws SQLException {
    PreparedStatement bodies = pending.remove(texts.body());
    if (bodies != null) {
      bodies.executeBatch();
    }
    for (PreparedStatement statement : pending.values()) {
      statement.executeBatch();
    }
    pending.clear();
    batching = "";
  }

  private void finish() throws SQLException {
    flush();
    for (Map.Entry<MailboxId, long[]> entry : counters.entrySet()) {
      run(COUNTERS, entry.getValue()[0], entry.getValue()[1], entry.getKey().value());
    }
    counters.clear();
    for (Map.Entry<String, Long> entry : highest.entrySet()) {
      run(HIGHEST, entry.getValue(), entry.getKey());
    }
    highest.clear();
  }
}
