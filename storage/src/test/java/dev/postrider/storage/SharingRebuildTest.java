package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.text.Octets;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Annotations;
import dev.postrider.storage.mailboxes.Grantee;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.Rights;
import dev.postrider.storage.mailboxes.Sharing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store with a log does with access lists and annotations besides. */
class SharingRebuildTest {

  @TempDir Path directory;
  @TempDir Path copies;
  private StoreFixture fixture;
  private Sharing sharing;
  private AccountId alice;
  private AccountId bob;

  @BeforeEach
  void open() throws Exception {
    fixture = new StoreFixture(directory);
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

  private void annotate(String shared, @Nullable String own) throws Exception {
    Optional<Octets> value = Optional.ofNullable(own).map(StoreFixture::text).map(Octets::of);
    fixture
        .store
        .annotations()
        .change(
            Optional.of(mailbox("Sent")),
            alice,
            Map.of(
                "/shared/a",
                Optional.of(Octets.of(StoreFixture.text(shared))),
                "/private/a",
                value));
  }

  private static Rights rights(String letters) {
    return Rights.parse(letters).orElseThrow();
  }

  @Test
  void oneListHasSoManyEntriesAtMost() throws Exception {
    MailboxId archive = mailbox("Archive").id();
    for (int i = 0; i < Sharing.ENTRIES_MAX; i++) {
      AccountId one = fixture.account(new MailAddress("a" + i, "example.test")).id();
      sharing.change(archive, Grantee.of(one), before -> Rights.of(Right.LOOKUP));
    }
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> grant("Archive", Grantee.anyone(), "l"))
        .matches(e -> e.kind() == Kind.REFUSED);
  }

  @Test
  void isMadeAgainFromTheLogAndFromASnapshot() throws Exception {
    grant("Archive", Grantee.of(alice), "lr");
    grant("Sent", Grantee.anyone(), "l");
    annotate("1", "2");
    fixture.store.maintenance().backup(copies.resolve("copy"), Progress.NONE);
    grant("Sent", Grantee.anyone(), "");
    grant("Sent", Grantee.anyone().negated(), "rs");
    annotate("3", null);
    close();
    Path projection = directory.resolve("h2").resolve("projection.mv.db");
    for (boolean withSnapshot : List.of(true, false)) {
      Files.delete(projection);
      if (!withSnapshot) {
        try (var snapshots = Files.list(directory.resolve("snapshot"))) {
          for (Path snapshot : (Iterable<Path>) snapshots::iterator) {
            Files.delete(snapshot);
          }
        }
      }
      open();
      assertThat(sharing.rights(mailbox("Archive"), alice).letters()).isEqualTo("lr");
      assertThat(sharing.entries(mailbox("Sent").id()))
          .containsExactly(new Sharing.Entry(Grantee.anyone().negated(), rights("rs")));
      assertThat(fixture.store.annotations().list(Optional.of(mailbox("Sent")), alice))
          .containsExactly(
              new Annotations.Annotation("/shared/a", Octets.of(StoreFixture.text("3"))));
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
      close();
    }
    open();
  }
}
