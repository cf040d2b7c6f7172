package dev.postrider.server.imap;

import static dev.postrider.server.imap.ThreadForest.NONE;

import java.util.Arrays;

/**
 * Puts threads of one subject together, and everything in order: the last steps of REFERENCES. RFC
 * 5256 section 3, THREAD; the numbers are the steps there.
 *
 * <p>It is told what is above each message, and changes that. Lists of children are made once, in
 * the end: as messages are put into them from the oldest to the newest, they are sorted, and a
 * dummy has its place when its first child comes.
 */
final class SubjectMerging {

  private final ThreadTable table;

  /**
   * By node. Dummies come behind the messages. Each has two children or more of its own, or two
   * threads of the same subject: there are no more of them than messages.
   */
  private final int[] above;

  private int nodes;

  SubjectMerging(ThreadTable table) {
    this.table = table;
    this.nodes = table.count();
    this.above = new int[2 * nodes];
    Arrays.fill(above, NONE);
  }

  int addDummy() {
    return nodes++;
  }

  void link(int parent, int message) {
    above[message] = parent;
  }

  ThreadForest threads() {
    int[] bySent = table.bySent();
    mergeSubjects(bySent);
    return forest(bySent);
  }

  private boolean isDummy(int node) {
    return node >= table.count();
  }

  /** (4) and (5) */
  private void mergeSubjects(int[] bySent) {
    // What a thread is sorted by, and has its subject of: itself, or the first child of a dummy.
    int[] first = new int[above.length];
    Arrays.fill(first, NONE);
    int[] threads = new int[above.length];
    int count = 0;
    for (int message : bySent) {
      int thread = above[message] == NONE ? message : above[message];
      boolean isThread = above[message] == NONE || isDummy(thread);
      if (isThread && first[thread] == NONE) {
        first[thread] = message;
        threads[count++] = thread;
      }
    }
    int[] ofSubject = new int[table.subjects()];
    Arrays.fill(ofSubject, NONE);
    for (int i = 0; i < count; i++) {
      int subject = table.subject(first[threads[i]]);
      if (replaces(threads[i], ofSubject[subject])) {
        ofSubject[subject] = threads[i];
      }
    }
    for (int i = 0; i < count; i++) {
      int subject = table.subject(first[threads[i]]);
      if (table.hasSubject(first[threads[i]]) && ofSubject[subject] != threads[i]) {
        ofSubject[subject] = merge(threads[i], ofSubject[subject]);
      }
    }
  }

  /** (5) (B) (iv) */
  private boolean replaces(int thread, int known) {
    if (known == NONE) {
      return true;
    }
    return !isDummy(known) && (isDummy(thread) || (table.isReply(known) && !table.isReply(thread)));
  }

  /** (5) (C) (iv); returns what is known of the subject from now on. */
  private int merge(int thread, int known) {
    if (isDummy(known) || (table.isReply(thread) && !table.isReply(known))) {
      above[thread] = known;
      return known;
    }
    int dummy = addDummy();
    above[dummy] = NONE;
    above[thread] = dummy;
    above[known] = dummy;
    return dummy;
  }

  /** (6) */
  private ThreadForest forest(int[] bySent) {
    ThreadForest forest = new ThreadForest(table.count(), nodes);
    for (int message : bySent) {
      int parent = above[message];
      if (parent != NONE && isDummy(parent)) {
        // One that was merged into another is above nothing any more.
        parent = above[parent] == NONE ? parent : above[parent];
        if (!forest.hasChildren(parent)) {
          forest.add(NONE, parent);
        }
      }
      forest.add(parent, message);
    }
    return forest;
  }
}
