package dev.postrider.storage.messages;

import java.util.List;

/**
 * What happened in a mailbox after a MODSEQ.
 *
 * @param highestModSeq up to where this delta reaches; ask for what is after it next time
 * @param changed messages that are new or whose flags changed, ascending by UID
 * @param vanished UIDs that were expunged; some may never have been seen by the reader
 */
public record MailboxDelta(ModSeq highestModSeq, List<Message> changed, UidSet vanished) {
  public MailboxDelta {
    // As columns they take a third of the memory: it may be all of a large mailbox.
    changed = changed instanceof MessageColumns ? changed : List.copyOf(changed);
  }
}
