package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.SelectParameters.Resync;
import dev.postrider.protocol.imap.SelectParameters.Sample;
import dev.postrider.protocol.imap.SequenceSet;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.UidSet;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a mailbox since a client knew all of it: which messages left, then which came or
 * changed. Every expunge is remembered with its MODSEQ as long as the mailbox is there, so the
 * answer is exact however old the client's knowledge is. RFC 7162 section 3.2.5 and 3.2.6.
 */
final class Resynchronization {

  private Resynchronization() {}

  /** Behind what SELECT says: nothing when the client's UIDs are of another time of the mailbox. */
  static void write(Resync resync, SelectedMailbox mailbox, ImapWriter writer, Dialect dialect)
      throws IOException, StoreException {
    if (resync.uidValidity() != mailbox.mailbox().uidValidity()) {
      return;
    }
    ModSeq since = new ModSeq(resync.modSeq());
    long matched = resync.sample().map(sample -> matched(sample, mailbox)).orElse(0L);
    SequenceSet known = resync.known().orElse(SequenceSet.EVERYTHING);
    writeVanished(since, known, matched, mailbox, writer);
    Pieces.of(
        mailbox.changedSince(since, mailbox.uidPositions(known)),
        some -> {
          for (@Nullable Message message : mailbox.messages(some)) {
            if (message != null) {
              mailbox.tellFlags(writer, message, true, dialect);
            }
          }
        });
  }

  /**
   * Those of {@code uids} that were expunged after {@code since} and are not in the view. None of
   * {@code $}: what is expunged leaves that too. RFC 5182 section 2.1.
   */
  static void writeVanished(
      ModSeq since, SequenceSet uids, SelectedMailbox mailbox, ImapWriter writer)
      throws IOException, StoreException {
    if (!uids.isSaved()) {
      writeVanished(since, uids, 0, mailbox, writer);
    }
  }

  /**
   * @param above UIDs up to this one are left out
   */
  private static void writeVanished(
      ModSeq since, SequenceSet wanted, long above, SelectedMailbox mailbox, ImapWriter writer)
      throws IOException, StoreException {
    UidSet vanished = mailbox.vanishedSince(since);
    if (vanished.isEmpty()) {
      return;
    }
    // Whoever says * may have had the last of those that left.
    long largest = Math.max(vanished.get(vanished.size() - 1), mailbox.largestUid());
    SequenceSet.Resolved uids = wanted.resolve(largest);
    Vanished.earlier(
        UidSet.of(vanished.stream().filter(uid -> uid > above && uids.contains(uid)).toArray()),
        writer);
  }

  /**
   * The highest UID of {@code sample} that has the sequence number there which it has in the view;
   * 0 for none. As many messages are up to it here as there, and none can have come among them: so
   * they are the same, and the client knows of all that left among them.
   */
  private static long matched(Sample sample, SelectedMailbox mailbox) {
    List<SequenceSet.Range> numbers = sample.numbers().ranges();
    List<SequenceSet.Range> uids = sample.uids().ranges();
    long matched = 0;
    int numberRange = 0;
    int uidRange = 0;
    long number = numbers.getFirst().first();
    long uid = uids.getFirst().first();
    while (numberRange < numbers.size()) {
      long numberEnd = numbers.get(numberRange).last();
      long uidEnd = uids.get(uidRange).last();
      long both = Math.min(numberEnd - number, uidEnd - uid);
      matched = Math.max(matched, matched(number, uid, both, mailbox));
      number += both + 1;
      uid += both + 1;
      if (number > numberEnd && ++numberRange < numbers.size()) {
        number = numbers.get(numberRange).first();
      }
      if (uid > uidEnd && ++uidRange < uids.size()) {
        uid = uids.get(uidRange).first();
      }
    }
    return matched;
  }

  /**
   * The same of a run in which both go up by one. In the view a UID goes up by one at least from
   * message to message, so once it is ahead of the run it stays so.
   */
  private static long matched(long number, long uid, long more, SelectedMailbox mailbox) {
    long low = -1;
    long high = Math.min(more, mailbox.count() - number);
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      if (mailbox.uid((int) (number + middle - 1)) <= uid + middle) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low >= 0 && mailbox.uid((int) (number + low - 1)) == uid + low ? uid + low : 0;
  }
}
