package dev.postrider.storage.sql;

import dev.postrider.storage.accounts.Quota.Usage;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.QuotaCheck;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.ModSeq;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes what mailboxes have reached: the next UID, the highest MODSEQ, how many messages are in
 * them and of how many octets.
 *
 * <p>Each change comes once, so the messages are counted with the changes. Not so in a replay,
 * which goes through states that were: its mailboxes are counted anew at its end.
 */
final class MailboxCounters {

  private static final String ADVANCE =
      "update mailbox set uid_next = greatest(uid_next, ?),"
          + " highest_modseq = greatest(highest_modseq, ?), messages = messages + ?,"
          + " octets = octets + ? where id = ?";

  private final ChangeRows rows;
  private final Map<MailboxId, Reached> reached = new HashMap<>();

  /** Mailboxes that changed in a replay; null when there is none. */
  private @Nullable Set<MailboxId> replayed;

  MailboxCounters(ChangeRows rows) {
    this.rows = rows;
  }

  /** From now on rows may be there already, and messages are not counted until {@link #count}. */
  void replay() {
    replayed = new HashSet<>();
  }

  void endReplay() {
    replayed = null;
  }

  /** Counts what is in the mailboxes that changed in a replay. */
  void count() throws SQLException {
    if (replayed != null) {
      for (MailboxId mailbox : replayed) {
        rows.run(Schema.COUNT + " where id = ?", mailbox.value());
      }
      replayed.clear();
    }
  }

  /** {@code uidNext}: 0 when it stays. */
  void advance(Change.InMailbox change, long uidNext) {
    Reached of = of(change.mailbox());
    of.advance(uidNext, change.modSeq());
    if (replayed == null) {
      of.more = of.more.plus(QuotaCheck.usage(change));
    } else {
      replayed.add(change.mailbox());
    }
  }

  void advance(Change.MailboxCounted counted) {
    of(counted.mailbox()).advance(counted.uidNext(), counted.highestModSeq());
  }

  private Reached of(MailboxId mailbox) {
    return reached.computeIfAbsent(mailbox, absent -> new Reached());
  }

  void write() throws SQLException {
    for (Map.Entry<MailboxId, Reached> entry : reached.entrySet()) {
      Reached of = entry.getValue();
      rows.run(
          ADVANCE,
          of.uidNext,
          of.modSeq,
          of.more.messages(),
          of.more.octets(),
          entry.getKey().value());
    }
    reached.clear();
  }

  /** What becomes of the numbers of a mailbox. */
  private static final class Reached {
    private long uidNext;
    private long modSeq;
    private Usage more = Usage.NOTHING;

    void advance(long next, ModSeq highest) {
      uidNext = Math.max(uidNext, next);
      modSeq = Math.max(modSeq, highest.value());
    }
  }
}
