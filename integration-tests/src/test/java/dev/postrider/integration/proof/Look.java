package dev.postrider.integration.proof;

import dev.postrider.integration.proof.Boxes.Box;
import dev.postrider.integration.proof.Boxes.Item;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything in an account, as a client sees it, each message read octet by octet.
 *
 * @param damaged what is wrong with messages
 * @param transactions of the last server, by mailbox and UID as "INBOX 5"
 */
record Look(Boxes boxes, List<String> damaged, TreeMap<String, String> transactions) {

  static Look at(ImapPeer peer) throws IOException {
    Look look = new Look(new Boxes(), new ArrayList<>(), new TreeMap<>());
    for (ImapPeer.Line line : peer.run("LIST \"\" *")) {
      if (line.text().startsWith("* LIST ") && !line.text().contains("\\Noselect")) {
        look.box(peer, name(line));
      }
    }
    for (ImapPeer.Line line : peer.run("LSUB \"\" *")) {
      if (line.text().startsWith("* LSUB ")) {
        look.boxes.subscriptions.add(name(line));
      }
    }
    return look;
  }

  private static String name(ImapPeer.Line line) {
    return line.find("(\\S+)$").replace("\"", "");
  }

  private void box(ImapPeer peer, String name) throws IOException {
    String examined =
        String.join("\n", peer.run("EXAMINE " + name).stream().map(ImapPeer.Line::text).toList());
    ImapPeer.Line whole = new ImapPeer.Line(examined, List.of());
    long next = Long.parseLong(whole.find("\\[UIDNEXT (\\d+)]"));
    TreeMap<Long, Item> items = new TreeMap<>();
    if (Long.parseLong(whole.find("\\* (\\d+) EXISTS")) > 0) {
      for (ImapPeer.Line line : peer.run("UID FETCH 1:* (UID FLAGS BODY.PEEK[])")) {
        if (line.text().contains(" FETCH ")) {
          item(name, line, items);
        }
      }
    }
    boxes.boxes.put(
        name, new Box(Long.parseLong(whole.find("\\[UIDVALIDITY (\\d+)]")), next, 0, items));
  }

  private void item(String name, ImapPeer.Line line, TreeMap<Long, Item> items) {
    long uid = Long.parseLong(line.find("UID (\\d+)"));
    byte[] stored = line.literals().getFirst();
    Optional<Long> number = Text.number(stored);
    if (number.isEmpty() || !Text.isWhole(stored)) {
      damaged.add("UID " + uid + " of " + name + " is not what it was: " + number);
    }
    SortedSet<String> flags = new TreeSet<>(List.of(line.find("FLAGS \\(([^)]*)\\)").split(" ")));
    flags.remove("\\Recent");
    flags.remove("");
    items.put(uid, new Item(number.orElse(-1L), flags));
    Text.transaction(stored).ifPresent(id -> transactions.put(name + " " + uid, id));
  }
}
