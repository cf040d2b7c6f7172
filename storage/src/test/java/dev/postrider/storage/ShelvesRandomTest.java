package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.BOB;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Recoverable;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that is opened and closed again and again, whose files of indexes are as new as it, older
 * by any number of rounds, damaged or gone: what it says is what the tables alone say.
 */
class ShelvesRandomTest {

  private static final int ROUNDS = Integer.getInteger("postrider.shelf.rounds", 12);
  private static final int DEEDS = 12;

  @TempDir Path temporary;
  private Path data;
  private Path index;
  private final List<Map<String, byte[]>> shelves = new ArrayList<>();

  @BeforeEach
  void name() {
    data = temporary.resolve("data");
    index = data.resolve("index");
  }

  private static StoreSettings settings(int messages, boolean forgets) {
    StoreSettings settings = StoreFixture.settings().withShelfMessages(messages);
    return forgets
        ? settings.withUndelete(Duration.ofDays(-1)).withUpkeepInterval(Duration.ofMillis(2))
        : settings;
  }

  @Test
  void saysWhatTheTablesSay() throws Exception {
    long seed = Long.getLong("postrider.shelf.seed", new Random().nextInt());
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      String where = "postrider.shelf.seed=" + seed + ", round " + round;
      try (StoreFixture fixture = new StoreFixture(data, settings(0, random.nextInt(4) == 0))) {
        work(fixture, random);
        List<String> live = content(fixture);
        assertThat(fixture.store.maintenance().verify(Progress.NONE)).as(where).isEmpty();
        assertThat(live).as(where).isNotEmpty();
      }
      shelves.add(saved());
      String how = disturb(random);
      List<String> withShelves;
      try (StoreFixture fixture = new StoreFixture(data, settings(0, false))) {
        withShelves = content(fixture);
      }
      clear();
      try (StoreFixture fixture = new StoreFixture(data, settings(Integer.MAX_VALUE, false))) {
        assertThat(withShelves).as("%s, %s", where, how).isEqualTo(content(fixture));
      }
      clear();
      restore(shelves.getLast());
    }
  }

  private void work(StoreFixture fixture, Random random) throws StoreException {
    for (int i = 0; i < DEEDS; i++) {
      MailboxId mailbox = any(fixture, random);
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> fixture.deposit(mailbox, text("message " + random.nextInt()));
        case 4, 5 -> flag(fixture, mailbox, random);
        case 6 -> {
          UidSet some = some(fixture, mailbox, random);
          FlagChange deleted = new FlagChange.Add(Flags.of(SystemFlag.DELETED));
          fixture.store.messages().changeFlags(mailbox, some, deleted, null);
          fixture.store.messages().expunge(mailbox, some);
        }
        case 7 ->
            fixture
                .store
                .messages()
                .move(mailbox, some(fixture, mailbox, random), any(fixture, random));
        case 8 ->
            fixture
                .store
                .messages()
                .copy(mailbox, some(fixture, mailbox, random), any(fixture, random));
        default -> structure(fixture, random);
      }
    }
  }

  private static void flag(StoreFixture fixture, MailboxId mailbox, Random random)
      throws StoreException {
    Set<String> keywords = new TreeSet<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      keywords.add((random.nextBoolean() ? "key" : "KEY") + random.nextInt(4));
    }
    Flags flags =
        new Flags(1 << random.nextInt(SystemFlag.values().length), new TreeSet<>(keywords));
    FlagChange change =
        switch (random.nextInt(3)) {
          case 0 -> new FlagChange.Add(flags);
          case 1 -> new FlagChange.Remove(flags);
          default -> new FlagChange.Replace(flags);
        };
    fixture.store.messages().changeFlags(mailbox, some(fixture, mailbox, random), change, null);
  }

  private static void structure(StoreFixture fixture, Random random) throws StoreException {
    MailAddress owner = random.nextBoolean() ? ALICE : BOB;
    Mailbox box = mailboxes(fixture, owner).get("box");
    switch (random.nextInt(3)) {
      case 0 -> {
        if (box == null) {
          fixture.store.mailboxes().create(fixture.account(owner).id(), "box", null);
        } else {
          fixture.store.mailboxes().delete(box.id());
        }
      }
      case 1 -> {
        try (var index = fixture.store.messages().open(any(fixture, random))) {
          index.takeRecent();
        }
      }
      default ->
          fixture
              .store
              .recoverable()
              .restore(
                  new Recoverable.Wanted(
                      fixture.account(owner).id(), Optional.empty(), Instant.EPOCH));
    }
  }

  private static Map<String, Mailbox> mailboxes(StoreFixture fixture, MailAddress owner)
      throws StoreException {
    Map<String, Mailbox> named = new TreeMap<>();
    for (Mailbox mailbox : fixture.store.mailboxes().list(fixture.account(owner).id())) {
      named.put(mailbox.name(), mailbox);
    }
    return named;
  }

  private static MailboxId any(StoreFixture fixture, Random random) throws StoreException {
    List<Mailbox> all =
        List.copyOf(mailboxes(fixture, random.nextBoolean() ? ALICE : BOB).values());
    return all.get(random.nextInt(3) > 0 ? 0 : random.nextInt(all.size())).id();
  }

  private static UidSet some(StoreFixture fixture, MailboxId mailbox, Random random)
      throws StoreException {
    boolean all = random.nextInt(5) == 0;
    return UidSet.of(
        fixture.messages(mailbox).stream()
            .filter(message -> all || random.nextInt(4) == 0)
            .mapToLong(message -> message.uid().value())
            .toArray());
  }

  /** Everything that an index knows, of all mailboxes. */
  private static List<String> content(StoreFixture fixture) throws StoreException {
    List<String> content = new ArrayList<>();
    for (MailAddress owner : List.of(ALICE, BOB)) {
      for (Mailbox mailbox : mailboxes(fixture, owner).values()) {
        try (MailboxIndex opened = fixture.store.messages().open(mailbox.id())) {
          MailboxIndex.Snapshot all = opened.snapshot();
          content.add(
              mailbox
                  + " "
                  + all.highestModSeq()
                  + all.uidNext()
                  + all.uidValidity()
                  + opened.firstRecent());
          for (Message message : all.messages()) {
            content.add(message.toString());
          }
        }
      }
    }
    return content;
  }

  private Map<String, byte[]> saved() throws IOException {
    Map<String, byte[]> saved = new TreeMap<>();
    try (Stream<Path> files = Files.list(index)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        saved.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return saved;
  }

  private void clear() throws IOException {
    for (String name : saved().keySet()) {
      Files.delete(index.resolve(name));
    }
  }

  private void restore(Map<String, byte[]> saved) throws IOException {
    for (Map.Entry<String, byte[]> file : saved.entrySet()) {
      Files.write(index.resolve(file.getKey()), file.getValue());
    }
  }

  private String disturb(Random random) throws IOException {
    int before = random.nextInt(shelves.size());
    return switch (random.nextInt(4)) {
      case 0 -> "files as they were left";
      case 1 -> {
        for (Map.Entry<String, byte[]> file : saved().entrySet()) {
          byte[] bytes = file.getValue();
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
          Files.write(index.resolve(file.getKey()), bytes);
        }
        yield "files damaged";
      }
      default -> {
        clear();
        restore(shelves.get(before));
        yield "files of round " + before;
      }
    };
  }
}
