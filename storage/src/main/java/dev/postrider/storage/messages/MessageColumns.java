package dev.postrider.storage.messages;

import dev.postrider.storage.mailboxes.MailboxStatus;
import java.time.Instant;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;

/**
 * Messages of one mailbox as arrays, ascending by UID: about 40 octets each, where objects would
 * take 150. As a list it makes a {@link Message} when it is asked for one.
 */
final class MessageColumns extends AbstractList<Message> implements RandomAccess {

  private static final int INITIAL = 16;

  private int size;
  private int[] uids;
  private long[] modSeqs;
  private Flags[] flags;
  private long[] octets;
  private long[] dates;
  private long[] bodies;

  MessageColumns() {
    this(INITIAL);
  }

  /** With room for so many messages before more is needed. */
  MessageColumns(int messages) {
    int room = Math.max(INITIAL, messages);
    uids = new int[room];
    modSeqs = new long[room];
    flags = new Flags[room];
    octets = new long[room];
    dates = new long[room];
    bodies = new long[room];
  }

  private MessageColumns(MessageColumns from) {
    size = from.size;
    uids = Arrays.copyOf(from.uids, size);
    modSeqs = Arrays.copyOf(from.modSeqs, size);
    flags = Arrays.copyOf(from.flags, size);
    octets = Arrays.copyOf(from.octets, size);
    dates = Arrays.copyOf(from.dates, size);
    bodies = Arrays.copyOf(from.bodies, size);
  }

  MessageColumns copy() {
    return new MessageColumns(this);
  }

  /** A copy of those with a higher MODSEQ. */
  MessageColumns changedAfter(long modSeq) {
    MessageColumns changed = new MessageColumns(countChangedAfter(modSeq));
    for (int i = 0; i < size; i++) {
      if (modSeqs[i] > modSeq) {
        changed.append(uid(i), modSeqs[i], flags[i], octets[i], dates[i], bodies[i]);
      }
    }
    return changed;
  }

  /** UIDs of the same. */
  UidSet uidsChangedAfter(long modSeq) {
    long[] changed = new long[countChangedAfter(modSeq)];
    int next = 0;
    for (int i = 0; i < size && next < changed.length; i++) {
      if (modSeqs[i] > modSeq) {
        changed[next++] = uid(i);
      }
    }
    return UidSet.of(changed);
  }

  private int countChangedAfter(long modSeq) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      count += modSeqs[i] > modSeq ? 1 : 0;
    }
    return count;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Message get(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(index);
    }
    return new Message(
        new Uid(uid(index)),
        new ModSeq(modSeqs[index]),
        flags[index],
        octets[index],
        Instant.ofEpochSecond(dates[index]),
        new BodyId(bodies[index]));
  }

  /** All UIDs, each as 32 bits without a sign. */
  int[] uids() {
    return Arrays.copyOf(uids, size);
  }

  /** A UID has 32 bits, all of which are used. */
  long uid(int index) {
    return Integer.toUnsignedLong(uids[index]);
  }

  long modSeq(int index) {
    return modSeqs[index];
  }

  Flags flags(int index) {
    return flags[index];
  }

  long octets(int index) {
    return octets[index];
  }

  /** In seconds since 1970. */
  long date(int index) {
    return dates[index];
  }

  long body(int index) {
    return bodies[index];
  }

  /** The index of {@code uid}, or negative. */
  int indexOf(long uid) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Integer.compareUnsigned(uids[middle], (int) uid);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** {@code uid} is higher than all here. */
  void append(long uid, long modSeq, Flags itsFlags, long itsOctets, long date, long body) {
    if (size == uids.length) {
      grow();
    }
    uids[size] = (int) uid;
    modSeqs[size] = modSeq;
    flags[size] = itsFlags;
    octets[size] = itsOctets;
    dates[size] = date;
    bodies[size] = body;
    size++;
  }

  void setFlags(int index, Flags now, long modSeq) {
    flags[index] = now;
    modSeqs[index] = modSeq;
  }

  void removeAll(UidSet gone) {
    int kept = 0;
    int next = 0;
    for (int i = 0; i < size; i++) {
      long uid = uid(i);
      while (next < gone.size() && gone.get(next) < uid) {
        next++;
      }
      if (next < gone.size() && gone.get(next) == uid) {
        continue;
      }
      move(i, kept);
      kept++;
    }
    Arrays.fill(flags, kept, size, Flags.NONE);
    size = kept;
  }

  private void move(int from, int to) {
    uids[to] = uids[from];
    modSeqs[to] = modSeqs[from];
    flags[to] = flags[from];
    octets[to] = octets[from];
    dates[to] = dates[from];
    bodies[to] = bodies[from];
  }

  private void grow() {
    int capacity = size + (size >> 1);
    uids = Arrays.copyOf(uids, capacity);
    modSeqs = Arrays.copyOf(modSeqs, capacity);
    flags = Arrays.copyOf(flags, capacity);
    octets = Arrays.copyOf(octets, capacity);
    dates = Arrays.copyOf(dates, capacity);
    bodies = Arrays.copyOf(bodies, capacity);
  }

  /** The numbers of a mailbox with these messages. */
  MailboxStatus status(long firstRecent, Uid uidNext, long uidValidity, ModSeq highestModSeq) {
    int unseen = 0;
    int recent = 0;
    int marked = 0;
    long octets = 0;
    long markedOctets = 0;
    for (int i = 0; i < size(); i++) {
      unseen += flags(i).has(SystemFlag.SEEN) ? 0 : 1;
      recent += uid(i) >= firstRecent ? 1 : 0;
      octets += octets(i);
      if (flags(i).has(SystemFlag.DELETED)) {
        marked++;
        markedOctets += octets(i);
      }
    }
    return new MailboxStatus(
        size(), unseen, recent, marked, uidNext, uidValidity, highestModSeq, octets, markedOctets);
  }
}
