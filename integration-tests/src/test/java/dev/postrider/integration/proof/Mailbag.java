package dev.postrider.integration.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Every message that was sent, and what became of it. */
final class Mailbag {

  private final Map<Long, Mailing> begun = new ConcurrentHashMap<>();
  private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();

  void begin(Mailing mailing) {
    begun.put(mailing.number(), mailing);
  }

  void acknowledge(Mailing mailing) {
    acknowledged.add(mailing.number());
  }

  /** Once the sorters of all recipients have looked. */
  void check(List<Sorter> sorters, Verdict verdict) {
    Map<String, Map<Long, List<Sorter.Copy>>> copies = new HashMap<>();
    for (Sorter sorter : sorters) {
      Map<Long, List<Sorter.Copy>> byNumber = new HashMap<>();
      for (Sorter.Copy copy : sorter.arrived()) {
        byNumber.computeIfAbsent(copy.number(), none -> new ArrayList<>()).add(copy);
      }
      copies.put(sorter.address(), byNumber);
    }
    for (Mailing mailing : begun.values()) {
      check(mailing, copies, verdict);
    }
  }

  private void check(
      Mailing mailing, Map<String, Map<Long, List<Sorter.Copy>>> copies, Verdict verdict) {
    boolean promised = acknowledged.contains(mailing.number());
    int there = 0;
    for (String recipient : mailing.recipients()) {
      List<Sorter.Copy> arrived =
          copies.getOrDefault(recipient, Map.of()).getOrDefault(mailing.number(), List.of());
      there += arrived.isEmpty() ? 0 : 1;
      if (arrived.isEmpty() && promised) {
        verdict.complain("lost: " + mailing + " at " + recipient);
      }
      if (arrived.size() > 1 && mailing.isLocal(recipient)) {
        verdict.complain("doubled: " + mailing + " at " + recipient + ": " + arrived);
      } else if (arrived.size() > 1) {
        verdict.relayedTwice(mailing, recipient, arrived);
      }
    }
    if (there > 0 && there < mailing.recipients().size()) {
      verdict.complain("in part: " + mailing + " came to " + there + " recipients only");
    }
  }

  long acknowledged() {
    return acknowledged.size();
  }

  /** Given up by the client without an answer. */
  long unanswered() {
    return (long) begun.size() - acknowledged.size();
  }
}
