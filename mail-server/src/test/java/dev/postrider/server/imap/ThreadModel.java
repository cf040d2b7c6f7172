package dev.postrider.server.imap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * THREAD=REFERENCES as RFC 5256 section 3 tells it, step by step, with objects and recursion: slow
 * and shallow, and easily compared with the text there.
 */
final class ThreadModel {

  private static final class Node {
    Optional<Integer> number = Optional.empty();
    Optional<ThreadedMessage> message = Optional.empty();
    Optional<Node> parent = Optional.empty();
    final List<Node> children = new ArrayList<>();

    boolean isDummy() {
      return message.isEmpty();
    }

    void cut() {
      parent.ifPresent(node -> node.children.remove(this));
      parent = Optional.empty();
    }

    void moveTo(Node to) {
      cut();
      parent = Optional.of(to);
      to.children.add(this);
    }

    boolean isBelow(Node other) {
      return this == other || parent.map(node -> node.isBelow(other)).orElse(false);
    }

    /** The message by which it is sorted, and whose subject it has. */
    Node shown() {
      return isDummy() ? children.getFirst() : this;
    }

    ThreadedMessage told() {
      return shown().message.orElseThrow();
    }

    String subject() {
      return told().subject().toUpperCase(Locale.ROOT);
    }

    boolean isReply() {
      return told().isReply();
    }

    void sort() {
      children.sort(
          Comparator.comparing((Node node) -> node.told().sent())
              .thenComparing(node -> node.shown().number.orElseThrow()));
    }

    void sortAll() {
      children.forEach(Node::sortAll);
      sort();
    }

    String text() {
      String own = number.map(String::valueOf).orElse("");
      String rest =
          children.size() == 1
              ? children.getFirst().text()
              : children.stream()
                  .map(child -> "(" + child.text() + ")")
                  .collect(Collectors.joining());
      return own + (own.isEmpty() || rest.isEmpty() ? "" : " ") + rest;
    }
  }

  private final Map<String, Node> byId = new HashMap<>();
  private final List<Node> all = new ArrayList<>();
  private final Node root = new Node();

  private ThreadModel() {}

  /** Threads of {@code messages}, which are numbered from 1, as THREAD tells them. */
  static String threads(List<ThreadedMessage> messages) {
    ThreadModel model = new ThreadModel();
    for (int i = 0; i < messages.size(); i++) {
      model.step1(i + 1, messages.get(i));
    }
    model.steps2to4();
    model.step5();
    model.root.sortAll();
    return model.root.children.stream()
        .map(thread -> "(" + thread.text() + ")")
        .collect(Collectors.joining());
  }

  private Node node() {
    Node node = new Node();
    all.add(node);
    return node;
  }

  private Node ofId(String id) {
    return byId.computeIfAbsent(id.replace("\"", ""), absent -> node());
  }

  private void step1(int number, ThreadedMessage message) {
    List<Node> references = message.references().stream().map(this::ofId).toList();
    for (int i = 1; i < references.size(); i++) {
      Node parent = references.get(i - 1);
      Node child = references.get(i);
      if (child.parent.isEmpty() && !parent.isBelow(child)) {
        child.moveTo(parent);
      }
    }
    Node own = message.id().map(this::ofId).filter(Node::isDummy).orElseGet(this::node);
    own.number = Optional.of(number);
    own.message = Optional.of(message);
    own.cut();
    if (!references.isEmpty() && !references.getLast().isBelow(own)) {
      own.moveTo(references.getLast());
    }
  }

  private void steps2to4() {
    for (Node node : List.copyOf(all)) {
      if (node.parent.isEmpty()) {
        node.moveTo(root);
      }
    }
    prune(root);
    root.children.stream().filter(Node::isDummy).forEach(Node::sort);
    root.sort();
  }

  private void prune(Node parent) {
    for (Node node : List.copyOf(parent.children)) {
      prune(node);
      if (node.isDummy() && (parent != root || node.children.size() < 2)) {
        List.copyOf(node.children).forEach(child -> child.moveTo(parent));
        node.cut();
      }
    }
  }

  private void step5() {
    Map<String, Node> table = new HashMap<>();
    for (Node current : root.children) {
      Node known = table.get(current.subject());
      boolean replaces =
          known == null
              || (!known.isDummy()
                  && (current.isDummy() || (known.isReply() && !current.isReply())));
      if (replaces && !current.subject().isEmpty()) {
        table.put(current.subject(), current);
      }
    }
    for (Node current : List.copyOf(root.children)) {
      String subject = current.subject();
      Node known = table.get(subject);
      if (known == null || known == current) {
        continue;
      }
      if (known.isDummy() && current.isDummy()) {
        List.copyOf(current.children).forEach(child -> child.moveTo(known));
        current.cut();
      } else if (known.isDummy() || (current.isReply() && !known.isReply())) {
        current.moveTo(known);
      } else {
        Node dummy = new Node();
        dummy.moveTo(root);
        current.moveTo(dummy);
        known.moveTo(dummy);
        table.put(subject, dummy);
      }
    }
  }
}
