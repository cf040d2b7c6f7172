package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.BOB;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Mailboxes;
import dev.postrider.storage.mailboxes.SpecialUse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds for every store. */
@ParameterizedClass
@EnumSource(StoreKind.class)
class MailboxesTest {

  private final StoreKind kind;

  @TempDir Path directory;
  private StoreFixture fixture;
  private Mailboxes mailboxes;
  private AccountId alice;

  MailboxesTest(StoreKind kind) {
    this.kind = kind;
  }

  @BeforeEach
  void open() throws Exception {
    fixture = new StoreFixture(kind, directory);
    mailboxes = fixture.store.mailboxes();
    alice = fixture.account(ALICE).id();
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  private List<String> names() throws Exception {
    return mailboxes.list(alice).stream().map(Mailbox::name).toList();
  }

  private void assertThrows(StoreException.Kind kind, ThrowingCall call) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(call::run)
        .matches(e -> e.kind() == kind, kind.toString());
  }

  private interface ThrowingCall {
    void run() throws Exception;
  }

  @Test
  void createMakesWhatIsAbove() throws Exception {
    Mailbox made = mailboxes.create(alice, "work/2026/ümläut", null);
    assertThat(made.name()).isEqualTo("work/2026/ümläut");
    assertThat(names()).contains("work", "work/2026", "work/2026/ümläut");
    assertThat(made.subscribed()).isFalse();
  }

  @Test
  void specialUseIsKept() throws Exception {
    mailboxes.create(alice, "Old", SpecialUse.ARCHIVE);
    close();
    open();
    assertThat(mailboxes.find(alice, "Old").orElseThrow().specialUse())
        .contains(SpecialUse.ARCHIVE);
  }

  @Test
  void inboxIsOneInAnyCaseAndOthersAreNot() throws Exception {
    assertThat(mailboxes.find(alice, "iNbOx")).isPresent();
    assertThat(mailboxes.create(alice, "inbox/child", null).name()).isEqualTo("INBOX/child");
    assertThat(mailboxes.find(alice, "sent")).isEmpty();
    assertThrows(StoreException.Kind.EXISTS, () -> mailboxes.create(alice, "Inbox", null));
  }

  @Test
  void refusesNamesThatBreakTheRules() {
    for (String bad :
        List.of(
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            "a\u0000b",
            "a\rb",
            "x\ud800",
            "x".repeat(1025),
            "ü".repeat(513),
            "a/".repeat(32) + "a")) {
      assertThrows(StoreException.Kind.REFUSED, () -> mailboxes.create(alice, bad, null));
    }
  }

  @Test
  void renameTakesChildrenAlong() throws Exception {
    mailboxes.create(alice, "a/b/c", null);
    mailboxes.create(alice, "ab", null);
    MailboxId child = mailboxes.find(alice, "a/b/c").orElseThrow().id();
    fixture.deposit(child, text("x"));
    mailboxes.rename(mailboxes.find(alice, "a").orElseThrow().id(), "new/a");
    assertThat(names()).contains("new", "new/a", "new/a/b", "new/a/b/c", "ab");
    assertThat(names()).doesNotContain("a", "a/b", "a/b/c");
    assertThat(mailboxes.find(alice, "new/a/b/c").orElseThrow().id()).isEqualTo(child);
    assertThat(fixture.messages(child)).hasSize(1);
  }

  @Test
  void renameRefusesToGoBelowItselfOrOverAnother() throws Exception {
    mailboxes.create(alice, "a/b", null);
    mailboxes.create(alice, "c/b", null);
    MailboxId a = mailboxes.find(alice, "a").orElseThrow().id();
    assertThrows(StoreException.Kind.REFUSED, () -> mailboxes.rename(a, "a/b/c"));
    assertThrows(StoreException.Kind.EXISTS, () -> mailboxes.rename(a, "c"));
    assertThrows(StoreException.Kind.NOT_FOUND, () -> mailboxes.rename(new MailboxId(99), "x"));
  }

  @Test
  void renameIntoOwnPlaceInTheTreeMakesTheNewParent() throws Exception {
    mailboxes.create(alice, "x/y", null);
    MailboxId y = mailboxes.find(alice, "x/y").orElseThrow().id();
    mailboxes.rename(y, "z/deep/y");
    assertThat(names()).contains("x", "z", "z/deep", "z/deep/y");
  }

  @Test
  void renamingInboxMovesItsMessagesAndLeavesItEmpty() throws Exception {
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    fixture.deposit(inbox, text("one"));
    fixture.deposit(inbox, text("two"));
    mailboxes.create(alice, "INBOX/below", null);
    mailboxes.rename(inbox, "old-mail");
    assertThat(names()).contains("INBOX", "INBOX/below", "old-mail");
    assertThat(fixture.messages(inbox)).isEmpty();
    MailboxId old = mailboxes.find(alice, "old-mail").orElseThrow().id();
    assertThat(fixture.messages(old)).hasSize(2);
    assertThat(fixture.read(fixture.messages(old).getLast().body())).isEqualTo(text("two"));
    assertThat(fixture.deposit(inbox, text("three")).uid().value()).isEqualTo(3);
    assertThat(fixture.deposit(old, text("four")).uid().value()).isEqualTo(3);
  }

  @Test
  void deleteLeavesWhatIsBelow() throws Exception {
    mailboxes.create(alice, "a/b", null);
    mailboxes.delete(mailboxes.find(alice, "a").orElseThrow().id());
    assertThat(names()).contains("a/b").doesNotContain("a");
    assertThrows(
        StoreException.Kind.REFUSED, () -> mailboxes.delete(fixture.mailbox(ALICE, "INBOX")));
  }

  @Test
  void nameThatComesBackHasAHigherUidValidity() throws Exception {
    long before = 0;
    for (int i = 0; i < 5; i++) {
      Mailbox made = mailboxes.create(alice, "again", null);
      assertThat(made.uidValidity()).isGreaterThan(before).isLessThan(1L << 32);
      before = made.uidValidity();
      mailboxes.delete(made.id());
      close();
      open();
    }
  }

  @Test
  void depositIntoADeletedMailboxIsNotFound() throws Exception {
    Mailbox made = mailboxes.create(alice, "gone", null);
    mailboxes.delete(made.id());
    assertThrows(StoreException.Kind.NOT_FOUND, () -> fixture.deposit(made.id(), text("x")));
    assertThrows(StoreException.Kind.NOT_FOUND, () -> mailboxes.status(made.id()));
  }

  @Test
  void subscriptionsAreNamesAndOutliveMailboxes() throws Exception {
    mailboxes.subscribe(alice, "not/there");
    mailboxes.subscribe(alice, "not/there");
    mailboxes.unsubscribe(alice, "Trash");
    mailboxes.unsubscribe(alice, "never");
    close();
    open();
    assertThat(mailboxes.subscriptions(alice)).contains("not/there", "INBOX");
    assertThat(mailboxes.subscriptions(alice)).doesNotContain("Trash");
    assertThat(mailboxes.find(alice, "Trash").orElseThrow().subscribed()).isFalse();
  }

  @Test
  void accountIsToldOfItsMailboxes() throws Exception {
    AccountId bob = fixture.account(BOB).id();
    try (var feed = fixture.store.changes().account(alice);
        var other = fixture.store.changes().account(bob)) {
      mailboxes.create(alice, "a", null);
      assertThat(feed.await(Duration.ofSeconds(10))).isTrue();
      assertThat(other.await(Duration.ZERO)).isFalse();
    }
  }

  @Test
  void removedAccountTakesItsMailboxesAndMayComeBackEmpty() throws Exception {
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    fixture.deposit(inbox, text("x"));
    fixture.store.accounts().remove(alice);
    assertThat(fixture.store.accounts().find(ALICE)).isEmpty();
    assertThat(mailboxes.find(inbox)).isEmpty();
    assertThat(mailboxes.subscriptions(alice)).isEmpty();
    assertThrows(StoreException.Kind.NOT_FOUND, () -> fixture.deposit(inbox, text("x")));
    AccountId again = fixture.account(ALICE).id();
    assertThat(again).isNotEqualTo(alice);
    assertThat(fixture.messages(fixture.mailbox(ALICE, "INBOX"))).isEmpty();
    assertThrows(StoreException.Kind.NOT_FOUND, () -> mailboxes.create(alice, "x", null));
  }
}
