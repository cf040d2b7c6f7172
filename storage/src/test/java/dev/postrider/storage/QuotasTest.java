package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.BOB;
import static dev.postrider.storage.StoreFixture.NOW;
import static dev.postrider.storage.StoreFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.accounts.Quota.Usage;
import dev.postrider.storage.accounts.Quotas;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Recoverable.Wanted;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds for every store. */
@ParameterizedClass
@EnumSource(names = {"LOCAL", "POSTGRESQL"})
class QuotasTest {

  private static final long DEFAULT_MAILBOXES = 6;

  private final StoreKind kind;

  @TempDir Path directory;
  private StoreFixture fixture;
  private Quotas quotas;
  private AccountId alice;
  private AccountId bob;
  private MailboxId inbox;
  private MailboxId archive;

  QuotasTest(StoreKind kind) {
    this.kind = kind;
  }

  @BeforeEach
  void open() throws Exception {
    fixture = new StoreFixture(kind, directory);
    quotas = fixture.store.quotas();
    alice = fixture.account(ALICE).id();
    bob = fixture.account(BOB).id();
    inbox = fixture.mailbox(ALICE, "INBOX");
    archive = fixture.mailbox(ALICE, "Archive");
  }

  @AfterEach
  void close() throws Exception {
    assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
    fixture.close();
  }

  private Usage using(long octets, long messages) {
    return new Usage(octets, messages, DEFAULT_MAILBOXES);
  }

  private void assertOver(Change change) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(change::run)
        .matches(e -> e.kind() == Kind.OVER_QUOTA, "is over quota");
  }

  private interface Change {
    void run() throws Exception;
  }

  private void mark(MailboxId mailbox, UidSet uids) throws Exception {
    var _ =
        fixture
            .store
            .messages()
            .changeFlags(mailbox, uids, new FlagChange.Add(Flags.of(SystemFlag.DELETED)), null);
  }

  @Test
  void everyWayInAndOutIsCounted() throws Exception {
    fixture.deposit(inbox, noise(1, 100));
    fixture.deposit(inbox, noise(2, 200));
    fixture.deposit(inbox, noise(3, 300));
    assertThat(quotas.usage(alice)).isEqualTo(using(600, 3));
    fixture.store.messages().copy(inbox, UidSet.of(1), archive, flags -> flags);
    assertThat(quotas.usage(alice)).isEqualTo(using(700, 4));
    fixture.store.messages().move(inbox, UidSet.of(2, 9), archive, flags -> flags);
    assertThat(quotas.usage(alice)).isEqualTo(using(700, 4));
    mark(inbox, UidSet.of(1));
    assertThat(quotas.usage(alice)).isEqualTo(using(700, 4));
    fixture.store.messages().expunge(inbox, UidSet.of(1, 3));
    assertThat(quotas.usage(alice)).isEqualTo(using(600, 3));
    fixture.store.commit(
        Commit.replacing(
            new Commit.Removal(inbox, new Uid(3)),
            new Commit.Deposit(
                MessageSource.of(noise(4, 50)),
                List.of(new Commit.Filing(archive, Flags.NONE, NOW)),
                List.of())));
    assertThat(quotas.usage(alice)).isEqualTo(using(350, 3));
    fixture.store.recoverable().restore(new Wanted(alice, Optional.empty(), Instant.EPOCH));
    assertThat(quotas.usage(alice)).isEqualTo(using(750, 5));
    fixture.store.mailboxes().rename(inbox, "old");
    assertThat(quotas.usage(alice)).isEqualTo(new Usage(750, 5, DEFAULT_MAILBOXES + 1));
    fixture.store.mailboxes().delete(fixture.mailbox(ALICE, "old"));
    assertThat(quotas.usage(alice)).isEqualTo(using(350, 3));
    assertThat(quotas.usage(bob)).isEqualTo(using(0, 0));
    close();
    open();
    assertThat(quotas.usage(alice)).isEqualTo(using(350, 3));
  }

  @Test
  void whatWouldBeAboveALimitIsRefusedWhole() throws Exception {
    quotas.change(alice, new Quota(500, 2, Quota.UNSET));
    assertThat(quotas.limits(fixture.account(ALICE))).isEqualTo(new Quota(500, 2, Quota.NONE));
    assertThat(quotas.limits(fixture.account(BOB))).isEqualTo(Quota.UNLIMITED);
    fixture.deposit(inbox, noise(1, 300));
    assertOver(() -> fixture.deposit(archive, noise(2, 201)));
    fixture.deposit(archive, noise(3, 200));
    assertOver(() -> fixture.deposit(inbox, noise(4, 0)));
    assertOver(() -> fixture.store.messages().copy(inbox, UidSet.of(1), archive, flags -> flags));
    MailboxId of = fixture.mailbox(BOB, "INBOX");
    fixture.deposit(of, noise(5, 10));
    assertOver(() -> fixture.store.messages().move(of, UidSet.of(1), inbox, flags -> flags));
    assertThat(fixture.messages(of)).hasSize(1);
    Commit.Filing mine = new Commit.Filing(inbox, Flags.NONE, NOW);
    Commit.Filing bobs = new Commit.Filing(of, Flags.NONE, NOW);
    Commit both =
        Commit.of(
            new Commit.Deposit(MessageSource.of(noise(6, 10)), List.of(bobs, mine), List.of()));
    assertOver(() -> fixture.store.commit(both));
    assertThat(quotas.usage(bob)).isEqualTo(using(10, 1));
    assertThat(quotas.usage(alice)).isEqualTo(using(500, 2));
    var _ = fixture.store.commit(both.evenOverQuota());
    assertThat(quotas.usage(alice)).isEqualTo(using(510, 3));
  }

  @Test
  void whatNeedsNoMoreRoomGoesAlsoAboveALimit() throws Exception {
    fixture.deposit(inbox, noise(1, 300));
    fixture.deposit(inbox, noise(2, 300));
    quotas.change(alice, new Quota(100, 1, 1));
    fixture.store.messages().move(inbox, UidSet.of(1), archive, flags -> flags);
    fixture.store.mailboxes().rename(archive, "other");
    fixture.store.commit(
        Commit.replacing(
            new Commit.Removal(inbox, new Uid(2)),
            new Commit.Deposit(
                MessageSource.of(noise(3, 300)),
                List.of(new Commit.Filing(inbox, Flags.NONE, NOW)),
                List.of())));
    mark(inbox, UidSet.of(3));
    fixture.store.messages().expunge(inbox, UidSet.of(3));
    fixture.store.recoverable().restore(new Wanted(alice, Optional.empty(), Instant.EPOCH));
    assertThat(quotas.usage(alice)).isEqualTo(using(900, 3));
    quotas.change(alice, Quota.DEFAULT);
    fixture.deposit(inbox, noise(4, 300));
  }

  @Test
  void mailboxesAreLimited() throws Exception {
    quotas.change(alice, new Quota(Quota.UNSET, Quota.UNSET, DEFAULT_MAILBOXES + 2));
    assertOver(() -> fixture.store.mailboxes().create(alice, "a/b/c", null));
    fixture.store.mailboxes().create(alice, "a/b", null);
    assertOver(() -> fixture.store.mailboxes().create(alice, "d", null));
    assertOver(() -> fixture.store.mailboxes().rename(inbox, "d"));
    assertThat(quotas.usage(alice).mailboxes()).isEqualTo(DEFAULT_MAILBOXES + 2);
    fixture.store.mailboxes().delete(fixture.mailbox(ALICE, "a/b"));
    fixture.store.mailboxes().create(alice, "d", null);
  }

  /** However many come at once, the limit is kept to the octet. */
  @Test
  void manyAtOnceNeverGetAboveTheLimit() throws Exception {
    quotas.change(alice, new Quota(20_000, Quota.UNSET, Quota.UNSET));
    AtomicInteger taken = new AtomicInteger();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      MailboxId to = i % 2 == 0 ? inbox : archive;
      int seed = i;
      CompletableFuture<Void> done = new CompletableFuture<>();
      all.add(done);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  deposit(to, seed, taken);
                  done.complete(null);
                } catch (Throwable e) {
                  done.completeExceptionally(e);
                }
              });
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(120, TimeUnit.SECONDS);
    assertThat(taken).hasValue(28);
    assertThat(quotas.usage(alice)).isEqualTo(using(28 * 700, 28));
  }

  private void deposit(MailboxId to, int seed, AtomicInteger taken) throws StoreException {
    for (int n = 0; n < 5; n++) {
      try {
        fixture.deposit(to, noise(seed * 100L + n, 700));
        taken.incrementAndGet();
      } catch (StoreException e) {
        if (e.kind() != Kind.OVER_QUOTA) {
          throw e;
        }
      }
    }
  }

  @Test
  void anAccountThatIsGoneLeavesNothing() throws Exception {
    quotas.change(bob, new Quota(1000, Quota.NONE, Quota.UNSET));
    fixture.deposit(fixture.mailbox(BOB, "INBOX"), noise(1, 900));
    fixture.store.accounts().remove(bob);
    assertThat(quotas.usage(bob)).isEqualTo(Usage.NOTHING);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> quotas.change(bob, Quota.DEFAULT))
        .matches(e -> e.kind() == Kind.NOT_FOUND);
    bob = fixture.account(BOB).id();
    assertThat(fixture.account(BOB).quota()).isEqualTo(Quota.DEFAULT);
    assertThat(quotas.usage(bob)).isEqualTo(using(0, 0));
  }
}
