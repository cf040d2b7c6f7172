package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.BOB;
import static dev.postrider.storage.StoreFixture.noise;
import static dev.postrider.storage.StoreFixture.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.protocol.text.Octets;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Annotations;
import dev.postrider.storage.mailboxes.Mailbox;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds for every store. */
@ParameterizedClass
@EnumSource(StoreKind.class)
class AnnotationsTest {

  private final StoreKind kind;

  @TempDir Path directory;
  private StoreFixture fixture;
  private Annotations annotations;
  private AccountId alice;
  private AccountId bob;

  AnnotationsTest(StoreKind kind) {
    this.kind = kind;
  }

  @BeforeEach
  void open() throws Exception {
    fixture = new StoreFixture(kind, directory);
    annotations = fixture.store.annotations();
    alice = fixture.account(ALICE).id();
    bob = fixture.account(BOB).id();
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  private Optional<Mailbox> mailbox(String name) throws Exception {
    return fixture.store.mailboxes().find(bob, name);
  }

  private static Optional<Octets> value(String text) {
    return Optional.of(Octets.of(text(text)));
  }

  private boolean set(Optional<Mailbox> mailbox, AccountId who, String entry, String value)
      throws Exception {
    return annotations.change(mailbox, who, Map.of(entry, value(value)));
  }

  private List<String> seen(Optional<Mailbox> mailbox, AccountId who) throws Exception {
    return annotations.list(mailbox, who).stream()
        .map(one -> one.entry() + "=" + new String(one.value().toByteArray(), UTF_8))
        .toList();
  }

  @Test
  void sharedOnesAreTheSameForAllAndPrivateOnesForOneAlone() throws Exception {
    assertThat(set(mailbox("INBOX"), alice, "/shared/comment", "ours")).isTrue();
    assertThat(set(mailbox("INBOX"), alice, "/private/comment", "mine")).isTrue();
    assertThat(set(mailbox("INBOX"), bob, "/private/comment", "bob's")).isTrue();
    assertThat(set(Optional.empty(), bob, "/private/comment", "of all")).isTrue();
    assertThat(seen(mailbox("INBOX"), alice))
        .containsExactly("/private/comment=mine", "/shared/comment=ours");
    assertThat(seen(mailbox("INBOX"), bob))
        .containsExactly("/private/comment=bob's", "/shared/comment=ours");
    assertThat(seen(Optional.empty(), bob)).containsExactly("/private/comment=of all");
    assertThat(seen(Optional.empty(), alice)).isEmpty();
    assertThat(seen(mailbox("Sent"), bob)).isEmpty();
  }

  @Test
  void isReplacedAndTakenAway() throws Exception {
    set(mailbox("INBOX"), bob, "/shared/a", "1");
    set(mailbox("INBOX"), bob, "/shared/b", "1");
    annotations.change(
        mailbox("INBOX"), bob, Map.of("/shared/a", Optional.empty(), "/shared/b", value("2")));
    assertThat(seen(mailbox("INBOX"), bob)).containsExactly("/shared/b=2");
    annotations.change(mailbox("INBOX"), bob, Map.of("/shared/none", Optional.empty()));
    assertThat(seen(mailbox("INBOX"), bob)).containsExactly("/shared/b=2");
  }

  @Test
  void staysWithARenamedMailboxAndGoesWithADeletedOne() throws Exception {
    fixture.store.mailboxes().create(bob, "x", null);
    set(mailbox("x"), alice, "/private/a", "1");
    set(mailbox("x"), bob, "/shared/a", "2");
    fixture.store.mailboxes().rename(mailbox("x").orElseThrow().id(), "y");
    assertThat(seen(mailbox("y"), alice)).containsExactly("/private/a=1", "/shared/a=2");
    fixture.store.mailboxes().delete(mailbox("y").orElseThrow().id());
    fixture.store.mailboxes().create(bob, "y", null);
    assertThat(seen(mailbox("y"), alice)).isEmpty();
  }

  /** RFC 5464 section 4.1. */
  @Test
  void inboxKeepsThemAndTheMailboxThatItIsRenamedToGetsThem() throws Exception {
    set(mailbox("INBOX"), alice, "/private/a", "1");
    set(mailbox("INBOX"), bob, "/shared/a", "2");
    fixture.store.mailboxes().rename(mailbox("INBOX").orElseThrow().id(), "Before");
    for (String name : List.of("INBOX", "Before")) {
      assertThat(seen(mailbox(name), alice)).containsExactly("/private/a=1", "/shared/a=2");
    }
  }

  @Test
  void goesWithTheAccountForWhichItIs() throws Exception {
    set(mailbox("INBOX"), alice, "/private/a", "1");
    set(mailbox("INBOX"), alice, "/shared/a", "2");
    set(Optional.empty(), alice, "/private/b", "3");
    Optional<Mailbox> inbox = mailbox("INBOX");
    fixture.store.accounts().remove(alice);
    assertThat(seen(inbox, alice)).containsExactly("/shared/a=2");
    assertThat(seen(Optional.empty(), alice)).isEmpty();
    fixture.store.accounts().remove(bob);
    assertThat(seen(inbox, bob)).isEmpty();
    assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> set(Optional.empty(), alice, "/private/c", "4"))
        .matches(e -> e.kind() == Kind.NOT_FOUND);
  }

  @Test
  void tooManyChangeNothing() throws Exception {
    Map<String, Optional<Octets>> many = new HashMap<>();
    for (int i = 0; i < Annotations.ENTRIES_MAX; i++) {
      many.put("/private/" + i, value("x"));
    }
    assertThat(annotations.change(mailbox("INBOX"), bob, many)).isTrue();
    assertThat(
            annotations.change(
                mailbox("INBOX"),
                bob,
                Map.of("/private/more", value("x"), "/shared/one", value("x"))))
        .isFalse();
    assertThat(seen(mailbox("INBOX"), bob)).hasSize(Annotations.ENTRIES_MAX);
    assertThat(set(mailbox("INBOX"), bob, "/private/7", "another")).isTrue();
    assertThat(set(mailbox("INBOX"), bob, "/shared/one", "x")).isTrue();
    assertThat(set(mailbox("INBOX"), alice, "/private/one", "x")).isTrue();
  }

  @Test
  void tooMuchChangesNothing() throws Exception {
    Optional<Octets> large = Optional.of(Octets.of(noise(1, Annotations.VALUE_OCTETS_MAX)));
    Map<String, Optional<Octets>> many = new HashMap<>();
    for (int i = 0; i < Annotations.ENTRIES_MAX; i++) {
      many.put("/shared/" + i, large);
    }
    assertThat(annotations.change(mailbox("INBOX"), bob, many)).isTrue();
    assertThat(annotations.change(mailbox("Sent"), bob, many)).isTrue();
    assertThat(annotations.change(mailbox("Junk"), alice, many)).as("counts for bob").isFalse();
    assertThat(seen(mailbox("Junk"), bob)).isEmpty();
    assertThat(annotations.change(Optional.empty(), alice, Map.of("/private/a", large))).isTrue();
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(
            () ->
                annotations.change(
                    mailbox("Junk"),
                    bob,
                    Map.of("/shared/a", Optional.of(Octets.of(noise(1, 16 * 1024 + 1))))))
        .matches(e -> e.kind() == Kind.REFUSED);
  }

  @Test
  void isStillSoAfterARestart() throws Exception {
    Octets odd = Octets.of(noise(3, Annotations.VALUE_OCTETS_MAX));
    annotations.change(mailbox("INBOX"), alice, Map.of("/private/odd", Optional.of(odd)));
    set(mailbox("INBOX"), bob, "/shared/empty", "");
    close();
    open();
    assertThat(annotations.list(mailbox("INBOX"), alice))
        .containsExactly(
            new Annotations.Annotation("/private/odd", odd),
            new Annotations.Annotation("/shared/empty", Octets.of(new byte[0])));
    assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
  }
}
