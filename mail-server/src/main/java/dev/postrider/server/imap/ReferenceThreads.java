package dev.postrider.server.imap;

import static dev.postrider.server.imap.ThreadForest.NONE;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * REFERENCES. RFC 5256 section 3, THREAD; the numbers are the steps there. This class does the
 * first three, {@link SubjectMerging} the others.
 *
 * <p>Invariants.
 *
 * <ol>
 *   <li>Each message has a node, and each identifier that a message has or refers to has one. They
 *       are the same where the message is the first one with that identifier. A node whose {@code
 *       messageOf} is NONE is a dummy.
 *   <li>{@code parent} makes trees: following it ends, always. Children are not kept while it
 *       changes; they follow from it in the end.
 *   <li>A new parent makes a loop only where the child is above it. That can only be where the
 *       child has children, or had: so a message that answers what came before it costs one step,
 *       however deep its thread is, and so does what is answered when it comes after the answer.
 *       Messages that are made for it can cost as many steps each as a thread is deep.
 * </ol>
 */
final class ReferenceThreads implements Threading {

  /** Identifiers that messages refer to and no message has. */
  static final int DUMMIES_MAX = 1_000_000;

  private final ThreadTable table;
  private final NumberedTexts ids = new NumberedTexts();
  private final int dummiesMax;

  /** Nodes by the numbers of identifiers. */
  private int[] nodeOf = new int[16];

  private int[] messageOf = new int[16];
  private int[] parent = new int[16];
  private final BitSet parents = new BitSet();
  private int nodes;

  ReferenceThreads(int most) {
    this(most, DUMMIES_MAX);
  }

  ReferenceThreads(int most, int dummiesMax) {
    this.table = new ThreadTable(most);
    this.dummiesMax = dummiesMax;
  }

  @Override
  public boolean isFull() {
    return nodes - table.count() > dummiesMax;
  }

  /** (1) */
  @Override
  public void add(ThreadedMessage message) {
    int last = NONE;
    for (String reference : message.references()) {
      int node = nodeOf(reference);
      if (last != NONE && parent[node] == NONE) {
        link(last, node);
      }
      last = node;
    }
    int own = message.id().map(this::nodeOf).orElse(NONE);
    if (own == NONE || messageOf[own] != NONE) {
      own = addNode();
    }
    messageOf[own] = table.add(message);
    if (parent[own] != last) {
      parent[own] = NONE;
      if (last != NONE) {
        link(last, own);
      }
    }
  }

  /** Puts {@code child}, which has no parent, below {@code above}, unless that makes a loop. */
  private void link(int above, int child) {
    if (above == child || (parents.get(child) && isBelow(above, child))) {
      return;
    }
    parent[child] = above;
    parents.set(above);
  }

  private boolean isBelow(int node, int above) {
    int at = node;
    while (at != NONE && at != above) {
      at = parent[at];
    }
    return at != NONE;
  }

  private int nodeOf(String id) {
    int known = ids.count();
    int number = ids.number(normalized(id).getBytes(StandardCharsets.UTF_8));
    if (number == known) {
      nodeOf = number == nodeOf.length ? Arrays.copyOf(nodeOf, 2 * number) : nodeOf;
      nodeOf[number] = addNode();
    }
    return nodeOf[number];
  }

  private int addNode() {
    if (nodes == parent.length) {
      parent = Arrays.copyOf(parent, 2 * nodes);
      messageOf = Arrays.copyOf(messageOf, 2 * nodes);
    }
    parent[nodes] = NONE;
    messageOf[nodes] = NONE;
    return nodes++;
  }

  /** Without what quotes it: {@code <"a"@b>} is {@code <a@b>}. */
  static String normalized(String id) {
    if (id.indexOf('"') < 0 && id.indexOf('\\') < 0) {
      return id;
    }
    StringBuilder plain = new StringBuilder(id.length());
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c == '\\' && i + 1 < id.length()) {
        i++;
        plain.append(id.charAt(i));
      } else if (c != '"') {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  @Override
  public ThreadForest threads() {
    SubjectMerging merging = new SubjectMerging(table);
    prune(merging);
    return merging.threads();
  }

  /**
   * (2) and (3): what is below a dummy comes below what that is below. A dummy that is below
   * nothing stays, where two or more messages have come below it.
   */
  private void prune(SubjectMerging merging) {
    int[] children = new int[nodes];
    for (int node = 0; node < nodes; node++) {
      int above = messageOf[node] == NONE ? NONE : above(node);
      if (above != NONE) {
        children[above]++;
      }
    }
    int[] dummies = new int[nodes];
    Arrays.fill(dummies, NONE);
    for (int node = 0; node < nodes; node++) {
      int above = messageOf[node] == NONE ? NONE : above(node);
      if (above == NONE) {
        continue;
      }
      if (messageOf[above] != NONE) {
        merging.link(messageOf[above], messageOf[node]);
      } else if (children[above] > 1) {
        dummies[above] = dummies[above] == NONE ? merging.addDummy() : dummies[above];
        merging.link(dummies[above], messageOf[node]);
      }
    }
  }

  /** The nearest message above {@code node}, else the highest dummy, else NONE. */
  private int above(int node) {
    int top = parent[node];
    if (top == NONE) {
      return NONE;
    }
    while (messageOf[top] == NONE && parent[top] != NONE) {
      top = parent[top];
    }
    // The dummies between them are not needed any more: nobody goes this way again.
    int at = node;
    while (parent[at] != top) {
      int next = parent[at];
      parent[at] = top;
      at = next;
    }
    return top;
  }
}
