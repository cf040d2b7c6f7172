package dev.postrider.server.imap;

import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What is kept of the messages that are threaded: when they were sent, whether they are replies,
 * and numbers in the place of their subjects. Messages are numbers too, from 0, in the order of the
 * mailbox.
 */
final class ThreadTable {

  private static final int NO_SUBJECT = 0;

  private final NumberedTexts subjects = new NumberedTexts();
  private final BitSet replies = new BitSet();
  private final long[] sent;
  private final int[] subject;
  private int count;

  /** Nothing yet, with room for {@code most} messages. */
  ThreadTable(int most) {
    sent = new long[most];
    subject = new int[most];
    if (subjects.number(new byte[0]) != NO_SUBJECT) {
      throw new IllegalStateException("numbers do not begin at " + NO_SUBJECT);
    }
  }

  /** Returns the number of the message. */
  int add(ThreadedMessage message) {
    sent[count] = message.sent().getEpochSecond();
    subject[count] = subjects.number(UnicodeCasemap.octets(message.subject(), Integer.MAX_VALUE));
    replies.set(count, message.isReply());
    return count++;
  }

  int count() {
    return count;
  }

  /** Subjects that compare equal have the same number; all are below {@link #subjects}. */
  int subject(int message) {
    return subject[message];
  }

  int subjects() {
    return subjects.count();
  }

  boolean hasSubject(int message) {
    return subject[message] != NO_SUBJECT;
  }

  boolean isReply(int message) {
    return replies.get(message);
  }

  /** All messages, the oldest first. Of two that were sent at once the first one comes first. */
  int[] bySent() {
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingLong(message -> sent[message]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
