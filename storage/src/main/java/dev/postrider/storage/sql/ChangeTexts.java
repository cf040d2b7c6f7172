package dev.postrider.storage.sql;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Statements of {@link ChangeRows} that are not the same in every dialect. */
record ChangeTexts(
    String body,
    String description,
    String message,
    String expunged,
    String expungedRow,
    String keep,
    String keepAll,
    String subscription,
    String mailboxRight,
    String annotation,
    String account,
    String mailbox,
    String mailboxWas,
    String deletedMailbox,
    String queueEntry) {

  private static final String EXPUNGED_COLUMNS =
      "id, modseq, expunged_at, flags, keywords, octets, internal_date, body";
  private static final String QUEUE_COLUMNS =
      "id, body, octets, sender_local, sender_domain, recipient_local, recipient_domain, trace_id,"
          + " smtp_utf8, eight_bit, queued_at, next_attempt, attempts, last_reply, delay_noticed";

  private static final Map<Dialect, ChangeTexts> ALL = new EnumMap<>(Dialect.class);

  static {
    for (Dialect dialect : Dialect.values()) {
      ALL.put(dialect, make(dialect));
    }
  }

  static ChangeTexts of(Dialect dialect) {
    return Objects.requireNonNull(ALL.get(dialect));
  }

  private static ChangeTexts make(Dialect dialect) {
    return new ChangeTexts(
        dialect.upsert("body", "id", "id, segment, position, octets, crc, room"),
        // A replay may come by a description whose body is gone for good.
        dialect.upsert(
            "description",
            "id",
            "id, version, header_octets, header_crc, bytes",
            "select id, cast(? as int), cast(? as bigint), cast(? as int), cast(? as bytea)"
                + " from body where id = ?"),
        dialect.upsert(
            "message", "id", "id, modseq, flags, keywords, octets, internal_date, body, saved"),
        dialect.upsert("expunged", "id", "id, modseq"),
        dialect.upsert("expunged", "id", EXPUNGED_COLUMNS),
        dialect.upsert(
            "expunged",
            "id",
            EXPUNGED_COLUMNS,
            "select id, cast(? as bigint), cast(? as bigint), flags, keywords, octets,"
                + " internal_date, body from message where id = ?"),
        dialect.upsert(
            "expunged",
            "id",
            EXPUNGED_COLUMNS,
            "select id, modseq, cast(? as bigint), flags, keywords, octets,"
                + " internal_date, body from message where id between ? and ?"),
        dialect.upsert("subscription", "account, name", "account, name"),
        dialect.upsert(
            "mailbox_right", "mailbox, grantee, negative", "mailbox, grantee, negative, rights"),
        dialect.upsert("annotation", "mailbox, account, entry", "mailbox, account, entry, content"),
        dialect.upsert(
            "account", "id", "id, address, local_part, domain, credential, last_uid_validity"),
        dialect.upsert(
            "mailbox",
            "id",
            "id, account, name, uid_validity, special_use, uid_next, highest_modseq,"
                + " first_recent"),
        dialect.upsert("deleted_mailbox", "id", "id, account, name, deleted_at"),
        dialect.upsert(
            "deleted_mailbox",
            "id",
            "id, account, name, deleted_at",
            "select id, account, name, cast(? as bigint) from mailbox where id = ?"),
        dialect.upsert("queue_entry", "id", QUEUE_COLUMNS));
  }
}
