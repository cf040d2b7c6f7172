package dev.postrider.storage.power;

import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.SystemFlag;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * What an account has to be like after some deeds. It says so in lines, which {@link Observation}
 * makes of a store too.
 */
final class AccountModel {

  private static final List<String> DEFAULT_BOXES =
      List.of("Archive", "Drafts", "INBOX", "Junk", "Sent", "Trash");

  static final String ANYONE = "anyone";
  static final String EXTRA = "extra";

  final String address;
  Optional<String> credential = Optional.empty();
  Optional<String> extraCredential = Optional.empty();

  /** None is known before the store has said them. */
  long lastUidValidity;

  final SortedMap<String, Box> boxes = new TreeMap<>();
  final SortedSet<String> subscriptions = new TreeSet<>();
  final SortedMap<String, Entry> queue = new TreeMap<>();
  final SortedSet<String> shared = new TreeSet<>();

  /** Texts of the annotation that boxes have, by box. */
  final SortedMap<String, String> notes = new TreeMap<>();

  /** Letters of the rights of "anyone" and "extra", by box. */
  final SortedMap<String, SortedMap<String, String>> access = new TreeMap<>();

  /** {@code uidValidity} is 0 where it does not matter. */
  record Box(long uidValidity, long uidNext, NavigableMap<Long, Letter> letters) {
    Box copy() {
      return new Box(uidValidity, uidNext, new TreeMap<>(letters));
    }

    Box with(Letter letter) {
      letters.put(uidNext, letter);
      return new Box(uidValidity, uidNext + 1, letters);
    }
  }

  record Letter(String digest, Flags flags) {}

  record Entry(String digest, Instant next, int attempts, String reply, boolean delayNoticed) {}

  AccountModel(String address) {
    this.address = address;
  }

  AccountModel copy() {
    AccountModel copy = new AccountModel(address);
    copy.credential = credential;
    copy.extraCredential = extraCredential;
    copy.lastUidValidity = lastUidValidity;
    boxes.forEach((name, box) -> copy.boxes.put(name, box.copy()));
    copy.subscriptions.addAll(subscriptions);
    copy.queue.putAll(queue);
    copy.shared.addAll(shared);
    copy.notes.putAll(notes);
    access.forEach((box, entries) -> copy.access.put(box, new TreeMap<>(entries)));
    return copy;
  }

  AccountModel after(Deed deed) {
    AccountModel after = copy();
    after.apply(deed);
    return after;
  }

  Box box(String name) {
    return Objects.requireNonNull(boxes.get(name), name);
  }

  private void apply(Deed deed) {
    switch (deed) {
      case Deed.CreateAccount(String wanted) -> {
        credential = Optional.of(wanted);
        DEFAULT_BOXES.forEach(name -> boxes.put(name, new Box(0, 1, new TreeMap<>())));
        subscriptions.addAll(DEFAULT_BOXES);
      }
      case Deed.ChangeCredential(String wanted) -> credential = Optional.of(wanted);
      case Deed.CreateExtraAccount(String wanted) -> extraCredential = Optional.of(wanted);
      case Deed.RemoveExtraAccount() -> {
        extraCredential = Optional.empty();
        access.values().forEach(entries -> entries.remove(EXTRA));
      }
      case Deed.Deposit(String box, long seed, Flags flags) ->
          put(box, new Letter(digest(body(seed)), flags));
      case Deed.Deliver(long seed, String recipient) -> {
        String digest = digest(body(seed));
        put("INBOX", new Letter(digest, Flags.NONE));
        shared.add(digest);
        for (String one : List.of(recipient + "a", recipient + "b")) {
          queue.put(one, new Entry(digest, PowerWorker.NOW, 0, "", false));
        }
      }
      case Deed.ChangeFlags(String box, long first, long last, var change) ->
          box(box)
              .letters()
              .subMap(first, true, last, true)
              .replaceAll(
                  (uid, letter) -> new Letter(letter.digest(), change.applyTo(letter.flags())));
      case Deed.Expunge(String box, long first, long last) ->
          box(box)
              .letters()
              .subMap(first, true, last, true)
              .values()
              .removeIf(letter -> letter.flags().has(SystemFlag.DELETED));
      case Deed.Copy(String from, long first, long last, String to) -> copy(from, first, last, to);
      case Deed.Move(String from, long first, long last, String to) -> {
        copy(from, first, last, to);
        box(from).letters().subMap(first, true, last, true).clear();
      }
      case Deed.Replace(String from, long uid, String to, long seed, Flags flags) -> {
        put(to, new Letter(digest(body(seed)), flags));
        box(from).letters().remove(uid);
      }
      case Deed.CreateBox(String name) ->
          boxes.put(name, new Box(++lastUidValidity, 1, new TreeMap<>()));
      case Deed.RenameBox(String from, String to) -> {
        boxes.put(to, Objects.requireNonNull(boxes.remove(from)));
        access.put(to, access.getOrDefault(from, new TreeMap<>()));
        access.remove(from);
        notes.put(to, notes.getOrDefault(from, ""));
        notes.remove(from);
      }
      case Deed.DeleteBox(String name) -> {
        boxes.remove(name);
        access.remove(name);
        notes.remove(name);
      }
      case Deed.Annotate(String box, String text) -> notes.put(box, text);
      case Deed.Grant(String box, boolean extra, String letters) -> {
        SortedMap<String, String> entries = access.computeIfAbsent(box, none -> new TreeMap<>());
        entries.put(extra ? EXTRA : ANYONE, letters);
        entries.values().removeIf(String::isEmpty);
      }
      case Deed.Subscribe(String name) -> subscriptions.add(name);
      case Deed.Unsubscribe(String name) -> subscriptions.remove(name);
      case Deed.Defer(String recipient, Instant next, String reply, boolean delayNoticed) -> {
        Entry entry = Objects.requireNonNull(queue.get(recipient));
        queue.put(
            recipient, new Entry(entry.digest(), next, entry.attempts() + 1, reply, delayNoticed));
      }
      case Deed.Bounce(String recipient, long noticeSeed) -> {
        queue.remove(recipient);
        put("INBOX", new Letter(digest(body(noticeSeed)), Flags.NONE));
      }
      case Deed.Settle(String recipient) -> queue.remove(recipient);
    }
  }

  private void put(String box, Letter letter) {
    boxes.put(box, box(box).with(letter));
  }

  private void copy(String from, long first, long last, String to) {
    List.copyOf(box(from).letters().subMap(first, true, last, true).values())
        .forEach(letter -> put(to, letter));
  }

  /** Everything that can be seen of the account; a question mark is for what nobody can foresee. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    credential.ifPresent(text -> lines.add("account " + address + " " + text));
    extraCredential.ifPresent(text -> lines.add("account x-" + address + " " + text));
    for (Map.Entry<String, Box> box : boxes.entrySet()) {
      String name = address + " " + box.getKey();
      lines.add("box " + name + " next " + box.getValue().uidNext());
      long uidValidity = box.getValue().uidValidity();
      lines.add("uidvalidity " + name + " " + (uidValidity == 0 ? "?" : uidValidity));
      box.getValue()
          .letters()
          .forEach(
              (uid, letter) -> lines.add(letterLine(name, uid, letter.digest(), letter.flags())));
    }
    subscriptions.forEach(name -> lines.add("subscribed " + address + " " + name));
    notes.forEach(
        (box, text) -> {
          if (!text.isEmpty()) {
            lines.add("note " + address + " " + box + " " + text);
          }
        });
    access.forEach(
        (box, entries) ->
            entries.forEach(
                (who, letters) -> lines.add(accessLine(address + " " + box, who, letters))));
    queue.forEach(
        (recipient, entry) ->
            lines.add(
                entryLine(
                    address,
                    recipient,
                    entry.digest(),
                    entry.next() + " " + entry.attempts() + " " + entry.delayNoticed(),
                    entry.reply())));
    return lines;
  }

  static String letterLine(String box, long uid, String digest, Flags flags) {
    return "letter " + box + " " + uid + " " + digest + " " + flags.system() + flags.keywords();
  }

  static String accessLine(String box, String who, String letters) {
    return "access " + box + " " + who + " " + letters;
  }

  static String entryLine(
      String address, String recipient, String digest, String state, String reply) {
    return "queued " + address + " " + recipient + " " + digest + " " + state + " " + reply;
  }

  /** The bytes of a message are made from one number. */
  static byte[] body(long seed) {
    Random random = new Random(seed);
    int kind = random.nextInt(40);
    int octets =
        kind == 0 ? random.nextInt(400_000) : kind < 4 ? random.nextInt(40_000) : kind * 50;
    byte[] bytes = new byte[octets];
    random.nextBytes(bytes);
    if (kind % 2 == 0) {
      // So that it is worth to pack it.
      for (int i = 0; i < octets; i++) {
        bytes[i] = (byte) ('a' + (bytes[i] & 3));
      }
    }
    return bytes;
  }

  static String digest(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    crc.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
    return bytes.length + ":" + Long.toHexString(crc.getValue());
  }
}
