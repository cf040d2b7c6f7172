package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntToLongFunction;

/**
 * Threads of messages. Nodes are numbers; those below {@code messages} are messages, the others
 * stand for messages that are not there, and have at least two children. Siblings are in the order
 * in which they were added. No method is recursive: threads may be as deep as there are messages.
 */
final class ThreadForest {

  /** Stands above the threads, and for no node at all. */
  static final int NONE = -1;

  private final int messages;
  private final int[] firstChild;
  private final int[] lastChild;
  private final int[] nextSibling;
  private int firstThread = NONE;
  private int lastThread = NONE;

  /** Nothing yet, with room for {@code nodes}, of which {@code messages} are messages. */
  ThreadForest(int messages, int nodes) {
    this.messages = messages;
    this.firstChild = none(nodes);
    this.lastChild = none(nodes);
    this.nextSibling = none(nodes);
  }

  private static int[] none(int nodes) {
    int[] none = new int[nodes];
    Arrays.fill(none, NONE);
    return none;
  }

  /**
   * Puts {@code node} behind the children of {@code parent}; where that is NONE, it is a thread.
   */
  void add(int parent, int node) {
    int before = parent == NONE ? lastThread : lastChild[parent];
    if (before != NONE) {
      nextSibling[before] = node;
    } else if (parent == NONE) {
      firstThread = node;
    } else {
      firstChild[parent] = node;
    }
    if (parent == NONE) {
      lastThread = node;
    } else {
      lastChild[parent] = node;
    }
  }

  boolean hasChildren(int node) {
    return firstChild[node] != NONE;
  }

  /** {@code * THREAD}. RFC 5256 section 4. {@code number}: the one that is told of a message. */
  void write(IntToLongFunction number, ImapWriter writer) throws IOException {
    writer.atom("* THREAD");
    if (firstThread != NONE) {
      writer.space();
    }
    for (int thread = firstThread; thread != NONE; thread = nextSibling[thread]) {
      write(thread, number, writer);
    }
    writer.crlf();
  }

  /**
   * One thread in its parentheses. A node that has one child stands before it in the same list;
   * where there are more, each begins a list, and is in {@code branches} as long as that is open.
   */
  private void write(int thread, IntToLongFunction number, ImapWriter writer) throws IOException {
    int[] branches = new int[16];
    int open = 0;
    int node = thread;
    writer.atom("(");
    while (node != NONE) {
      if (node < messages) {
        writer.number(number.applyAsLong(node));
      }
      int child = firstChild[node];
      if (child != NONE && node < messages) {
        writer.space();
      }
      if (child != NONE && nextSibling[child] != NONE) {
        branches = open == branches.length ? Arrays.copyOf(branches, 2 * open) : branches;
        branches[open++] = child;
        writer.atom("(");
      }
      node = child;
      while (node == NONE && open > 0) {
        // Its list ends, and where it was the last one, so does the list around.
        writer.atom(")");
        node = nextSibling[branches[open - 1]];
        if (node == NONE) {
          open--;
        } else {
          branches[open - 1] = node;
          writer.atom("(");
        }
      }
    }
    writer.atom(")");
  }
}
