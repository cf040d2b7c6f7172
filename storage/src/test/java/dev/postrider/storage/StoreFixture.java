package dev.postrider.storage;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.queue.NewQueueEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A store in a directory of a test, and short ways to put things into it. */
final class StoreFixture implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  static final InstantSource CLOCK = InstantSource.fixed(NOW);
  static final MailAddress ALICE = new MailAddress("alice", "example.test");
  static final MailAddress BOB = new MailAddress("bob", "example.test");

  final Store store;

  StoreFixture(Path directory) throws StoreException {
    this(directory, settings());
  }

  StoreFixture(Path directory, StoreSettings settings) throws StoreException {
    this(LocalStore.open(directory, CLOCK, settings));
  }

  StoreFixture(Store store) {
    this.store = store;
  }

  StoreFixture(StoreKind kind, Path directory) throws StoreException {
    this(kind.open(directory, CLOCK));
  }

  /** What only a store in a directory has. */
  LocalStore local() {
    return (LocalStore) store;
  }

  static StoreSettings settings() {
    return StoreSettings.defaults().withReserveOctets(0);
  }

  Account account(MailAddress address) throws StoreException {
    Optional<Account> present = store.accounts().find(address);
    return present.isPresent() ? present.get() : store.accounts().create(address, "{plain}x");
  }

  MailboxId mailbox(MailAddress address, String name) throws StoreException {
    Account account = account(address);
    return store.mailboxes().find(account.id(), name).orElseThrow().id();
  }

  Committed.Filed deposit(MailboxId mailbox, byte[] bytes, SystemFlag... flags)
      throws StoreException {
    Commit.Filing filing = new Commit.Filing(mailbox, Flags.of(flags), NOW);
    return store
        .commit(Commit.of(new Commit.Deposit(MessageSource.of(bytes), List.of(filing), List.of())))
        .filed()
        .getFirst();
  }

  byte[] read(BodyId body) throws StoreException, IOException {
    try (InputStream in = store.messages().body(body).open()) {
      return in.readAllBytes();
    }
  }

  List<Message> messages(MailboxId mailbox) throws StoreException {
    try (var index = store.messages().open(mailbox)) {
      return List.copyOf(index.snapshot().messages());
    }
  }

  static NewQueueEntry queueEntry(String recipient, Instant when) {
    return new NewQueueEntry(
        Optional.of(ALICE),
        MailAddress.parse(recipient).orElseThrow(),
        "trace",
        false,
        true,
        NOW,
        when);
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] noise(long seed, int octets) {
    byte[] bytes = new byte[octets];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Override
  public void close() throws StoreException {
    store.close();
  }
}
