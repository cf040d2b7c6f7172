package dev.postrider.integration.proof;

import dev.postrider.integration.proof.Boxes.Box;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Moves and removes what comes into an account while more is being delivered. It keeps every copy
 * that ever arrived, so that none can be counted twice, or come back.
 */
final class Sorter implements Worker {

  private static final String INBOX = "INBOX";
  private static final String SORTED = "Archive";
  private static final int TOGETHER = 8;

  private final Place place;
  private final String address;
  private final Random random;

  /** Removed from INBOX, by UID; the server said so. */
  private final Map<Long, Copy> removed = new HashMap<>();

  /** A command to remove them was under way. */
  private final Map<Long, Copy> removing = new HashMap<>();

  private List<Copy> arrived = List.of();

  /**
   * A message as it arrived.
   *
   * @param transaction in which the server accepted it
   */
  record Copy(long number, String transaction) {}

  Sorter(Place place, String address, long seed) {
    this.place = place;
    this.address = address;
    this.random = new Random(seed);
  }

  String address() {
    return address;
  }

  /** Every copy that was there at the last check, or was removed before. */
  List<Copy> arrived() {
    return arrived;
  }

  @Override
  public void work(Load load) throws IOException {
    try (ImapPeer peer = place.login(address)) {
      peer.run("SELECT " + INBOX);
      SortedMap<Long, Copy> known = new TreeMap<>();
      long last = 0;
      while (load.goesOn()) {
        for (ImapPeer.Line line :
            peer.run(
                "UID FETCH "
                    + (last + 1)
                    + ":* (UID BODY.PEEK[HEADER.FIELDS (X-NUMBER RECEIVED)])")) {
          if (line.text().contains(" FETCH ") && !line.literals().isEmpty()) {
            known.put(Long.valueOf(line.find("UID (\\d+)")), copy(line.literals().getFirst()));
          }
        }
        last = known.isEmpty() ? last : Math.max(last, known.lastKey());
        if (known.isEmpty()) {
          load.pause();
        } else {
          sort(peer, known);
          load.acknowledged();
        }
      }
    }
  }

  private static Copy copy(byte[] header) {
    return new Copy(
        Text.number(header).orElse(-1L), Text.transaction(header).orElse("no transaction"));
  }

  private void sort(ImapPeer peer, SortedMap<Long, Copy> known) throws IOException {
    Set<Long> some = new TreeSet<>();
    for (long uid : known.keySet()) {
      if (some.size() < TOGETHER && random.nextBoolean()) {
        some.add(uid);
      }
    }
    if (some.isEmpty()) {
      some.add(known.firstKey());
    }
    String set = some.stream().map(String::valueOf).collect(Collectors.joining(","));
    if (random.nextBoolean()) {
      peer.run("UID MOVE " + set + " " + SORTED);
    } else {
      peer.run("UID STORE " + set + " +FLAGS.SILENT (\\Deleted)");
      some.forEach(uid -> removing.put(uid, known.get(uid)));
      peer.run("UID EXPUNGE " + set);
      removed.putAll(removing);
      removing.clear();
    }
    known.keySet().removeAll(some);
  }

  @Override
  public void check(Verdict verdict) throws IOException {
    Look look;
    try (ImapPeer peer = place.login(address)) {
      look = Look.at(peer);
    }
    look.damaged().forEach(line -> verdict.complain(address + ": " + line));
    Box inbox = look.boxes().box(INBOX);
    removing.forEach(
        (uid, copy) -> {
          if (!inbox.items().containsKey(uid)) {
            removed.put(uid, copy);
          }
        });
    removing.clear();
    List<Copy> copies = new ArrayList<>(removed.values());
    removed.forEach(
        (uid, copy) -> {
          if (inbox.items().containsKey(uid)) {
            verdict.complain(address + ": " + copy + " was expunged, and is there as UID " + uid);
          }
          verdict.uid(new Verdict.MailboxId(address, inbox.uidValidity()), uid, copy.number());
        });
    look.boxes()
        .boxes
        .forEach(
            (name, box) -> {
              Verdict.MailboxId id = new Verdict.MailboxId(address, box.uidValidity());
              verdict.mailbox(id, box.uidNext(), 0, false);
              box.items()
                  .forEach(
                      (uid, item) -> {
                        verdict.uid(id, uid, item.number());
                        copies.add(
                            new Copy(
                                item.number(),
                                look.transactions().getOrDefault(name + " " + uid, "none")));
                      });
            });
    arrived = List.copyOf(copies);
  }
}
