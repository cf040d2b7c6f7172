package dev.postrider.integration.proof;

import java.util.Locale;
import java.util.TreeSet;

/** What a client does to its own account: one command, which happens wholly or not at all. */
sealed interface Deed {

  record Append(String box, long number) implements Deed {}

  record Flag(String box, long first, long last, String flag, boolean on) implements Deed {}

  record Expunge(String box, long first, long last) implements Deed {}

  record Copy(String from, long first, long last, String to) implements Deed {}

  record Move(String from, long first, long last, String to) implements Deed {}

  record Create(String box) implements Deed {}

  record Rename(String from, String to) implements Deed {}

  record Delete(String box) implements Deed {}

  record Subscribe(String box, boolean on) implements Deed {}

  /** The mailbox that has to be selected; empty: any. */
  default String selected() {
    return switch (this) {
      case Flag flag -> flag.box();
      case Expunge expunge -> expunge.box();
      case Copy copy -> copy.from();
      case Move move -> move.from();
      case Append _, Create _, Rename _, Delete _, Subscribe _ -> "";
    };
  }

  /** Whether the mailbox is there no more afterwards, under this name. */
  default boolean takesAway(String box) {
    return (this instanceof Rename(String from, String _) && from.equals(box))
        || (this instanceof Delete(String gone) && gone.equals(box));
  }

  /** Without the literal of APPEND. */
  default String command() {
    return switch (this) {
      case Append(String box, long _) -> "APPEND " + box;
      case Flag(String _, long first, long last, String flag, boolean on) ->
          String.format(
              Locale.ROOT, "UID STORE %d:%d %sFLAGS (%s)", first, last, on ? "+" : "-", flag);
      case Expunge(String _, long first, long last) -> "UID EXPUNGE " + first + ":" + last;
      case Copy(String _, long first, long last, String to) ->
          "UID COPY " + first + ":" + last + " " + to;
      case Move(String _, long first, long last, String to) ->
          "UID MOVE " + first + ":" + last + " " + to;
      case Create(String box) -> "CREATE " + box;
      case Rename(String from, String to) -> "RENAME " + from + " " + to;
      case Delete(String box) -> "DELETE " + box;
      case Subscribe(String box, boolean on) -> (on ? "SUBSCRIBE " : "UNSUBSCRIBE ") + box;
    };
  }

  /** What an account is like afterwards. */
  default Boxes after(Boxes before) {
    Boxes after = before.copy();
    switch (this) {
      case Append(String box, long number) ->
          after.append(box, new Boxes.Item(number, new TreeSet<>()));
      case Flag(String box, long first, long last, String flag, boolean on) ->
          after.flag(box, first, last, flag, on);
      case Expunge(String box, long first, long last) -> after.expunge(box, first, last);
      case Copy(String from, long first, long last, String to) -> after.copy(from, first, last, to);
      case Move(String from, long first, long last, String to) -> after.move(from, first, last, to);
      case Create(String box) -> after.boxes.put(box, Boxes.Box.empty());
      case Rename(String from, String to) -> after.rename(from, to);
      case Delete(String box) -> after.boxes.remove(box);
      case Subscribe(String box, boolean on) -> {
        if (on) {
          after.subscriptions.add(box);
        } else {
          after.subscriptions.remove(box);
        }
      }
    }
    return after;
  }
}
