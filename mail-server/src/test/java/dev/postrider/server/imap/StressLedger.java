package dev.postrider.server.imap;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What all sessions of a stress test have heard together of what never changes: which message a UID
 * is, and which flags it had at a mod-sequence. And what was wrong. Threads: any.
 */
final class StressLedger {

  private record Place(String mailbox, long uid) {}

  private record Moment(Place place, long modSeq) {}

  private final Map<Place, String> identities = new ConcurrentHashMap<>();
  private final Map<Moment, Set<String>> flags = new ConcurrentHashMap<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

  /** A UID is one message, for ever. RFC 3501 section 2.3.1.1. */
  void identity(String mailbox, long uid, String identity) {
    String known = identities.putIfAbsent(new Place(mailbox, uid), identity);
    if (known != null && !known.equals(identity)) {
      complain(
          "UID %d of %s is %s to one and %s to another".formatted(uid, mailbox, known, identity));
    }
  }

  /** A copy is what it was copied from. */
  void copied(String from, long fromUid, String to, long toUid) {
    String identity = identities.get(new Place(from, fromUid));
    if (identity != null) {
      identity(to, toUid, identity);
    }
  }

  /** A change of flags has a mod-sequence of its own. RFC 7162 section 3.1. */
  void flags(String mailbox, long uid, long modSeq, Set<String> now) {
    Set<String> known = flags.putIfAbsent(new Moment(new Place(mailbox, uid), modSeq), now);
    if (known != null && !known.equals(now)) {
      complain(
          "UID %d of %s has %s and %s at mod-sequence %d"
              .formatted(uid, mailbox, known, now, modSeq));
    }
  }

  void complain(String what) {
    complaints.add(what);
  }

  Queue<String> complaints() {
    return complaints;
  }
}
