package dev.postrider.server.imap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mailbox as a client knows it that believes every word and draws its conclusions: the model to
 * which the server is held. It shares no code with the server. Thread: one.
 */
final class StressView {

  /** Of a message that was announced and not looked at yet. */
  private static final long UNKNOWN = 0;

  private static final Pattern UID = Pattern.compile("[( ]UID (\\d+)");
  private static final Pattern FLAGS = Pattern.compile("[( ]FLAGS \\(([^)]*)\\)");
  private static final Pattern MOD_SEQ = Pattern.compile("[( ]MODSEQ \\((\\d+)\\)");
  private static final Pattern CODE = Pattern.compile("\\[HIGHESTMODSEQ (\\d+)]");

  private final StressLedger ledger;
  private final String session;
  private final String mailbox;

  /** Whether others may give the mailbox another name meanwhile. */
  private final boolean passing;

  private final Awareness awareness;
  private final List<Long> uids = new ArrayList<>();
  private final Map<Long, Set<String>> flags = new TreeMap<>();
  private final Map<Long, Long> modSeqs = new HashMap<>();
  private final Set<Long> toldFlags = new HashSet<>();
  private final Map<Integer, Long> numbersOfSelect = new TreeMap<>();
  private boolean resynchronizing;
  private boolean announced;

  /** Messages that came while SELECT was answered. */
  private int late;

  private boolean fetchingVanished;
  private boolean expungeAllowed = true;

  /** Up to where it knows all, by what it was told. */
  private long modSeq;

  StressView(
      StressLedger ledger, String session, String mailbox, boolean passing, Awareness awareness) {
    this.ledger = ledger;
    this.session = session;
    this.mailbox = mailbox;
    this.passing = passing;
    this.awareness = awareness;
  }

  /** What a client keeps of a mailbox when it goes away. */
  record Cache(long uidValidity, long modSeq, Map<Long, Set<String>> flags) {}

  Cache cache(long uidValidity) {
    return new Cache(uidValidity, modSeq, new TreeMap<>(flags));
  }

  /** SELECT will tell what came and left since this. */
  void beginResynchronization(Cache known) {
    resynchronizing = true;
    modSeq = known.modSeq();
    flags.putAll(known.flags());
  }

  /** What is known now must be as many messages as were announced, each with its number. */
  void endResynchronization() {
    if (!resynchronizing) {
      return;
    }
    resynchronizing = false;
    if (flags.size() != uids.size() - late) {
      complain(
          "%d messages are there, but %s are known after QRESYNC"
              .formatted(uids.size(), flags.keySet()));
      return;
    }
    uids.clear();
    uids.addAll(flags.keySet());
    for (int i = 0; i < late; i++) {
      uids.add(UNKNOWN);
    }
    numbersOfSelect.forEach(
        (number, uid) -> {
          if (uid(number) != uid) {
            complain(
                "number %d was UID %d in SELECT, and is %d".formatted(number, uid, uid(number)));
          }
        });
  }

  /** 0 where there is no such number, or nobody has looked yet. */
  private long uid(int number) {
    return number > uids.size() ? UNKNOWN : uids.get(number - 1);
  }

  /**
   * A command is about to be sent.
   *
   * @param mayExpunge whether messages may be said to be gone before its completion
   * @param mayTellEarlier whether it asks for what is gone since some time
   */
  void begin(boolean mayExpunge, boolean mayTellEarlier) {
    expungeAllowed = mayExpunge;
    fetchingVanished = mayTellEarlier;
    toldFlags.clear();
  }

  /** Hears an untagged response, without its asterisk. */
  void hear(String line) {
    String[] words = line.split(" ", 3);
    if (words[0].equals("VANISHED")) {
      vanished(line);
    } else if (words[0].equals("OK")) {
      code(line);
    } else if (words[0].equals("SEARCH") && words.length > 1) {
      searched(line);
    } else if (words[0].equals("ESEARCH") && line.contains(" ALL 0")) {
      complain(line);
    } else if (words[0].matches("\\d+")) {
      numbered(Integer.parseInt(words[0]), words[1], line);
    }
  }

  /** Hears a completion or OK, which may have a code. */
  void code(String line) {
    Matcher code = CODE.matcher(line);
    if (code.find()) {
      modSeq = Long.parseLong(code.group(1));
    }
  }

  private void numbered(int number, String what, String line) {
    switch (what) {
      case "EXISTS" -> {
        if (number < uids.size()) {
          complain("%s, but there were %d".formatted(line, uids.size()));
        }
        late += announced ? number - uids.size() : 0;
        announced = true;
        while (uids.size() < number) {
          uids.add(UNKNOWN);
        }
      }
      case "EXPUNGE" -> {
        if (!expungeAllowed || awareness == Awareness.QRESYNC) {
          complain("%s at the wrong time".formatted(line));
        }
        if (number < 1 || number > uids.size()) {
          complain("%s of %d".formatted(line, uids.size()));
        } else {
          forget(uids.remove(number - 1));
        }
      }
      case "FETCH" -> fetched(number, line);
      default -> {}
    }
  }

  private void forget(long uid) {
    flags.remove(uid);
    modSeqs.remove(uid);
  }

  private void vanished(String line) {
    boolean earlier = line.startsWith("VANISHED (EARLIER) ");
    if (awareness != Awareness.QRESYNC
        || (earlier ? !resynchronizing && !fetchingVanished : !expungeAllowed)) {
      complain("%s at the wrong time".formatted(line));
    }
    for (String range : line.substring(line.lastIndexOf(' ') + 1).split(",")) {
      String[] ends = range.split(":");
      for (long uid = Long.parseLong(ends[0]);
          uid <= Long.parseLong(ends[ends.length - 1]);
          uid++) {
        if (earlier) {
          gone(uid, line);
        } else {
          expunged(uid, line);
        }
      }
    }
  }

  private void gone(long uid, String line) {
    if (resynchronizing) {
      forget(uid);
    } else if (uids.contains(uid)) {
      complain("%s, but %d is in the view".formatted(line, uid));
    }
  }

  private void expunged(long uid, String line) {
    if (resynchronizing && !uids.isEmpty()) {
      // It went while SELECT was answered, and may be one that came since: the client has not
      // heard of it then. What was said before was of other numbers.
      uids.removeLast();
      flags.remove(uid);
      numbersOfSelect.clear();
      return;
    }
    int place = uids.indexOf(uid);
    if (place < 0) {
      // One that was not looked at yet is between those with lower and with higher UIDs.
      place = 0;
      for (int i = 0; i < uids.size(); i++) {
        place = uids.get(i) != UNKNOWN && uids.get(i) < uid ? i + 1 : place;
      }
    }
    if (place == uids.size() || (uids.get(place) != uid && uids.get(place) != UNKNOWN)) {
      complain("%s, but the view is %s".formatted(line, uids));
    } else {
      uids.remove(place);
    }
    forget(uid);
  }

  private void fetched(int number, String line) {
    if (number < 1 || number > uids.size()) {
      complain("%s of %d messages".formatted(line, uids.size()));
      return;
    }
    Matcher uidFound = UID.matcher(line);
    long uid = uidFound.find() ? Long.parseLong(uidFound.group(1)) : uids.get(number - 1);
    if (resynchronizing && number > uids.size() - late) {
      return;
    }
    if (resynchronizing) {
      numbersOfSelect.put(number, uid);
    } else {
      numbered(number, uid, line);
    }
    if (uid == UNKNOWN) {
      return;
    }
    Matcher modSeqFound = MOD_SEQ.matcher(line);
    long now = modSeqFound.find() ? Long.parseLong(modSeqFound.group(1)) : 0;
    if (now > 0) {
      long before = modSeqs.getOrDefault(uid, 0L);
      if (before > now) {
        complain("%s, but the mod-sequence was %d".formatted(line, before));
      }
      modSeqs.put(uid, now);
      modSeq = Math.max(modSeq, now);
    }
    Matcher flagsFound = FLAGS.matcher(line);
    if (flagsFound.find()) {
      Set<String> told = flags(flagsFound.group(1));
      flags.put(uid, told);
      toldFlags.add(uid);
      if (now > 0 && !passing) {
        ledger.flags(mailbox, uid, now, told);
      }
    }
  }

  private void numbered(int number, long uid, String line) {
    long known = uids.get(number - 1);
    if (known == UNKNOWN) {
      long before = number > 1 ? uids.get(number - 2) : UNKNOWN;
      if (uid <= before) {
        complain("%s, but the one before is UID %d".formatted(line, before));
      }
      uids.set(number - 1, uid);
    } else if (known != uid) {
      complain("%s, but that number is UID %d".formatted(line, known));
    }
  }

  static Set<String> flags(String words) {
    Set<String> set = new TreeSet<>(Arrays.asList(words.toLowerCase(Locale.ROOT).split(" ")));
    set.remove("");
    set.remove("\\recent");
    return set;
  }

  private void searched(String line) {
    String numbers = line.replaceFirst(" \\(MODSEQ \\d+\\)$", "").substring("SEARCH ".length());
    for (String number : numbers.split(" ")) {
      if (Long.parseLong(number) < 1) {
        complain("%s".formatted(line));
      }
    }
  }

  /** The client has changed flags, and asked not to be told. */
  void stored(List<Long> changed, boolean add, String flag, Set<Long> butThese) {
    for (long uid : changed) {
      Set<String> known = flags.get(uid);
      if (known == null || toldFlags.contains(uid) || butThese.contains(uid)) {
        continue;
      }
      Set<String> now = new TreeSet<>(known);
      if (add) {
        now.add(flag);
      } else {
        now.remove(flag);
      }
      flags.put(uid, now);
    }
  }

  List<Long> uids() {
    return List.copyOf(uids);
  }

  int size() {
    return uids.size();
  }

  /** The first sequence number without a UID; 0 when all are known. */
  int firstUnknown() {
    return uids.indexOf(UNKNOWN) + 1;
  }

  /** Whether it knows UID and flags of every message. */
  boolean knowsAll() {
    return List.copyOf(flags.keySet()).equals(uids);
  }

  long modSeq() {
    return modSeq;
  }

  Map<Long, Set<String>> flags() {
    return flags;
  }

  String mailbox() {
    return mailbox;
  }

  boolean isPassing() {
    return passing;
  }

  /** What is there is what it believes. */
  void compare(Map<Long, Set<String>> there) {
    if (!uids.equals(List.copyOf(there.keySet()))) {
      complain("it sees %s, but there are %s".formatted(uids, there.keySet()));
    } else {
      there.forEach(
          (uid, now) -> {
            String known = String.valueOf(flags.get(uid));
            if (!known.equals(now.toString())) {
              complain("it sees UID %d with %s, but it has %s".formatted(uid, known, now));
            }
          });
    }
  }

  private void complain(String what) {
    ledger.complain(session + " in " + mailbox + ": " + what);
  }
}
