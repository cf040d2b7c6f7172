package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Recoverable;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MailboxDelta;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.Messages;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One message in the place of another. Holds for every store. */
@ParameterizedClass
@EnumSource(StoreKind.class)
class ReplacementTest {

  private final StoreKind kind;

  @TempDir Path directory;
  private StoreFixture fixture;
  private Messages messages;
  private MailboxId inbox;
  private MailboxId archive;

  ReplacementTest(StoreKind kind) {
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

  private void deposit(int count) throws StoreException {
    for (int i = 0; i < count; i++) {
      fixture.deposit(inbox, text("message " + i));
    }
  }

  private static List<Long> uids(List<Message> messages) {
    return messages.stream().map(message -> message.uid().value()).toList();
  }

  @Test
  void replacingIsOneStepForWhoLooks() throws Exception {
    deposit(3);
    try (MailboxIndex index = messages.open(inbox)) {
      ModSeq before = index.snapshot().highestModSeq();
      Committed.Filed filed = replace(inbox, 2, inbox);
      assertThat(filed.uid()).isEqualTo(new Uid(4));
      assertThat(filed.modSeq()).isEqualTo(new ModSeq(before.value() + 1));
      MailboxDelta delta = index.changesSince(before);
      assertThat(delta.vanished()).isEqualTo(UidSet.of(2));
      assertThat(uids(delta.changed())).containsExactly(4L);
      assertThat(delta.highestModSeq()).isEqualTo(new ModSeq(before.value() + 2));
      // Whoever knows of the new message alone is still told that the old one is gone.
      assertThat(index.changesSince(filed.modSeq()).vanished()).isEqualTo(UidSet.of(2));
    }
    reopen();
    assertThat(uids(fixture.messages(inbox))).containsExactly(1L, 3L, 4L);
    assertThat(fixture.read(fixture.messages(inbox).getLast().body())).isEqualTo(text("new"));
    assertThat(fixture.messages(inbox).getLast().flags()).isEqualTo(Flags.of(SystemFlag.DRAFT));
  }

  @Test
  void replacingInAnotherMailboxCountsInBoth() throws Exception {
    deposit(2);
    ModSeq before;
    try (MailboxIndex index = messages.open(inbox)) {
      before = index.snapshot().highestModSeq();
    }
    Committed.Filed filed = replace(inbox, 1, archive);
    assertThat(filed.mailbox()).isEqualTo(archive);
    assertThat(filed.uid()).isEqualTo(new Uid(1));
    assertThat(uids(fixture.messages(inbox))).containsExactly(2L);
    try (MailboxIndex index = messages.open(inbox)) {
      assertThat(index.changesSince(before).vanished()).isEqualTo(UidSet.of(1));
      assertThat(index.snapshot().highestModSeq()).isEqualTo(new ModSeq(before.value() + 1));
    }
    reopen();
    assertThat(uids(fixture.messages(inbox))).containsExactly(2L);
    assertThat(uids(fixture.messages(archive))).containsExactly(1L);
    assertThat(fixture.deposit(inbox, text("x")).modSeq().value()).isEqualTo(before.value() + 2);
  }

  @Test
  void nothingReplacesWhatIsGone() throws Exception {
    deposit(1);
    replace(inbox, 1, inbox);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> replace(inbox, 1, archive))
        .matches(e -> e.kind() == StoreException.Kind.NOT_FOUND);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> replace(inbox, 2, new MailboxId(4711)))
        .matches(e -> e.kind() == StoreException.Kind.NOT_FOUND);
    assertThat(uids(fixture.messages(inbox))).containsExactly(2L);
    assertThat(fixture.messages(archive)).isEmpty();
  }

  /** Each of them replaces what it has put there before; all others are in the way. */
  @Test
  void oneOfManyReplacesAMessage() throws Exception {
    deposit(1);
    int many = 8;
    AtomicInteger replaced = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  replace(inbox, 1, archive);
                  replaced.incrementAndGet();
                } catch (StoreException e) {
                  assertThat(e.kind()).isEqualTo(StoreException.Kind.NOT_FOUND);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(replaced).hasValue(1);
    assertThat(fixture.messages(inbox)).isEmpty();
    assertThat(fixture.messages(archive)).hasSize(1);
  }

  @Test
  void whatWasReplacedCanBeBroughtBack() throws Exception {
    deposit(1);
    replace(inbox, 1, inbox);
    AccountId alice = fixture.account(ALICE).id();
    Recoverable.Wanted wanted = new Recoverable.Wanted(alice, Optional.empty(), Instant.EPOCH);
    fixture.store.recoverable().restore(wanted);
    assertThat(fixture.messages(inbox)).hasSize(2);
  }

  private Committed.Filed replace(MailboxId from, long uid, MailboxId to) throws StoreException {
    Commit.Filing filing = new Commit.Filing(to, Flags.of(SystemFlag.DRAFT), StoreFixture.NOW);
    Commit.Deposit deposit =
        new Commit.Deposit(MessageSource.of(text("new")), List.of(filing), List.of());
    return fixture
        .store
        .commit(Commit.replacing(new Commit.Removal(from, new Uid(uid)), deposit))
        .filed()
        .getFirst();
  }
}
