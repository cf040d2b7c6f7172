package dev.postrider.server.imap;

import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;

/**
 * What clients know mailboxes and messages by, wherever these are. RFC 8474.
 *
 * <p>The store never gives a number of a mailbox or of a message's octets twice, a copy has the
 * octets of what was copied, and a mailbox keeps its number when it is renamed; all of this also
 * after tables are made again, in a backup that is restored, and when a store is moved to another
 * place. Only what was given after the moment to which a store is restored is given again, as UIDs
 * are. Messages with the same octets have the same internal date, too: a message is filed for all
 * its recipients at one moment, and a copy keeps it (section 5.1). The letter before a number tells
 * the two apart, and keeps anybody from counting with it (section 8.1). There are no identifiers of
 * threads.
 */
final class ObjectIds {

  private ObjectIds() {}

  static String of(MailboxId mailbox) {
    return "F" + mailbox.value();
  }

  /** Of every message that has these octets. */
  static String of(BodyId body) {
    return "M" + body.value();
  }
}
