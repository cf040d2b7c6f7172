package dev.postrider.server.imap;

import java.util.Arrays;

/**
 * ORDEREDSUBJECT: of the messages with one subject the oldest is the thread, and the others are its
 * children. RFC 5256 section 3, THREAD.
 */
final class SubjectThreads implements Threading {

  private final ThreadTable table;

  SubjectThreads(int most) {
    table = new ThreadTable(most);
  }

  @Override
  public void add(ThreadedMessage message) {
    table.add(message);
  }

  @Override
  public boolean isFull() {
    return false;
  }

  @Override
  public ThreadForest threads() {
    ThreadForest forest = new ThreadForest(table.count(), table.count());
    int[] oldest = new int[table.subjects()];
    Arrays.fill(oldest, ThreadForest.NONE);
    for (int message : table.bySent()) {
      int subject = table.subject(message);
      forest.add(oldest[subject], message);
      if (oldest[subject] == ThreadForest.NONE) {
        oldest[subject] = message;
      }
    }
    return forest;
  }
}
