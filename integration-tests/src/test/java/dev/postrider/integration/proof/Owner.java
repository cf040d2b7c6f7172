package dev.postrider.integration.proof;

import dev.postrider.integration.proof.Boxes.Box;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The only client of an account: it knows what everything in it must be, by UID. When the server is
 * killed, one command may be under way; then the account is as before it, or as after it.
 */
final class Owner implements Worker {

  private static final List<String> FLAGS =
      List.of("\\Seen", "\\Flagged", "\\Answered", "\\Deleted", "\\Deleted", "$Kept");
  private static final String INBOX = "INBOX";

  private static final int BOXES_MAX = 12;

  /** Beyond it more is expunged than comes. */
  private static final int ITEMS_MAX = 250;

  private final Place place;
  private final String address;
  private final Random random;
  private Boxes sure = new Boxes();
  private @Nullable Boxes perhaps;
  private int names;

  Owner(Place place, String address, long seed) throws IOException {
    this.place = place;
    this.address = address;
    this.random = new Random(seed);
    this.sure = look().boxes();
  }

  @Override
  public void work(Load load) throws IOException {
    try (ImapPeer peer = place.login(address)) {
      String selected = "";
      while (load.goesOn()) {
        Deed deed = choose(load);
        if (deed.takesAway(selected)) {
          peer.run("UNSELECT");
          selected = "";
        }
        if (!deed.selected().isEmpty() && !deed.selected().equals(selected)) {
          peer.run("SELECT " + deed.selected());
        }
        selected = deed.selected().isEmpty() ? selected : deed.selected();
        perhaps = deed.after(sure);
        List<ImapPeer.Line> answer =
            deed instanceof Deed.Append append
                ? peer.run(deed.command(), Text.of(append.number()))
                : peer.run(deed.command());
        Boxes before = sure;
        sure = Objects.requireNonNull(perhaps);
        perhaps = null;
        load.acknowledged();
        requireNumbers(deed, before, answer);
      }
    }
  }

  private Deed choose(Load load) {
    List<String> all = List.copyOf(sure.boxes.keySet());
    String box = any(all);
    long last = sure.box(box).uidNext() - 1;
    int items = sure.boxes.values().stream().mapToInt(each -> each.items().size()).sum();
    int dice = random.nextInt(100);
    if (dice < (items > ITEMS_MAX ? 8 : 30) || last == 0) {
      return new Deed.Append(random.nextInt(3) == 0 ? box : INBOX, load.nextNumber());
    }
    long first = 1 + random.nextLong(last);
    long end = Math.min(last, first + random.nextInt(items > ITEMS_MAX ? 60 : 6));
    if (dice < 50) {
      return new Deed.Flag(box, first, end, any(FLAGS), random.nextInt(4) != 0);
    }
    if (dice < 62) {
      return new Deed.Expunge(box, first, end);
    }
    if (dice < 70) {
      return new Deed.Copy(box, first, Math.min(end, first + 3), any(all));
    }
    if (dice < 80) {
      String to = any(all);
      return to.equals(box)
          ? new Deed.Copy(box, first, first, box)
          : new Deed.Move(box, first, end, to);
    }
    return chooseForNames(all, box, dice);
  }

  private Deed chooseForNames(List<String> all, String box, int dice) {
    List<String> made = all.stream().filter(name -> name.startsWith("made-")).toList();
    if ((dice < 87 && all.size() < BOXES_MAX) || made.isEmpty()) {
      // Now and then one of a name that was there before, which needs another UIDVALIDITY.
      int number = names > 0 && random.nextInt(3) == 0 ? random.nextInt(names) : names++;
      String name = "made-" + number;
      return all.contains(name) ? new Deed.Subscribe(name, true) : new Deed.Create(name);
    }
    if (dice < 91) {
      return new Deed.Rename(any(made), "made-" + names++);
    }
    if (dice < 95) {
      return new Deed.Delete(any(made));
    }
    return sure.subscriptions.contains(box)
        ? new Deed.Subscribe(box, false)
        : new Deed.Subscribe(box, true);
  }

  private String any(List<String> names) {
    return names.get(random.nextInt(names.size()));
  }

  /** APPENDUID and COPYUID name the UIDs that the next look must show. */
  private void requireNumbers(Deed deed, Boxes before, List<ImapPeer.Line> answer) {
    String text = String.join("\n", answer.stream().map(ImapPeer.Line::text).toList());
    if (deed instanceof Deed.Append append) {
      Box box = before.box(append.box());
      if (!text.matches("(?s).*\\[APPENDUID \\d+ " + box.uidNext() + "].*")) {
        throw new IllegalStateException(
            address + ": expected UID " + box.uidNext() + " of " + deed + ", got " + text);
      }
    }
    if (deed instanceof Deed.Copy copy
        && !before.range(copy.from(), copy.first(), copy.last()).isEmpty()) {
      long next = before.box(copy.to()).uidNext();
      if (!text.matches("(?s).*\\[COPYUID \\d+ \\S+ " + next + "[:\\],].*")) {
        throw new IllegalStateException(
            address + ": expected UIDs from " + next + " of " + deed + ", got " + text);
      }
    }
  }

  @Override
  public void check(Verdict verdict) throws IOException {
    Look look = look();
    Boxes seen = look.boxes();
    Boxes under = perhaps;
    Boxes expected = under != null && under.matches(seen) ? under : sure;
    if (under != null) {
      verdict.inFlight(expected == under);
    }
    if (!expected.matches(seen)) {
      List<String> missing = new ArrayList<>(sure.lines());
      missing.removeAll(seen.lines());
      List<String> more = new ArrayList<>(seen.lines());
      more.removeAll(sure.lines());
      verdict.complain(
          address
              + ": not there "
              + missing
              + ", there instead "
              + more
              + " (under way: "
              + (under != null)
              + ")");
    }
    look.damaged().forEach(line -> verdict.complain(address + ": " + line));
    seen.boxes.forEach(
        (name, box) -> {
          Box known = expected.boxes.get(name);
          verdict.mailbox(
              new Verdict.MailboxId(address, box.uidValidity()),
              box.uidNext(),
              known == null ? 0 : known.changes(),
              known != null && known.uidValidity() == 0);
          box.items()
              .forEach(
                  (uid, item) ->
                      verdict.uid(
                          new Verdict.MailboxId(address, box.uidValidity()), uid, item.number()));
        });
    sure = seen;
    perhaps = null;
  }

  private Look look() throws IOException {
    try (ImapPeer peer = place.login(address)) {
      return Look.at(peer);
    }
  }
}
