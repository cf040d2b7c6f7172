package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.SequenceSet;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.Rights;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MailboxDelta;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One client's view of a mailbox. It alone knows sequence numbers.
 *
 * <p>Invariants.
 *
 * <ol>
 *   <li>{@code uids[0, count)} are the messages that this client has been told of and not yet been
 *       told to forget, ascending. The sequence number of a message is its index plus one. UIDs are
 *       32 bits without a sign, kept in an int, and are compared as such.
 *   <li>The array changes at two places only: {@link #refresh} adds at its end, and says EXISTS; it
 *       removes, and says EXPUNGE, or VANISHED to those who have asked for that. So both sides
 *       always count alike, whatever other sessions do to the mailbox in between. In a command
 *       after which EXPUNGE may not be sent (RFC 3501 section 7.4.1), removed messages stay in the
 *       array, and in {@code vanished}, until a command after which it may.
 *   <li>{@code seen} is the MODSEQ up to which the client has been told everything but what is in
 *       {@code vanished}. A refresh asks the index for what came after it, tells it, and moves on.
 *       Signals of the change feed only say when it is worth asking. {@code missing} is the MODSEQ
 *       before the first of what is in {@code vanished}, while there is something: only up to there
 *       has the client been told everything, although it may be told of higher ones; so each
 *       refresh then says the lower number, until the EXPUNGE has been sent. RFC 7162 section 6.
 *   <li>What this session changed itself and has already answered (or was told to be silent about)
 *       stands in {@code told} with the MODSEQ of that change, so that the next refresh does not
 *       repeat it. A later change by somebody else has a higher MODSEQ and is told.
 *   <li>{@code recent} has the bit of a message's index when this session was the first one to see
 *       it. No other session of the mailbox's owner has it then. RFC 3501 section 2.3.2. Clients of
 *       IMAP4rev2 are not told of it, and take it from the others all the same, because they have
 *       seen the message.
 *   <li>{@code saved} has the bit of a message's index when the last SEARCH that was to save its
 *       result found it: what {@code $} stands for. It moves with the messages, so a message leaves
 *       it by EXPUNGE alone, and it ends with the view. RFC 5182 section 2.1.
 * </ol>
 *
 * <p>Order within a refresh: EXPUNGE, from the highest sequence number down, so that no number that
 * is still to be sent changes; then EXISTS and RECENT; then flags, which may be of new messages.
 *
 * <p>Threads: whoever holds the lock of the session's {@link ImapStreams}.
 */
final class SelectedMailbox implements AutoCloseable {

  private static final int[] NONE = {};

  private final MailboxIndex index;
  private final boolean readOnly;
  private final Set<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<Long, ModSeq> told = new HashMap<>();
  private Reached reached;
  private int[] uids;
  private int count;
  private boolean tellsRecent = true;
  private BitSet recent = new BitSet();
  private BitSet saved = new BitSet();
  private BitSet vanished = new BitSet();
  private ModSeq seen;
  private ModSeq missing;
  private final long uidNext;
  private final int firstUnseen;

  /** Takes {@code index} over. */
  SelectedMailbox(Reached reached, MailboxIndex index, boolean readOnly) throws StoreException {
    this.reached = reached;
    this.index = index;
    this.readOnly = readOnly;
    MailboxIndex.Opening opening = index.opening();
    this.seen = opening.highestModSeq();
    this.missing = seen;
    this.uidNext = opening.uidNext().value();
    this.uids = opening.uids();
    this.count = uids.length;
    this.firstUnseen = opening.firstUnseen().orElse(-1) + 1;
    this.keywords.addAll(opening.keywords());
    markRecent(0);
  }

  Mailbox mailbox() {
    return reached.mailbox();
  }

  /** With the rights that the account had when it was last looked. */
  Reached reached() {
    return reached;
  }

  /** Other rights from now on. */
  void reached(Rights rights) {
    reached = new Reached(reached.name(), reached.mailbox(), reached.own(), rights);
  }

  boolean isReadOnly() {
    return readOnly;
  }

  /** Messages in the client's view. */
  int count() {
    return count;
  }

  int recentCount() {
    return recent.cardinality();
  }

  /** From now on the client is not told what is recent. RFC 9051 appendix E (12). */
  void keepRecentSecret() {
    tellsRecent = false;
  }

  /** {@code * n EXISTS}, and how many of them are recent. */
  void tellCount(ImapWriter writer) throws IOException {
    writer.untagged(count + " EXISTS");
    if (tellsRecent) {
      writer.untagged(recentCount() + " RECENT");
    }
  }

  /** As it was when the mailbox was selected. */
  long uidNext() {
    return uidNext;
  }

  /** Sequence number of the first unseen message when the mailbox was selected; 0 for none. */
  int firstUnseen() {
    return firstUnseen;
  }

  /** Keywords that occur, as far as the client has been told. */
  Set<String> keywords() {
    return keywords;
  }

  /**
   * Up to where the client has been told everything: whoever remembers it, and asks for what came
   * after, misses nothing. RFC 7162 section 3.1.2.1 and 6.
   */
  ModSeq highestModSeq() {
    return vanished.isEmpty() ? seen : missing;
  }

  /** The UID of the message at {@code position}, which is its sequence number minus one. */
  long uid(int position) {
    return Integer.toUnsignedLong(uids[position]);
  }

  /** The highest UID in this view; 0 when it has none. */
  long largestUid() {
    return count == 0 ? 0 : uid(count - 1);
  }

  /** Where the message with {@code uid} is in this view; negative when it is not. */
  int position(long uid) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int compared = Long.compare(uid(middle), uid);
      if (compared == 0) {
        return middle;
      }
      if (compared < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1 - low;
  }

  boolean isRecent(int position) {
    return recent.get(position);
  }

  /** What {@code $} stands for from now on. The bits are positions. */
  void save(BitSet found) {
    saved = (BitSet) found.clone();
  }

  /** Whether {@code $} stands for the message at {@code position}, among others. */
  boolean isSaved(int position) {
    return saved.get(position);
  }

  /**
   * Positions of the messages that {@code set} names, ascending; null when it names a sequence
   * number that there is not. UIDs that do not exist are passed over, and {@code $} is right even
   * when it stands for nothing. RFC 3501 section 9, seq-number, RFC 5182 section 2.1.
   */
  int @Nullable [] positions(SequenceSet set, boolean byUid) {
    if (byUid || set.isSaved()) {
      return uidPositions(set);
    }
    SequenceSet.Resolved numbers = set.resolve(count);
    return numbers.highest() > count || numbers.lowest() == 0 ? null : collect(numbers, false);
  }

  /** Where {@code set} names UIDs. */
  int[] uidPositions(SequenceSet set) {
    if (set.isSaved()) {
      return saved.stream().toArray();
    }
    return count == 0 ? NONE : collect(set.resolve(largestUid()), true);
  }

  private int[] collect(SequenceSet.Resolved set, boolean byUid) {
    int found = 0;
    for (int range = 0; range < set.size(); range++) {
      found += end(set, range, byUid) - start(set, range, byUid);
    }
    int[] positions = new int[found];
    int next = 0;
    for (int range = 0; range < set.size(); range++) {
      int end = end(set, range, byUid);
      for (int at = start(set, range, byUid); at < end; at++) {
        positions[next++] = at;
      }
    }
    return positions;
  }

  private int start(SequenceSet.Resolved set, int range, boolean byUid) {
    return byUid ? place(set.first(range)) : (int) set.first(range) - 1;
  }

  private int end(SequenceSet.Resolved set, int range, boolean byUid) {
    return byUid ? place(set.last(range) + 1) : (int) set.last(range);
  }

  /** Where a message with {@code uid} is, or would be. */
  private int place(long uid) {
    int position = position(uid);
    return position < 0 ? -1 - position : position;
  }

  UidSet uids(int[] positions) {
    return UidSet.of(Arrays.stream(positions).mapToLong(this::uid).toArray());
  }

  /** Those of {@code positions}, which ascend, whose messages have a higher MODSEQ. */
  int[] changedSince(ModSeq since, int[] positions) throws StoreException {
    UidSet changed = index.changedSince(since);
    int[] found = new int[Math.min(changed.size(), positions.length)];
    int count = 0;
    for (int i = 0; i < changed.size(); i++) {
      int position = position(changed.get(i));
      if (position >= 0 && Arrays.binarySearch(positions, position) >= 0) {
        found[count++] = position;
      }
    }
    return Arrays.copyOf(found, count);
  }

  /** UIDs that were expunged after {@code since} and are not in this view. */
  UidSet vanishedSince(ModSeq since) throws StoreException {
    UidSet vanished = index.changesSince(since).vanished();
    return UidSet.of(vanished.stream().filter(uid -> position(uid) < 0).toArray());
  }

  /**
   * The messages at {@code positions}, which ascend, as they are now; null where one was expunged.
   * {@link Pieces} of a large mailbox at a time.
   */
  @Nullable Message[] messages(int[] positions) throws StoreException {
    @Nullable Message[] found = new Message[positions.length];
    int at = 0;
    for (Message message : index.find(uids(positions))) {
      while (uid(positions[at]) != message.uid().value()) {
        at++;
      }
      found[at] = message;
    }
    return found;
  }

  /** Of the messages at {@code positions}; 0 where none is there any more. */
  long highestModSeq(BitSet positions) throws IOException, StoreException {
    long[] highest = {0};
    Pieces.of(
        positions.stream().toArray(),
        some -> {
          for (@Nullable Message message : messages(some)) {
            long modSeq = message == null ? 0 : message.modSeq().value();
            highest[0] = Math.max(highest[0], modSeq);
          }
        });
    return highest[0];
  }

  /** The client knows of {@code message} what this session has just made of it. */
  void told(Message message) {
    told.put(message.uid().value(), message.modSeq());
  }

  /** The client is not told what changes, and needs not be spared what it knows. */
  void forgetTold() {
    told.clear();
  }

  /** Whether the client has been told of {@code message} as it is. */
  boolean isKnown(Message message) {
    return message.modSeq().compareTo(seen) <= 0 || message.modSeq().equals(told(message.uid()));
  }

  /**
   * Tells the client what has changed.
   *
   * @param flags whether it is told of other flags
   * @param dialect what it understands
   * @return the messages that came
   * @throws StoreException NOT_FOUND when the mailbox was deleted
   */
  List<Message> refresh(ImapWriter writer, boolean expunge, boolean flags, Dialect dialect)
      throws IOException, StoreException {
    MailboxDelta delta = index.changesSince(seen);
    boolean withheld = !vanished.isEmpty();
    missing = highestModSeq();
    seen = delta.highestModSeq();
    for (int i = 0; i < delta.vanished().size(); i++) {
      int position = position(delta.vanished().get(i));
      if (position >= 0) {
        vanished.set(position);
      }
    }
    if (expunge && !vanished.isEmpty()) {
      expunge(writer, dialect);
    }
    int before = count;
    List<Message> come = new ArrayList<>();
    for (Message message : delta.changed()) {
      if (count == 0 || message.uid().value() > uid(count - 1)) {
        append(message.uid());
        come.add(message);
      }
    }
    if (count > before) {
      markRecent(before);
      tellCount(writer);
    }
    if (flags) {
      tellFlags(writer, delta, before, dialect);
    }
    told.clear();
    if (dialect.knowsModSeqs() && (withheld || !vanished.isEmpty())) {
      writer.untagged(SelectHandler.highestModSeq(this));
    }
    return come;
  }

  private void expunge(ImapWriter writer, Dialect dialect) throws IOException {
    if (dialect.knowsVanished()) {
      Vanished.now(uids(vanished.stream().toArray()), writer);
    } else {
      for (int at = vanished.previousSetBit(count); at >= 0; at = vanished.previousSetBit(at - 1)) {
        writer.untagged((at + 1) + " EXPUNGE");
      }
    }
    BitSet recentLeft = new BitSet();
    BitSet savedLeft = new BitSet();
    int left = 0;
    for (int at = 0; at < count; at++) {
      if (!vanished.get(at)) {
        recentLeft.set(left, recent.get(at));
        savedLeft.set(left, saved.get(at));
        uids[left++] = uids[at];
      }
    }
    count = left;
    recent = recentLeft;
    saved = savedLeft;
    vanished = new BitSet();
  }

  private void append(Uid uid) {
    if (count == uids.length) {
      uids = Arrays.copyOf(uids, Math.max(16, count + (count >> 2)));
    }
    uids[count++] = (int) uid.value();
  }

  /** New messages say their flags when they are fetched; those that were known say them here. */
  private void tellFlags(ImapWriter writer, MailboxDelta delta, int before, Dialect dialect)
      throws IOException {
    for (Message message : delta.changed()) {
      int position = position(message.uid().value());
      if (position < 0 || position >= before || message.modSeq().equals(told(message.uid()))) {
        continue;
      }
      tellFlags(writer, message, true, dialect);
    }
  }

  /**
   * Says which flags {@code message} has, which is in this view. Clients that know of mod-sequences
   * get those, and the UID always. RFC 7162 section 3.2.4.
   */
  void tellFlags(ImapWriter writer, Message message, boolean uid, Dialect dialect)
      throws IOException {
    int position = position(message.uid().value());
    announceKeywords(writer, message.flags());
    dialect.openFetch(writer, position, message);
    if ((uid || dialect.knowsModSeqs()) && !dialect.isUidsAlone()) {
      writer.atom("UID ").number(message.uid().value()).space();
    }
    writeFlags(writer, position, message.flags());
    if (dialect.knowsModSeqs()) {
      writer.space();
      writeModSeq(writer, message);
    }
    writer.atom(")").crlf();
  }

  /** Says the MODSEQ of {@code message}, whose flags the client knows. */
  void tellModSeq(ImapWriter writer, Message message, Dialect dialect) throws IOException {
    dialect.openFetch(writer, position(message.uid().value()), message);
    if (!dialect.isUidsAlone()) {
      writer.atom("UID ").number(message.uid().value()).space();
    }
    writeModSeq(writer, message);
    writer.atom(")").crlf();
  }

  /** {@code MODSEQ (…)}. RFC 7162 section 3.1.4.2. */
  static void writeModSeq(ImapWriter writer, Message message) throws IOException {
    writer.atom("MODSEQ (").number(message.modSeq().value()).atom(")");
  }

  private @Nullable ModSeq told(Uid uid) {
    return told.get(uid.value());
  }

  /** A keyword must be among the mailbox's FLAGS before a message has it. */
  void announceKeywords(ImapWriter writer, Flags flags) throws IOException {
    if (!keywords.containsAll(flags.keywords())) {
      keywords.addAll(flags.keywords());
      writer.untagged("FLAGS (" + String.join(" ", FlagNames.of(keywords)) + ")");
    }
  }

  /** {@code FLAGS (…)} of the message at {@code position}. */
  void writeFlags(ImapWriter writer, int position, Flags flags) throws IOException {
    boolean recentToo = tellsRecent && isRecent(position);
    writer.atom("FLAGS (").atom(FlagNames.of(flags, recentToo)).atom(")");
  }

  /**
   * Those from {@code from} on that no session has seen are recent here. A session of somebody else
   * leaves them so to the owner.
   */
  private void markRecent(int from) throws StoreException {
    if (from == count) {
      return;
    }
    Uid first = readOnly || !reached.own() ? index.firstRecent() : index.takeRecent();
    for (int at = count - 1; at >= from && uid(at) >= first.value(); at--) {
      recent.set(at);
    }
  }

  @Override
  public void close() {
    index.close();
  }
}
