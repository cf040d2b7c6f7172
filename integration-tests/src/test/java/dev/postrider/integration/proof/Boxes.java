package dev.postrider.integration.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an account has to be like that one client alone changes: mailboxes and subscriptions. */
final class Boxes {

  final SortedMap<String, Box> boxes = new TreeMap<>();
  final SortedSet<String> subscriptions = new TreeSet<>();

  /** A message; {@code number} is that of its {@link Text}. */
  record Item(long number, SortedSet<String> flags) {
    Item {
      flags = new TreeSet<>(flags);
    }
  }

  /**
   * A mailbox.
   *
   * @param uidValidity 0 while the server has not said it
   * @param uidNext the next UID
   * @param changes that were made to it: its highest MODSEQ has grown by as many at least
   */
  record Box(long uidValidity, long uidNext, long changes, NavigableMap<Long, Item> items) {
    Box {
      items = new TreeMap<>(items);
    }

    static Box empty() {
      return new Box(0, 1, 0, new TreeMap<>());
    }

    Box with(Item item) {
      Box box = new Box(uidValidity, uidNext + 1, changes + 1, items);
      box.items.put(uidNext, item);
      return box;
    }

    Box without(NavigableMap<Long, Item> gone) {
      Box box = new Box(uidValidity, uidNext, changes + (gone.isEmpty() ? 0 : 1), items);
      box.items.keySet().removeAll(List.copyOf(gone.keySet()));
      return box;
    }
  }

  Boxes copy() {
    Boxes copy = new Boxes();
    copy.boxes.putAll(boxes);
    copy.subscriptions.addAll(subscriptions);
    return copy;
  }

  Box box(String name) {
    return Objects.requireNonNull(boxes.get(name), name);
  }

  NavigableMap<Long, Item> range(String name, long first, long last) {
    return new TreeMap<>(box(name).items().subMap(first, true, last, true));
  }

  void append(String name, Item item) {
    boxes.put(name, box(name).with(item));
  }

  /** In the order of their UIDs. */
  void copy(String from, long first, long last, String to) {
    range(from, first, last).values().forEach(item -> append(to, item));
  }

  void move(String from, long first, long last, String to) {
    NavigableMap<Long, Item> moved = range(from, first, last);
    copy(from, first, last, to);
    boxes.put(from, box(from).without(moved));
  }

  /** Only those with \Deleted go. */
  void expunge(String name, long first, long last) {
    NavigableMap<Long, Item> gone = range(name, first, last);
    gone.values().removeIf(item -> !item.flags().contains("\\Deleted"));
    boxes.put(name, box(name).without(gone));
  }

  void flag(String name, long first, long last, String flag, boolean on) {
    Box box = box(name);
    TreeMap<Long, Item> items = new TreeMap<>(box.items());
    items
        .subMap(first, true, last, true)
        .replaceAll(
            (uid, item) -> {
              SortedSet<String> flags = new TreeSet<>(item.flags());
              boolean changed = on ? flags.add(flag) : flags.remove(flag);
              return changed ? new Item(item.number(), flags) : item;
            });
    long changed = items.equals(box.items()) ? 0 : 1;
    boxes.put(name, new Box(box.uidValidity(), box.uidNext(), box.changes() + changed, items));
  }

  void rename(String from, String to) {
    boxes.put(to, Objects.requireNonNull(boxes.remove(from)));
  }

  /** Everything a client can see of it; a UIDVALIDITY that nobody knows yet is {@code ?}. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    boxes.forEach(
        (name, box) -> {
          String validity = box.uidValidity() == 0 ? "?" : Long.toString(box.uidValidity());
          lines.add("box " + name + " validity " + validity + " next " + box.uidNext());
          box.items()
              .forEach(
                  (uid, item) ->
                      lines.add(name + " " + uid + " is " + item.number() + " " + item.flags()));
        });
    subscriptions.forEach(name -> lines.add("subscribed " + name));
    return lines;
  }

  /** Whether {@code seen} is like this one; it knows every UIDVALIDITY, this one perhaps not. */
  boolean matches(Boxes seen) {
    Boxes known = copy();
    known.boxes.replaceAll(
        (name, box) -> {
          Box there = seen.boxes.get(name);
          return box.uidValidity() == 0 && there != null
              ? new Box(there.uidValidity(), box.uidNext(), box.changes(), box.items())
              : box;
        });
    return known.lines().equals(seen.lines());
  }
}
