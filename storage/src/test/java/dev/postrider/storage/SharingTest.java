package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Grantee;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Rights;
import dev.postrider.storage.mailboxes.Sharing;
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
class SharingTest {

  private final StoreKind kind;

  @TempDir Path directory;
  private StoreFixture fixture;
  private Sharing sharing;
  private AccountId alice;
  private AccountId bob;

  SharingTest(StoreKind kind) {
    this.kind = kind;
  }

  @BeforeEach
  void open() throws Exception {
    fixture = new StoreFixture(kind, directory);
    sharing = fixture.store.sharing();
    alice = fixture.account(ALICE).id();
    bob = fixture.account(BOB).id();
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  private Mailbox mailbox(String name) throws Exception {
    return fixture.store.mailboxes().find(bob, name).orElseThrow();
  }

  private void grant(String name, Grantee grantee, String letters) throws Exception {
    sharing.change(mailbox(name).id(), grantee, before -> rights(letters));
  }

  private static Rights rights(String letters) {
    return Rights.parse(letters).orElseThrow();
  }

  private String rightsOfAlice(String name) throws Exception {
    return sharing.rights(mailbox(name), alice).letters();
  }

  private void assertRefused(Kind why, Call call) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(call::run)
        .matches(e -> e.kind() == why, why.toString());
  }

  private interface Call {
    void run() throws Exception;
  }

  @Test
  void ownerHasAllRightsAndNobodyElseHasAny() throws Exception {
    assertThat(sharing.rights(mailbox("INBOX"), bob)).isEqualTo(Rights.ALL);
    assertThat(rightsOfAlice("INBOX")).isEmpty();
    assertThat(sharing.sharedWith(alice)).isEmpty();
    assertThat(sharing.entries(mailbox("INBOX").id())).isEmpty();
  }

  @Test
  void rightsOfAllEntriesAddUpAndNegativeOnesAreTakenAway() throws Exception {
    grant("Archive", Grantee.anyone(), "lrs");
    grant("Archive", Grantee.of(alice), "wite");
    assertThat(rightsOfAlice("Archive")).isEqualTo("lrswite");
    grant("Archive", Grantee.of(alice).negated(), "st");
    assertThat(rightsOfAlice("Archive")).isEqualTo("lrwie");
    grant("Archive", Grantee.anyone().negated(), "w");
    assertThat(rightsOfAlice("Archive")).isEqualTo("lrie");
    assertThat(sharing.rights(mailbox("Archive"), bob)).isEqualTo(Rights.ALL);
    assertThat(sharing.entries(mailbox("Archive").id()))
        .containsExactly(
            new Sharing.Entry(Grantee.anyone(), rights("lrs")),
            new Sharing.Entry(Grantee.anyone().negated(), rights("w")),
            new Sharing.Entry(Grantee.of(alice), rights("wite")),
            new Sharing.Entry(Grantee.of(alice).negated(), rights("st")));
  }

  @Test
  void entryWithoutRightsIsNone() throws Exception {
    grant("Archive", Grantee.of(alice), "lr");
    sharing.change(
        mailbox("Archive").id(), Grantee.of(alice), before -> before.minus(rights("lr")));
    assertThat(sharing.entries(mailbox("Archive").id())).isEmpty();
    assertThat(sharing.sharedWith(alice)).isEmpty();
  }

  @Test
  void mailboxesOfOthersAreFoundWithWhatIsAllowed() throws Exception {
    grant("Archive", Grantee.of(alice), "lr");
    grant("Sent", Grantee.anyone(), "l");
    grant("Junk", Grantee.anyone(), "lr");
    grant("Junk", Grantee.of(alice).negated(), "lr");
    assertThat(sharing.sharedWith(alice))
        .extracting(shared -> shared.mailbox().name() + " " + shared.rights().letters())
        .containsExactly("Sent l", "Archive lr");
    assertThat(sharing.sharedWith(alice))
        .allMatch(shared -> shared.mailbox().account().equals(bob))
        .allMatch(shared -> shared.mailbox().specialUse().isEmpty());
    assertThat(sharing.sharedWith(bob)).isEmpty();
  }

  @Test
  void listGoesWithTheMailboxWhenItIsRenamedAndWhenItIsDeleted() throws Exception {
    MailboxId made = fixture.store.mailboxes().create(bob, "Team", null).id();
    grant("Team", Grantee.of(alice), "lr");
    fixture.store.mailboxes().rename(made, "Group");
    assertThat(rightsOfAlice("Group")).isEqualTo("lr");
    fixture.store.mailboxes().delete(made);
    assertThat(sharing.sharedWith(alice)).isEmpty();
    fixture.store.mailboxes().create(bob, "Group", null);
    assertThat(rightsOfAlice("Group")).isEmpty();
  }

  @Test
  void newMailboxIsSharedAsTheNearestOneAboveIt() throws Exception {
    fixture.store.mailboxes().create(bob, "Team", null);
    grant("Team", Grantee.of(alice), "lrk");
    grant("Team", Grantee.anyone().negated(), "p");
    fixture.store.mailboxes().create(bob, "Team/a/b", null);
    assertThat(rightsOfAlice("Team/a")).isEqualTo("lrk");
    assertThat(sharing.entries(mailbox("Team/a/b").id()))
        .isEqualTo(sharing.entries(mailbox("Team").id()));
    grant("Team/a", Grantee.of(alice), "");
    fixture.store.mailboxes().create(bob, "Team/a/c", null);
    assertThat(rightsOfAlice("Team/a/c")).isEmpty();
    assertThat(rightsOfAlice("Team/a/b")).as("is as it was").isEqualTo("lrk");
  }

  @Test
  void inboxKeepsItsListWhenItIsRenamed() throws Exception {
    grant("INBOX", Grantee.of(alice), "lr");
    fixture.store.mailboxes().rename(mailbox("INBOX").id(), "Before");
    assertThat(rightsOfAlice("INBOX")).isEqualTo("lr");
    assertThat(rightsOfAlice("Before")).isEmpty();
  }

  @Test
  void entriesGoWithTheirAccountAndDoNotComeBackWithItsAddress() throws Exception {
    grant("Archive", Grantee.of(alice), "lr");
    grant("Sent", Grantee.anyone(), "lr");
    fixture.store.accounts().remove(alice);
    assertThat(sharing.entries(mailbox("Archive").id())).isEmpty();
    assertThat(rightsOfAlice("Sent")).as("nobody is not anyone").isEmpty();
    assertThat(sharing.sharedWith(alice)).isEmpty();
    alice = fixture.account(ALICE).id();
    assertThat(rightsOfAlice("Archive")).isEmpty();
    assertThat(rightsOfAlice("Sent")).isEqualTo("lr");
  }

  @Test
  void nothingIsSharedOfAnAccountThatIsGone() throws Exception {
    Mailbox archive = mailbox("Archive");
    grant("Archive", Grantee.of(alice), "lr");
    fixture.store.accounts().remove(bob);
    assertThat(sharing.sharedWith(alice)).isEmpty();
    assertThat(sharing.rights(archive, alice)).isEqualTo(Rights.NONE);
    assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
  }

  @Test
  void refusesTheOwnerAndWhoDoesNotExist() throws Exception {
    MailboxId archive = mailbox("Archive").id();
    assertRefused(Kind.REFUSED, () -> grant("Archive", Grantee.of(bob), "lr"));
    assertRefused(Kind.REFUSED, () -> grant("Archive", Grantee.of(bob).negated(), "lr"));
    assertRefused(Kind.NOT_FOUND, () -> grant("Archive", Grantee.of(new AccountId(99)), "lr"));
    fixture.store.mailboxes().create(bob, "x", null);
    MailboxId gone = mailbox("x").id();
    fixture.store.mailboxes().delete(gone);
    assertRefused(
        Kind.NOT_FOUND, () -> sharing.change(gone, Grantee.anyone(), before -> Rights.ALL));
    assertThat(sharing.entries(archive)).isEmpty();
  }

  @Test
  void isStillSoAfterARestart() throws Exception {
    grant("Archive", Grantee.of(alice), "lr");
    grant("Archive", Grantee.anyone(), "lrswipkxtea");
    grant("Archive", Grantee.of(alice).negated(), "p");
    List<Sharing.Entry> before = sharing.entries(mailbox("Archive").id());
    close();
    open();
    assertThat(sharing.entries(mailbox("Archive").id())).isEqualTo(before).hasSize(3);
    assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
  }

  @Test
  void whoHasTheMailboxOpenIsToldAndTheOwner() throws Exception {
    try (var open = fixture.store.changes().mailbox(mailbox("Archive").id());
        var owner = fixture.store.changes().account(bob)) {
      grant("Archive", Grantee.of(alice), "lr");
      assertThat(open.await(Duration.ofSeconds(10))).isTrue();
      assertThat(owner.await(Duration.ofSeconds(10))).isTrue();
    }
  }
}
