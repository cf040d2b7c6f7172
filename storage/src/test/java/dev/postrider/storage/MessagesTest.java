package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.BOB;
import static dev.postrider.storage.StoreFixture.noise;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.MailboxStatus;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MailboxDelta;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.MessageBody;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.Messages;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds for every store. */
@ParameterizedClass
@EnumSource(StoreKind.class)
class MessagesTest {

  private final StoreKind kind;

  @TempDir Path directory;
  private StoreFixture fixture;
  private Messages messages;
  private MailboxId inbox;
  private MailboxId archive;

  MessagesTest(StoreKind kind) {
    this.kind = kind;
  }

  @BeforeEach
  void open() throws Exception {
    fixture = new StoreFixture(kind, directory);
    messages = fixture.store.messages();
    inbox = fixture.mailbox(ALICE, "INBOX");
    archive = fixture.mailbox(ALICE, "Archive");
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  private void reopen() throws Exception {
    fixture.close();
    open();
  }

  private void deposit(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      fixture.deposit(inbox, text("message " + i));
    }
  }

  private static List<Long> uids(List<Message> messages) {
    return messages.stream().map(message -> message.uid().value()).toList();
  }

  @Test
  void uidsAndModSeqsRise() throws Exception {
    deposit(3);
    List<Message> all = fixture.messages(inbox);
    assertThat(uids(all)).containsExactly(1L, 2L, 3L);
    assertThat(all).isSortedAccordingTo((a, b) -> a.modSeq().compareTo(b.modSeq()));
  }

  @Test
  void flagsAreAddedRemovedAndReplaced() throws Exception {
    deposit(2);
    Flags work = Flags.of(Set.of(SystemFlag.SEEN), Set.of("Work"));
    messages.changeFlags(inbox, UidSet.of(1, 2, 77), new FlagChange.Add(work), null);
    messages.changeFlags(
        inbox, UidSet.of(1), new FlagChange.Remove(Flags.of(Set.of(), Set.of("work"))), null);
    Messages.FlagsChanged replaced =
        messages.changeFlags(
            inbox, UidSet.of(2), new FlagChange.Replace(Flags.of(SystemFlag.FLAGGED)), null);
    assertThat(replaced.changed().getFirst().flags()).isEqualTo(Flags.of(SystemFlag.FLAGGED));
    reopen();
    List<Message> all = fixture.messages(inbox);
    assertThat(all.get(0).flags()).isEqualTo(Flags.of(SystemFlag.SEEN));
    assertThat(all.get(1).flags()).isEqualTo(Flags.of(SystemFlag.FLAGGED));
  }

  @Test
  void keywordsSurviveReopening() throws Exception {
    deposit(1);
    Flags two = Flags.of(Set.of(), Set.of("$Junk", "NonJunk"));
    messages.changeFlags(inbox, UidSet.of(1), new FlagChange.Add(two), null);
    reopen();
    assertThat(fixture.messages(inbox).getFirst().flags()).isEqualTo(two);
  }

  @Test
  void flagChangeWithoutEffectLeavesTheModSeq() throws Exception {
    deposit(1);
    ModSeq before = fixture.messages(inbox).getFirst().modSeq();
    Messages.FlagsChanged same =
        messages.changeFlags(
            inbox, UidSet.of(1), new FlagChange.Remove(Flags.of(SystemFlag.SEEN)), null);
    assertThat(same.changed().getFirst().modSeq()).isEqualTo(before);
    assertThat(fixture.messages(inbox).getFirst().modSeq()).isEqualTo(before);
  }

  @Test
  void unchangedSinceRefusesWhatIsNewer() throws Exception {
    deposit(2);
    ModSeq then = fixture.messages(inbox).get(1).modSeq();
    FlagChange seen = new FlagChange.Add(Flags.of(SystemFlag.SEEN));
    messages.changeFlags(inbox, UidSet.of(2), seen, null);
    Messages.FlagsChanged result =
        messages.changeFlags(
            inbox, UidSet.of(1, 2), new FlagChange.Add(Flags.of(SystemFlag.DELETED)), then);
    assertThat(result.refused()).isEqualTo(UidSet.of(2));
    assertThat(uids(result.changed())).containsExactly(1L);
    assertThat(fixture.messages(inbox).get(1).flags().has(SystemFlag.DELETED)).isFalse();
  }

  @Test
  void unchangedSinceZeroTakesKeywordsThatAreNotThere() throws Exception {
    deposit(2);
    ModSeq zero = new ModSeq(0);
    FlagChange mark = new FlagChange.Add(Flags.of(Set.of(), Set.of("$Taken")));
    assertThat(messages.changeFlags(inbox, UidSet.of(1), mark, zero).refused().isEmpty()).isTrue();
    Messages.FlagsChanged again = messages.changeFlags(inbox, UidSet.of(1, 2), mark, zero);
    assertThat(again.refused()).isEqualTo(UidSet.of(1));
    assertThat(uids(again.changed())).containsExactly(2L);
    for (FlagChange there :
        List.of(
            new FlagChange.Add(Flags.of(SystemFlag.SEEN)),
            new FlagChange.Remove(Flags.of(Set.of(), Set.of("$taken"))),
            new FlagChange.Add(Flags.of(Set.of(SystemFlag.SEEN), Set.of("$Other"))),
            new FlagChange.Replace(Flags.of(Set.of(), Set.of("$Other"))))) {
      assertThat(messages.changeFlags(inbox, UidSet.of(1), there, zero).refused())
          .as(there.toString())
          .isEqualTo(UidSet.of(1));
    }
  }

  @Test
  void oneOfManyGetsAKeywordThatWasNotThere() throws Exception {
    deposit(1);
    FlagChange mark = new FlagChange.Add(Flags.of(Set.of(), Set.of("$Taken")));
    AtomicInteger got = new AtomicInteger();
    List<Future<?>> tries = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        tries.add(
            executor.submit(
                () ->
                    got.addAndGet(
                        messages
                            .changeFlags(inbox, UidSet.of(1), mark, new ModSeq(0))
                            .changed()
                            .size())));
      }
    }
    for (Future<?> each : tries) {
      each.get();
    }
    assertThat(got).hasValue(1);
  }

  @Test
  void refusesKeywordsThatAreNone() {
    for (String bad : List.of("", "two words", "ü", "x".repeat(300), "a\u0000")) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(
              () ->
                  messages.changeFlags(
                      inbox,
                      UidSet.of(1),
                      new FlagChange.Add(Flags.of(Set.of(), Set.of(bad))),
                      null))
          .matches(e -> e.kind() == StoreException.Kind.REFUSED);
    }
  }

  @Test
  void expungeTakesTheDeletedOnly() throws Exception {
    deposit(3);
    messages.changeFlags(
        inbox, UidSet.of(1, 3), new FlagChange.Add(Flags.of(SystemFlag.DELETED)), null);
    assertThat(messages.expunge(inbox, UidSet.of(1, 2))).isEqualTo(UidSet.of(1));
    assertThat(uids(fixture.messages(inbox))).containsExactly(2L, 3L);
    reopen();
    assertThat(uids(fixture.messages(inbox))).containsExactly(2L, 3L);
    assertThat(fixture.deposit(inbox, text("x")).uid()).isEqualTo(new Uid(4));
  }

  @Test
  void copyKeepsFlagsDateAndBody() throws Exception {
    fixture.deposit(inbox, text("x"), SystemFlag.SEEN);
    deposit(1);
    Messages.Copied copied = messages.copy(inbox, UidSet.of(1, 5), archive);
    assertThat(copied.from()).containsExactly(new Uid(1));
    assertThat(copied.to()).containsExactly(new Uid(1));
    Message original = fixture.messages(inbox).getFirst();
    Message copy = fixture.messages(archive).getFirst();
    assertThat(copy.body()).isEqualTo(original.body());
    assertThat(copy.flags()).isEqualTo(original.flags());
    assertThat(copy.internalDate()).isEqualTo(original.internalDate());
  }

  /** RFC 8514 section 3: a copy was saved when it was made. */
  @Test
  void whenEachCameIntoItsMailboxIsKept() throws Exception {
    Instant arrived = Instant.parse("1994-02-02T05:52:25Z");
    Commit.Filing filing = new Commit.Filing(inbox, Flags.NONE, arrived);
    Commit.Deposit deposit =
        new Commit.Deposit(MessageSource.of(text("x")), List.of(filing, filing), List.of());
    fixture.store.commit(Commit.of(deposit));
    messages.copy(inbox, UidSet.of(1), archive);
    messages.move(inbox, UidSet.of(2), archive);
    reopen();
    assertThat(fixture.messages(archive))
        .extracting(Message::internalDate)
        .containsExactly(arrived, arrived);
    assertThat(messages.saved(inbox, new Uid(1), new Uid(2)))
        .isEqualTo(Map.of(new Uid(1), Optional.of(StoreFixture.NOW)));
    assertThat(messages.saved(archive, new Uid(2), new Uid(Uid.MAX)))
        .isEqualTo(Map.of(new Uid(2), Optional.of(StoreFixture.NOW)));
  }

  @Test
  void moveIsOneStepForWhoLooks() throws Exception {
    deposit(3);
    try (MailboxIndex index = messages.open(inbox)) {
      ModSeq before = index.snapshot().highestModSeq();
      Messages.Copied moved = messages.move(inbox, UidSet.of(1, 3), archive);
      assertThat(moved.from()).containsExactly(new Uid(1), new Uid(3));
      assertThat(moved.to()).containsExactly(new Uid(1), new Uid(2));
      assertThat(index.changesSince(before).vanished()).isEqualTo(UidSet.of(1, 3));
    }
    assertThat(uids(fixture.messages(inbox))).containsExactly(2L);
    assertThat(uids(fixture.messages(archive))).containsExactly(1L, 2L);
  }

  @Test
  void moveToTheSameMailboxGivesNewUids() throws Exception {
    deposit(2);
    messages.move(inbox, UidSet.of(1), inbox);
    assertThat(uids(fixture.messages(inbox))).containsExactly(2L, 3L);
  }

  @Test
  void aMailboxOpenedAgainIsUpToDate() throws Exception {
    deposit(2);
    fixture.messages(inbox);
    deposit(1);
    messages.changeFlags(
        inbox, UidSet.of(1), new FlagChange.Add(Flags.of(SystemFlag.FLAGGED)), null);
    messages.changeFlags(
        inbox, UidSet.of(2), new FlagChange.Add(Flags.of(SystemFlag.DELETED)), null);
    messages.expunge(inbox, UidSet.of(2));
    List<Message> again = fixture.messages(inbox);
    assertThat(uids(again)).containsExactly(1L, 3L);
    assertThat(again.getFirst().flags().has(SystemFlag.FLAGGED)).isTrue();
  }

  @Test
  void aMailboxDeletedWhileNobodyHasItOpenIsGone() throws Exception {
    fixture.messages(archive);
    fixture.store.mailboxes().delete(archive);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> messages.open(archive))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NOT_FOUND));
  }

  @Test
  void openingTellsWhatAClientIsToldFirst() throws Exception {
    deposit(3);
    messages.changeFlags(
        inbox,
        UidSet.of(1),
        new FlagChange.Add(Flags.of(Set.of(SystemFlag.SEEN), Set.of("$Work"))),
        null);
    try (MailboxIndex index = messages.open(inbox)) {
      MailboxIndex.Opening opening = index.opening();
      assertThat(opening.uids()).containsExactly(1, 2, 3);
      assertThat(opening.firstUnseen()).hasValue(1);
      assertThat(opening.keywords()).containsExactly("$Work");
      assertThat(opening.highestModSeq()).isEqualTo(index.snapshot().highestModSeq());
      assertThat(opening.uidNext()).isEqualTo(new Uid(4));
    }
  }

  @Test
  void deltaTellsWhatIsNewChangedAndGone() throws Exception {
    deposit(3);
    try (MailboxIndex index = messages.open(inbox)) {
      ModSeq before = index.snapshot().highestModSeq();
      deposit(1);
      messages.changeFlags(
          inbox, UidSet.of(1, 2), new FlagChange.Add(Flags.of(SystemFlag.DELETED)), null);
      messages.expunge(inbox, UidSet.of(2));
      MailboxDelta delta = index.changesSince(before);
      assertThat(uids(delta.changed())).containsExactly(1L, 4L);
      assertThat(delta.vanished()).isEqualTo(UidSet.of(2));
      MailboxDelta none = index.changesSince(delta.highestModSeq());
      assertThat(none.changed()).isEmpty();
      assertThat(none.vanished().isEmpty()).isTrue();
    }
  }

  @Test
  void changedSinceNamesWhatExistsAndIsNewer() throws Exception {
    deposit(3);
    try (MailboxIndex index = messages.open(inbox)) {
      ModSeq before = index.snapshot().highestModSeq();
      assertThat(index.changedSince(before).isEmpty()).isTrue();
      deposit(1);
      messages.changeFlags(
          inbox, UidSet.of(1, 2), new FlagChange.Add(Flags.of(SystemFlag.DELETED)), null);
      messages.expunge(inbox, UidSet.of(2));
      assertThat(index.changedSince(before)).isEqualTo(UidSet.of(1, 4));
      assertThat(index.changedSince(new ModSeq(1))).isEqualTo(UidSet.of(1, 3, 4));
      assertThat(index.changedSince(new ModSeq(Long.MAX_VALUE)).isEmpty()).isTrue();
    }
  }

  @Test
  void deltaReachesBackBeforeTheIndexWasOpened() throws Exception {
    deposit(3);
    ModSeq before;
    try (MailboxIndex index = messages.open(inbox)) {
      before = index.snapshot().highestModSeq();
    }
    messages.changeFlags(
        inbox, UidSet.of(1, 2), new FlagChange.Add(Flags.of(SystemFlag.DELETED)), null);
    messages.expunge(inbox, UidSet.of(2));
    reopen();
    try (MailboxIndex index = messages.open(inbox)) {
      MailboxDelta delta = index.changesSince(before);
      assertThat(uids(delta.changed())).containsExactly(1L);
      assertThat(delta.vanished()).isEqualTo(UidSet.of(2));
    }
  }

  @Test
  void deltaIsWholeEvenAfterMoreChangesThanAreRemembered() throws Exception {
    deposit(30);
    UidSet all = UidSet.of(IntStream.rangeClosed(1, 30).asLongStream().toArray());
    try (MailboxIndex index = messages.open(inbox)) {
      ModSeq before = index.snapshot().highestModSeq();
      messages.changeFlags(
          inbox, UidSet.of(30), new FlagChange.Add(Flags.of(SystemFlag.DELETED)), null);
      messages.expunge(inbox, UidSet.of(30));
      for (int i = 0; i < 300; i++) {
        Flags round = Flags.of(Set.of(), Set.of("round" + i));
        messages.changeFlags(inbox, all, new FlagChange.Replace(round), null);
      }
      MailboxDelta delta = index.changesSince(before);
      assertThat(delta.changed()).hasSize(29);
      assertThat(delta.changed()).allMatch(message -> message.flags().has("round299"));
      assertThat(delta.vanished()).isEqualTo(UidSet.of(30));
    }
  }

  @Test
  void openIndexSeesItsMailboxGo() throws Exception {
    deposit(1);
    messages.move(inbox, UidSet.of(1), archive);
    try (MailboxIndex index = messages.open(archive)) {
      ModSeq before = index.snapshot().highestModSeq();
      fixture.store.mailboxes().delete(archive);
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> index.changesSince(before))
          .matches(e -> e.kind() == StoreException.Kind.NOT_FOUND);
    }
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> messages.open(archive))
        .matches(e -> e.kind() == StoreException.Kind.NOT_FOUND);
  }

  @Test
  void recentIsToldToOneSessionOnly() throws Exception {
    deposit(2);
    try (MailboxIndex index = messages.open(inbox)) {
      assertThat(index.firstRecent()).isEqualTo(new Uid(1));
      assertThat(fixture.store.mailboxes().status(inbox).recent()).isEqualTo(2);
      assertThat(index.takeRecent()).isEqualTo(new Uid(1));
      assertThat(index.takeRecent()).isEqualTo(new Uid(3));
    }
    deposit(1);
    reopen();
    try (MailboxIndex index = messages.open(inbox)) {
      assertThat(index.takeRecent()).isEqualTo(new Uid(3));
    }
  }

  @Test
  void statusIsTheSameWarmAndCold() throws Exception {
    fixture.deposit(inbox, noise(1, 100), SystemFlag.SEEN);
    fixture.deposit(inbox, noise(2, 200), SystemFlag.DELETED);
    fixture.deposit(inbox, noise(3, 300));
    MailboxStatus cold = fixture.store.mailboxes().status(inbox);
    try (MailboxIndex index = messages.open(inbox)) {
      assertThat(index.snapshot().messages()).hasSize(3);
      assertThat(fixture.store.mailboxes().status(inbox)).isEqualTo(cold);
    }
    assertThat(cold.messages()).isEqualTo(3);
    assertThat(cold.unseen()).isEqualTo(2);
    assertThat(cold.deleted()).isEqualTo(1);
    assertThat(cold.recent()).isEqualTo(3);
    assertThat(cold.octets()).isEqualTo(600);
    assertThat(cold.uidNext()).isEqualTo(new Uid(4));
    assertThat(fixture.store.mailboxes().status(archive).messages()).isZero();
  }

  @Test
  void bodyIsReadInAnyRange() throws Exception {
    for (int octets : new int[] {0, 1, 70_000, 3_000_000}) {
      byte[] bytes = noise(octets, octets);
      fixture.deposit(inbox, bytes);
      BodyId id = fixture.messages(inbox).getLast().body();
      MessageBody body = messages.body(id);
      assertThat(body.octets()).isEqualTo(octets);
      for (long[] range :
          new long[][] {{0, 10}, {octets / 2, 66_000}, {octets - 1L, 5}, {octets, 5}}) {
        if (range[0] < 0) {
          continue;
        }
        int from = (int) Math.min(range[0], octets);
        int to = (int) Math.min(range[0] + range[1], octets);
        try (var in = body.open(range[0], range[1])) {
          assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, from, to));
        }
      }
      assertThat(fixture.read(id)).isEqualTo(bytes);
    }
  }

  @Test
  void bodyThatIsNotThereIsNotFound() {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> messages.body(new BodyId(12345)))
        .matches(e -> e.kind() == StoreException.Kind.NOT_FOUND);
  }

  @Test
  void accountsDoNotSeeEachOther() throws Exception {
    deposit(1);
    assertThat(fixture.messages(fixture.mailbox(BOB, "INBOX"))).isEmpty();
  }
}
