package dev.postrider.client.session;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import jakarta.mail.Flags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.imap.protocol.BODY;
import org.eclipse.angus.mail.imap.protocol.FLAGS;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.eclipse.angus.mail.imap.protocol.INTERNALDATE;
import org.eclipse.angus.mail.imap.protocol.MailboxInfo;
import org.eclipse.angus.mail.imap.protocol.RFC822SIZE;
import org.eclipse.angus.mail.imap.protocol.UID;
import org.jspecify.annotations.Nullable;

/** The folder a connection has selected: what is in it, and changing that. Always by UID. */
public final class SelectedFolder {
  /** How many summaries one FETCH asks for; each is some hundred octets. */
  private static final int SUMMARIES_PER_FETCH = 500;

  private static final String SUMMARY_ITEMS =
      "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (DATE FROM SENDER REPLY-TO TO CC"
          + " SUBJECT MESSAGE-ID IN-REPLY-TO CONTENT-TYPE)])";

  private final ImapConnection connection;
  private final String name;
  private final int count;
  private final long uidValidity;
  private final long uidNext;

  SelectedFolder(ImapConnection connection, String name, MailboxInfo info) {
    this.connection = connection;
    this.name = name;
    this.count = Math.max(0, info.total);
    this.uidValidity = info.uidvalidity;
    this.uidNext = info.uidnext;
  }

  public String name() {
    return name;
  }

  /** Messages at the time it was selected. */
  public int count() {
    return count;
  }

  /** Changes when the server has numbered the folder anew. RFC 9051 section 2.3.1.1. */
  public long uidValidity() {
    return uidValidity;
  }

  /** The UID the next message gets, at the time it was selected; -1 when the server did not say. */
  public long uidNext() {
    return uidNext;
  }

  ImapConnection connection() {
    return connection;
  }

  /** Refuses to go on when UIDs from earlier no longer mean the same messages. */
  public void requireUidValidity(long expected) throws MailFailure {
    if (uidValidity != expected) {
      throw new MailFailure(
          ExitCode.TEMPORARY,
          name + " was numbered anew (UIDVALIDITY is " + uidValidity + ", not " + expected + ")",
          "list the messages again");
    }
  }

  /**
   * Summaries by position, 1 being the oldest.
   *
   * @param first at least 1
   * @param last at most {@link #count()}
   */
  public List<MessageSummary> summaries(int first, int last) throws MailFailure {
    List<MessageSummary> all = new ArrayList<>();
    for (int from = first; from <= last; from += SUMMARIES_PER_FETCH) {
      int to = Math.min(last, from + SUMMARIES_PER_FETCH - 1);
      all.addAll(fetchSummaries("FETCH " + from + ":" + to));
    }
    return all;
  }

  /** Summaries in the order of UIDs; those that do not exist are left out. */
  public List<MessageSummary> summaries(UidSet uids) throws MailFailure {
    List<MessageSummary> all = new ArrayList<>();
    for (UidSet batch : uids.batches()) {
      all.addAll(fetchSummaries("UID FETCH " + batch));
    }
    all.sort(Comparator.comparingLong(MessageSummary::uid));
    return all;
  }

  private List<MessageSummary> fetchSummaries(String command) throws MailFailure {
    List<MessageSummary> summaries = new ArrayList<>();
    for (FetchResponse response : fetch(command + " " + SUMMARY_ITEMS)) {
      UID uid = response.getItem(UID.class);
      // A response without our items reports a flag change by somebody else.
      BODY header = response.getItem(BODY.class);
      if (uid == null || header == null) {
        continue;
      }
      INTERNALDATE date = response.getItem(INTERNALDATE.class);
      RFC822SIZE size = response.getItem(RFC822SIZE.class);
      Optional<Instant> received =
          Optional.ofNullable(date).map(INTERNALDATE::getDate).map(java.util.Date::toInstant);
      summaries.add(
          new MessageSummary(
              uid.uid,
              flags(response),
              received,
              size == null ? -1 : size.size,
              Headers.parse(octets(header))));
    }
    return summaries;
  }

  List<FetchResponse> fetch(String command) throws MailFailure {
    List<FetchResponse> fetched = new ArrayList<>();
    for (IMAPResponse response : connection.command("fetch messages", command, null)) {
      if (response instanceof FetchResponse f) {
        fetched.add(f);
      }
    }
    return fetched;
  }

  static byte[] octets(BODY body) {
    ByteArray array = body.getByteArray();
    return array == null ? new byte[0] : array.getNewBytes();
  }

  private static Set<String> flags(FetchResponse response) {
    Set<String> names = new HashSet<>();
    FLAGS flags = response.getItem(FLAGS.class);
    if (flags != null) {
      for (Flags.Flag flag : flags.getSystemFlags()) {
        MessageFlag.ofJakarta(flag).ifPresent(names::add);
      }
      names.addAll(List.of(flags.getUserFlags()));
    }
    return names;
  }

  /** The UIDs of messages that match, ascending. */
  public List<Long> search(SearchQuery query) throws MailFailure {
    Argument keys = query.keys();
    String charset = query.needsUtf8() ? " CHARSET UTF-8" : "";
    List<Long> uids = numbers("search", "SEARCH", "UID SEARCH" + charset, keys);
    uids.sort(null);
    return uids;
  }

  /** The UIDs of matching messages in the server's order. RFC 5256 section 3. */
  public List<Long> sort(String criteria, SearchQuery query) throws MailFailure {
    return numbers("sort", "SORT", "UID SORT (" + criteria + ") UTF-8", query.keys());
  }

  private List<Long> numbers(String what, String key, String command, @Nullable Argument keys)
      throws MailFailure {
    List<Long> numbers = new ArrayList<>();
    for (IMAPResponse response : connection.command(what + " " + name, command, keys)) {
      if (response.keyEquals(key)) {
        for (long n = response.readLong(); n != -1; n = response.readLong()) {
          numbers.add(n);
        }
      }
    }
    return numbers;
  }

  /** Those of the named messages that are there, ascending. */
  public List<Long> existing(UidSet uids) throws MailFailure {
    List<Long> present = new ArrayList<>();
    for (UidSet batch : uids.batches()) {
      present.addAll(numbers("look into", "SEARCH", "UID SEARCH UID " + batch, null));
    }
    return present.stream().distinct().sorted().toList();
  }

  /** The message with this UID. */
  public ServerMessage message(long uid) throws MailFailure {
    return ServerMessage.fetch(this, uid);
  }

  /** How flags are changed. */
  public enum FlagChange {
    ADD("+FLAGS"),
    REMOVE("-FLAGS"),
    SET("FLAGS");

    private final String item;

    FlagChange(String item) {
      this.item = item;
    }
  }

  /** Changes flags. RFC 9051 section 6.4.6. */
  public void store(UidSet uids, FlagChange change, List<String> flags) throws MailFailure {
    for (UidSet batch : uids.batches()) {
      connection.command(
          "change flags",
          "UID STORE " + batch + " " + change.item + " (" + String.join(" ", flags) + ")",
          null);
    }
  }

  public void copy(UidSet uids, String target) throws MailFailure {
    for (UidSet batch : uids.batches()) {
      connection.command(
          "copy messages to " + target, "UID COPY " + batch, ImapConnection.mailboxName(target));
    }
  }

  /**
   * Moves messages: by MOVE (RFC 6851 section 3.2) when offered, else by COPY, \Deleted and UID
   * EXPUNGE. Without UIDPLUS the originals stay behind marked as deleted, since a plain EXPUNGE
   * would also remove what somebody else had marked.
   *
   * @return whether the originals are gone
   */
  public boolean move(UidSet uids, String target) throws MailFailure {
    if (connection.has("MOVE")) {
      for (UidSet batch : uids.batches()) {
        connection.command(
            "move messages to " + target, "UID MOVE " + batch, ImapConnection.mailboxName(target));
      }
      return true;
    }
    copy(uids, target);
    store(uids, FlagChange.ADD, List.of("\\Deleted"));
    if (!connection.has("UIDPLUS")) {
      return false;
    }
    uidExpunge(uids);
    return true;
  }

  /** Removes messages for good; nothing else that is marked as deleted goes with them. */
  public void expunge(UidSet uids) throws MailFailure {
    if (!connection.has("UIDPLUS")) {
      throw new MailFailure(
          ExitCode.UNAVAILABLE,
          connection.endpoint() + " cannot remove single messages (it lacks UIDPLUS)",
          "mark them with: postrider flag add deleted");
    }
    store(uids, FlagChange.ADD, List.of("\\Deleted"));
    uidExpunge(uids);
  }

  private void uidExpunge(UidSet uids) throws MailFailure {
    for (UidSet batch : uids.batches()) {
      connection.command("remove messages", "UID EXPUNGE " + batch, null);
    }
  }
}
