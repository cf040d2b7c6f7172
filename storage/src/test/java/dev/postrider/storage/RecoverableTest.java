package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.BOB;
import static dev.postrider.storage.StoreFixture.NOW;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Recoverable.Found;
import dev.postrider.storage.mailboxes.Recoverable.Wanted;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds for every store. */
@ParameterizedClass
@EnumSource(StoreKind.class)
class RecoverableTest {

  private final StoreKind kind;

  @TempDir Path directory;

  RecoverableTest(StoreKind kind) {
    this.kind = kind;
  }

  private static void expunge(StoreFixture fixture, MailboxId mailbox, long... uids)
      throws Exception {
    fixture
        .store
        .messages()
        .changeFlags(
            mailbox, UidSet.of(uids), new FlagChange.Add(Flags.of(SystemFlag.DELETED)), null);
    fixture.store.messages().expunge(mailbox, UidSet.of(uids));
  }

  private static List<Found> restore(StoreFixture fixture) throws Exception {
    return fixture.store.recoverable().restore(all(fixture));
  }

  private static Wanted all(StoreFixture fixture) throws Exception {
    return new Wanted(fixture.account(ALICE).id(), Optional.empty(), Instant.EPOCH);
  }

  @Test
  void expungedMessageComesBackWithFlagsAndDateUnderANewUid() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      fixture.deposit(inbox, text("one"), SystemFlag.FLAGGED);
      fixture.deposit(inbox, text("two"));
      fixture
          .store
          .messages()
          .changeFlags(
              inbox, UidSet.of(1), new FlagChange.Add(Flags.of(Set.of(), Set.of("work"))), null);
      Message before = fixture.messages(inbox).getFirst();
      expunge(fixture, inbox, 1);

      assertThat(restore(fixture)).containsExactly(new Found("INBOX", false, 1, 3));

      List<Message> messages = fixture.messages(inbox);
      assertThat(messages).extracting(message -> message.uid().value()).containsExactly(2L, 3L);
      Message back = messages.getLast();
      assertThat(back.flags()).isEqualTo(before.flags());
      assertThat(back.internalDate()).isEqualTo(before.internalDate());
      assertThat(back.modSeq()).isGreaterThan(before.modSeq());
      assertThat(fixture.read(back.body())).isEqualTo(text("one"));
    }
  }

  @Test
  void nothingIsDoubledByASecondTimeOrAfterAMove() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      fixture.deposit(inbox, text("moved"));
      fixture.deposit(inbox, text("expunged"));
      fixture.store.messages().move(inbox, UidSet.of(1), fixture.mailbox(ALICE, "Archive"));
      expunge(fixture, inbox, 2);

      assertThat(restore(fixture)).containsExactly(new Found("INBOX", false, 1, 8));
      assertThat(restore(fixture)).isEmpty();
      assertThat(fixture.messages(inbox)).hasSize(1);
    }
  }

  @Test
  void mailboxThatIsGoneIsMadeAgainUnderItsLastName() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      AccountId alice = fixture.account(ALICE).id();
      Mailbox old = fixture.store.mailboxes().create(alice, "work/old", null);
      fixture.deposit(old.id(), text("a"));
      fixture.deposit(old.id(), text("b"));
      expunge(fixture, old.id(), 1);
      fixture.store.mailboxes().rename(old.id(), "work/new");
      fixture.store.mailboxes().delete(old.id());
      fixture
          .store
          .mailboxes()
          .delete(fixture.store.mailboxes().find(alice, "work").orElseThrow().id());

      assertThat(fixture.store.recoverable().find(all(fixture)))
          .containsExactly(new Found("work/new", true, 2, 2));
      assertThat(restore(fixture)).hasSize(1);

      Mailbox made = fixture.store.mailboxes().find(alice, "work/new").orElseThrow();
      assertThat(made.uidValidity()).isGreaterThan(old.uidValidity());
      assertThat(fixture.messages(made.id())).hasSize(2);
      assertThat(restore(fixture)).isEmpty();
    }
  }

  @Test
  void oneMailboxAndOneTimeCanBeChosen() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      MailboxId sent = fixture.mailbox(ALICE, "Sent");
      fixture.deposit(inbox, text("i"));
      fixture.deposit(sent, text("s"));
      expunge(fixture, inbox, 1);
      expunge(fixture, sent, 1);
      AccountId alice = fixture.account(ALICE).id();
      Wanted later = new Wanted(alice, Optional.empty(), NOW.plusMillis(1));
      Wanted justThen = new Wanted(alice, Optional.of("inbox"), NOW);

      assertThat(fixture.store.recoverable().restore(later)).isEmpty();
      assertThat(fixture.store.recoverable().restore(justThen))
          .containsExactly(new Found("INBOX", false, 1, 1));
      assertThat(fixture.messages(sent)).isEmpty();
    }
  }

  @Test
  void readersAreToldThatAMessageVanishedEvenAfterItCameBack() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      Committed.Filed filed = fixture.deposit(inbox, text("x"));
      expunge(fixture, inbox, 1);
      restore(fixture);
      try (var index = fixture.store.messages().open(inbox)) {
        assertThat(index.changesSince(filed.modSeq()).vanished()).isEqualTo(UidSet.of(1));
        assertThat(index.changesSince(filed.modSeq()).changed()).hasSize(1);
      }
    }
  }

  @Test
  void nothingOfARemovedAccountIsLeft() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      MailboxId bobs = fixture.mailbox(BOB, "INBOX");
      AccountId bob = fixture.account(BOB).id();
      fixture.deposit(bobs, text("x"));
      fixture.deposit(bobs, text("y"));
      expunge(fixture, bobs, 1);
      Mailbox old = fixture.store.mailboxes().create(bob, "old", null);
      fixture.deposit(old.id(), text("z"));
      fixture.store.mailboxes().delete(old.id());
      fixture.store.accounts().remove(bob);
      assertThat(fixture.store.recoverable().find(new Wanted(bob, Optional.empty(), Instant.EPOCH)))
          .isEmpty();
    }
  }

  @Test
  void itIsForgottenWhenItsTimeIsOver() throws Exception {
    MailboxId inbox;
    Committed.Filed filed;
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      inbox = fixture.mailbox(ALICE, "INBOX");
      filed = fixture.deposit(inbox, text("x"));
      expunge(fixture, inbox, 1);
    }
    InstantSource later =
        InstantSource.fixed(NOW.plus(StoreSettings.defaults().undelete()).plusSeconds(1));
    try (StoreFixture fixture = new StoreFixture(kind.open(directory, later))) {
      assertThat(fixture.store.recoverable().find(all(fixture))).isNotEmpty();
      fixture.store.maintenance().collect(Progress.NONE);
      assertThat(fixture.store.recoverable().find(all(fixture))).isEmpty();
      try (var index = fixture.store.messages().open(inbox)) {
        assertThat(index.changesSince(filed.modSeq()).vanished()).isEqualTo(UidSet.of(1));
      }
    }
  }
}
