package dev.postrider.protocol.imap;

import dev.postrider.protocol.text.Octets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a client asks for, checked as far as grammar goes. Mailbox names are in Unicode, with INBOX
 * in capitals.
 */
public sealed interface ImapCommand {

  /**
   * Whether the client says by this command that it knows of mod-sequences, so that it is told them
   * from now on. SELECT and EXAMINE may say so too, but of the mailbox that they open. RFC 7162
   * section 3.1.
   */
  default boolean isCondstoreEnabling() {
    return false;
  }

  /** RFC 3501 section 6.1.1. */
  record Capability() implements ImapCommand {}

  /** RFC 3501 section 6.1.2. */
  record Noop() implements ImapCommand {}

  /** RFC 3501 section 6.1.3. */
  record Logout() implements ImapCommand {}

  /** What the client says of itself; empty for NIL. RFC 2971 section 3.1. */
  record Id(Map<String, String> fields) implements ImapCommand {
    public Id {
      fields = Map.copyOf(fields);
    }
  }

  /** RFC 3501 section 6.2.1. */
  record StartTls() implements ImapCommand {}

  /**
   * RFC 3501 section 6.2.2, RFC 4959 section 3.
   *
   * @param mechanism in capitals
   * @param initialResponse base64 as written, "=" for an empty one
   */
  record Authenticate(String mechanism, Optional<String> initialResponse) implements ImapCommand {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Authenticate[" + mechanism + "]";
    }
  }

  /** RFC 3501 section 6.2.3. The handler wipes the password. */
  record Login(String name, Secret password) implements ImapCommand {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Login[" + name + "]";
    }
  }

  /** RFC 8437 section 3. */
  record Unauthenticate() implements ImapCommand {}

  /** {@code algorithm} in capitals. RFC 4978 section 3. */
  record Compress(String algorithm) implements ImapCommand {}

  /** Names in capitals. RFC 5161 section 3.1. */
  record Enable(java.util.List<String> capabilities) implements ImapCommand {
    public Enable {
      capabilities = java.util.List.copyOf(capabilities);
    }

    @Override
    public boolean isCondstoreEnabling() {
      return capabilities.contains("CONDSTORE") || isQresyncEnabling();
    }

    /** RFC 7162 section 3.2.3. */
    public boolean isQresyncEnabling() {
      return capabilities.contains("QRESYNC");
    }

    /** RFC 9051 section 6.3.1. */
    public boolean isRev2Enabling() {
      return capabilities.contains("IMAP4REV2");
    }

    /** RFC 6855 section 3. */
    public boolean isUtf8Enabling() {
      return capabilities.contains("UTF8=ACCEPT");
    }

    /** RFC 9586 section 3. */
    public boolean isUidsAloneEnabling() {
      return capabilities.contains("UIDONLY");
    }
  }

  /** RFC 3501 section 6.3.1. */
  record Select(String mailbox, SelectParameters parameters) implements ImapCommand {}

  /** RFC 3501 section 6.3.2. */
  record Examine(String mailbox, SelectParameters parameters) implements ImapCommand {}

  /**
   * RFC 3501 section 6.3.3, RFC 6154 section 3.
   *
   * @param parentToBe the name ended in the separator
   * @param uses what it is to be for, each with its backslash
   */
  record Create(String mailbox, boolean parentToBe, Set<String> uses) implements ImapCommand {
    public Create {
      uses = Set.copyOf(uses);
    }
  }

  /** RFC 3501 section 6.3.4. */
  record Delete(String mailbox) implements ImapCommand {}

  /** RFC 3501 section 6.3.5. */
  record Rename(String mailbox, String newName) implements ImapCommand {}

  /** RFC 3501 section 6.3.6. */
  record Subscribe(String mailbox) implements ImapCommand {}

  /** RFC 3501 section 6.3.7. */
  record Unsubscribe(String mailbox) implements ImapCommand {}

  /**
   * RFC 3501 section 6.3.8, RFC 5258 section 3.
   *
   * @param status what is to be told of each besides; empty: nothing. RFC 5819 section 2
   * @param metadata entries that are to be told of each besides, in lower case. RFC 9590
   * @param extended whether the client used anything of RFC 5258, which changes what is answered
   */
  record List(
      String reference,
      java.util.List<ListPattern> patterns,
      Set<ListSelection> selections,
      Set<ListReturn> returns,
      java.util.List<StatusItem> status,
      java.util.List<String> metadata,
      boolean extended)
      implements ImapCommand {
    public List {
      patterns = java.util.List.copyOf(patterns);
      selections = Set.copyOf(selections);
      returns = Set.copyOf(returns);
      status = java.util.List.copyOf(status);
      metadata = java.util.List.copyOf(metadata);
    }

    @Override
    public boolean isCondstoreEnabling() {
      return status.contains(StatusItem.HIGHESTMODSEQ);
    }
  }

  /** RFC 3501 section 6.3.9. */
  record Lsub(String reference, ListPattern pattern) implements ImapCommand {}

  /** RFC 2342 section 5. */
  record Namespace() implements ImapCommand {}

  /**
   * RFC 4314 section 3.1.
   *
   * @param identifier whom the entry is about; a dash before it takes rights from them
   * @param rights letters, not looked at yet
   */
  record SetAcl(String mailbox, String identifier, StoreAction action, String rights)
      implements ImapCommand {}

  /** RFC 4314 section 3.2. */
  record DeleteAcl(String mailbox, String identifier) implements ImapCommand {}

  /** RFC 4314 section 3.3. */
  record GetAcl(String mailbox) implements ImapCommand {}

  /** RFC 4314 section 3.4. */
  record ListRights(String mailbox, String identifier) implements ImapCommand {}

  /** RFC 4314 section 3.5. */
  record MyRights(String mailbox) implements ImapCommand {}

  /**
   * RFC 5465 section 3.1.
   *
   * @param status whether the numbers of the mailboxes are to be told at once
   * @param groups none: nothing is to be told any more
   */
  record Notify(boolean status, java.util.List<NotifyGroup> groups) implements ImapCommand {
    public Notify {
      groups = java.util.List.copyOf(groups);
    }
  }

  /** RFC 9208 section 4.1.1. */
  record GetQuota(String root) implements ImapCommand {}

  /** RFC 9208 section 4.1.2. */
  record GetQuotaRoot(String mailbox) implements ImapCommand {}

  /**
   * RFC 5464 section 4.2.
   *
   * @param mailbox empty: the server
   * @param entries in lower case
   * @param maxSize octets of the largest value that is wanted
   */
  record GetMetadata(
      String mailbox, java.util.List<String> entries, OptionalLong maxSize, MetadataDepth depth)
      implements ImapCommand {
    public GetMetadata {
      entries = java.util.List.copyOf(entries);
    }
  }

  /**
   * RFC 5464 section 4.3.
   *
   * @param mailbox empty: the server
   * @param values by entry, in lower case; empty for NIL
   */
  record SetMetadata(String mailbox, Map<String, Optional<Octets>> values) implements ImapCommand {

    /** Octets of a value. RFC 5464 section 4.1: at least 1024. */
    public static final int VALUE_OCTETS_MAX = 16 * 1024;

    public SetMetadata {
      values = Map.copyOf(values);
    }
  }

  /** How far below an entry others are wanted too. RFC 5464 section 4.2.2. */
  enum MetadataDepth {
    ZERO,
    ONE,
    INFINITY
  }

  /** RFC 3501 section 6.3.10. */
  record Status(String mailbox, java.util.List<StatusItem> items) implements ImapCommand {
    public Status {
      items = java.util.List.copyOf(items);
    }

    @Override
    public boolean isCondstoreEnabling() {
      return items.contains(StatusItem.HIGHESTMODSEQ);
    }
  }

  /**
   * A command that ends in a message, whose octets are still to be read: {@link
   * CommandReader#openLiteral}. More may follow it: {@link CommandReader#nextMessage}.
   */
  sealed interface Uploading extends ImapCommand {
    AppendMessage message();
  }

  /**
   * RFC 3501 section 6.3.11, RFC 3502.
   *
   * @param message the first one
   */
  record Append(String mailbox, AppendMessage message) implements Uploading {}

  /**
   * RFC 8508 section 3.
   *
   * @param replaced one sequence number or UID
   */
  record Replace(boolean byUid, SequenceSet replaced, String mailbox, AppendMessage message)
      implements Uploading {}

  /** RFC 2177 section 3. */
  record Idle() implements ImapCommand {}

  /** RFC 3501 section 6.4.1. */
  record Check() implements ImapCommand {}

  /** RFC 3501 section 6.4.2. */
  record Close() implements ImapCommand {}

  /** RFC 3691 section 2. */
  record Unselect() implements ImapCommand {}

  /** RFC 3501 section 6.4.3; with {@code uids} RFC 4315 section 2.1. */
  record Expunge(Optional<SequenceSet> uids) implements ImapCommand {}

  /**
   * RFC 3501 section 6.4.4, RFC 4731 section 3.1.
   *
   * @param returns empty where the client has not said RETURN, and is to get a SEARCH response
   * @param partial of PARTIAL, where that is to be returned
   * @param charset in capitals, where one was named
   */
  record Search(
      boolean byUid,
      Set<SearchReturn> returns,
      Optional<PartialRange> partial,
      Optional<String> charset,
      SearchKey key)
      implements ImapCommand {
    public Search {
      returns = Set.copyOf(returns);
    }

    @Override
    public boolean isCondstoreEnabling() {
      return key.asksForModSeq();
    }
  }

  /**
   * RFC 5256 section 3, SORT, RFC 5267 section 3.
   *
   * @param returns empty where the client has not said RETURN, and is to get a SORT response
   * @param order the first of them counts, and each further one where those before find no
   *     difference; none twice, and at least one
   */
  record Sort(
      boolean byUid, Set<SearchReturn> returns, java.util.List<SortCriterion> order, SearchKey key)
      implements ImapCommand {
    public Sort {
      returns = Set.copyOf(returns);
      order = java.util.List.copyOf(order);
    }

    @Override
    public boolean isCondstoreEnabling() {
      return key.asksForModSeq();
    }
  }

  /** RFC 5256 section 3, THREAD. */
  @SuppressWarnings("JavaLangClash") // the command's name; no thread of Java is near
  record Thread(boolean byUid, ThreadAlgorithm algorithm, SearchKey key) implements ImapCommand {
    @Override
    public boolean isCondstoreEnabling() {
      return key.asksForModSeq();
    }
  }

  /**
   * RFC 3501 section 6.4.5.
   *
   * @param changedSince the mod-sequence above which those of the messages are that are fetched;
   *     from 1. RFC 7162 section 3.1.4.1
   * @param vanished whether those that were expunged since are to be told too; then {@code byUid}
   *     and with {@code changedSince} alone. RFC 7162 section 3.2.6
   * @param partial which of the messages that there are, by their place among them; then {@code
   *     byUid}. RFC 9394 section 3.3
   */
  record Fetch(
      boolean byUid,
      SequenceSet messages,
      java.util.List<FetchItem> items,
      OptionalLong changedSince,
      boolean vanished,
      Optional<PartialRange> partial)
      implements ImapCommand {
    public Fetch {
      items = java.util.List.copyOf(items);
    }

    @Override
    public boolean isCondstoreEnabling() {
      return changedSince.isPresent() || items.contains(new FetchItem.ModSeq());
    }
  }

  /**
   * RFC 3501 section 6.4.6.
   *
   * @param unchangedSince the highest mod-sequence of those of the messages that are changed; from
   *     0. RFC 7162 section 3.1.3
   */
  record Store(
      boolean byUid,
      SequenceSet messages,
      OptionalLong unchangedSince,
      StoreAction action,
      boolean silent,
      java.util.List<String> flags)
      implements ImapCommand {
    public Store {
      flags = java.util.List.copyOf(flags);
    }

    @Override
    public boolean isCondstoreEnabling() {
      return unchangedSince.isPresent();
    }
  }

  /** RFC 3501 section 6.4.7. */
  record Copy(boolean byUid, SequenceSet messages, String mailbox) implements ImapCommand {}

  /** RFC 6851 section 3. */
  record Move(boolean byUid, SequenceSet messages, String mailbox) implements ImapCommand {}

  /** How STORE changes flags, and SETACL rights. */
  enum StoreAction {
    ADD,
    REMOVE,
    REPLACE
  }

  /**
   * What SEARCH or SORT is to do with what it finds. RFC 4731 section 3.1, RFC 5182 section 2.1,
   * RFC 5267 section 3.1, RFC 9394 section 3.1.
   */
  enum SearchReturn {
    MIN,
    MAX,
    ALL,
    COUNT,
    SAVE,
    PARTIAL
  }

  /** What SORT sorts by; {@code reverse}: the highest first. RFC 5256 section 5. */
  record SortCriterion(SortKey key, boolean reverse) {}

  /** RFC 5256 section 5, RFC 5957 section 5. */
  enum SortKey {
    ARRIVAL,
    CC,
    DATE,
    FROM,
    SIZE,
    SUBJECT,
    TO,
    DISPLAYFROM,
    DISPLAYTO
  }

  /** How THREAD finds out what belongs together. RFC 5256 section 3. */
  enum ThreadAlgorithm {
    ORDEREDSUBJECT,
    REFERENCES
  }

  /** Which mailboxes LIST is to name. RFC 5258 section 3.1, RFC 6154 section 2. */
  enum ListSelection {
    SUBSCRIBED,
    REMOTE,
    RECURSIVEMATCH,
    SPECIAL_USE
  }

  /** What LIST is to say of each. RFC 5258 section 3.2, RFC 6154 section 2, RFC 8440. */
  enum ListReturn {
    SUBSCRIBED,
    CHILDREN,
    SPECIAL_USE,
    MYRIGHTS
  }

  /**
   * RFC 3501 section 6.3.10, RFC 7162 section 3.1.7, RFC 7889 section 3.1, RFC 8438 section 2, RFC
   * 8474 section 4.3, RFC 9051 section 6.3.11, RFC 9208 section 4.1.4.
   */
  enum StatusItem {
    MESSAGES,
    RECENT,
    UIDNEXT,
    UIDVALIDITY,
    UNSEEN,
    DELETED,
    DELETED_STORAGE,
    SIZE,
    HIGHESTMODSEQ,
    APPENDLIMIT,
    MAILBOXID;

    /** As it is written. */
    public String word() {
      return name().replace('_', '-');
    }
  }
}
