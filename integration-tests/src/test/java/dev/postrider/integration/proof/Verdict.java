package dev.postrider.integration.proof;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is wrong, and what has to stay as it is from round to round: which message a UID names, that
 * UIDNEXT, UIDVALIDITY and MODSEQ never go back.
 *
 * <p>A relayed message may come twice in one case, which no protocol can rule out: one of the two
 * servers was killed after the far one had it on its disk and before the near one had written that
 * down. Then the first copy was accepted right before a kill, and the second after it.
 */
final class Verdict {

  /**
   * From the acceptance at the far end to the kill, where one write to a disk is between; or from
   * the kill to it, when the far end had all of the message by then, and nobody to tell.
   */
  static final Duration WINDOW_MAX = Duration.ofSeconds(2);

  private static final Pattern ACCEPTED =
      Pattern.compile("^(\\S+) +info +smtp\\.accepted .*\\btransaction=(\\S+) ");

  private static final Pattern ERROR = Pattern.compile("^\\S+ +error ");

  private final List<String> complaints = new ArrayList<>();
  private final Map<MailboxId, Map<Long, Long>> numbers = new HashMap<>();
  private final Map<MailboxId, Long> uidNexts = new HashMap<>();
  private final Map<String, Long> uidValidities = new HashMap<>();
  private final Map<String, Long> uidValiditiesBefore = new HashMap<>();
  private final Map<MailboxId, Long> modSeqs = new HashMap<>();
  private final Map<MailboxId, Long> modSeqsNow = new HashMap<>();
  private final Map<String, Instant> accepted = new HashMap<>();
  private final List<Kill> kills = new ArrayList<>();
  private final SortedMap<String, Duration> twice = new TreeMap<>();
  private int inFlight;
  private int inFlightDone;

  /** A mailbox, whatever its name is. */
  record MailboxId(String address, long uidValidity) {}

  private record Kill(String domain, Instant begin, Instant end) {}

  synchronized void complain(String what) {
    complaints.add(what);
  }

  /** Everything was looked at: what was complained of since the last time. */
  synchronized List<String> complaints() {
    uidValiditiesBefore.putAll(uidValidities);
    List<String> all = List.copyOf(complaints);
    complaints.clear();
    return all;
  }

  void killed(String domain, Instant begin, Instant end) {
    kills.add(new Kill(domain, begin, end));
  }

  /** A command was under way at a kill; afterwards it was {@code done}, or nothing of it was. */
  void inFlight(boolean done) {
    inFlight++;
    inFlightDone += done ? 1 : 0;
  }

  int inFlight() {
    return inFlight;
  }

  int inFlightDone() {
    return inFlightDone;
  }

  /** What a server printed, up to its end. */
  void printed(List<String> output) {
    for (String line : output) {
      Matcher found = ACCEPTED.matcher(line);
      if (found.find()) {
        accepted.put(found.group(2), Instant.parse(found.group(1)));
      }
      if (ERROR.matcher(line).find()) {
        complain("the server printed: " + line);
      }
    }
  }

  /** The highest MODSEQ of each mailbox of a server that was killed. */
  void modSeqs(Map<MailboxId, Long> now) {
    modSeqsNow.putAll(now);
  }

  /**
   * A mailbox that is there.
   *
   * @param changes that were acknowledged since the last time
   * @param fresh whether it was made since then
   */
  void mailbox(MailboxId id, long uidNext, long changes, boolean fresh) {
    long before = uidNexts.getOrDefault(id, 1L);
    if (uidNext < before) {
      complain("UIDNEXT of " + id + " went back from " + before + " to " + uidNext);
    }
    uidNexts.put(id, uidNext);
    long highest = uidValiditiesBefore.getOrDefault(id.address(), 0L);
    if (fresh && id.uidValidity() <= highest) {
      complain(id + " is new, but its UIDVALIDITY is not above " + highest);
    }
    uidValidities.merge(id.address(), id.uidValidity(), Math::max);
    long modSeq = modSeqs.getOrDefault(id, 0L) + changes;
    Long now = modSeqsNow.remove(id);
    if (now != null && now < modSeq) {
      complain("MODSEQ of " + id + " is " + now + ", and was at least " + modSeq);
    }
    modSeqs.put(id, now == null ? modSeq : now);
  }

  /** The UID names this message, for ever. */
  void uid(MailboxId id, long uid, long number) {
    Long before = numbers.computeIfAbsent(id, none -> new HashMap<>()).putIfAbsent(uid, number);
    if (before != null && before != number) {
      complain("UID " + uid + " of " + id + " was number " + before + " and is " + number);
    }
  }

  void relayedTwice(Mailing mailing, String recipient, List<Sorter.Copy> copies) {
    List<String> transactions =
        copies.stream().map(Sorter.Copy::transaction).sorted(Comparator.naturalOrder()).toList();
    String domain = recipient.substring(recipient.indexOf('@') + 1);
    Duration longest = Duration.ZERO;
    for (int i = 1; i < transactions.size(); i++) {
      Optional<Duration> before = beforeKill(domain, transactions.get(i - 1), transactions.get(i));
      if (before.isEmpty()) {
        complain("doubled, and no kill explains it: " + mailing + " at " + recipient + copies);
        return;
      }
      longest = longest.compareTo(before.get()) > 0 ? longest : before.get();
    }
    twice.put(mailing.number() + " at " + recipient, longest);
  }

  /**
   * How long before a kill the first was accepted, 0 if after it, if the second came after it.
   *
   * @param domain of the server that accepted both
   */
  private Optional<Duration> beforeKill(String domain, String first, String second) {
    for (Kill kill : kills) {
      // What a server accepted last it may not have printed any more: then it came with its kill.
      Instant one =
          kill.domain().equals(domain)
              ? accepted.getOrDefault(first, kill.begin())
              : accepted.getOrDefault(first, Instant.EPOCH);
      Instant two = accepted.getOrDefault(second, Instant.MAX);
      Duration before = Duration.between(one, kill.begin());
      if (!one.isAfter(kill.end().plus(WINDOW_MAX))
          && two.isAfter(kill.begin())
          && before.compareTo(WINDOW_MAX) < 0) {
        return Optional.of(before.isNegative() ? Duration.ZERO : before);
      }
    }
    return Optional.empty();
  }

  /** Messages that came twice because of a kill, and how long before it the first one came. */
  SortedMap<String, Duration> twice() {
    return twice;
  }
}
