package dev.postrider.server.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postrider.testkit.dialog.DuplexPipe;
import dev.postrider.testkit.dialog.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A session that does this and that to shared mailboxes, and knows what it may hear. */
final class StressClient {

  /** Mailboxes that stay, and are compared. */
  static final List<String> LASTING = List.of("INBOX", "a", "b");

  /** Mailboxes that come, go and get other names. */
  private static final List<String> PASSING = List.of("p1", "p2", "p3");

  private static final List<String> FLAGS = List.of("\\Seen", "\\Flagged", "$one", "$two");
  private static final Duration READ_MAX = Duration.ofSeconds(30);

  private static final String NOTIFY =
      "NOTIFY SET (SELECTED-DELAYED (MessageNew (UID FLAGS) MessageExpunge FlagChange))"
          + " (PERSONAL (MessageNew MessageExpunge FlagChange MailboxName))";

  private static final Pattern STATUS =
      Pattern.compile("\\* STATUS \"(\\S+)\" \\(MESSAGES (\\d+) UIDNEXT (\\d+) .*");

  private static final Duration IDLE_TIME = Duration.ofMillis(15);
  private static final Pattern VALIDITY = Pattern.compile("\\[UIDVALIDITY (\\d+)]");
  private static final Pattern APPENDED = Pattern.compile("\\[APPENDUID \\d+ ([0-9:,]+)]");
  private static final Pattern COPIED = Pattern.compile("\\[COPYUID \\d+ ([0-9:,]+) ([0-9:,]+)]");
  private static final Pattern MODIFIED = Pattern.compile("\\[MODIFIED ([0-9:,]+)]");
  private static final Pattern IDENTITY = Pattern.compile("X-Id: (\\S+)");
  private static final Pattern FETCHED_UID = Pattern.compile("[( ]UID (\\d+)");

  private final String name;
  private final ImapRig rig;
  private final StressLedger ledger;
  private final Awareness awareness;
  private final boolean notified;
  private final Map<String, Long> uidNexts = new HashMap<>();
  private final Random random;
  private final StressFault fault;
  private final Map<String, StressView.Cache> caches = new HashMap<>();
  private Transport transport;
  private DuplexPipe.End end;
  private InputStream in;
  private @Nullable StressView view;
  private long uidValidity;

  /** Whether what is heard is of the mailbox before, and whether that could go at any time. */
  private boolean leaving;

  private boolean leftPassing;
  private int notices;
  private int tags;
  private int appended;
  private int commands;
  private StringBuilder line = new StringBuilder();

  StressClient(
      String name,
      ImapRig rig,
      StressLedger ledger,
      Awareness awareness,
      boolean notified,
      StressFault fault,
      Random random)
      throws IOException {
    this.name = name;
    this.notified = notified;
    this.rig = rig;
    this.ledger = ledger;
    this.awareness = awareness;
    this.fault = fault;
    this.random = random;
    connect();
  }

  private void connect() throws IOException {
    DuplexPipe pipe = new DuplexPipe(64 * 1024, READ_MAX);
    transport = rig.open(name, pipe);
    end = pipe.client();
    in = transport.in();
    view = null;
    leaving = false;
    leftPassing = false;
    line.setLength(0);
    readLine();
    command("LOGIN alice@a.test secret");
    if (awareness != Awareness.PLAIN) {
      command("ENABLE " + awareness);
    }
    if (random.nextBoolean()) {
      command("ENABLE IMAP4rev2");
    }
    if (notified) {
      command(NOTIFY);
    }
    select(LASTING.get(random.nextInt(LASTING.size())));
  }

  int commands() {
    return commands;
  }

  /** How often it was told the numbers of another mailbox. */
  int notices() {
    return notices;
  }

  /** Some commands, whatever the others do meanwhile. */
  void work(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      try {
        step();
      } catch (ByeException e) {
        comeAgain(e);
      } catch (RuntimeException e) {
        // What it was told makes no sense at all.
        ledger.complain("%s: %s".formatted(name, e));
      }
    }
  }

  /** It may be sent away only when its mailbox went away. */
  private void comeAgain(ByeException e) throws IOException {
    boolean passing = view != null && (view.isPassing() || leftPassing);
    if (!passing || !String.valueOf(e.getMessage()).contains("deleted")) {
      ledger.complain("%s: %s".formatted(name, String.valueOf(e.getMessage())));
    }
    connect();
  }

  /** The server has said goodbye. */
  private static final class ByeException extends IOException {
    ByeException(String message) {
      super(message);
    }
  }

  private void step() throws IOException {
    switch (random.nextInt(21)) {
      case 0, 1, 2 -> append();
      case 3, 4 -> look();
      case 5, 6, 7 -> store();
      case 8 -> store("+FLAGS.SILENT", "\\Deleted");
      case 9 -> command(random.nextBoolean() ? "EXPUNGE" : "UID EXPUNGE " + uidRange());
      case 10 -> copy("COPY");
      case 11 -> copy("MOVE");
      case 12 -> search();
      case 13, 14 -> command("NOOP");
      case 15 -> idle();
      case 16 -> identify();
      case 17 -> comeBack();
      case 18 -> passing();
      case 19 -> replace();
      default -> changedSince();
    }
  }

  private StressView view() {
    return Objects.requireNonNull(view);
  }

  private void append() throws IOException {
    String mailbox = anyMailbox();
    StringBuilder messages = new StringBuilder();
    List<String> identities = new ArrayList<>();
    do {
      identities.add(name + "-" + ++appended);
      messages.append(' ').append(message(identities.getLast()));
    } while (random.nextInt(4) == 0);
    appended(command("APPEND " + mailbox + messages), mailbox, identities);
  }

  private static String message(String identity) {
    String message = "X-Id: " + identity + "\r\n\r\nx\r\n";
    return "{" + message.length() + "+}\r\n" + message;
  }

  private void appended(String text, String mailbox, List<String> identities) {
    Matcher uids = APPENDED.matcher(text);
    if (uids.find() && LASTING.contains(mailbox)) {
      List<Long> numbers = numbers(uids.group(1));
      for (int i = 0; i < numbers.size(); i++) {
        ledger.identity(mailbox, numbers.get(i), identities.get(i));
      }
    }
  }

  private void replace() throws IOException {
    if (isEmpty()) {
      return;
    }
    String mailbox = anyMailbox();
    int number = 1 + random.nextInt(view().size());
    String identity = name + "-" + ++appended;
    command(
        "REPLACE " + number + " " + mailbox + " " + message(identity),
        true,
        false,
        l -> appended(l, mailbox, List.of(identity)));
  }

  private String anyMailbox() {
    return random.nextInt(8) == 0
        ? PASSING.get(random.nextInt(PASSING.size()))
        : LASTING.get(random.nextInt(LASTING.size()));
  }

  private boolean isEmpty() {
    return view().size() == 0;
  }

  /** Some of the sequence numbers that there are. */
  private int[] numbers() {
    int first = 1 + random.nextInt(view().size());
    return new int[] {first, Math.min(view().size(), first + random.nextInt(8))};
  }

  private String uidRange() {
    List<Long> uids = view().uids();
    long first = uids.isEmpty() ? 1 : Math.max(1, uids.get(random.nextInt(uids.size())));
    return first + ":" + (first + random.nextInt(10));
  }

  private void look() throws IOException {
    if (isEmpty()) {
      return;
    }
    int[] some = numbers();
    if (random.nextBoolean()) {
      command("FETCH " + some[0] + ":" + some[1] + " (UID FLAGS)", false, false, l -> {});
    } else {
      command("UID FETCH " + uidRange() + " (FLAGS)");
    }
  }

  private void store() throws IOException {
    String sign = random.nextBoolean() ? "+" : "-";
    String silent = random.nextInt(3) == 0 ? ".SILENT" : "";
    store(sign + "FLAGS" + silent, FLAGS.get(random.nextInt(FLAGS.size())));
  }

  private void store(String item, String flag) throws IOException {
    int unknown = view().firstUnknown();
    if (isEmpty() || unknown > 0) {
      learnAll();
      return;
    }
    int[] some = numbers();
    List<Long> uids = view().uids().subList(some[0] - 1, some[1]);
    String condition =
        awareness.knowsModSeqs() && random.nextInt(3) == 0
            ? " (UNCHANGEDSINCE " + Math.max(1, view().modSeq() - random.nextInt(5)) + ")"
            : "";
    boolean byUid = random.nextBoolean();
    String set = byUid ? uids.getFirst() + ":" + uids.getLast() : some[0] + ":" + some[1];
    String done =
        command(
            (byUid ? "UID STORE " : "STORE ") + set + condition + " " + item + " (" + flag + ")",
            byUid,
            false,
            l -> {});
    if (!done.contains(" BAD ") && item.endsWith(".SILENT")) {
      view()
          .stored(
              uids,
              item.startsWith("+"),
              flag.toLowerCase(Locale.ROOT),
              modified(done, byUid, uids, some[0]));
    }
  }

  private static Set<Long> modified(String done, boolean byUid, List<Long> uids, int first) {
    Set<Long> left = new HashSet<>();
    Matcher modified = MODIFIED.matcher(done);
    if (modified.find()) {
      for (long number : numbers(modified.group(1))) {
        left.add(byUid ? number : uids.get((int) number - first));
      }
    }
    return left;
  }

  private static List<Long> numbers(String set) {
    List<Long> numbers = new ArrayList<>();
    for (String range : set.split(",")) {
      String[] ends = range.split(":");
      for (long n = Long.parseLong(ends[0]); n <= Long.parseLong(ends[ends.length - 1]); n++) {
        numbers.add(n);
      }
    }
    return numbers;
  }

  private void copy(String how) throws IOException {
    if (isEmpty()) {
      return;
    }
    int[] some = numbers();
    boolean byUid = random.nextBoolean();
    String from = view().mailbox();
    String to = anyMailbox();
    String set = byUid ? uidRange() : some[0] + ":" + some[1];
    boolean counted = !view().isPassing() && LASTING.contains(to);
    Consumer<String> codes = l -> copied(l, from, to, counted);
    codes.accept(command((byUid ? "UID " : "") + how + " " + set + " " + to, true, false, codes));
  }

  private void copied(String text, String from, String to, boolean counted) {
    Matcher code = COPIED.matcher(text);
    if (counted && code.find()) {
      List<Long> sources = numbers(code.group(1));
      List<Long> targets = numbers(code.group(2));
      for (int i = 0; i < sources.size(); i++) {
        ledger.copied(from, sources.get(i), to, targets.get(i));
      }
    }
  }

  private void search() throws IOException {
    switch (random.nextInt(3)) {
      case 0 -> command("SEARCH " + "FLAGGED", false, false, l -> {});
      case 1 -> command("UID SEARCH KEYWORD $one");
      default -> {
        if (!isEmpty()) {
          int[] some = numbers();
          command("UID SEARCH " + some[0] + ":" + some[1], false, false, l -> {});
        }
      }
    }
  }

  private void idle() throws IOException {
    String tag = "i" + ++tags;
    view().begin(true, false);
    send(tag + " IDLE\r\n");
    boolean idling = false;
    end.readTimeout(IDLE_TIME);
    try {
      while (true) {
        try {
          String said = readLine();
          idling |= said.startsWith("+");
          hear(said, l -> {});
        } catch (SocketTimeoutException e) {
          if (idling) {
            break;
          }
        }
      }
    } finally {
      end.readTimeout(READ_MAX);
    }
    send("DONE\r\n");
    complete(tag, l -> {});
  }

  /** Reads whose message some UID is. */
  private void identify() throws IOException {
    if (view().isPassing()) {
      return;
    }
    String mailbox = view().mailbox();
    command(
        "UID FETCH " + uidRange() + " (UID BODY.PEEK[HEADER.FIELDS (X-Id)])",
        true,
        false,
        l -> {
          Matcher uid = FETCHED_UID.matcher(l);
          Matcher identity = IDENTITY.matcher(l);
          if (uid.find() && identity.find()) {
            ledger.identity(mailbox, Long.parseLong(uid.group(1)), identity.group(1));
          }
        });
  }

  /** Goes away, with or without a word, or only to another mailbox. */
  private void comeBack() throws IOException {
    keep();
    if (random.nextInt(4) == 0) {
      transport.close();
      connect();
    } else {
      select(anyMailbox());
    }
  }

  private void keep() {
    if (view != null && !view().isPassing() && view().knowsAll()) {
      caches.put(view().mailbox(), view().cache(uidValidity));
    }
  }

  /** Does something to a mailbox that others may have selected. */
  private void passing() throws IOException {
    if (view().isPassing()) {
      // Whoever deletes what it has selected has nothing selected any more.
      return;
    }
    String one = PASSING.get(random.nextInt(PASSING.size()));
    String other = PASSING.get(random.nextInt(PASSING.size()));
    switch (random.nextInt(4)) {
      case 0, 1 -> command("CREATE " + one);
      case 2 -> command("RENAME " + one + " " + other);
      default -> {
        if (random.nextInt(3) == 0) {
          command("DELETE " + one);
        }
      }
    }
  }

  private void changedSince() throws IOException {
    if (awareness == Awareness.PLAIN) {
      return;
    }
    long since = Math.max(1, view().modSeq() - random.nextInt(20));
    boolean vanished = awareness == Awareness.QRESYNC;
    command(
        "UID FETCH 1:* (FLAGS) (CHANGEDSINCE " + since + (vanished ? " VANISHED)" : ")"),
        true,
        vanished,
        l -> {});
  }

  private void select(String mailbox) throws IOException {
    boolean lasting = LASTING.contains(mailbox);
    StressView next = new StressView(ledger, name, mailbox, !lasting, awareness);
    String parameters = "";
    StressView.Cache known = lasting ? caches.get(mailbox) : null;
    if (awareness == Awareness.QRESYNC && known != null) {
      next.beginResynchronization(known);
      parameters = " (QRESYNC (" + known.uidValidity() + " " + known.modSeq() + "))";
    }
    // What was told between the commands is of the mailbox before, until that is closed.
    leaving = notified && view != null && uidValidity > 0;
    leftPassing = leaving && view().isPassing();
    view = next;
    uidValidity = 0;
    String done =
        command(
            "SELECT " + mailbox + parameters,
            true,
            true,
            l -> {
              Matcher validity = VALIDITY.matcher(l);
              if (validity.find()) {
                uidValidity = Long.parseLong(validity.group(1));
              }
            });
    leaving = false;
    leftPassing = false;
    if (!done.contains(" OK ")) {
      uidValidity = 0;
      if (lasting) {
        ledger.complain("%s: %s".formatted(name, done));
      }
      select(LASTING.getFirst());
      return;
    }
    next.endResynchronization();
    learnAll();
  }

  private void learnAll() throws IOException {
    int unknown = view().firstUnknown();
    if (unknown > 0) {
      String modSeq = awareness.knowsModSeqs() ? " MODSEQ" : "";
      command("FETCH " + unknown + ":* (UID FLAGS" + modSeq + ")", false, false, l -> {});
    }
  }

  /** Hears all that there is to hear; returns what it knows then. */
  StressView settle() throws IOException {
    if (view().isPassing()) {
      try {
        select(LASTING.getFirst());
      } catch (ByeException e) {
        comeAgain(e);
      }
    }
    command("NOOP");
    if (!view().knowsAll()) {
      command("UID FETCH 1:* (UID FLAGS)");
    }
    return view();
  }

  /** What is there, looked at with fresh eyes. */
  static Map<Long, Set<String>> there(ImapRig rig, String mailbox) throws IOException {
    StressLedger none = new StressLedger();
    StressClient client =
        new StressClient(
            "fresh", rig, none, Awareness.PLAIN, false, StressFault.NONE, new Random(0));
    client.select(mailbox);
    Map<Long, Set<String>> there = new TreeMap<>(client.view().flags());
    client.close();
    return there;
  }

  void close() throws IOException {
    transport.close();
  }

  private String command(String text) throws IOException {
    return command(text, true, false, l -> {});
  }

  /** Returns its completion. */
  private String command(
      String text, boolean mayExpunge, boolean mayTellEarlier, Consumer<String> listener)
      throws IOException {
    commands++;
    String tag = "c" + ++tags;
    if (view != null) {
      view().begin(mayExpunge, mayTellEarlier);
    }
    send(tag + " " + text + "\r\n");
    String done = complete(tag, listener);
    if (done.contains(" BAD ") || done.contains("SERVERBUG")) {
      ledger.complain("%s: %s was answered with %s".formatted(name, text, done));
    }
    return done;
  }

  /** Whoever was sent away between two commands finds it out now. */
  private void send(String text) throws IOException {
    try {
      transport.out().write(text.getBytes(ISO_8859_1));
    } catch (IOException e) {
      String said = readLine();
      while (!said.startsWith("* BYE")) {
        said = readLine();
      }
      throw new ByeException(said);
    }
  }

  private String complete(String tag, Consumer<String> listener) throws IOException {
    while (true) {
      String said = readLine();
      if (said.startsWith(tag + " ")) {
        if (view != null) {
          view().code(said);
        }
        return said;
      }
      hear(said, listener);
    }
  }

  private void hear(String said, Consumer<String> listener) throws IOException {
    if (said.startsWith("* BYE")) {
      throw new ByeException(said);
    }
    if (said.startsWith("* ")) {
      listener.accept(said);
      told(said);
      leaving &= !said.startsWith("* OK [CLOSED]");
      if (view != null && !leaving) {
        for (String heard : fault.change(said.substring(2), random)) {
          view().hear(heard);
        }
      }
    }
  }

  /** Numbers of a mailbox that is not selected; those of its UIDs only rise. */
  private void told(String said) {
    Matcher status = STATUS.matcher(said);
    if (status.matches()) {
      long uidNext = Long.parseLong(status.group(3));
      String mailbox = status.group(1);
      long before = uidNexts.getOrDefault(mailbox, 0L);
      boolean wrong = Long.parseLong(status.group(2)) >= uidNext;
      if (LASTING.contains(mailbox) && (wrong || uidNext < before)) {
        ledger.complain("%s: %s after UIDNEXT %d".formatted(name, said, before));
      }
      uidNexts.put(mailbox, uidNext);
      notices++;
    }
  }

  /** A line with the literals in it, as long as it is. */
  private String readLine() throws IOException {
    while (true) {
      int octet = in.read();
      if (octet < 0) {
        throw new ByeException("* BYE without a word");
      }
      if (octet != '\n') {
        line.append((char) octet);
        continue;
      }
      int open = line.lastIndexOf("{");
      if (open >= 0 && line.toString().endsWith("}\r")) {
        int octets = Integer.parseInt(line.substring(open + 1, line.length() - 2));
        line.append('\n').append(new String(in.readNBytes(octets), ISO_8859_1));
      } else {
        String whole = line.toString().strip();
        line = new StringBuilder();
        return whole;
      }
    }
  }
}
