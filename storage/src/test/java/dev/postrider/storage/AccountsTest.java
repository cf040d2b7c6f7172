package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.accounts.Accounts;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds for every store. */
@ParameterizedClass
@EnumSource(StoreKind.class)
class AccountsTest {

  private final StoreKind kind;

  @TempDir Path directory;

  AccountsTest(StoreKind kind) {
    this.kind = kind;
  }

  @Test
  void addressIsFoundInAnyCase() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      Account alice = fixture.account(ALICE);
      assertThat(fixture.store.accounts().find(new MailAddress("ALICE", "EXAMPLE.test")))
          .contains(alice);
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(
              () -> fixture.store.accounts().create(new MailAddress("Alice", "example.test"), "x"))
          .matches(e -> e.kind() == StoreException.Kind.EXISTS);
    }
  }

  @Test
  void credentialChangesAndSurvives() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      fixture.account(BOB);
      fixture.store.accounts().changeCredential(fixture.account(ALICE).id(), "$new$");
    }
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      assertThat(fixture.account(ALICE).credential()).isEqualTo("$new$");
      assertThat(fixture.store.accounts().list())
          .extracting(Account::address)
          .containsExactly(ALICE, BOB);
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> fixture.store.accounts().changeCredential(new AccountId(77), "x"))
          .matches(e -> e.kind() == StoreException.Kind.NOT_FOUND);
    }
  }

  @Test
  void credentialIsReplacedOnlyByWhoKnowsIt() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      Accounts accounts = fixture.store.accounts();
      Account alice = fixture.account(ALICE);
      assertThat(accounts.replaceCredential(alice.id(), alice.credential() + "x", "$lost$"))
          .isFalse();
      assertThat(accounts.find(ALICE)).contains(alice);
      assertThat(accounts.replaceCredential(alice.id(), alice.credential(), "$new$ $more$"))
          .isTrue();
      assertThat(accounts.find(ALICE).orElseThrow().credential()).isEqualTo("$new$ $more$");
      accounts.changeCredential(alice.id(), "$newer$");
      assertThat(accounts.replaceCredential(alice.id(), "$new$ $more$", "$old$")).isFalse();
      assertThat(accounts.replaceCredential(new AccountId(77), "$newer$", "$x$")).isFalse();
    }
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      assertThat(fixture.account(ALICE).credential()).isEqualTo("$newer$");
    }
  }

  @Test
  void changeOfThePasswordIsNeverUndone() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      Accounts accounts = fixture.store.accounts();
      AccountId alice = fixture.account(ALICE).id();
      for (int round = 0; round < 20; round++) {
        String before = "$before$" + round;
        String changed = "$changed$" + round;
        accounts.changeCredential(alice, before);
        Thread upgrade =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        accounts.replaceCredential(alice, before, before + " $more$");
                      } catch (StoreException e) {
                        throw new IllegalStateException(e);
                      }
                    });
        accounts.changeCredential(alice, changed);
        upgrade.join();
        assertThat(fixture.account(ALICE).credential()).isEqualTo(changed);
      }
    }
  }

  @Test
  void knowsWhatEveryCredentialHas() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      Accounts accounts = fixture.store.accounts();
      AccountId alice = fixture.account(ALICE).id();
      AccountId bob = fixture.account(BOB).id();
      accounts.changeCredential(alice, "$a$1 $b-2$2");
      accounts.changeCredential(bob, "$a$3");
      assertThat(accounts.isInEveryCredential("$a$")).isTrue();
      assertThat(accounts.isInEveryCredential("$b-2$")).isFalse();
      accounts.remove(bob);
      assertThat(accounts.isInEveryCredential("$b-2$")).isTrue();
      accounts.remove(alice);
      assertThat(accounts.isInEveryCredential("$b-2$")).isTrue();
    }
  }
}
