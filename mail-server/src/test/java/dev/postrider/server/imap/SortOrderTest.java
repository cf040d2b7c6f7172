package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.imap.ImapCommand.SortCriterion;
import dev.postrider.protocol.imap.ImapCommand.SortKey;
import dev.postrider.server.auth.Authenticator;
import dev.postrider.server.auth.PasswordsAlone;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortOrderTest {

  private static final int MESSAGES = 120;

  @TempDir Path directory;
  private ImapRig rig;
  private Mailbox inbox;

  @BeforeEach
  void open() throws StoreException {
    rig = new ImapRig(directory);
    inbox = rig.mailbox("INBOX");
  }

  @AfterEach
  void close() throws StoreException {
    rig.close();
  }

  private SelectedMailbox select() throws StoreException {
    return new SelectedMailbox(Reached.own(inbox), rig.store.messages().open(inbox.id()), false);
  }

  private ImapServices services() {
    PasswordsAlone nobody = (name, password, from) -> new Authenticator.Outcome.Denied();
    return new ImapServices(rig.config, rig.store, nobody, rig.clock);
  }

  private static BitSet first(int count) {
    BitSet all = new BitSet();
    all.set(0, count);
    return all;
  }

  private static SortCriterion by(SortKey key) {
    return new SortCriterion(key, false);
  }

  /** What a message was made of. */
  private record Made(
      int position, Instant arrival, int octets, String subject, String from, int day) {}

  private Made deliver(int position, Random random) throws StoreException {
    rig.clock.advance(Duration.ofSeconds(random.nextInt(2)));
    String subject = word(random);
    String from = word(random);
    int day = 1 + random.nextInt(9);
    String message =
        "Subject: Re: %s\nFrom: %s@a.test\nDate: %d Jan 2020 00:00:00 +0000\n\n%s\n"
            .formatted(subject, from, day, "x".repeat(random.nextInt(5)));
    rig.deliver("INBOX", message);
    return new Made(
        position,
        rig.clock.instant(),
        message.replace("\n", "\r\n").length(),
        subject.toUpperCase(Locale.ROOT),
        from.toUpperCase(Locale.ROOT),
        day);
  }

  private static String word(Random random) {
    return List.of("a", "A", "ab", "AB", "b", "z").get(random.nextInt(6));
  }

  private static Comparator<Made> comparator(SortCriterion criterion) {
    Comparator<Made> by =
        switch (criterion.key()) {
          case ARRIVAL -> Comparator.comparing(Made::arrival);
          case SIZE -> Comparator.comparingInt(Made::octets);
          case SUBJECT -> Comparator.comparing(Made::subject);
          case FROM -> Comparator.comparing(Made::from);
          case DISPLAYFROM -> Comparator.comparing(made -> made.from() + "@A.TEST");
          case DATE -> Comparator.comparingInt(Made::day);
          case TO, CC, DISPLAYTO -> (_, _) -> 0;
        };
    return criterion.reverse() ? by.reversed() : by;
  }

  @Test
  void agreesWithTheObviousWay() throws Exception {
    Random random = new Random(5256);
    List<Made> made = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      made.add(deliver(i, random));
    }
    try (SelectedMailbox mailbox = select()) {
      for (int round = 0; round < 200; round++) {
        List<SortKey> keys = new ArrayList<>(List.of(SortKey.values()));
        Collections.shuffle(keys, random);
        List<SortCriterion> order =
            keys.subList(0, 1 + random.nextInt(4)).stream()
                .map(key -> new SortCriterion(key, random.nextBoolean()))
                .toList();
        List<Made> sorted = new ArrayList<>(made);
        sorted.sort(
            order.stream()
                .map(SortOrderTest::comparator)
                .reduce(Comparator::thenComparing)
                .orElseThrow());
        assertThat(new SortOrder(services(), mailbox, order).of(first(MESSAGES)))
            .as(order.toString())
            .hasValueSatisfying(
                found ->
                    assertThat(found)
                        .containsExactly(sorted.stream().mapToInt(Made::position).toArray()));
      }
    }
  }

  @Test
  void leavesOutWhatIsGoneByNow() throws Exception {
    rig.deliver("INBOX", "Subject: b\n\n");
    rig.deliver("INBOX", "Subject: c\n\n");
    rig.deliver("INBOX", "Subject: a\n\n");
    try (SelectedMailbox mailbox = select()) {
      UidSet second = UidSet.of(2);
      rig.store
          .messages()
          .changeFlags(inbox.id(), second, new FlagChange.Add(Flags.of(SystemFlag.DELETED)), null);
      rig.store.messages().expunge(inbox.id(), second);
      assertThat(new SortOrder(services(), mailbox, List.of(by(SortKey.SUBJECT))).of(first(3)))
          .hasValueSatisfying(found -> assertThat(found).containsExactly(2, 0));
    }
  }

  @Test
  void comparesTheFirstOctetsOfLongTexts() throws Exception {
    String line = "x".repeat(900) + "\n ";
    String same = line.repeat(3);
    rig.deliver("INBOX", "Subject: " + same + "b\n\n");
    rig.deliver("INBOX", "Subject: " + same + "a\n\n");
    rig.deliver("INBOX", "Subject: " + "x".repeat(900) + "a\n\n");
    try (SelectedMailbox mailbox = select()) {
      assertThat(new SortOrder(services(), mailbox, List.of(by(SortKey.SUBJECT))).of(first(3)))
          .hasValueSatisfying(found -> assertThat(found).containsExactly(0, 1, 2));
    }
  }

  @Test
  void keepsNoMoreTextThanIsAllowed() throws Exception {
    rig.deliver("INBOX", "Subject: 12345\nFrom: ab@a.test\n\n");
    rig.deliver("INBOX", "Subject: 123\n\n");
    List<SortCriterion> order =
        List.of(by(SortKey.SUBJECT), by(SortKey.FROM), by(SortKey.SIZE), by(SortKey.DATE));
    try (SelectedMailbox mailbox = select()) {
      assertThat(new SortOrder(services(), mailbox, order, 10).of(first(2))).isPresent();
      assertThat(new SortOrder(services(), mailbox, order, 9).of(first(2)))
          .isEqualTo(Optional.empty());
      assertThat(new SortOrder(services(), mailbox, order, 7).of(first(1))).isPresent();
    }
  }
}
