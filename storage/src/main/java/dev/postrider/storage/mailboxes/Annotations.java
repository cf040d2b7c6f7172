package dev.postrider.storage.mailboxes;

import dev.postrider.protocol.text.Octets;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.AccountId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is noted of mailboxes, and of the server, beside the mail: values under names. RFC 5464.
 *
 * <p>A name begins with {@link #SHARED} or {@link #PRIVATE}, and is in lower case. A shared
 * annotation of a mailbox is the same for everybody, and counts for its owner; a private one is
 * there for one account alone, for which it counts. Those of the server are private. They stay when
 * the mailbox is renamed, and go with it or with the account; a mailbox that INBOX is renamed to
 * gets those of INBOX, which keeps them (RFC 5464 section 4.1).
 */
public interface Annotations {

  String SHARED = "/shared/";

  String PRIVATE = "/private/";

  /** Of one mailbox, shared, and private to one account. RFC 5464 section 4.1: at least 10. */
  int ENTRIES_MAX = 100;

  /** Octets of one value. RFC 5464 section 4.1: at least 1024. */
  int VALUE_OCTETS_MAX = 16 * 1024;

  /** Octets of all names and values that count for one account. */
  long ACCOUNT_OCTETS_MAX = 4L * 1024 * 1024;

  record Annotation(String entry, Octets value) {}

  /**
   * What {@code reader} sees, by name.
   *
   * @param mailbox empty: of the server
   */
  List<Annotation> list(Optional<Mailbox> mailbox, AccountId reader) throws StoreException;

  /**
   * Changes some of them, all or none.
   *
   * @param mailbox empty: of the server, where nothing is shared
   * @param values by name; empty: there is none any more
   * @return false when there would be too many, or too much in all
   * @throws StoreException NOT_FOUND when the mailbox or account is gone, REFUSED for a value that
   *     is too large
   */
  boolean change(Optional<Mailbox> mailbox, AccountId reader, Map<String, Optional<Octets>> values)
      throws StoreException;
}
