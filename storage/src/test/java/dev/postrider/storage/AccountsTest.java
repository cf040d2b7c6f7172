package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.AccountId;
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
}
